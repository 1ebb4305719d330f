"""What falls to a case manager falls to the leads of the service where nobody has the case any more (P2)."""

from datetime import timedelta

import pytest
from time_machine import Traveller

from app.cases.actions import change_status
from app.cases.models import Case, Status
from app.cases.parts import end_managers, managers_of
from app.cases.updates.actions import ask_for_update
from app.cases.work.queries import work_for
from app.cases.work.rules import Why
from app.core import clock as core_clock
from app.core.db import db
from app.people.queries import Actor
from tests import make

DAY = timedelta(days=1)
GIVE = "Give it to a case manager"


def lines(who: Actor) -> list[tuple[Why, str]]:
    return [(line.why, line.what) for line in work_for(who)]


def left_by_its_manager(case: Case) -> None:
    end_managers([managers_of([case.id])[case.id][0]], at=core_clock.now())
    db.session.flush()


@pytest.fixture
def case(own_world: make.World, clock: Traveller) -> Case:
    """Ana had it, who is its manager no more."""
    made = make.open_case(own_world)
    left_by_its_manager(made)
    assert (made.status, made.manager_id) == (Status.OPEN, None)
    return made


def test_an_open_case_that_nobody_has_stands_with_the_leads_until_somebody_has_it(
    own_world: make.World, case: Case, clock: Traveller
) -> None:
    (line,) = work_for(own_world.ruth)
    assert (line.why, line.what, line.page) == (Why.NOBODY, GIVE, "assignment")
    assert line.reason == "Open, and nobody has it"
    for other in (own_world.ana, own_world.david, own_world.lupe, make.seeing_service_cases(own_world.david)):
        assert work_for(other) == []
    make.assigned(case, to=own_world.david, by=own_world.ruth)
    assert lines(own_world.ruth) == []
    assert [what for _, what in lines(own_world.david)] == ["Look at the case"]


def test_its_clocks_plan_and_tasks_are_the_leads_to_see_to(own_world: make.World, case: Case, clock: Traveller) -> None:
    make.planned(own_world.ruth, case)
    make.task(own_world.ruth, case, what="Whoever has it", days=28)
    make.task(own_world.ruth, case, what="Ruth herself", days=28, person_id=own_world.ruth.person_id)
    due = [(Why.NOBODY, GIVE)]
    for days, also in (
        (6, [(Why.TOMORROW, "Meet the school")]),
        (2, [(Why.OVERDUE, "Meet the school")]),
        (5, [(Why.OVERDUE, "Meet the school"), (Why.TOMORROW, "Meet student and whānau")]),
    ):
        clock.shift(days * DAY)
        assert lines(own_world.ruth) == sorted([*also, *due], key=lambda line: line[0])
    case.met_school_on = case.engaged_on = core_clock.today()
    clock.shift(15 * DAY)
    assert {what for why, what in lines(own_world.ruth) if why in {Why.OVERDUE, Why.TODAY}} == {
        "Review the plan",
        "Whoever has it",
        "Ruth herself",
    }
    assert [lines(other) for other in (own_world.ana, own_world.david, own_world.lupe)] == [[], [], []]


def test_what_a_school_asks_and_an_end_that_has_come_fall_to_them_too(own_world: make.World, clock: Traveller) -> None:
    case = make.open_case(own_world)
    case.met_school_on = case.engaged_on = core_clock.today()
    sets = {"expected_end_on": core_clock.today() + DAY}
    change_status(case, Status.TRANSITION, by=own_world.ruth, why="So", sets=sets)
    left_by_its_manager(case)
    db.session.commit()
    ask_for_update(make.head(own_world.mere, case), by=own_world.mere)
    clock.shift(DAY)
    assert lines(own_world.ruth) == [
        (Why.TODAY, "Close, extend, or go back to open"),
        (Why.NOBODY, GIVE),
        (Why.ASKED, "Share how it goes"),
    ]
    assert [lines(other) for other in (own_world.ana, own_world.lupe)] == [[], []]


def test_what_is_on_hold_waits_for_its_day(own_world: make.World, clock: Traveller) -> None:
    case = make.paused(make.open_case(own_world), by=own_world.ruth, days=30)
    left_by_its_manager(case)
    clock.shift(20 * DAY)
    assert lines(own_world.ruth) == []
