"""A case goes to another service with its history: new clocks, and the former case manager reads on for a while (REQ-7)."""

from collections.abc import Collection

from sqlalchemy import update

from app.cases.actions import Names, change_status, move_to
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.moves.tells import MOVED_AWAY, Away
from app.cases.naming import in_force
from app.cases.parts import end_manager, name_person
from app.cases.rules import reads_until
from app.core import clock, events
from app.core.db import db
from app.core.figures import the_figures

BY_REQUEST = ("request_submitted", "request_moved_case")


def move_case(
    case: Case,
    service_id: int | None,
    region: str,
    *,
    by: events.By,
    why: str,
    told_as: Names = BY_REQUEST,
    stays: Collection[Status] = (Status.QUEUE,),
) -> None:
    """Into the queue of that service, but for what `stays` in its status; the leads of the one it leaves are told. Whoever managed
    it reads on until the end of so many working days. `told_as`: what else of `notifications.csv` the same act tells, so
    that nobody is told twice."""
    left_id = case.service_id
    move_to(case, service_id, region, by=by)
    _end_cover(case, left_id)
    if former := end_manager(case, by=by):
        _let_read_on(case, former, by=by)
    if case.status not in stays:
        change_status(case, Status.QUEUE, by=by, why=why, told_as=told_as)
    if left_id:
        events.record(MOVED_AWAY, by=by, on=Away(left_id), about=case)


def _let_read_on(case: Case, former: CasePerson, *, by: events.By) -> None:
    until = reads_until(clock.today(), case.region, the_figures().former_reads_days)
    there = former.organisation_id
    name_person(case, former.person_id, Part.FORMER_MANAGER, organisation_id=there, by=by, until=until)


def _end_cover(case: Case, service_id: int | None) -> None:
    """Nobody there stands in for anybody any more."""
    theirs = update(CasePerson).where(CasePerson.case_id == case.id, CasePerson.organisation_id == service_id)
    db.session.execute(theirs.where(CasePerson.part == Part.COVER, *in_force()).values(until=clock.now()))
