"""What is due tells whoever is to do something about it, once, by the calendar of the region; and not what is not."""

from datetime import date, timedelta

from sqlalchemy import func, select, update
from time_machine import Traveller

from app.cases.actions import change_status
from app.cases.models import Case, Status
from app.cases.reminders.actions import remind_of_due, remind_of_due_hourly
from app.cases.reminders.rules import (
    DUE_TOMORROW,
    PASSED,
    TRANSITION_ENDED,
    UNASSIGNED,
    due_tomorrow,
    old_enough,
    passed,
)
from app.core import clock as core_clock
from app.core import events
from app.core.db import db
from app.core.events import Outbox
from tests import make

DAY = timedelta(days=1)


def count(event: str) -> int:
    return db.session.scalar(select(func.count()).where(Outbox.event == event)) or 0


def days_of(event: str, clock: Traveller, days: int) -> list[int]:
    """On which of so many days somebody is told of it, though the worker looks twice a day."""
    found = []
    for day in range(days):
        before = count(event)
        remind_of_due()
        remind_of_due()
        found += [day] * (count(event) - before)
        clock.shift(DAY)
    return found


def test_of_a_clock_both_limits_are_told_before_and_after(own_world: make.World, clock: Traveller) -> None:
    """From Tuesday 3 March: the first limit is Tuesday 10, the second Tuesday 17."""
    make.open_case(own_world)
    db.session.commit()
    assert days_of(DUE_TOMORROW, clock, 10) == [6]
    assert days_of(DUE_TOMORROW, clock, 12) == [3], "on Monday 16"
    assert count(PASSED) == 4, "case manager and lead, of each limit"


def test_nobody_is_told_of_a_clock_that_has_stopped(own_world: make.World, clock: Traveller) -> None:
    case = make.open_case(own_world)
    case.met_school_on = core_clock.today()
    db.session.commit()
    assert days_of(PASSED, clock, 20) == []
    assert count(DUE_TOMORROW) == 0


def test_the_day_before_is_the_working_day_before_in_each_region() -> None:
    """Monday 19 January is a holiday in Wellington: of what began on Monday 12 the limit is that day in Auckland, and there the
    day after."""
    monday, began = date(2026, 1, 19), date(2026, 1, 12)
    assert {code for days, codes in due_tomorrow(monday - 3 * DAY).items() if began in days for code in codes} >= {
        "AUK",
        "WGN",
    }
    on_monday = {code for days, codes in due_tomorrow(monday).items() if began in days for code in codes}
    by_tuesday = {code for days, codes in passed(monday + DAY).items() if began in days for code in codes}
    assert ("WGN" in on_monday, "AUK" in on_monday) == (True, False)
    assert ("WGN" in by_tuesday, "AUK" in by_tuesday) == (False, True)


def test_a_birthday_on_the_29th_of_february_is_not_missed() -> None:
    after, not_after = old_enough(date(2027, 8, 29))
    assert after < date(2012, 2, 29) <= not_after
    assert not old_enough(date(2027, 8, 28))[1] >= date(2012, 2, 29)


def test_a_case_that_comes_back_into_the_queue_waits_anew(own_world: make.World, clock: Traveller) -> None:
    case = make.submitted(own_world.priya, own_world.whanau, contact=own_world.tom)
    db.session.commit()
    assert days_of(UNASSIGNED, clock, 4) == [1]
    make.assigned(case, to=own_world.ana, by=own_world.ruth)
    change_status(db.session.get_one(Case, case.id), Status.QUEUE, by=own_world.ruth)
    db.session.commit()
    assert days_of(UNASSIGNED, clock, 4)[:1] != []
    assert count(UNASSIGNED) == 2


def test_an_end_that_is_set_anew_is_told_of_anew(own_world: make.World, clock: Traveller) -> None:
    case = make.open_case(own_world)
    case.met_school_on = core_clock.today()
    change_status(case, Status.TRANSITION, by=own_world.ana, why="Steady")
    case.expected_end_on = core_clock.today()
    db.session.commit()
    assert days_of(TRANSITION_ENDED, clock, 4) == [1]
    case = db.session.get_one(Case, case.id)
    events.record("case.end_expected", by=own_world.ana, on=case, about=case)
    case.expected_end_on = core_clock.today()
    db.session.commit()
    assert days_of(TRANSITION_ENDED, clock, 4) == [1]


def test_what_was_due_long_ago_is_no_heap_of_news(own_world: make.World, clock: Traveller) -> None:
    make.open_case(own_world)
    db.session.execute(update(Case).values(service_started_on=date(2025, 10, 1), due_on=date(2025, 10, 8)))
    db.session.commit()
    assert remind_of_due() == 0


def test_it_looks_once_an_hour_and_no_oftener(own_world: make.World, clock: Traveller) -> None:
    make.submitted(own_world.priya, own_world.whanau, contact=own_world.tom)
    db.session.commit()
    clock.shift(DAY)
    remind_of_due_hourly()
    assert count(UNASSIGNED) == 1
    make.submitted(own_world.jin, own_world.other, contact=own_world.jin)
    db.session.commit()
    clock.shift(DAY)
    remind_of_due_hourly()
    remind_of_due_hourly()
    assert count(UNASSIGNED) == 2
