"""Which of a school's letters is due, and what a holiday may be: without a database (LET-2, LET-4, LET-5)."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attendance.rules import Absences, HalfDays, Week
from app.calendars.school_terms import is_in_term, term_at
from app.letters.ladders import Step, ladder
from app.letters.purposes import Purpose
from app.letters.school.ladders import SchoolLadders
from app.letters.school.rules import Due, HolidayFacts, due_in_term, fault_of_holiday, of_term, to_except
from app.letters.versions.rules import MOST_DAYS, MOST_STEPS, GoesBy, differences, fault_of

TODAY = date(2026, 3, 3)
STEPS = ladder(Purpose.SCHOOL, TODAY)
TERM = term_at(TODAY)
A_HOLIDAY = HolidayFacts(date(2026, 3, 9), date(2026, 3, 13), "His mother, by phone", TODAY)


@dataclass(frozen=True)
class Written:
    step: int
    sent_on: date | None = None


def due(half_days: int, *steps: int, excepted: set[int] | None = None) -> Due:
    return due_in_term(STEPS, [Written(step) for step in steps], half_days, excepted=excepted or set())


def step(found: Due) -> int | None:
    return found.position.step.number if found.position.step and found.position.is_open else None


def over(found: Due) -> list[int]:
    return [each.number for each in found.passed_over]


def test_the_ladder_is_of_five_ten_and_fifteen_days() -> None:
    assert [each.days for each in STEPS] == [5, 10, 15]
    assert [each.gap for each in STEPS] == [0, 0, 0]


@pytest.mark.parametrize(
    ("half_days", "number"),
    [(0, None), (9, None), (10, 1), (11, 1), (19, 1), (20, 2), (29, 2), (30, 3), (80, 3)],
)
def test_a_step_is_passed_at_its_days_and_not_half_a_day_before(half_days: int, number: int | None) -> None:
    assert step(due(half_days)) == number


@pytest.mark.parametrize(("half_days", "passed"), [(10, []), (20, [1]), (30, [1, 2])])
def test_steps_below_the_highest_are_passed_over(half_days: int, passed: list[int]) -> None:
    assert over(due(half_days)) == passed


def test_a_step_that_has_its_letter_is_answered() -> None:
    assert step(due(10, 1)) is None
    assert (
        due(10, 1).position.waits_for
        == "Letter 1 of this term is written. The next is after 10 days absent in the term."
    )
    assert step(due(20, 1)) == 2
    assert over(due(20, 1)) == []
    assert step(due(30, 1, 2, 3)) is None


def test_what_was_passed_over_stays_so_when_the_highest_is_answered() -> None:
    found = due(30, 3)
    assert step(found) is None
    assert over(found) == [1, 2]
    assert found.position.waits_for == "The letter of the highest step of this term has been written."


def test_a_lower_step_is_not_due_after_a_higher_letter() -> None:
    """Written out of its turn, or from figures that were corrected since."""
    assert step(due(10, 2)) is None
    assert over(due(10, 2)) == [1]


def test_before_the_first_step_it_is_said_when_it_is() -> None:
    assert due(9).position.waits_for == "No letter is due: the first is after 5 days absent in a term."


def test_an_exception_lets_a_letter_be_written_until_it_is() -> None:
    let = due(4, excepted={2})
    assert (step(let), let.position.is_excepted) == (2, True)
    assert step(due(4, 2, excepted={2})) is None
    assert step(due(30, excepted={1})) == 1
    assert over(due(30, excepted={1})) == [2]


def test_an_exception_is_for_what_is_not_written_and_not_due() -> None:
    found = due(10)
    assert [each.number for each in to_except(STEPS, [], found.position)] == [2, 3]
    found = due(30, 3)
    assert [each.number for each in to_except(STEPS, [Written(3)], found.position)] == [1, 2]


def told(from_on: date, to_on: date, *weeks: tuple[date, int]) -> Absences:
    each = tuple(Week(monday, HalfDays(10, 0, absent)) for monday, absent in weeks)
    total = HalfDays(60, 0, 12) if not each else sum((week.half_days for week in each), HalfDays(0, 0, 0))
    return Absences(from_on, to_on, to_on, total, "Our register", to_on, each)


def test_figures_of_the_term_count_whole() -> None:
    of_it = told(date(2026, 2, 3), date(2026, 3, 2))
    assert of_term(of_it, TERM) is of_it


def test_figures_from_before_the_term_count_by_their_weeks_or_not_at_all() -> None:
    assert of_term(told(date(2025, 11, 3), date(2026, 3, 2)), TERM) is None
    mixed = told(
        date(2025, 12, 1), date(2026, 2, 27), (date(2025, 12, 1), 7), (date(2026, 2, 9), 2), (date(2026, 2, 16), 3)
    )
    part = of_term(mixed, TERM)
    assert part
    assert (part.half_days.absent, part.from_on, len(part.weeks)) == (5, date(2026, 1, 26), 2)


def test_figures_of_another_term_are_none_of_this_one() -> None:
    assert of_term(told(date(2025, 10, 6), date(2025, 12, 12)), TERM) is None
    assert of_term(None, TERM) is None
    assert of_term(told(date(2026, 2, 3), date(2026, 3, 2)), None) is None


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 1, 25), 20254),
        (date(2026, 1, 26), 20261),
        (date(2026, 4, 10), 20261),
        (date(2026, 4, 20), 20262),
        (date(2026, 12, 31), 20264),
        (date(2027, 2, 3), 20271),
    ],
)
def test_letters_begin_anew_with_each_term(day: date, code: int) -> None:
    term = term_at(day)
    assert term
    assert term.code == code


def test_a_day_that_the_list_does_not_know_has_no_term() -> None:
    assert term_at(date(1999, 5, 5)) is None


def test_a_holiday_lies_in_a_term() -> None:
    assert is_in_term(date(2026, 4, 2), date(2026, 4, 19))
    assert not is_in_term(date(2026, 4, 3), date(2026, 4, 19))
    assert is_in_term(date(2025, 12, 19), date(2026, 1, 10))


def test_a_holiday_that_is_in_order_has_no_fault() -> None:
    assert fault_of_holiday(A_HOLIDAY, TODAY) == {}
    assert fault_of_holiday(HolidayFacts(TODAY - timedelta(days=5), TODAY, "Office", TODAY), TODAY) == {}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (HolidayFacts(date(2026, 3, 13), date(2026, 3, 9), "Office", TODAY), "to_on"),
        (HolidayFacts(date(2026, 2, 1), date(2026, 3, 2), "Office", TODAY), "to_on"),
        (HolidayFacts(date(2026, 3, 9), date(2027, 3, 11), "Office", TODAY), "to_on"),
        (HolidayFacts(date(2026, 3, 9), date(2026, 3, 13), " ", TODAY), "source"),
        (HolidayFacts(date(2026, 3, 9), date(2026, 3, 13), "x" * 201, TODAY), "source"),
        (HolidayFacts(date(2026, 3, 9), date(2026, 3, 13), "Office", TODAY + timedelta(days=1)), "told_on"),
    ],
)
def test_what_is_wrong_with_a_holiday_is_said_beside_it(told: HolidayFacts, field: str) -> None:
    assert list(fault_of_holiday(told, TODAY)) == [field]


def test_a_holiday_outside_of_terms_needs_no_letter() -> None:
    assert "lies in a school term" in fault_of_holiday(A_HOLIDAY, TODAY, is_school_day=False)["from_on"]


LADDERS = st.sets(st.integers(1, MOST_DAYS), min_size=1, max_size=MOST_STEPS).map(
    lambda days: [
        Step(Purpose.SCHOOL, number, f"Letter {number}", 0, is_formal=False, days=each)
        for number, each in enumerate(sorted(days), 1)
    ]
)


@given(steps=LADDERS, half_days=st.lists(st.integers(0, 2 * MOST_DAYS + 4), max_size=12))
def test_of_whichever_ladder_the_letter_is_that_of_the_highest_step_passed(
    steps: list[Step], half_days: list[int]
) -> None:
    """Figures come in any order, and each letter that may be written is: none twice, none below one that was written, and never
    before its days."""
    assert not fault_of(steps)
    written: list[Written] = []
    for told_now in half_days:
        found = due_in_term(steps, written, told_now)
        passed = [each.number for each in steps if told_now >= 2 * (each.days or 0)]
        highest, done = max(passed, default=0), max((letter.step for letter in written), default=0)
        assert step(found) == (highest if highest > done else None)
        assert over(found) == [each for each in passed if each < max(highest, done) and each not in _of(written)]
        if number := step(found):
            written.append(Written(number))
    assert len(_of(written)) == len(written)


def _of(written: list[Written]) -> set[int]:
    return {letter.step for letter in written}


@given(before=LADDERS, after=LADDERS, written=st.sets(st.integers(1, MOST_STEPS), min_size=1))
def test_what_was_written_by_a_ladder_says_by_which_one_the_term_goes_on(
    before: list[Step], after: list[Step], written: set[int]
) -> None:
    present, first = GoesBy(after, 2, 2, newest_id=2), GoesBy(before, 1, 1, newest_id=1)
    ladders = SchoolLadders(present, {1: first, 2: present})
    letters = [SimpleNamespace(ladder_id=1, made_at=datetime.now(UTC), step=number) for number in sorted(written)]
    gone_by = ladders.gone_by(letters)
    assert (gone_by.steps, gone_by.is_begun, gone_by.newest_id) == (before, True, 2)
    assert gone_by.is_behind(TODAY)
    assert ladders.gone_by([]) is present
    assert not present.is_behind(TODAY)


@pytest.mark.parametrize(
    ("days", "field"),
    [((0,), "days_1"), ((5, 5), "days_2"), ((5, 4), "days_2"), ((5, MOST_DAYS + 1), "days_2")],
)
def test_days_rise_from_letter_to_letter(days: tuple[int, ...], field: str) -> None:
    steps = [
        Step(Purpose.SCHOOL, number, "A letter", 0, is_formal=False, days=each) for number, each in enumerate(days, 1)
    ]
    assert set(fault_of(steps)) == {field}


def test_how_another_number_of_days_is_said() -> None:
    after = [replace(STEPS[0], days=3), *STEPS[1:], replace(STEPS[2], number=4, name="A hui", days=20)]
    assert differences(STEPS, after) == [
        "Letter 1 is due from 3 days absent on instead of 5.",
        "Letter 4 is new: A hui, from 20 days absent on.",
    ]
