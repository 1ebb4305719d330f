"""Where on a case stands what somebody was told of it, for whoever may see it by now."""

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.cases import policy
from app.cases.entries import Entry
from app.cases.models import Case, CasePerson
from app.core.db import AnySelect, db
from app.core.events import Outbox
from app.core.figures import counted
from app.core.told import ANY_OF_A_CASE, Place, Row, finds
from app.people.queries import Actor
from app.people.rules import HOMES
from app.students.models import Student

First, Each = aliased(CasePerson), aliased(CasePerson)


@finds(ANY_OF_A_CASE)
def places_on_cases(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The page of the case and whose it is, where they may see it and the entry they were told of."""
    found = (
        _cases_of(those)
        .join(Student, Student.id == Case.student_id)
        .add_columns(func.coalesce(func.nullif(Student.preferred_name, ""), Student.legal_name).label("name"))
        .outerjoin(Entry, and_(Outbox.thing == Entry.__tablename__, Entry.id == Outbox.thing_id))
        .where(policy.visible(reader), or_(Entry.id.is_(None), policy.readable(reader)))
    )
    path = f"{start}cases/%s/" if (start := HOMES.get(reader.organisation_kind)) else "%.0s"
    return {row.id: Place(path % row.number, row.number, row.name) for row in db.session.execute(found)}


@finds("case.taken_from")
def lost_cases(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """Its number alone where they may no longer open it: one that went to another service they read on for a while."""
    numbers = {row.id: Place("", row.number) for row in db.session.execute(_cases_of(those))}
    return {**numbers, **places_on_cases(reader, those)}


def named_together(those: Sequence[Row], at: str) -> list[tuple[int, str]]:
    """On how many cases somebody was named, or is no more, at the moment at which they were on the first one: "3 cases"."""
    moment = getattr(Each, at) == getattr(First, at)
    together = (Each.person_id == First.person_id, Each.part == First.part, moment)
    count = select(func.count()).select_from(Each).where(*together).correlate(First).scalar_subquery()
    statement = select(Outbox.id, count).join(First, First.id == Outbox.thing_id)
    found = db.session.execute(statement.where(Outbox.id.in_([row.id for row in those])))
    return [(row[0], counted(row[1], "case")) for row in found]


def _cases_of(those: Sequence[Row]) -> AnySelect:
    numbered = select(Outbox.id, Case.number).join(Case, Case.id == Outbox.case_id)
    return numbered.where(Outbox.id.in_([row.id for row in those]))
