"""Likely matches that wait for somebody to look, with what decides."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from app.cases.models import Case
from app.cases.transfers.queries import how_many_offered
from app.core.db import AnyRow, AnySelect, db
from app.core.events import Outbox
from app.people.models import Organisation
from app.people.queries import Actor
from app.referrals.matches.policy import Earlier, is_known, visible
from app.referrals.models import LikelyMatch
from app.students.models import Student

PAGE = 25
NewStudent, EarlierStudent = aliased(Student), aliased(Student)
NewSchool, EarlierSchool = aliased(Organisation), aliased(Organisation)
WAITS = (LikelyMatch.decided_at.is_(None), Case.student_id != Earlier.student_id)
"""Nobody decided it, here or by merging the two records."""


def matches_for(actor: Actor, *, after: str = "") -> Sequence[AnyRow]:
    """A page of those not decided, the one that waits longest first, and one more."""
    statement = (
        _joined(
            *(LikelyMatch.public_id, LikelyMatch.found_at),
            *_side("new", actor, Case, NewStudent, NewSchool),
            *_side("earlier", actor, Earlier, EarlierStudent, EarlierSchool),
        )
        .join(NewStudent, NewStudent.id == Case.student_id)
        .join(EarlierStudent, EarlierStudent.id == Earlier.student_id)
        .join(NewSchool, NewSchool.id == Case.school_id)
        .join(EarlierSchool, EarlierSchool.id == Earlier.school_id)
        .where(visible(actor), *WAITS)
    )
    if after:
        last = _joined(LikelyMatch.id).where(LikelyMatch.public_id == after, visible(actor)).correlate(None)
        statement = statement.where(LikelyMatch.id > last.scalar_subquery())
    return db.session.execute(statement.order_by(LikelyMatch.id).limit(PAGE + 1)).all()


def waiting_for(actor: Actor) -> tuple[int, int]:
    """How many matches this person may decide, and how many transfers are theirs to answer, each counted to a page and one; one
    statement."""
    some = _joined(LikelyMatch.id).where(visible(actor), *WAITS).limit(PAGE + 1)
    matches = select(func.count()).select_from(some.subquery()).scalar_subquery()
    row = db.session.execute(select(matches, how_many_offered(actor))).one()
    return row[0], row[1]


def _side(which: str, actor: Actor, of: Any, student: Any, school: Any) -> list[Any]:
    """What is shown of one of the two: since when, names, date of birth, school, whether a service has it; number and status
    where the actor may know the case."""
    is_theirs = is_known(actor, of)
    columns = {
        "number": case((is_theirs, of.number)),
        "status": case((is_theirs, of.status)),
        "has_service": of.service_id.is_not(None),
        "made_at": of.made_at,
        "legal_name": student.legal_name,
        "preferred_name": student.preferred_name,
        "born_on": student.born_on,
        "national_number": student.national_number,
        "school": school.name,
    }
    return [column.label(f"{which}_{name}") for name, column in columns.items()]


def match_for(actor: Actor, public_id: str) -> LikelyMatch | None:
    """One that this person may decide, or see that it was decided."""
    statement = _joined(LikelyMatch).where(LikelyMatch.public_id == public_id, visible(actor))
    found: LikelyMatch | None = db.session.scalar(statement)
    return found


def told_of(actor: Actor, outbox_ids: Sequence[int]) -> set[int]:
    """Those of these rows of the outbox that tell of a match which waits for this person."""
    waits = _joined(Outbox.id).join(Outbox, Outbox.thing_id == LikelyMatch.id)
    theirs = (Outbox.id.in_(outbox_ids), visible(actor), *WAITS)
    return set(db.session.scalars(waits.where(*theirs)))


def match_to_change(match: LikelyMatch) -> LikelyMatch:
    """The same, as it is now; nobody else decides it until the end of the transaction."""
    held = select(LikelyMatch).where(LikelyMatch.id == match.id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _joined(*columns: Any) -> AnySelect:
    matches = select(*columns).select_from(LikelyMatch).join(Case, Case.id == LikelyMatch.case_id)
    return matches.join(Earlier, Earlier.id == LikelyMatch.other_case_id)
