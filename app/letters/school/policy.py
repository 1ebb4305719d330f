"""Who sees and makes a school's letters (`permissions.md`, "school and holiday letters")."""

from typing import Protocol

from sqlalchemy import ColumnElement, exists, false, or_, select, true

from app.cases.models import Case
from app.cases.policy import visible as visible_case
from app.people.models import Role
from app.people.queries import Actor
from app.referrals.models import Referral
from app.referrals.policy import in_reach
from app.referrals.policy import visible as visible_request
from app.students.models import Student

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


def can_see_letters(actor: Actor, student: OfRoll) -> bool:
    """Whoever could load the student through `visible` may see the school's letters."""
    return True


def can_write_letters(actor: Actor, student: OfRoll) -> bool:
    """An attendance lead and office support write the school's letters, while the student is on its roll."""
    return actor.role in WRITERS and student.is_on_roll


def can_record(actor: Actor, student: OfRoll) -> bool:
    """An attendance lead and office support record how a letter was sent, and what became of it."""
    return actor.role in WRITERS


def can_except(actor: Actor, student: OfRoll) -> bool:
    """An attendance lead, or the office of a school without one, lets a letter be written that is not due, of its own roll."""
    return (actor.role is Role.ATTENDANCE_LEAD or student.stands_in) and student.is_on_roll
def can_check_letters(actor: Actor, thing: object) -> bool:
    """Whoever sees letters of a school asks whether a file is one of those."""
    return actor.role in {*WRITERS, Role.PRIMARY_CONTACT}


