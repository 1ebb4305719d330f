"""Students of a school who have passed a step of its ladder in this term, or who are away on a holiday (LET-2, LET-4)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, false, or_, select

from app.attendance.known import half_days_since
from app.attendance.models import Holiday
from app.attendance.rules import ONE_DAY
from app.calendars.school_terms import TermOfYear
from app.core import clock
from app.core.db import TODAY, AnyRow, AnySelect, db
from app.letters.ladders import Step
from app.letters.rulings import LetterException
from app.letters.school.ladders import Present, present_of, students_begun
from app.letters.school.policy import visible
from app.people.queries import Actor
from app.students.models import Enrolment, Student
from app.students.queries import is_not_over

PAGE = 25
NONE: Sequence[AnyRow] = ()


def students_past(actor: Actor, present: Present, *, at: int = 0, after: str = "") -> Sequence[AnyRow]:
    """A page of those who have passed a step of their ladder in this term, with their half-days absent, most of them first, and one
    more. `at`: who has missed so many days that the step of this number is the highest passed of the present ladder."""
    if present.term is None or not present.steps:
        return NONE
    past = _past(actor, present, present.term).cte()
    statement = select(past).where(*_at_step(past.c.half_days, present.steps, at))
    if after:
        statement = statement.where(_comes_after(past, after))
    return db.session.execute(statement.order_by(past.c.half_days.desc(), past.c.id).limit(PAGE + 1)).all()


def _at_step(half_days: Any, steps: Sequence[Step], at: int) -> list[Any]:
    """From its days on, and below those of the next; nothing where none is named, or one that there is not."""
    days = sorted(step.days * ONE_DAY for step in steps if step.days is not None)
    one = next((step.days * ONE_DAY for step in steps if step.number == at and step.days is not None), None)
    if one is None:
        return []
    below = next((each for each in days if each > one), None)
    return [half_days >= one] if below is None else [half_days >= one, half_days < below]


def with_letter_due(actor: Actor) -> AnySelect:
    """Those who may have a letter due: past the first step of their ladder, or let through by an attendance lead."""
    present = present_of(actor.organisation_id)
    if present.term is None or not present.steps:
        return _ids(actor, false())
    let = (LetterException.student_id == Student.id, LetterException.ended_at.is_(None))
    is_let = select(LetterException.id).where(*let, LetterException.round == present.term.code).exists()
    past = _past(actor, present, present.term).subquery()
    return _ids(actor, or_(is_let, Student.id.in_(select(past.c.id))))


def away_from(actor: Actor) -> AnySelect:
    """Those of whom a holiday is recorded that is now or ahead."""
    away = (Holiday.student_id == Student.id, Holiday.school_id == actor.organisation_id, Holiday.ended_at.is_(None))
    return _ids(actor, select(Holiday.id).where(*away, Holiday.to_on >= clock.today()).exists())


def ticked_of(actor: Actor, public_ids: Sequence[str]) -> AnySelect:
    return _ids(actor, Student.public_id.in_(public_ids))


def _past(actor: Actor, present: Present, term: TermOfYear) -> AnySelect:
    told = half_days_since(_roll(actor), actor.organisation_id, term)
    found = select(Student.id, Student.public_id, told.c.half_days).join(told, told.c.student == Student.id)
    is_past = told.c.half_days >= present.least
    if present.has_begun_otherwise:
        begun = Student.id.in_(students_begun(actor.organisation_id, term.code))
        is_past = or_(is_past, and_(told.c.half_days >= present.least_begun, begun))
    return found.where(visible(actor), is_past)


def _comes_after(past: Any, public_id: str) -> Any:
    """Behind that student, in the order of the page; nobody where they are not in it."""
    half_days, student_id = (
        select(column).where(past.c.public_id == public_id).scalar_subquery()
        for column in (past.c.half_days, past.c.id)
    )
    same = and_(past.c.half_days == half_days, past.c.id > student_id)
    return or_(past.c.half_days < half_days, same)


def _ids(actor: Actor, *which: Any) -> AnySelect:
    return select(Student.id).where(Student.id.in_(_roll(actor)), visible(actor), *which).order_by(Student.id)


def _roll(actor: Actor) -> AnySelect:
    """Who is on it today: from there on a list is found without looking at everybody else's students."""
    here = (Enrolment.school_id == actor.organisation_id, Enrolment.from_on <= TODAY, is_not_over())
    return select(Enrolment.student_id).where(*here)
