"""Counting school days by a school's calendar: what nobody knows is assumed as CAL-3 says, and said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_terms import TermRow
from app.calendars.working_days import weekday_and_date

LONGEST_TERM, TWO_WEEKS = timedelta(weeks=12), timedelta(weeks=2)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SchoolDay:
    """A day, and what had to be assumed to come to it; empty where nothing had."""

    day: date
    assumed: str


def school_day_after(start: date, days: int, calendar: SchoolCalendar) -> SchoolDay | None:
    """The last of so many school days after the start; None where the list knows too little to say."""
    assumed: list[str] = []
    for row, day in _days_after(start, calendar):
        if (said := _assumed(row, start)) and said not in assumed:
            assumed.append(said)
        days -= 1
        if not days:
            return SchoolDay(day, "; ".join(assumed))
    return None


@dataclass(frozen=True)
class SchoolDays:
    """How many school days there were, and whether the list knows the whole time; if not, there may have been more."""

    count: int
    is_all: bool

    @property
    def words(self) -> str:
        """57 school days; of a time that is not known as a whole, at least those."""
        return f"{'' if self.is_all else 'at least '}{self.count:,} school day{'' if self.count == 1 else 's'}"


def school_days_since(start: date, end: date, calendar: SchoolCalendar) -> SchoolDays:
    """School days after the start up to and including the end. A term whose first day schools choose begins on the latest one
    here: nobody is told of more days than there were."""
    count, is_all = 0, True
    for year in range(start.year, end.year + 1):
        begun = _begun(calendar.terms(year), end)
        is_all = is_all and bool(calendar.terms(year)) and all(row.from_on and row.to_on for row in begun)
        count += sum(_in_term(row, start, end, calendar) for row in begun)
    return SchoolDays(count, is_all)


def recent_since(day: date, days: int, calendar: SchoolCalendar) -> date:
    """The first day after which there were no more than so many school days up to this one; two weeks before it at the earliest, so
    that nothing stays recent over long holidays."""
    first = day
    while day - first < TWO_WEEKS and school_days_since(first - ONE_DAY, day, calendar).count <= days:
        first -= ONE_DAY
    return first


def _begun(terms: Sequence[TermRow], end: date) -> list[TermRow]:
    """Those up to the first that begins later; one whose days nobody knows may have begun, unless the one before it goes on."""
    begun: list[TermRow] = []
    for row in terms:
        if (row.from_on and row.from_on > end) or (begun and begun[-1].to_on and begun[-1].to_on >= end):
            break
        begun.append(row)
    return begun


def _in_term(row: TermRow, start: date, end: date, calendar: SchoolCalendar) -> int:
    if row.from_on is None or row.to_on is None:
        return 0
    return calendar.school_days(max(row.from_on, start + ONE_DAY), min(row.to_on, end))


def _days_after(start: date, calendar: SchoolCalendar) -> Iterator[tuple[TermRow, date]]:
    """Days on which the school is open; up to a term whose end is not known, since nothing beyond it is."""
    for row in calendar.terms(start.year) + calendar.terms(start.year + 1):
        if row.from_on is None:
            return
        last = row.to_on or row.from_on + LONGEST_TERM
        day = max(row.from_on, start + ONE_DAY)
        while day <= last:
            if calendar.open_half_days(day):
                yield row, day
            day += ONE_DAY
        if row.to_on is None:
            return


def _assumed(row: TermRow, start: date) -> str:
    """Of a term that begins while it is counted: that its first day is assumed; of one without an end: that nobody knows it."""
    term = f"Term {row.number} {row.from_on.year}" if row.from_on else ""
    is_begun = row.from_on is None or row.from_on <= start
    begins = f"{term} is assumed to begin {weekday_and_date(row.from_on)}" if row.from_on and row.is_assumed else ""
    ends = f"when {term} ends is not known yet" if row.to_on is None else ""
    return ", and ".join(said for said in ("" if is_begun else begins, ends) if said)
