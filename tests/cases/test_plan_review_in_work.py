"""The review of a plan stands in My work while it is due, with whoever has the case, and with a lead where nobody has it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from time_machine import Traveller

from app.cases.actions import change_status
from app.cases.covers.actions import Days, cover_case
from app.cases.models import Case, Part, Status
from app.cases.parts import end_all
from app.cases.plans.actions import write_plan
from app.cases.plans.queries import plan_in_force
from app.cases.work.queries import work_for
from app.cases.work.rules import Why
from app.core import clock as core_clock
from app.core.db import db
from app.people.queries import Actor
from tests import make

DAY = timedelta(days=1)


def reviews(who: Actor) -> list[tuple[Why, str, str]]:
    return [(line.why, line.reason, line.page) for line in work_for(who) if line.what == "Review the plan"]


@pytest.fixture
def case(own_world: make.World, clock: Traveller) -> Case:
    """With Ana; its plan, of Tuesday 3 March, is to be reviewed on Tuesday 31."""
    made = make.open_case(own_world)
    make.planned(own_world.ana, made)
    made.met_school_on = made.engaged_on = core_clock.today()
    db.session.commit()
    return made


def test_it_comes_up_the_working_day_before_and_stays_until_a_newer_plan(
    own_world: make.World, case: Case, clock: Traveller
) -> None:
    clock.shift(26 * DAY)
    assert reviews(own_world.ana) == [], "on Sunday 29"
    for days, why, late in (
        (1, Why.TOMORROW, ""),
        (1, Why.TODAY, ""),
        (1, Why.OVERDUE, ", 1 working day ago"),
        (1, Why.OVERDUE, ", 2 working days ago"),
    ):
        clock.shift(days * DAY)
        assert reviews(own_world.ana) == [(why, f"Its review is due Tue 31 March{late}", "plan")]
    for other in (own_world.ruth, own_world.david, own_world.wiremu):
        assert reviews(other) == [], "who does not have the case"


def test_the_newest_plan_is_the_one_to_review(own_world: make.World, case: Case, clock: Traveller) -> None:
    clock.shift(30 * DAY)
    was = plan_in_force(case.id)
    assert was
    later = replace(was.facts, review_on=core_clock.today() + 20 * DAY)
    write_plan(make.head(own_world.ana, case), later, was=was, by=own_world.ana)
    assert reviews(own_world.ana) == []
    clock.shift(21 * DAY)
    assert [why for why, *_ in reviews(own_world.ana)] == [Why.OVERDUE]


def test_who_stands_in_sees_it_too(own_world: make.World, case: Case, clock: Traveller) -> None:
    clock.shift(28 * DAY)
    today, head = core_clock.today(), make.head(own_world.ruth, case)
    cover_case(head, own_world.david.person_id, Days(today, today + DAY), by=own_world.ruth)
    assert [len(reviews(who)) for who in (own_world.david, own_world.ana, own_world.ruth)] == [1, 1, 0]


def test_where_nobody_has_the_case_a_lead_sees_it(own_world: make.World, case: Case, clock: Traveller) -> None:
    clock.shift(30 * DAY)
    assert reviews(own_world.ruth) == []
    change_status(db.session.get_one(Case, case.id), Status.QUEUE, by=own_world.ruth)
    end_all([case.id], (Part.MANAGER,), own_world.te_awa.id, at=core_clock.now())
    assert [why for why, *_ in reviews(own_world.ruth)] == [Why.OVERDUE]
    assert [reviews(other) for other in (own_world.ana, own_world.david, own_world.lupe)] == [[], [], []]


@pytest.mark.parametrize("status", [Status.TRANSITION, Status.PAUSED, Status.CLOSED])
def test_it_stands_while_the_case_is_worked(
    own_world: make.World, case: Case, clock: Traveller, status: Status
) -> None:
    clock.shift(30 * DAY)
    change_status(db.session.get_one(Case, case.id), status, by=own_world.ruth, why="So")
    assert len(reviews(own_world.ana)) == (status is Status.TRANSITION)
