"""Of which term, and from how many days absent on, the lines of STAR watch are (ATT-5)."""

from typing import Any

from sqlalchemy import Integer, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from app.attendance.rules import ONE_DAY
from app.attendance.star.models import StarResponse
from app.attendance.tallies.models import TermTally
from app.attendance.tallying import STEPS
from app.calendars.school_terms import TERMS, term_at
from app.core import clock
from app.people.models import Organisation

LEAST = min(days for days, _ in STEPS) * ONE_DAY
"""Half-days."""
Newest = aliased(TermTally)


def earliest_term() -> int:
    """The term before this one, by the national list: a school whose newest marks are older has no list."""
    now = term_at(clock.today())
    if now is None:
        return 0
    return now.code - 1 if now.number > 1 else (now.year - 1) * 10 + TERMS


EARLIEST: Any = bindparam("earliest", type_=Integer, callable_=earliest_term)


def step_of(half_days: Any) -> Any:
    """The highest step that so many half-days absent pass, or 0."""
    return case(*((half_days >= days * ONE_DAY, days) for days, _ in STEPS), else_=0)


def term_of(school_id: Any) -> Any:
    """The newest term of which a school has marks, this one or the one before."""
    of = select(func.max(Newest.term)).where(Newest.school_id == school_id, Newest.term >= EARLIEST)
    return of.correlate(Organisation).scalar_subquery()


def answered_of(school_id: Any, term: Any) -> Any:
    """The highest step that a school answered, of each student."""
    highest = select(StarResponse.student_id, func.max(StarResponse.step).label("step"))
    return highest.where(*in_force(school_id, term)).group_by(StarResponse.student_id).subquery()


def in_force(school_id: Any, term: Any) -> tuple[Any, ...]:
    """Clauses on StarResponse."""
    return StarResponse.school_id == school_id, StarResponse.term == term, StarResponse.ended_at.is_(None)


def tally_of(student_id: Any, school_id: Any, term: Any) -> Any:
    """A clause on TermTally."""
    return and_(TermTally.student_id == student_id, TermTally.school_id == school_id, TermTally.term == term)
