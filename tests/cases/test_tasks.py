"""Tasks of a case: given, arranged anew, done, dropped, completed by a meeting; who may be given one (P2)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.cases.comments.actions import retract, undo
from app.cases.entries import Audience, Entry
from app.cases.meetings.actions import record_meeting
from app.cases.meetings.models import Meeting
from app.cases.meetings.rules import Said
from app.cases.models import Case, Part
from app.cases.parts import name_person
from app.cases.tasks.actions import add_task, arrange_task, complete, drop_task, finish_task
from app.cases.tasks.models import Task
from app.cases.tasks.queries import ended_tasks, history_of, open_tasks, people_for, task_for
from app.cases.tasks.rules import NOT_GIVEN, Arranged, arranged_of, fault_of, fitting, version_of
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Outbox
from app.people.queries import Actor
from tests import make

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


@pytest.fixture
def case(world: make.World) -> Case:
    """Hēmi's, with Ana; nobody has been told of anything yet."""
    made = make.open_case(world)
    db.session.execute(delete(Outbox))
    return made


def a_task(world: make.World, case: Case, kind: str = "", person_id: int | None = None) -> Task:
    return add_task(
        make.head(world.ana, case),
        "Ring Ngaire",
        clock.today() + DAY,
        by=world.ana,
        meeting_kind=kind,
        person_id=person_id,
    )


def a_meeting(by: Actor, case: Case, kind: str) -> int:
    entry = make.note(by, case, Audience.SERVICE)
    made = Meeting(entry_id=entry.id, case_id=case.id, kind=kind, is_done=True, happened_on=clock.today())
    made.with_school = True
    db.session.add(made)
    db.session.flush()
    return made.id


def history(task: Task) -> list[tuple[str, str]]:
    return [(row.event, row.name) for row in history_of(task)]


def test_a_task_is_for_whoever_has_the_case_and_tells_nobody(world: make.World, case: Case) -> None:
    task = a_task(world, case)
    assert (task.person_id, task.organisation_id, task.case_id) == (None, world.te_awa.id, case.id)
    assert history(task) == [("task.added", "Ana Tuhoro")]
    assert not db.session.scalars(select(Outbox)).all()


def test_it_is_given_only_to_who_works_the_case(world: make.World, case: Case) -> None:
    head = make.head(world.ruth, case)
    assert [person.name for person in people_for(head)] == ["Ana Tuhoro", "Ruth Whaanga"]
    name_person(case, world.david.person_id, Part.COVER, organisation_id=world.te_awa.id, by=world.ruth)
    assert world.david.person_id in {person.id for person in people_for(head)}
    assert a_task(world, case, person_id=world.david.person_id).person_id == world.david.person_id
    for other in (world.wiremu, world.lupe, world.tom, world.tane):
        with pytest.raises(Refused):
            a_task(world, case, person_id=other.person_id)


def test_another_day_is_kept_and_the_same_again_is_nothing(world: make.World, case: Case) -> None:
    task, head = a_task(world, case), make.head(world.ana, case)
    later = Arranged(clock.today() + 3 * DAY, remind_on=clock.today() + DAY, person_id=world.ruth.person_id)
    assert arrange_task(head, task, later, version="", by=world.ana)
    assert arranged_of(task) == later
    assert not arrange_task(head, task, later, version="", by=world.ana)
    assert history(task) == [("task.added", "Ana Tuhoro"), ("task.changed", "Ana Tuhoro")]


def test_who_arranges_what_was_arranged_meanwhile_is_stopped(world: make.World, case: Case) -> None:
    task, head = a_task(world, case), make.head(world.ana, case)
    seen = version_of(task)
    arrange_task(head, task, Arranged(clock.today() + 3 * DAY), version=seen, by=world.ruth)
    with pytest.raises(Conflict):
        arrange_task(head, task, Arranged(clock.today() + 5 * DAY), version=seen, by=world.ana)
    assert task.due_on == clock.today() + 3 * DAY


def test_what_is_done_is_done_once_and_arranged_no_more(world: make.World, case: Case) -> None:
    task, head = a_task(world, case), make.head(world.ana, case)
    assert finish_task(head, task.id, by=world.ana)
    assert not finish_task(head, task.id, by=world.ruth)
    assert not drop_task(head, task.id, "Not needed", by=world.ruth)
    assert (task.ended_by_id, task.dropped_why) == (world.ana.person_id, "")
    with pytest.raises(Conflict):
        arrange_task(head, task, Arranged(clock.today()), version=version_of(task), by=world.ana)
    assert history(task) == [("task.added", "Ana Tuhoro"), ("task.done", "Ana Tuhoro")]
    assert not open_tasks(world.ana, head)
    assert [row.ended_by for row in ended_tasks(world.ruth, head)] == ["Ana Tuhoro"]


def test_what_is_dropped_says_why(world: make.World, case: Case) -> None:
    task, head = a_task(world, case), make.head(world.ana, case)
    assert drop_task(head, task.id, "They moved", by=world.ruth)
    assert (task.dropped_why, task.ended_by_id) == ("They moved", world.ruth.person_id)
    assert history(task)[-1] == ("task.dropped", "Ruth Whaanga")


def visit(by: Actor, case: Case, audience: Audience = Audience.SERVICE, **more: Any) -> Entry:
    """Recorded today, with what it completes and what comes next."""
    completes = more.pop("completes", None)
    said = Said("visit", is_done=True, happened_on=clock.today(), with_school=True, **more)
    return record_meeting(make.head(by, case), said, body="", audience=audience, by=by, completes=completes)


def test_a_meeting_completes_the_one_task_that_is_said_and_no_other(world: make.World, case: Case) -> None:
    other = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth)
    agreed, also, twice, elsewhere = (
        *(a_task(world, case, "visit") for _ in range(3)),
        a_task(world, other, "visit"),
    )
    head, meeting_id = make.head(world.ana, case), a_meeting(world.ana, case, "visit")
    drop_task(head, twice.id, "Twice", by=world.ana)
    events.record_all(*complete(head, agreed.id, meeting_id, by=world.ana), by=world.ana)
    for task in (agreed, twice, elsewhere):
        assert not complete(head, task.id, meeting_id, by=world.ruth)
    assert (agreed.meeting_id, agreed.ended_by_id) == (meeting_id, world.ana.person_id)
    assert (twice.dropped_why, twice.meeting_id) == ("Twice", None)
    assert (also.ended_at, elsewhere.ended_at) == (None, None)
    assert history(agreed)[-1] == ("task.done", "Ana Tuhoro")


@pytest.mark.parametrize("take_back", [undo, retract])
def test_what_an_event_had_done_is_open_again_when_it_is_taken_back(
    world: make.World, case: Case, take_back: Callable[..., int]
) -> None:
    agreed, also = a_task(world, case, "visit"), a_task(world, case)
    finish_task(make.head(world.ana, case), also.id, by=world.ana)
    step = {"next_step": "Ring nan", "next_on": clock.today() + DAY}
    entry = visit(world.ana, case, Audience.SHARED, completes=agreed.id, **step)
    (given,) = db.session.scalars(select(Task).where(Task.what == "Ring nan"))
    assert agreed.ended_at
    assert take_back(make.head(world.ana, case), entry, by=world.ana) == 1
    assert [getattr(agreed, name) for name in ("ended_at", "ended_by_id", "meeting_id")] == [None] * 3
    assert also.ended_at, "it was done otherwise"
    assert given.dropped_why == NOT_GIVEN
    assert history(agreed)[-1] == ("task.reopened", "Ana Tuhoro")
    assert [task.id for task in open_tasks(world.ana, make.head(world.ana, case))] == [agreed.id]


def test_what_came_of_an_event_and_was_done_stays_done(world: make.World, case: Case) -> None:
    entry = visit(world.ana, case, next_step="Ring nan", next_on=clock.today() + DAY)
    (given,) = db.session.scalars(select(Task).where(Task.what == "Ring nan"))
    finish_task(make.head(world.ana, case), given.id, by=world.ana)
    assert retract(make.head(world.ana, case), entry, by=world.ana) == 0
    assert given.dropped_why == ""


def test_on_a_closed_case_no_task_comes_of_an_event_nor_back_by_it(world: make.World, case: Case) -> None:
    agreed = a_task(world, case, "visit")
    entry = visit(world.ana, case, completes=agreed.id)
    make.closed(case, by=world.ana)
    visit(world.ana, case, next_step="Ring nan", next_on=clock.today() + DAY)
    assert retract(make.head(world.ana, case), entry, by=world.ana) == 0
    assert agreed.ended_at
    assert db.session.scalars(select(Task.what)).all() == ["Ring Ngaire"]


def planned(due_on: date, kind: str = "visit", *, made_on: date = TODAY) -> Task:
    made_at = datetime.combine(made_on, time(12), clock.PACIFIC_AUCKLAND)
    return Task(meeting_kind=kind, due_on=due_on, made_at=made_at)


def test_what_was_due_by_then_fits_else_what_is_due_next_and_never_what_was_planned_later() -> None:
    was_due, friday, later = planned(TODAY), planned(TODAY + 3 * DAY), planned(TODAY + 14 * DAY)
    call = planned(TODAY, "call")
    assert fitting([later, friday, was_due, call], "visit", TODAY) == [was_due]
    assert fitting([later, friday, call], "visit", TODAY + DAY) == [friday]
    assert fitting([later, friday, was_due], "visit", TODAY + 3 * DAY) == [friday, was_due]
    assert fitting([later, friday, call], "visit", TODAY - DAY) == []
    assert fitting([friday, planned(friday.due_on)], "visit", TODAY) != [friday]
    assert fitting([call, planned(TODAY, "")], "visit", TODAY) == []


def test_what_one_service_was_to_do_is_not_for_the_next(world: make.World) -> None:
    here = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth)
    task = a_task(world, here)
    make.enrolled(world.ng.id, world.bay)
    gone = make.submitted(world.kahu, world.ng, contact=world.kahu)
    assert gone.id == here.id
    assert not open_tasks(world.lupe, make.head(world.lupe, gone))
    assert task_for(world.lupe, gone.number, task.public_id) is None
    assert task_for(world.ana, gone.number, "unknown") is None


def test_days_that_cannot_be_are_named() -> None:
    assert not fault_of(Arranged(TODAY, remind_on=TODAY), TODAY)
    assert fault_of(Arranged(TODAY - DAY), TODAY).keys() == {"due_on"}
    assert fault_of(Arranged(TODAY, remind_on=TODAY + DAY), TODAY).keys() == {"remind_on"}
    passed = Arranged(TODAY - DAY)
    assert not fault_of(Arranged(passed.due_on, person_id=1), TODAY, was=passed), "a day that has passed may stay"
