"""On which days one school is open: in its terms, but for holidays and what it closed itself (CAL-1, CAL-3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from app.calendars.public_holidays import school_holiday_on
from app.calendars.school_terms import Said, TermRow, earliest_start, term_rows, year_and_number
from app.calendars.working_days import WEEKEND

ONE_DAY = timedelta(days=1)
WHOLE = 2
"""Half-days."""


class Half(StrEnum):
    """Of a day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True)
class Closure:
    """A school is closed on these days, or on one half of each of them; a teacher-only day is one of them."""

    from_on: date
    to_on: date
    words: str
    half: Half | None = None
    is_teacher_only: bool = False


@dataclass(frozen=True)
class SchoolCalendar:
    """Of a school, or of any in a region that has said nothing of its own."""

    region: str
    said: Said = field(default_factory=dict)
    closures: Sequence[Closure] = ()
    begun: Mapping[int, date] = field(default_factory=dict)
    """Year → the first day of which the school sent a mark, where nobody has said when its first term began (CAL-3)."""

    _open: dict[date, tuple[Half, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def open_on(self, day: date) -> tuple[Half, ...]:
        """Which halves of a day it is open; found once, since a thousand students ask."""
        if day not in self._open:
            self._open[day] = tuple(half for half in Half if not self.why_closed(day, half))
        return self._open[day]

    def terms(self, year: int) -> tuple[TermRow, ...]:
        """Every term of the year that is known of, in order; with no days where nobody has said them."""
        listed = {row.number: self._as_marked(row, year) for row in term_rows(year)}
        said = {
            number: TermRow(number, *days, is_assumed=False, is_said=True)
            for (of, number), days in self.said.items()
            if of == year
        }
        return tuple(row for _, row in sorted({**listed, **said}.items()))

    def _as_marked(self, row: TermRow, year: int) -> TermRow:
        begun = self.begun.get(year)
        if begun is None or row.from_on is None or not row.is_assumed or begun >= row.from_on:
            return row
        return replace(row, from_on=begun, is_assumed=False, is_inferred=True)

    def term_on(self, day: date) -> TermRow | None:
        """The term that the day lies in; one whose end nobody knows has none after its first day."""
        return next((row for row in self.terms(day.year) if _lies_in(day, row)), None)

    def may_be_in_term(self, day: date) -> bool:
        """Also where nobody has said when the first term begins, and schools may have begun it."""
        first = next(iter(self.terms(day.year)), None)
        is_open = first and first.is_assumed and first.from_on and earliest_start(day.year) <= day < first.from_on
        return bool(is_open or self.term_on(day))

    def term_of(self, code: int) -> TermRow | None:
        """20264 is term 4 of 2026; None where nobody knows of it."""
        year, number = year_and_number(code)
        return next((row for row in self.terms(year) if row.number == number), None)

    def why_closed(self, day: date, half: Half | None = None) -> str:
        """The weekend, the holiday, or what the school said; for a day, or one half of it. Nothing where it is open in term."""
        if day.weekday() in WEEKEND:
            return WEEKEND[day.weekday()]
        return school_holiday_on(day, self.region) or self._closed_itself(day, half)

    def open_half_days(self, day: date) -> int:
        """Of a day in term: two, one or none."""
        return len(self.open_on(day))

    def half_days(self, from_on: date, to_on: date) -> int:
        """That the school is open between two days of one term, both counted."""
        days = (from_on + number * ONE_DAY for number in range((to_on - from_on).days + 1))
        return sum(map(self.open_half_days, days))

    def school_days(self, from_on: date, to_on: date) -> int:
        """Days of one term on which the school is open at all."""
        days = (from_on + number * ONE_DAY for number in range((to_on - from_on).days + 1))
        return sum(self.open_half_days(day) > 0 for day in days)

    def closures_on(self, day: date) -> list[Closure]:
        """What the school itself closed."""
        return [each for each in self.closures if each.from_on <= day <= each.to_on]

    def _closed_itself(self, day: date, half: Half | None) -> str:
        on_it = self.closures_on(day)
        whole = next((each.words for each in on_it if each.half is None or each.half is half), "")
        return whole or (" and ".join(each.words for each in on_it) if {each.half for each in on_it} == {*Half} else "")


def _lies_in(day: date, row: TermRow) -> bool:
    return row.from_on is not None and row.to_on is not None and row.from_on <= day <= row.to_on
