"""Which of a school's letters is due, without asking the database (LET-1, LET-2, LET-5)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.attendance.rules import ONE_DAY, Absences, in_days, summed
from app.calendars.school_terms import TermOfYear
from app.calendars.working_days import weekday_and_date
from app.core.text import one_line
from app.letters.ladders import Position, Step, Written
from app.letters.purposes import Purpose

NONE_PASSED = "No letter is due: the first is after {days} days absent in a term."
ALL_PASSED = "The letter of the highest step of this term has been written."
LONGEST_SOURCE = 200
LONGEST_HOLIDAY = timedelta(days=366)


@dataclass(frozen=True)
class Due:
    """Where a caregiver stands in a term: the letter that may be written, and the steps that were passed over."""

    position: Position
    passed_over: tuple[Step, ...] = ()


def counting(letters: Sequence[Any], purpose: Purpose, in_round: int) -> list[Any]:
    """Those that were written for this in that term, or about that holiday, and not voided."""
    written = [letter for letter in letters if letter.purpose is purpose and letter.round == in_round]
    return [letter for letter in written if letter.voided_at is None]


def due_in_term(
    steps: Sequence[Step], written: Sequence[Written], half_days: int, *, excepted: Collection[int] = ()
) -> Due:
    """LET-2: the letter is that of the highest step passed and not yet answered; there is no gap, and what was passed over is
    only marked. `written`: this term's letters to the caregiver that were made and not voided; `half_days`: absent in this
    term; `excepted`: steps that an attendance lead lets be written all the same."""
    done = {letter.step for letter in written}
    passed = [step for step in steps if half_days >= (step.days or 0) * ONE_DAY]
    reached = max([*(step.number for step in passed), *done], default=0)
    over = tuple(step for step in passed if step.number < reached and step.number not in done)
    let = [step for step in steps if step.number in excepted and step.number not in done]
    if let:
        return Due(Position(let[0], is_open=True, is_excepted=True), tuple(each for each in over if each != let[0]))
    highest = passed[-1] if passed else None
    if highest and highest.number not in done and highest.number >= max(done, default=0):
        return Due(Position(highest, is_open=True), over)
    return Due(Position(None, is_open=False, waits_for=_waits_for(steps, reached)), over)


def _waits_for(steps: Sequence[Step], reached: int) -> str:
    ahead = next((step for step in steps if step.number > reached), None)
    if ahead is None:
        return ALL_PASSED
    if not reached:
        return NONE_PASSED.format(days=ahead.days)
    return f"Letter {reached} of this term is written. The next is after {ahead.days} days absent in the term."


def to_except(steps: Sequence[Step], written: Sequence[Written], stands: Position) -> list[Step]:
    """The letters that are not written and may not be written now."""
    done = {letter.step for letter in written}
    return [step for step in steps if step.number not in done and not (stands.is_open and step == stands.step)]


def of_term(told: Absences | None, term: TermOfYear | None) -> Absences | None:
    """Of what was told the part that lies in the term; None where it says nothing of it alone. Figures from before the term
    count where they were told week by week."""
    if told is None or term is None or told.to_on < term.from_on:
        return None
    if told.from_on >= term.from_on:
        return told
    first = term.from_on - timedelta(days=term.from_on.weekday())
    weeks = tuple(week for week in told.weeks if week.from_on >= first)
    return replace(told, from_on=term.from_on, half_days=summed(weeks), weeks=weeks) if weeks else None


@dataclass(frozen=True)
class HolidayFacts:
    """A holiday in term time, as somebody told the school of it (LET-5)."""

    from_on: date
    to_on: date
    source: str
    told_on: date


def fault_of_holiday(told: HolidayFacts, today: date, *, is_school_day: bool = True) -> dict[str, str]:
    """What is wrong with it: field → what to do. `is_school_day`: does a day of it lie in a term?"""
    found = {}
    if told.to_on < told.from_on:
        found["to_on"] = "The holiday ends before it begins"
    elif told.to_on - told.from_on > LONGEST_HOLIDAY:
        found["to_on"] = "The holiday is longer than a year"
    elif told.to_on < today:
        found["to_on"] = "The holiday is over. A letter goes while it lasts, or before"
    elif not is_school_day:
        found["from_on"] = "No day of it lies in a school term, so it needs no letter"
    if told.told_on > today:
        found["told_on"] = "This day is still to come"
    if not one_line(told.source):
        found["source"] = "Say who told you, and how"
    elif len(told.source) > LONGEST_SOURCE:
        found["source"] = f"Make this shorter, {LONGEST_SOURCE} characters at most"
    return found


def days_of(holiday: HolidayFacts) -> str:
    return f"{weekday_and_date(holiday.from_on)} to {weekday_and_date(holiday.to_on)}"


def days_in_words(half_days: int) -> str:
    return f"{in_days(half_days)} day{'s' if half_days != ONE_DAY else ''}"
