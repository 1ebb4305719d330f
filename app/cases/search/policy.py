"""Who finds which cases, and by what: name, year, case number, who has it (`permissions.md`, "find"); by what else is recorded
only whoever may read that."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from app.cases.models import Case
from app.cases.naming import is_at_service, reads_on
from app.cases.policy import is_own, visible
from app.people.models import Role
from app.people.queries import Actor

FINDERS = (
    Role.ATTENDANCE_LEAD,
    Role.OFFICE_SUPPORT,
    Role.PRIMARY_CONTACT,
    Role.WORKFLOW_LEAD,
    Role.CASE_MANAGER,
)


def can_find(actor: Actor) -> bool:
    """Investigators will, once they have pages."""
    return actor.role in FINDERS


def findable(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: it may be known that there is one, and who has it. A case manager finds every case of the
    service, also those they may not open; and their own that went to another one."""
    if not can_find(actor):
        return false()
    if actor.role is Role.CASE_MANAGER:
        return or_(is_at_service(actor), reads_on(actor, Case.id))
    return visible(actor)


def opens(actor: Actor) -> ColumnElement[bool]:
    """A clause on a Case that was found: it may be opened. Only a case manager finds what is not theirs to open."""
    return visible(actor) if actor.role is Role.CASE_MANAGER else true()


def shows_student(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: it is found by the student's date of birth and national number, which stand on its page."""
    return visible(actor) if can_find(actor) else false()


def shows_details(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: it is found by addresses and phones. At a service by those who work it, or the search for a phone
    would tell whose it is; a school has only words of what it gave."""
    if actor.role is Role.CASE_MANAGER:
        return and_(is_at_service(actor), is_own(actor))
    return shows_student(actor)
