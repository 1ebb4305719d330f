"""How many lines wait at a school, and which it has not been told of yet (ATT-5)."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import func, select

from app.attendance.star.counting import EARLIEST, LEAST, step_of, term_of
from app.attendance.star.models import StarLine, StarResponse
from app.attendance.tallies.models import TermTally
from app.core.db import TODAY, AnySelect, db
from app.people.models import Organisation
from app.people.shapes import HERE
from app.students.queries import is_enrolled

STEP = step_of(TermTally.absent)


@cache
def waiting() -> AnySelect:
    """How many students of a school wait for an answer; given whose it is (`people.shapes`)."""
    return select(func.count()).select_from(_open(HERE).subquery())


def with_new_lines() -> Any:
    """Schools that have some, and were told of none today."""
    today = select(StarLine.student_id).where(StarLine.school_id == Organisation.id, StarLine.found_on == TODAY)
    some = _open(Organisation.id).where(~_is_told(Organisation.id)).correlate(Organisation)
    return select(Organisation).where(some.exists(), ~today.exists()).order_by(Organisation.id)


def new_lines(school_id: int) -> AnySelect:
    """Of one school: student, term, step."""
    return _open(school_id).where(~_is_told(school_id)).order_by(TermTally.student_id)


def found_on(school_id: int, days: Collection[date]) -> Mapping[date, int]:
    """How many lines were found on each of these days and wait still."""
    told = (
        StarLine.student_id == TermTally.student_id,
        StarLine.school_id == school_id,
        StarLine.term == TermTally.term,
    )
    waits = (
        _open(school_id).join(StarLine, StarLine.student_id == TermTally.student_id).where(*told, StarLine.step == STEP)
    )
    counted = waits.with_only_columns(StarLine.found_on, func.count()).where(StarLine.found_on.in_(days))
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(StarLine.found_on))}


def _open(school_id: Any) -> AnySelect:
    """Lines that nobody has answered."""
    theirs = (StarResponse.student_id == TermTally.student_id, StarResponse.school_id == school_id)
    answered = select(StarResponse.id).where(*theirs, StarResponse.term == TermTally.term, StarResponse.step >= STEP)
    past = (TermTally.school_id == school_id, TermTally.term == term_of(school_id), TermTally.absent >= LEAST)
    return select(TermTally.student_id, TermTally.term, STEP.label("step")).where(
        *past,
        TermTally.term >= EARLIEST,
        is_enrolled(school_id, TermTally.student_id),
        ~answered.where(StarResponse.ended_at.is_(None)).exists(),
    )


def _is_told(school_id: Any) -> Any:
    theirs = (StarLine.student_id == TermTally.student_id, StarLine.school_id == school_id)
    return select(StarLine.step).where(*theirs, StarLine.term == TermTally.term, StarLine.step == STEP).exists()
