"""The engagement clock: student and a caregiver are to be met within ten working days, and then within fifteen (CASE-8)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from time_machine import Traveller

from app.cases.actions import move_to
from app.cases.entries import Audience
from app.cases.models import Case
from app.cases.reminders.actions import remind_of_due
from app.cases.reminders.rules import ENGAGE_PASSED, ENGAGE_TOMORROW
from app.cases.rules import ENGAGEMENT, FirstMeeting, clock_line, contract_clock, first_due
from app.cases.work.queries import work_for
from app.cases.work.rules import Line, Why
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Outbox
from app.people.queries import Actor
from tests import make

DAY = timedelta(days=1)
STARTED = date(2026, 10, 5)
TEN = "The 10 working days to meet student and whānau ended Mon 19 October"
TO_DO = "Meet student and whānau"
NOBODY: dict[str, Any] = {"with_school": False, "with_student": False, "with_caregiver": False}


def of_engagement(who: Actor) -> list[Line]:
    return [line for line in work_for(who) if line.what == TO_DO]


def reasons(who: Actor) -> list[Why]:
    return [line.why for line in of_engagement(who)]


def count(event: str) -> int:
    return db.session.scalar(select(func.count()).where(Outbox.event == event)) or 0


@pytest.fixture
def case(own_world: make.World, clock: Traveller) -> Case:
    """Begun on Tuesday 3 March, with Ana, and the school met that day: the limits are Tuesday 17 and Tuesday 24."""
    made = make.open_case(own_world)
    made.met_school_on = core_clock.today()
    db.session.commit()
    return made


@pytest.mark.parametrize(
    ("today", "line"),
    [
        (date(2026, 10, 8), "Day 3 of 10, due Mon 19 October"),
        (date(2026, 10, 19), "Day 10 of 10, due today, Mon 19 October"),
        (date(2026, 10, 20), f"{TEN}. Now day 11 of 15, due Tue 27 October; Labour Day not counted"),
        (date(2026, 10, 27), f"{TEN}. Now day 15 of 15, due today, Tue 27 October; Labour Day not counted"),
        (date(2026, 10, 28), f"{TEN}; the 15 days ended Tue 27 October"),
    ],
)
def test_the_second_limit_shows_when_the_first_has_passed(today: date, line: str) -> None:
    clock = contract_clock(STARTED, "WGN", today, ENGAGEMENT)
    assert clock_line(clock, first_due(STARTED, "WGN", ENGAGEMENT), ENGAGEMENT) == line


@pytest.mark.parametrize(
    ("met_on", "line"),
    [
        (date(2026, 10, 19), "Both met by Mon 19 October, day 10 of 10"),
        (date(2026, 10, 27), "Both met by Tue 27 October, day 15 of 15; the first 10 ended Mon 19 October"),
        (
            date(2026, 10, 28),
            "Both met by Wed 28 October, 16 working days after the start; the 15 ended Tue 27 October",
        ),
    ],
)
def test_once_both_were_met_it_says_by_when(met_on: date, line: str) -> None:
    meeting = FirstMeeting(STARTED, "WGN", first_due(STARTED, "WGN", ENGAGEMENT), met_on, ENGAGEMENT)
    assert (meeting.line, meeting.state) == (line, "done")


def test_holidays_are_those_of_the_region() -> None:
    """Friday 23 October is Hawke's Bay's anniversary."""
    after = date(2026, 10, 20)
    ends = {region: contract_clock(STARTED, region, after, ENGAGEMENT).due_on for region in ("WGN", "HKB")}
    assert ends == {"WGN": date(2026, 10, 27), "HKB": date(2026, 10, 28)}


def test_it_stands_in_my_work_from_the_working_day_before(own_world: make.World, case: Case, clock: Traveller) -> None:
    clock.shift(12 * DAY)
    assert not of_engagement(own_world.ana), "on Sunday 15"
    for days, why in ((1, Why.TOMORROW), (1, Why.TODAY), (1, Why.OVERDUE), (20, Why.OVERDUE)):
        clock.shift(days * DAY)
        assert reasons(own_world.ana) == [why]
    (line,) = of_engagement(own_world.ana)
    assert line.reason == (
        "The 10 working days to meet student and whānau ended Tue 17 March; the 15 days ended Tue 24 March"
    )
    assert line.meeting == line.case.engagement
    for other in (own_world.ruth, own_world.david, own_world.wiremu):
        assert not of_engagement(other)


def test_it_stops_when_both_were_met_and_not_by_an_attempt(own_world: make.World, case: Case, clock: Traveller) -> None:
    clock.shift(20 * DAY)
    for event in (
        {"kind": "visit", "is_done": False, "with_student": True, "with_caregiver": True},
        {"kind": "message", "mode": "text", "with_student": True, "with_caregiver": True},
        {"kind": "visit", "with_student": True},
    ):
        make.event(own_world.ana, case, Audience.SERVICE, **{**NOBODY, **event})
        assert reasons(own_world.ana) == [Why.OVERDUE]
    last = {**NOBODY, "kind": "call", "mode": "phone", "with_caregiver": True}
    make.event(own_world.ana, case, Audience.SERVICE, **last)
    assert not of_engagement(own_world.ana)
    assert make.head(own_world.ana, case).engagement.line.startswith("Both met by Mon 23 March, day 14 of 15")


def test_a_reopening_begins_a_new_clock(own_world: make.World, case: Case, clock: Traveller) -> None:
    case.engaged_on = core_clock.today()
    clock.shift(16 * DAY)
    assert not of_engagement(own_world.ana)
    move_to(case, case.service_id, case.region, by=own_world.ruth)
    assert (make.head(own_world.ana, case).engagement.line, of_engagement(own_world.ana)) == (
        "Day 0 of 10, due Thu 2 April",
        [],
    )
    clock.shift(14 * DAY)
    assert reasons(own_world.ana) == [Why.TODAY]


def test_each_limit_is_told_of_once_before_and_after(own_world: make.World, case: Case, clock: Traveller) -> None:
    """The day before to the case manager; after to the lead too. Of one that has stopped, nobody hears."""
    done = make.assigned(
        make.submitted(own_world.priya, own_world.ng, contact=own_world.tom), to=own_world.ana, by=own_world.ruth
    )
    done.engaged_on = core_clock.today()
    db.session.commit()
    told = {}
    for day in range(24):
        remind_of_due()
        remind_of_due()
        told[day] = (count(ENGAGE_TOMORROW), count(ENGAGE_PASSED))
        clock.shift(DAY)
    assert [day for day in range(1, 24) if told[day] != told[day - 1]] == [13, 15, 20, 22]
    assert told[23] == (2, 4)
    cases = db.session.scalars(select(Outbox.case_id).where(Outbox.event.in_((ENGAGE_TOMORROW, ENGAGE_PASSED))))
    assert set(cases) == {case.id}
