"""Likely matches that wait for somebody to look, with what decides."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import aliased

from app.cases.models import Case
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Organisation
from app.people.queries import Actor
from app.referrals.matches.policy import Earlier, visible
from app.referrals.models import LikelyMatch
from app.students.models import Student

PAGE = 25
NewStudent, EarlierStudent = aliased(Student), aliased(Student)
NewSchool, EarlierSchool = aliased(Organisation), aliased(Organisation)


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
        .where(visible(actor), LikelyMatch.decided_at.is_(None))
    )
    if after:
        last = _joined(LikelyMatch.id).where(LikelyMatch.public_id == after, visible(actor)).correlate(None)
        statement = statement.where(LikelyMatch.id > last.scalar_subquery())
    return db.session.execute(statement.order_by(LikelyMatch.id).limit(PAGE + 1)).all()


def _side(which: str, actor: Actor, of: Any, student: Any, school: Any) -> list[Any]:
    """What is shown of one of the two: since when, names, date of birth, school, whether a service has it; number and status
    where that service is the actor’s."""
    ours = of.service_id == actor.organisation_id
    columns = {
        "number": case((ours, of.number)),
        "status": case((ours, of.status)),
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


def match_to_change(match: LikelyMatch) -> LikelyMatch:
    """The same, as it is now; nobody else decides it until the end of the transaction."""
    held = select(LikelyMatch).where(LikelyMatch.id == match.id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _joined(*columns: Any) -> AnySelect:
    matches = select(*columns).select_from(LikelyMatch).join(Case, Case.id == LikelyMatch.case_id)
    return matches.join(Earlier, Earlier.id == LikelyMatch.other_case_id)
