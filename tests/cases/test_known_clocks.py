"""A figure tells no more than the timeline does: a restricted meeting stops no clock for whoever may not read it (SHARE-3)."""

from datetime import date, timedelta
from typing import Any

import pytest
from time_machine import Traveller

from app.cases.entries import Audience
from app.cases.listing import cases_for, gone_for
from app.cases.meetings.queries import so_far
from app.cases.models import Case
from app.cases.schools.queries import cases_at
from app.core import clock as clocks
from app.people.queries import Actor
from tests import make

WHANAU: dict[str, Any] = {"with_school": False, "with_student": True, "with_caregiver": True}
FIRST = date(2026, 3, 3)


@pytest.fixture
def case(world: make.World, clock: Traveller) -> Case:
    """School and whānau were met on Tuesday, restricted, and attempted; the school again on Wednesday for the service."""
    made = make.open_case(world)
    make.event(world.ana, made, Audience.RESTRICTED)
    make.event(world.ana, made, Audience.RESTRICTED, kind="visit", **WHANAU)
    make.event(world.ana, made, Audience.RESTRICTED, kind="call", is_done=False)
    return made


def known(who: Actor, case: Case) -> set[tuple[date | None, date | None]]:
    """By header, list, and the page of the school."""
    head = make.head(who, case)
    listed = [*cases_for(who), *cases_at(who, head.school_id), *gone_for(who)]
    assert listed
    assert {(each.met_school_on, each.meeting.met_on) for each in listed} == {(head.met_school_on, head.meeting.met_on)}
    return {(head.met_school_on, head.engaged_on)}


def test_a_restricted_meeting_is_no_day_of_a_clock_for_a_colleague(world: make.World, case: Case) -> None:
    colleague = make.seeing_service_cases(world.david)
    assert known(world.ana, case) == known(world.ruth, case) == {(FIRST, FIRST)}
    assert known(make.seeing_service_cases(world.ana), case) == {(FIRST, FIRST)}
    assert known(colleague, case) == {(None, None)}
    assert "Met on" not in make.head(colleague, case).clock_line


def test_a_later_meeting_that_may_be_read_is_the_first_one_known(
    world: make.World, case: Case, clock: Traveller
) -> None:
    colleague = make.seeing_service_cases(world.david)
    clock.shift(timedelta(days=1))
    make.event(world.ana, case, Audience.SERVICE)
    make.event(world.ana, case, Audience.SERVICE, kind="visit", with_school=False, with_student=True)
    assert known(colleague, case) == {(FIRST + timedelta(days=1), None)}
    clock.shift(timedelta(days=1))
    make.event(world.ana, case, Audience.SHARED, kind="visit", with_school=False, with_caregiver=True)
    assert known(colleague, case) == {(FIRST + timedelta(days=1), clocks.today())}
    assert known(world.ruth, case) == {(FIRST, FIRST)}


def test_what_was_attempted_is_counted_for_those_who_read_it(world: make.World, case: Case) -> None:
    colleague = make.seeing_service_cases(world.david)
    make.event(world.ana, case, Audience.SERVICE, kind="call", is_done=False)
    for who, attempts, was_met in ((world.ana, 2, True), (world.ruth, 2, True), (colleague, 1, False)):
        counted = so_far(who, make.head(who, case))
        assert (counted.attempts, counted.is_school_met, counted.is_whanau_met) == (attempts, was_met, was_met)


def test_a_former_manager_reads_neither_meetings_nor_attempts_of_the_new_service(
    world: make.World, clock: Traveller
) -> None:
    case = make.gone(world, make.student("Tama Tāne", world.tawa))
    make.assigned(case, to=world.wiremu, by=world.lupe)
    for audience in (Audience.RESTRICTED, Audience.SERVICE):
        make.event(world.wiremu, case, audience)
        make.event(world.wiremu, case, audience, kind="visit", **WHANAU)
        make.event(world.wiremu, case, audience, kind="call", is_done=False)
    head = make.head(world.ana, case)
    (listed,) = gone_for(world.ana)
    assert (head.met_school_on, head.engaged_on, listed.met_school_on) == (None, None, None)
    assert so_far(world.ana, head).attempts == 0
    assert make.head(world.wiremu, case).met_school_on == FIRST
    make.event(world.wiremu, case, Audience.SHARED)
    assert make.head(world.ana, case).met_school_on == FIRST
