"""Pages of a school's cases, each of one statement, built once for everybody of a kind. What is sorted is a roll, or what one
is named on: never a country."""

from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    bindparam,
    case,
    exists,
    func,
    null,
    or_,
    select,
    tuple_,
    union_all,
)

from app.cases import policy
from app.cases.clocks import met_on
from app.cases.entries import Entry
from app.cases.listing import near, with_contact
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.naming import in_force, plays
from app.cases.queries import LISTED, CaseHead, Manager, ManagerPerson
from app.cases.reading import appeared, last_opened
from app.cases.rules import FirstMeeting
from app.cases.school_list.rules import IN_ORDER, Choices, Sort, Wanted
from app.cases.sharing import update_wanted
from app.core.db import AnySelect, db
from app.people.models import SignIn
from app.people.queries import Actor
from app.people.shapes import HERE, ME, asked_by, like
from app.students.models import Enrolment, Student
from app.students.queries import is_not_over

PAGE = 25
IS_MANAGER = plays(Manager, Part.MANAGER)
_FIRST_SIGNED_IN = select(func.min(SignIn.started_at)).where(SignIn.person_id == ME).scalar_subquery()
_RANK: Any = case({status: number for number, status in enumerate(IN_ORDER)}, value=Case.status)
_IN_STATUSES: Any = Case.status.in_(bindparam("statuses", expanding=True))
_YEAR_LEVEL = (
    select(func.max(Enrolment.year_level))
    .where(Enrolment.student_id == Case.student_id, Enrolment.school_id == HERE, is_not_over())
    .scalar_subquery()
)


class SchoolCase(CaseHead):
    """A case as its school knows it."""

    @cached_property
    def meeting(self) -> FirstMeeting:
        """Of what the service did as far as the school is let know of it."""
        row = self.row
        return FirstMeeting(row.service_started_on, row.region, row.due_on, row.met_on)


def school_cases(actor: Actor, wanted: Wanted, *, after: str = "") -> list[SchoolCase]:
    """A page of what is wanted of what this person may see, and one more; `after` is the last one's number. With the year
    level, the contact, when something last came, and whether that was since this person looked."""
    statement = _page(like(actor), _shape(wanted), is_after=bool(after))
    more = {"year_level": wanted.year_level, "manager": wanted.manager, "statuses": wanted.statuses, "after": after}
    return [SchoolCase(row) for row in db.session.execute(statement, asked_by(actor, **more))]


def choices_for(actor: Actor, wanted: Wanted) -> Choices:
    """Who has one of the cases of these statuses that this person may see, and which year levels the school's roll has; one
    statement. Where somebody is chosen, whoever has any, so that they stay chosen whatever else is."""
    statuses = tuple(Status) if wanted.manager else wanted.statuses
    rows = db.session.execute(_choices(like(actor)), asked_by(actor, statuses=statuses)).all()
    managers = sorted((row.name, row.public_id) for row in rows if row.year_level is None)
    years = sorted(row.year_level for row in rows if row.year_level is not None)
    return Choices({public_id: name for name, public_id in managers}, years)


def _shape(wanted: Wanted) -> Wanted:
    """What a statement is built for; the values are given when it is asked."""
    year_level, manager = None if wanted.year_level is None else 1, wanted.manager and "one"
    return Wanted((), wanted.is_mine, wanted.is_new, year_level, manager, wanted.sort)


@lru_cache(128)
def _page(actor: Actor, shape: Wanted, *, is_after: bool) -> AnySelect:
    keys = _keys(actor, shape.sort)
    found = _cases(keys).where(*_asked_for(actor, shape)).subquery()
    order = [found.c[key.name] for key in keys]
    page = select(found).order_by(*_turned(order, shape.sort)).limit(PAGE + 1)
    if is_after:
        page = page.where(_is_behind(order, _last(actor, keys), shape.sort))
    cut = page.subquery()
    return (
        with_contact(LISTED)
        .add_columns(
            _YEAR_LEVEL.label("year_level"),
            _came(actor).label("came_at"),
            _is_new(actor).label("is_new"),
            met_on(actor).label("met_on"),
            update_wanted().label("update_wanted_at"),
        )
        .join(cut, cut.c.case_id == Case.id)
        .order_by(*_turned([cut.c[key.name] for key in keys], shape.sort))
    )


def _cases(keys: Sequence[Any]) -> AnySelect:
    return select(Case.id.label("case_id"), *keys[:-1]).join(Student, Student.id == Case.student_id)


def _keys(actor: Actor, sort: Sort) -> list[Any]:
    """What a page is sorted by: in one direction, so that a place in it is one comparison."""
    of_sort: list[Any] = {
        Sort.NEWEST: [func.coalesce(_came(actor), Case.made_at).label("came_at")],
        Sort.NAME: [Student.sort_key.label("name")],
    }.get(sort, [Case.urgency.label("urgency"), Case.due_on.label("due_on")])
    rank = [] if sort is Sort.FIRST else [(-_RANK if sort is Sort.NEWEST else _RANK).label("rank")]
    return [*rank, *of_sort, Case.id.label("case_id")]


def _turned(order: Sequence[Any], sort: Sort) -> list[Any]:
    return [key.desc() for key in order] if sort is Sort.NEWEST else list(order)


def _last(actor: Actor, keys: Sequence[Any]) -> Any:
    """Where the page before ended, whether or not that case is still wanted: one that was new may have been looked at."""
    last = select(*keys).select_from(Case).join(Student, Student.id == Case.student_id)
    return last.where(Case.number == bindparam("after", type_=String), policy.visible(actor)).scalar_subquery()


def _is_behind(order: Sequence[Any], last: Any, sort: Sort) -> ColumnElement[bool]:
    place = tuple_(*order)
    is_behind: ColumnElement[bool] = place < last if sort is Sort.NEWEST else place > last
    return is_behind


def _asked_for(actor: Actor, shape: Wanted) -> list[ColumnElement[bool]]:
    """Clauses on Case."""
    clauses = [
        policy.visible(actor),
        near(actor, is_mine=shape.is_mine),
        _IN_STATUSES,
    ]
    if shape.is_new:
        clauses.append(_is_new(actor))
    if shape.year_level is not None:
        clauses.append(_in_year())
    if shape.manager:
        clauses.append(_has(bindparam("manager", type_=String)))
    return clauses


def _in_year() -> ColumnElement[bool]:
    return exists().where(
        Enrolment.student_id == Case.student_id,
        Enrolment.school_id == HERE,
        is_not_over(),
        Enrolment.year_level == bindparam("year_level", type_=Integer),
    )


def _has(manager: Any) -> ColumnElement[bool]:
    return exists().where(IS_MANAGER, ManagerPerson.id == Manager.person_id, ManagerPerson.public_id == manager)


def _came(actor: Actor) -> Any:
    """When the last thing came that this person may read."""
    came = select(func.max(appeared(actor))).where(Entry.case_id == Case.id, policy.readable(actor))
    return came.correlate(Case).scalar_subquery()


def _is_new(actor: Actor) -> ColumnElement[bool]:
    """Somebody else's entry has come, or somebody else has named this person on it, since they last opened the case, or where
    they never did, since they first signed in: to somebody who comes for the first time nothing is newer than the rest (S6)."""
    seen_at = func.coalesce(last_opened(Case.id), _FIRST_SIGNED_IN)
    readable = (Entry.case_id == Case.id, policy.readable(actor), Entry.author_id != ME)
    named = (CasePerson.person_id == ME, CasePerson.organisation_id == HERE, CasePerson.named_by_id != ME)
    is_named = exists().where(CasePerson.case_id == Case.id, *named, *in_force(), CasePerson.since > seen_at)
    return or_(exists().where(*readable, appeared(actor) > seen_at), is_named)


@cache
def _choices(actor: Actor) -> AnySelect:
    managers = (
        select(ManagerPerson.public_id, ManagerPerson.name, null().cast(Integer).label("year_level"))
        .distinct()
        .select_from(Case)
        .join(Manager, IS_MANAGER)
        .join(ManagerPerson, ManagerPerson.id == Manager.person_id)
        .where(near(actor), policy.visible(actor), _IN_STATUSES)
    )
    nobody = null().cast(String)
    on_roll = select(nobody, nobody, Enrolment.year_level).where(Enrolment.school_id == HERE, is_not_over())
    both = union_all(managers, on_roll.distinct()).subquery()
    return select(both)
