"""Invented half-day marks: mostly present, some often ill, some away on Mondays, some hardly there; the same every time, without a
database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.attendance.codes import NO_MARK
from app.calendars.school_calendar import Half, SchoolCalendar

SCHOOL_DAYS, MONDAY = 5, 0
HABITS = ("steady", "steady", "steady", "steady", "steady", "steady", "ill", "mondays", "afternoons", "seldom")
AWAY = {"steady": 0.025, "ill": 0.09, "mondays": 0.03, "afternoons": 0.03, "seldom": 0.24}
"""Of the days, how many are missed."""
REASONS = {"steady": "MMMMDJ", "ill": "MMMMMJ", "mondays": "TTME", "afternoons": "TTE", "seldom": "TTTTME"}
BEFORE_REQUEST = timedelta(weeks=10)
"""So long before support was asked for it begins to go wrong."""


@dataclass(frozen=True)
class Run:
    """Days that somebody has the same mark on, without a gap."""

    from_on: date
    days: int
    code: str

    def has(self, day: date) -> bool:
        return self.from_on <= day < self.from_on + timedelta(days=self.days)


@dataclass(frozen=True)
class Pupil:
    """Whose marks these are: of a case since when it goes badly, and whether it has become better."""

    number: str
    asked_on: date | None = None
    is_better: bool = False
    runs: tuple[Run, ...] = ()


def weeks(pupil: Pupil, calendar: SchoolCalendar, from_on: date, to_on: date) -> Iterator[tuple[date, str]]:
    """Monday and ten marks of each week of a term; none of a half-day on which the school is closed."""
    chance = Random(f"marks/{pupil.number}/{from_on:%Y}/{from_on.month}")  # noqa: S311 - the same every time
    habit = Random(f"habit/{pupil.number}").choice(HABITS)  # noqa: S311 - the same
    monday = from_on - timedelta(days=from_on.weekday())
    while monday <= to_on:
        days = [monday + timedelta(days=number) for number in range(SCHOOL_DAYS)]
        marks = "".join(_of_day(chance, pupil, habit, day) for day in days)
        is_open = [from_on <= day <= to_on and not calendar.why_closed(day, half) for day in days for half in Half]
        said = "".join(mark if there else NO_MARK for mark, there in zip(marks, is_open, strict=True))
        if said.strip(NO_MARK):
            yield monday, said
        monday += timedelta(weeks=1)


def _of_day(chance: Random, pupil: Pupil, habit: str, day: date) -> str:
    """Morning and afternoon; as much chance is used up on each day, whatever it was."""
    missed, code, late = chance.random(), chance.choice(REASONS[_habit(pupil, habit, day)]), chance.random()
    if run := next((run for run in pupil.runs if run.has(day)), None):
        return 2 * run.code
    if missed < _share(pupil, habit, day):
        return f"P{code}" if habit == "afternoons" or missed < 0.01 else 2 * code
    return "LP" if late < 0.03 else "PP"


def _habit(pupil: Pupil, habit: str, day: date) -> str:
    return "seldom" if pupil.asked_on and _is_bad(pupil, day) else habit


def _share(pupil: Pupil, habit: str, day: date) -> float:
    if pupil.asked_on and _is_bad(pupil, day):
        return 0.45
    if pupil.asked_on and day >= pupil.asked_on:
        return 0.06
    if habit == "mondays" and day.weekday() == MONDAY:
        return 0.4
    if habit == "afternoons" and day.weekday() == SCHOOL_DAYS - 1:
        return 0.35
    return AWAY[habit]


def _is_bad(pupil: Pupil, day: date) -> bool:
    """From some weeks before support was asked for, until some after, or until now."""
    asked = pupil.asked_on or day
    until = asked + timedelta(weeks=3) if pupil.is_better else date.max
    return asked - BEFORE_REQUEST <= day < until
