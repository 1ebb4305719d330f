"""Who sees and makes a school's letters (`permissions.md`, "school and holiday letters")."""

from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true

from app.cases.models import Case
from app.cases.policy import visible as visible_case
from app.core.db import AnySelect
from app.letters.models import Letter
from app.people.models import Role
from app.people.queries import Actor
from app.referrals.models import Referral
from app.referrals.policy import in_reach
from app.referrals.policy import visible as visible_request
from app.students.models import Student
from app.students.queries import is_enrolled
from app.students.records.models import MergeState, StudentMerge

WRITERS = (Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT)


class OfRoll(Protocol):
    """What a rule needs to know of a student."""

    @property
    def is_on_roll(self) -> bool: ...

    @property
    def stands_in(self) -> bool: ...


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on Student of the actor's school: all of them; for a primary contact those of whose case, or request, they are
    part."""
    if actor.role in WRITERS:
        return true()
    if actor.role is not Role.PRIMARY_CONTACT:
        return false()
    of_case = exists().where(Case.student_id == Student.id, visible_case(actor))
    of_request = select(Referral.id).where(Referral.student_id == Student.id, visible_request(actor), in_reach())
    return or_(of_case, of_request.exists())


def is_seen(actor: Actor) -> ColumnElement[bool]:
    """A clause on Student: on the roll of the actor’s school; or, for those who write its letters, one of whom it has letters."""
    written = or_(*(letter.exists() for letter in _letters_about(actor.organisation_id, Letter.id)))
    is_there = or_(is_enrolled(actor.organisation_id, Student.id), written if actor.role in WRITERS else false())
    return and_(is_there, visible(actor))


def newest_facts(school_id: int) -> Any:
    """What the newest letter of the school about a Student says."""
    newest = (
        letter.order_by(Letter.made_at.desc(), Letter.id.desc()) for letter in _letters_about(school_id, Letter.facts)
    )
    return func.coalesce(*(letter.limit(1).scalar_subquery() for letter in newest))


def _letters_about(school_id: int, column: Any) -> tuple[AnySelect, AnySelect]:
    """Those of the school about a Student: of the record itself, and of one that went into it, whose letters stay with it."""
    letter = select(column).where(*made_by(school_id)).correlate(Student)
    went = (StudentMerge.into_id == Student.id, StudentMerge.state == MergeState.CONFIRMED)
    merged = letter.join(StudentMerge, StudentMerge.from_id == Letter.student_id).where(*went)
    return letter.where(Letter.student_id == Student.id), merged


def made_by(school_id: int) -> tuple[Any, Any]:
    """A clause on Letter."""
    return Letter.organisation_id == school_id, Letter.made_at.is_not(None)


def can_see_letters(actor: Actor, student: OfRoll) -> bool:
    """Whoever could load the student through `visible` may see the school's letters."""
    return True


def can_check_letters(actor: Actor, thing: object) -> bool:
    """Whoever sees letters of a school asks whether a file is one of those."""
    return actor.role in {*WRITERS, Role.PRIMARY_CONTACT}


def can_write_letters(actor: Actor, student: OfRoll) -> bool:
    """An attendance lead and office support write the school's letters, while the student is on its roll."""
    return actor.role in WRITERS and student.is_on_roll


def can_record(actor: Actor, student: OfRoll) -> bool:
    """An attendance lead and office support record how a letter was sent, and what became of it."""
    return actor.role in WRITERS


def can_except(actor: Actor, student: OfRoll) -> bool:
    """An attendance lead, or the office of a school without one, lets a letter be written that is not due, of its own roll."""
    return (actor.role is Role.ATTENDANCE_LEAD or student.stands_in) and student.is_on_roll
