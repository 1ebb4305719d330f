"""Tasks whose person works the case no more, and what is said of those of a case that closes: none is left to nobody (P2)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.cases.assignment.actions import assign
from app.cases.covers.actions import Days, cover_case, end_cover
from app.cases.diary.queries import planned_for
from app.cases.handovers.actions import Given as HandedOver
from app.cases.handovers.actions import hand_over
from app.cases.models import Case
from app.cases.statuses.actions import Asked, all_questions, change_by_hand
from app.cases.statuses.reasons import reasons
from app.cases.statuses.rules import Change
from app.cases.tasks.actions import add_task, finish_task, tidy_tasks
from app.cases.tasks.models import Task
from app.cases.tasks.queries import ended_with_case, history_of, open_tasks
from app.cases.tasks.rules import WITH_CASE
from app.core import clock
from app.core.db import db
from app.core.events import Audit
from app.people.models import RoleHeld
from app.people.queries import Actor
from tests import make

DAY = timedelta(days=1)


@pytest.fixture
def case(world: make.World) -> Case:
    """Hēmi's, with Ana."""
    return make.open_case(world)


def a_task(case: Case, by: Actor, person_id: int | None = None) -> Task:
    what = f"For {person_id or 'whoever has it'}"
    return add_task(make.head(by, case), what, clock.today() + DAY, by=by, person_id=person_id)


def whose(*tasks: Task) -> list[int | None]:
    for task in tasks:
        db.session.refresh(task)
    return [task.person_id for task in tasks]


def in_the_calendar_of(actor: Actor) -> set[str]:
    return {each.key for each in planned_for(actor)}


def test_a_task_of_who_had_the_case_goes_with_it_and_a_leads_does_not(world: make.World, case: Case) -> None:
    hers, leads = (a_task(case, world.ruth, person.person_id) for person in (world.ana, world.ruth))
    done = a_task(case, world.ruth, world.ana.person_id)
    finish_task(make.head(world.ana, case), done.id, by=world.ana)
    given = assign(case.id, to=world.david.person_id, by=world.ruth)
    assert given is not None
    assert given.tasks == 1
    assert whose(hers, leads, done) == [None, world.ruth.person_id, world.ana.person_id]
    assert [(row.event, row.name) for row in history_of(hers)][-1] == ("task.left", "Ruth Whaanga")
    assert hers.public_id in in_the_calendar_of(world.david)
    assert hers.public_id not in in_the_calendar_of(world.ana)


def test_what_is_handed_over_is_handed_over_with_its_tasks(world: make.World, case: Case) -> None:
    hers, leads = (a_task(case, world.ruth, person.person_id) for person in (world.ana, world.ruth))
    given = [HandedOver(make.head(world.ruth, case), world.david.person_id, "")]
    assert hand_over(world.ana.person_id, given, by=world.ruth) == (1, [])
    assert whose(hers, leads) == [None, world.ruth.person_id]
    assert hers.public_id in in_the_calendar_of(world.david)


def covered(world: make.World, case: Case, days: int = 3) -> Task:
    """David stands in, and is to do something by name."""
    last = clock.today() + days * DAY
    cover_case(make.head(world.ruth, case), world.david.person_id, Days(clock.today(), last), by=world.ruth)
    return a_task(case, world.ruth, world.david.person_id)


def test_what_a_cover_was_to_do_falls_back_when_it_is_ended(world: make.World, case: Case) -> None:
    task, hers = covered(world, case), a_task(case, world.ruth, world.ana.person_id)
    assert end_cover(case.id, world.david.person_id, by=world.ruth)
    assert whose(task, hers) == [None, world.ana.person_id]
    assert task.public_id in in_the_calendar_of(world.ana)


def test_what_a_cover_was_to_do_falls_back_when_it_ends_by_itself(own_world: make.World, clock: Traveller) -> None:
    world = own_world
    case = make.open_case(world)
    task, hers = covered(world, case), a_task(case, world.ruth, world.ana.person_id)
    db.session.commit()
    assert tidy_tasks() == 0
    clock.shift(5 * DAY)
    assert tidy_tasks() == 1
    assert whose(task, hers) == [None, world.ana.person_id]
    assert [(row.event, row.name) for row in history_of(task)][-1] == ("task.left", None)
    assert tidy_tasks() == 0


def test_who_holds_the_role_no_more_is_not_left_with_a_task(own_world: make.World) -> None:
    world = own_world
    case = make.open_case(world)
    task = a_task(case, world.ruth, world.ruth.person_id)
    held = db.session.get_one(RoleHeld, world.ruth.role_held_id)
    held.ended_at = clock.now()
    db.session.commit()
    assert tidy_tasks() == 1
    assert whose(task) == [None]


def close_by_hand(world: make.World, case: Case) -> None:
    head, reason = make.head(world.ruth, case), reasons()["made_in_error"]
    answers = {each.name: "Entered for another student." for each in all_questions(head, Change.CLOSING, reason)}
    change_by_hand(head, Asked(Change.CLOSING, case.status, answers, reason), by=world.ruth)


def test_closing_by_hand_ends_them_by_whoever_closes_and_opening_again_brings_none_back(
    world: make.World, case: Case
) -> None:
    earlier, still = a_task(case, world.ana), a_task(case, world.ana)
    finish_task(make.head(world.ana, case), earlier.id, by=world.ana)
    close_by_hand(world, case)
    db.session.refresh(still)
    assert (still.dropped_why, still.ended_by_id) == (WITH_CASE, world.ruth.person_id)
    head = make.head(world.ruth, case)
    assert [task.id for task in ended_with_case(world.ruth, head)] == [still.id]
    assert not ended_with_case(world.lupe, head)
    asked = Asked(Change.OPEN, case.status, {"why": "He is back."})
    change_by_hand(head, asked, by=world.ruth)
    assert not open_tasks(world.ruth, make.head(world.ruth, case))
    (seen,) = db.session.scalars(select(Audit.person_id).where(Audit.event == "task.dropped"))
    assert seen == world.ruth.person_id
