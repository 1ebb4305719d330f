"""The agencies that know a case's student."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.cases.agencies.models import Agency
from app.cases.agencies.rules import AgencyFacts, facts_of, label_of
from app.cases.queries import case_for
from app.cases.timeline import OfCase
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Organisation, Person
from app.people.queries import Actor


@dataclass(frozen=True)
class AgencyOfCase(OfCase):
    """An agency that knows the student of a case that this person may see."""

    agency: Agency

    @property
    def facts(self) -> AgencyFacts:
        return facts_of(self.agency)

    @property
    def label(self) -> str:
        return label_of(self.agency.code)


def agencies_of(student_id: int) -> Sequence[AnyRow]:
    """Every agency that was named, oldest first, with who gave it and who wrote it down; also those that have ended. Who may
    see them is asked of the case."""
    return db.session.execute(named_of(student_id)).all()


def named_of(student_id: int) -> AnySelect:
    """The statement, for whoever asks what else there is to each."""
    named: AnySelect = (
        select(*Agency.__table__.c, Organisation.name.label("given_by"), Person.name.label("added_by"))
        .join(Organisation, Organisation.id == Agency.given_by_id)
        .join(Person, Person.id == Agency.added_by_id)
        .where(Agency.student_id == student_id)
        .order_by(Agency.id)
    )
    return named


def agency_for(actor: Actor, number: str, public_id: str) -> AgencyOfCase | None:
    """One agency of the student of a case that this person may see."""
    if (head := case_for(actor, number)) is None:
        return None
    here = (Agency.student_id == head.student_id, Agency.public_id == public_id)
    agency = db.session.scalar(select(Agency).where(*here))
    return AgencyOfCase(head, agency) if agency else None


def agency_to_change(agency_id: int) -> Agency:
    """The entity as it stands now, locked until the end of the transaction."""
    statement = select(Agency).where(Agency.id == agency_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()
