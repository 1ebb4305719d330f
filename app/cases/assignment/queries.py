"""Who a case may be given to, and what each of them has already; the queue as the lead gives it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased

from app.cases import policy
from app.cases.assignment.rules import Load, begun_by
from app.cases.covers.policy import HELD
from app.cases.listing import ORDER, page_of
from app.cases.models import Case, CasePerson, Part, SafetyNote, Status
from app.cases.queries import CaseHead
from app.cases.rules import ENGAGEMENT
from app.cases.tasks.models import Task
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Organisation, Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.shapes import asked_by, like

Giver = aliased(Organisation)
SUNDAY = 6
_NOTE = (SafetyNote.kind, SafetyNote.fact, Giver.name)


@dataclass(frozen=True)
class Able:
    """A case manager of the service, with what they have."""

    row: AnyRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def has(self) -> Load:
        row = self.row
        return Load(row.open or 0, row.transition or 0, row.paused or 0)

    @property
    def load(self) -> int:
        """Cases that are not closed."""
        return int(self.row.load or 0)


def case_managers_with_load(actor: Actor, *, of_case: int | None = None) -> Sequence[Able]:
    """Everyone at the actor's service a case may be given to, with what they have, and whether they had this one before: who
    had it comes first (REQ-7). One statement."""
    had_it = _had(actor, of_case).label("had_it")
    cases = _cases(actor)
    statement = (
        select(Person.id, Person.public_id, Person.name, had_it, *(column for column in cases.c if column.key != "id"))
        .join(RoleHeld, RoleHeld.person_id == Person.id)
        .outerjoin(cases, cases.c.id == Person.id)
        .where(
            RoleHeld.organisation_id == actor.organisation_id,
            RoleHeld.role == Role.CASE_MANAGER,
            RoleHeld.ended_at.is_(None),
            Person.ended_at.is_(None),
        )
        .order_by(had_it.desc(), Person.name, Person.id)
    )
    return [Able(row) for row in db.session.execute(statement).all()]


def due_this_week(actor: Actor) -> dict[int, int]:
    """How many first meetings, with a school or with student and whānau, and tasks of each case manager's cases at the actor's
    service are due by Sunday, by the person's id; one statement."""
    sunday = _end_of_week()
    theirs = _managed(actor)
    meetings = (
        select(Case.manager_id.label("id")).where(*theirs, Case.status == Status.OPEN, is_due)
        for is_due in _meetings_due(sunday)
    )
    tasks = (
        select(Case.manager_id.label("id"))
        .join(Task, Task.case_id == Case.id)
        .where(
            *theirs,
            Task.organisation_id == actor.organisation_id,
            Task.ended_at.is_(None),
            Task.due_on <= sunday,
            or_(Task.person_id.is_(None), Task.person_id == Case.manager_id),
        )
    )
    due = union_all(*meetings, tasks).subquery()
    counts = select(due.c.id, func.count()).group_by(due.c.id)
    return dict(map(tuple, db.session.execute(counts)))


def queue_with_notes(actor: Actor, *, after: str = "") -> list[tuple[CaseHead, list[AnyRow]]]:
    """A page of the queue (CASE-9) and one case more, each with its safety notes (SHARE-8); one statement."""
    rows = db.session.execute(_queue(like(actor), is_after=bool(after)), asked_by(actor, after=after)).all()
    by_case = (list(some) for _, some in groupby(rows, key=lambda row: row.case_id))
    return [(CaseHead(some[0]), [row for row in some if row.fact]) for some in by_case]


def cases_among(actor: Actor, numbers: Sequence[str]) -> dict[str, AnyRow]:
    """Of these numbers those of cases that this person may see, by number: their id, and whose they are now. In one order, so
    that of two who change some of them at once one waits for the other."""
    statement = select(Case.id, Case.number, Case.status, Case.manager_id)
    statement = statement.where(Case.number.in_(numbers), policy.visible(actor)).order_by(Case.id)
    return {row.number: row for row in db.session.execute(statement)}


@cache
def _queue(actor: Actor, *, is_after: bool) -> AnySelect:
    readable = and_(SafetyNote.case_id == Case.id, policy.safety_readable(actor), SafetyNote.ended_at.is_(None))
    return (
        page_of(actor, (Status.QUEUE,), is_after=is_after)
        .outerjoin(SafetyNote, readable)
        .outerjoin(Giver, Giver.id == SafetyNote.organisation_id)
        .add_columns(*_NOTE)
        .order_by(None)
        .order_by(*ORDER, SafetyNote.id)
    )


def _had(actor: Actor, case_id: int | None) -> ColumnElement[bool]:
    return exists().where(
        CasePerson.case_id == case_id,
        CasePerson.person_id == Person.id,
        CasePerson.organisation_id == actor.organisation_id,
        CasePerson.part == Part.MANAGER,
    )


def _managed(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Clauses on Case, in the words of `ix_attendance_case_manager`: somebody at the actor's service has it, and it is not closed."""
    return Case.service_id == actor.organisation_id, Case.manager_id.is_not(None), Case.status != Status.CLOSED


def _cases(actor: Actor) -> Any:
    """What each case manager here has, by status: counted along an index, whatever the service has, and then put together."""
    each, count = (Case.manager_id, Case.status), func.count().label("count")
    counted = select(*each, count).where(*_managed(actor)).group_by(*each).subquery()
    by_status = (
        func.sum(case((counted.c.status == each, counted.c.count), else_=0)).label(each.value) for each in HELD
    )
    load = func.sum(counted.c.count).label("load")
    return select(counted.c.manager_id.label("id"), load, *by_status).group_by(counted.c.manager_id).subquery()


def _meetings_due(by: date) -> tuple[ColumnElement[bool], ...]:
    """Clauses on Case: the school is still to be met by then (CASE-8), and so are student and whānau."""
    began = [
        and_(Case.region.in_(codes), Case.service_started_on <= day) for day, codes in begun_by(by, ENGAGEMENT).items()
    ]
    school = and_(Case.met_school_on.is_(None), Case.due_on <= by)
    return school, and_(Case.engaged_on.is_(None), or_(*began))


def _end_of_week() -> date:
    today = clock.today()
    return today + timedelta(days=SUNDAY - today.weekday())
