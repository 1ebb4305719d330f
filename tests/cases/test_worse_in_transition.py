"""Days absent before a transition and since: what is compared, who learns of it, and until when it stands there (CASE-4)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from time_machine import Traveller

from app.attendance.rules import Absences, HalfDays, Week, compared, summed
from app.cases.absences.actions import tell_absences
from app.cases.absences.queries import compared_for
from app.cases.absences.rules import WORSE
from app.cases.actions import change_status
from app.cases.covers.actions import Days, cover_case
from app.cases.models import Case, Status
from app.cases.statuses.actions import Asked, change_by_hand
from app.cases.statuses.rules import Change
from app.cases.work.queries import work_for
from app.cases.work.rules import Why
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Audit, Outbox
from app.people.queries import Actor
from tests import make

MONDAY = date(2026, 2, 16)
BEGAN = MONDAY + timedelta(weeks=2)
"""The transition, on a Monday; the clock stands on the Friday of the second week after it."""
NOW = BEGAN + timedelta(days=11)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


def told(*absent: int, from_on: date = MONDAY, weekly: bool = True, told_on: date = NOW) -> Absences:
    """Half-days absent of each week, from that Monday on; week by week, or in one sum."""
    weeks = [Week(from_on + number * WEEK, HalfDays(10, 0, half_days)) for number, half_days in enumerate(absent)]
    to_on = from_on + len(absent) * WEEK - 3 * DAY
    kept = weeks if weekly else []
    return Absences(from_on, to_on, max(to_on, told_on), summed(weeks), "Aroha Ngata, by phone", told_on, kept)


@pytest.fixture
def case(clock: Traveller, world: make.World) -> Case:
    """In transition since that Monday."""
    clock.move_to(core_clock.begin_of(BEGAN) + timedelta(hours=9))
    case = make.open_case(world)
    step_back(world, case)
    clock.move_to(core_clock.begin_of(NOW) + timedelta(hours=9))
    return case


def step_back(world: make.World, case: Case) -> None:
    change_status(
        case, Status.TRANSITION, by=world.ana, sets={"expected_end_on": core_clock.today() + timedelta(days=60)}
    )


def tell(by: Actor, case: Case, what: Absences) -> None:
    tell_absences(make.head(by, case), what, school_id=case.school_id, by=by)


def whom() -> list[int]:
    return sorted(db.session.scalars(select(Outbox.person_id).where(Outbox.event == WORSE)))


def stands(who: Actor) -> bool:
    return Why.WORSE in {line.why for line in work_for(who)}


@pytest.mark.parametrize(
    ("absent", "is_worse"),
    [((3, 3, 4, 3), True), ((3, 3, 3, 3), False), ((3, 3, 2, 3), False), ((0, 0, 1, 0), True), ((0, 0, 0, 0), False)],
)
def test_worse_is_more_days_absent_of_each_school_week(absent: tuple[int, ...], is_worse: bool) -> None:
    found = compared([told(*absent)], BEGAN)
    assert found is not None
    assert found.is_worse is is_worse


def test_short_weeks_weigh_what_they_are() -> None:
    short = Week(BEGAN, HalfDays(4, 0, 2))
    whole = told(4, 4)
    both = Absences(MONDAY, BEGAN + 4 * DAY, NOW, HalfDays(24, 0, 10), "Aroha", NOW, [*whole.weeks, short])
    found = compared([both], BEGAN)
    assert found is not None
    assert found.is_worse, "one day of two is more than two of five"
    assert found.in_words == "absent 1 of 2 days since then, 4 of 10 days before"


def test_the_week_in_which_it_began_says_nothing_of_either() -> None:
    found = compared([told(2, 2, 10, 2)], BEGAN + DAY)
    assert found is not None
    assert (found.before.absent, found.after.absent, found.is_worse) == (4, 2, False)
    assert compared([told(2, 2, 10)], BEGAN + DAY) is None


def test_what_was_told_in_one_sum_is_compared_with_what_was_told_before() -> None:
    since = told(3, 2, from_on=BEGAN, weekly=False)
    before = told(2, 2, weekly=False, told_on=BEGAN)
    found = compared([since, before], BEGAN)
    assert found is not None
    assert found.is_worse
    assert compared([since], BEGAN) is None
    assert compared([before], BEGAN) is None
    assert compared([told(2, 2, 3, 3, weekly=False), before], BEGAN) is None, "nobody knows on which side they were"
    assert compared([], BEGAN) is None


def test_the_manager_is_told_once_of_each_statement(world: make.World, case: Case) -> None:
    tell(world.tom, case, told(2, 2, 4, 4))
    assert whom() == [world.ana.person_id]
    assert stands(world.ana)
    assert not stands(world.ruth)
    assert not stands(world.david)
    tell(world.tom, case, told(2, 2, 5, 5))
    assert whom() == [world.ana.person_id] * 2
    assert [line.page for line in work_for(world.ana) if line.why is Why.WORSE] == ["attendance"]


@pytest.mark.parametrize("absent", [(4, 4, 2, 2), (4, 4, 4, 4)])
def test_nobody_is_told_where_it_is_better_or_the_same(world: make.World, case: Case, absent: tuple[int, ...]) -> None:
    tell(world.tom, case, told(*absent))
    assert whom() == []
    assert not stands(world.ana)


def test_what_was_told_in_error_stands_there_until_it_is_corrected(world: make.World, case: Case) -> None:
    tell(world.tom, case, told(2, 2, 4, 4))
    tell(world.tom, case, told(4, 4, 2, 2))
    assert whom() == [world.ana.person_id]
    assert not stands(world.ana)
    found = compared_for(make.head(world.ana, case), case.school_id)
    assert found is not None
    assert not found.is_worse


def test_who_stands_in_is_told_and_the_manager_of_her_own_words_is_not(world: make.World, case: Case) -> None:
    today = core_clock.today()
    cover_case(make.head(world.ruth, case), world.david.person_id, Days(today, today + WEEK), by=world.ruth)
    tell(world.ana, case, told(2, 2, 4, 4))
    assert whom() == [world.david.person_id]
    assert stands(world.ana), "it stands there all the same"


def test_it_stands_there_until_somebody_decides(clock: Traveller, world: make.World, case: Case) -> None:
    tell(world.tom, case, told(2, 2, 4, 4))
    clock.shift(timedelta(minutes=1))
    end = {"expected_end_on": (core_clock.today() + timedelta(days=90)).isoformat(), "why": "It was the flu."}
    change_by_hand(make.head(world.ana, case), Asked(Change.EXTENSION, Status.TRANSITION, end), by=world.ana)
    assert not stands(world.ana)
    clock.shift(timedelta(minutes=1))
    tell(world.tom, case, told(2, 2, 4, 5))
    assert stands(world.ana)
    change_status(case, Status.OPEN, by=world.ana)
    assert not stands(world.ana)


def test_out_of_transition_and_of_another_school_nothing_is_compared(
    clock: Traveller, world: make.World, case: Case
) -> None:
    tell_absences(make.head(world.ana, case), told(2, 2, 4, 4), school_id=world.puna.id, by=world.jin)
    assert whom() == [world.ana.person_id]
    assert compared_for(make.head(world.ana, case), case.school_id) is None
    change_status(case, Status.OPEN, by=world.ana)
    tell(world.tom, case, told(2, 2, 4, 4))
    assert db.session.scalar(select(func.count()).where(Audit.event == WORSE)) == 1
    clock.shift(timedelta(minutes=1))
    step_back(world, case)
    assert not stands(world.ana), "what was told before this transition says nothing of it"


def test_what_is_decided_on_another_case_says_nothing_of_this_one(
    clock: Traveller, world: make.World, case: Case
) -> None:
    tell(world.tom, case, told(2, 2, 4, 4))
    clock.shift(timedelta(minutes=1))
    pupil = make.student("Ara", world.tawa)
    other = make.assigned(make.submitted(world.priya, pupil, contact=world.tom), to=world.ana, by=world.ruth)
    step_back(world, other)
    end = {"expected_end_on": (core_clock.today() + timedelta(days=90)).isoformat(), "why": "Steady."}
    change_by_hand(make.head(world.ana, other), Asked(Change.EXTENSION, Status.TRANSITION, end), by=world.ana)
    assert stands(world.ana)
