"""What agencies were told of a case, and on what basis something of it is shared."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from app.cases.agencies.models import Agency
from app.cases.agencies.queries import named_of
from app.cases.disclosures.models import Disclosure, EntryBasis
from app.cases.entries import Entry
from app.cases.queries import case_for
from app.cases.timeline import OfCase
from app.core.db import AnyRow, db
from app.people.models import Person
from app.people.queries import Actor

Recorder, Ender = aliased(Person), aliased(Person)
_TOLD = (
    *(Disclosure.whom, Disclosure.what, Disclosure.told_on, Disclosure.basis, Disclosure.basis_why),
    *(Disclosure.id.label("told_order"), Disclosure.public_id.label("told_id"), Disclosure.recorded_at),
    *(Disclosure.ended_at.label("mistaken_at"), Recorder.name.label("recorded_by"), Ender.name.label("mistaken_by")),
)


@dataclass(frozen=True)
class DisclosureOfCase(OfCase):
    """Something that was told, of a case that this person may see."""

    disclosure: Disclosure


def agencies_told(student_id: int, case_id: int) -> tuple[list[AnyRow], list[AnyRow]]:
    """The agencies that were named, as `agencies_of`, and everything they were told, the latest first, also what was entered by
    mistake; one statement. Who may see it is asked of the case."""
    statement = (
        named_of(student_id)
        .outerjoin(Disclosure, and_(Disclosure.agency_id == Agency.id, Disclosure.case_id == case_id))
        .outerjoin(Recorder, Recorder.id == Disclosure.recorded_by_id)
        .outerjoin(Ender, Ender.id == Disclosure.ended_by_id)
        .add_columns(*_TOLD)
    )
    rows = db.session.execute(statement).all()
    told = sorted((row for row in rows if row.told_id), key=lambda row: (row.told_on, row.told_order), reverse=True)
    return list({row.id: row for row in rows}.values()), told


def disclosure_for(actor: Actor, number: str, public_id: str) -> DisclosureOfCase | None:
    """One of them."""
    if (head := case_for(actor, number)) is None:
        return None
    here = (Disclosure.case_id == head.case_id, Disclosure.public_id == public_id)
    found = db.session.scalar(select(Disclosure).where(*here))
    return DisclosureOfCase(head, found) if found else None


def disclosure_to_end(disclosure_id: int) -> Disclosure:
    """The entity as it stands now, locked until the end of the transaction."""
    statement = select(Disclosure).where(Disclosure.id == disclosure_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def bases_said(entry: Entry) -> Sequence[AnyRow]:
    """Each other basis that somebody said for it: which, why, when, who; the last one holds."""
    statement = (
        select(EntryBasis.basis, EntryBasis.why, EntryBasis.at, Person.name)
        .join(Person, Person.id == EntryBasis.by_id)
        .where(EntryBasis.entry_id == entry.id)
    )
    return db.session.execute(statement.order_by(EntryBasis.id)).all()
