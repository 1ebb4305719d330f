"""Pages of cases, and how many there are: each costs the same in a country as in a town. A page is cut out of an index first
and looked up afterwards; what is nobody's own in one index is cut out of each status by itself."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, cast, func, null, select, true, tuple_, union_all

from app.cases import policy
from app.cases.clocks import as_known
from app.cases.heading import listed_also
from app.cases.models import Case, CasePerson, Part, Status, StatusCount
from app.cases.naming import covered_by, is_at_service, reads_on
from app.cases.queries import LISTED, STILL_CONTACT, CaseHead, Contact, ContactPerson
from app.cases.sharing import update_wanted
from app.core.db import AnySelect, db
from app.people.models import Kind, Person, Role
from app.people.queries import Actor
from app.people.role_requests.queries import name_here
from app.people.shapes import asked_by, like
from app.students.models import Enrolment

PAGE = 25
NOT_CLOSED = tuple(status for status in Status if status is not Status.CLOSED)
ORDER = (Case.urgency, Case.due_on, Case.id)
"""CASE-9: urgent first, then earliest due."""
SHOWN = LISTED.add_columns(update_wanted().label("update_wanted_at"))
OF_ROLL = {Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT}
OF_PERSON = {Role.PRIMARY_CONTACT, Role.CASE_MANAGER}


def cases_for(actor: Actor, *, statuses: Sequence[Status] = tuple(Status), after: str = "") -> list[CaseHead]:
    """A page of the cases this person may see, and one row more, so that the page knows whether there are others; `after`
    is the last one's number. After a case that this person may not see, or that does not exist, comes nothing."""
    return _asked(page_of(like(actor), tuple(statuses), is_after=bool(after)), actor, after)


def gone_for(actor: Actor) -> list[CaseHead]:
    """The cases that went from this case manager to another service, and that they still read (REQ-7)."""
    return _asked(_gone(like(actor)), actor) if actor.role is Role.CASE_MANAGER else []


def counts_for(actor: Actor) -> dict[Status, int]:
    """How many visible cases stand in each status: as kept of a service, counted of a roll or of one's own."""
    rows = db.session.execute(_counts(like(actor)), asked_by(actor))
    return {status: cases for status, cases in rows if cases}


def counts_beside(actor: Actor, other: AnySelect) -> tuple[dict[Status, int], int]:
    """The same, and one more count, of a statement that is given whose it is too; asked together."""
    more = select(cast(null(), Case.status.type), other.scalar_subquery())
    rows = db.session.execute(union_all(_counts(like(actor)), more), asked_by(actor)).all()
    return {row[0]: row[1] for row in rows if row[0] and row[1]}, next(row[1] for row in rows if row[0] is None)


def _asked(statement: AnySelect, actor: Actor, after: str = "") -> list[CaseHead]:
    return [CaseHead(row) for row in db.session.execute(statement, asked_by(actor, after=after))]


@cache
def page_of(actor: Actor, statuses: tuple[Status, ...], *, is_after: bool = False) -> AnySelect:
    """A page, and one case more, for somebody like this person."""
    scope, after = near(actor), _after(actor) if is_after else true()
    found = select(Case.id, *ORDER[:2]).where(_scope(actor), scope, after)
    if not policy.sees_service(actor):
        cut = _cut(found.where(Case.status.in_(statuses)), *ORDER)
    else:
        slices = [select(_cut(found.where(Case.status == status), *ORDER)) for status in statuses]
        every = union_all(*slices).subquery()
        cut = _cut(select(every), every.c.urgency, every.c.due_on, every.c.id)
    covered = covered_by(Person.name).label("cover_name")
    shown = with_contact(SHOWN).add_columns(covered) if _is_service(actor) else SHOWN
    if policy.sees_service(actor):
        shown = as_known(shown, actor)
    return shown.add_columns(*listed_also(actor)).join(cut, cut.c.id == Case.id).order_by(*ORDER)


def with_contact(shown: AnySelect) -> AnySelect:
    """Of cases: whom their school is reached by."""
    name = case((Contact.id.is_not(None), name_here(ContactPerson, Contact.organisation_id)))
    joined = shown.outerjoin(Contact, and_(Contact.case_id == Case.id, *STILL_CONTACT))
    return joined.outerjoin(ContactPerson, ContactPerson.id == Contact.person_id).add_columns(
        name.label("contact_name")
    )


def _is_service(actor: Actor) -> bool:
    return actor.organisation_kind is Kind.SERVICE


@cache
def _gone(actor: Actor) -> AnySelect:
    named = select(CasePerson.case_id).where(
        CasePerson.person_id == actor.person_id, CasePerson.part == Part.FORMER_MANAGER
    )
    return as_known(SHOWN, actor).where(Case.id.in_(named), reads_on(actor, Case.id)).order_by(*ORDER).limit(PAGE)


def _cut(found: AnySelect, *order: Any) -> Any:
    return found.order_by(*order).limit(PAGE + 1).subquery()


def _after(actor: Actor) -> ColumnElement[bool]:
    last = select(*ORDER).where(Case.number == bindparam("after"), _scope(actor))
    is_later: ColumnElement[bool] = tuple_(*ORDER) > last.correlate(None).scalar_subquery()
    return is_later


def _scope(actor: Actor) -> ColumnElement[bool]:
    """What is visible; but for cases that have left the service, which a case manager is shown by themselves."""
    if actor.role is not Role.CASE_MANAGER:
        return policy.visible(actor)
    return is_at_service(actor) if policy.sees_service(actor) else is_at_service(actor) & policy.is_own(actor)


@cache
def _counts(actor: Actor) -> AnySelect:
    if policy.sees_service(actor):
        kept = select(StatusCount.status, StatusCount.cases)
        return kept.where(StatusCount.organisation_id == actor.organisation_id)
    counted = select(Case.status, func.count()).where(near(actor), _scope(actor))
    return counted.group_by(Case.status)


def near(actor: Actor, *, is_mine: bool = False) -> ColumnElement[bool]:
    """True of all that is visible, and how an index finds it: the roll of a school, what one is named on."""
    if actor.role in OF_ROLL and not is_mine:
        return Case.student_id.in_(select(Enrolment.student_id).where(Enrolment.school_id == actor.organisation_id))
    if is_mine or (actor.role in OF_PERSON and not policy.sees_service(actor)):
        named = select(CasePerson.case_id).where(CasePerson.person_id == actor.person_id)
        own = Case.id.in_(named)
        return own & policy.is_own(actor) if is_mine else own
    return true()
