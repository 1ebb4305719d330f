"""Which days of a term are counted of a student, and what they add up to (ATT-2, CAL-3)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.attendance.codes import NO_MARK
from app.attendance.tallying import Marked, MarkedWeek, Tally, marked, tally
from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_terms import TermRow, earliest_start

A_WEEK, ONE_DAY = timedelta(weeks=1), timedelta(days=1)
LONGEST_TERM = timedelta(weeks=12)
"""One week longer than any in the list: what is marked later is of another term, of which nobody has said anything."""


@dataclass(frozen=True)
class TermDays:
    """A term of a school, as far as it is counted: its code, and the days from the first to the last one."""

    code: int
    from_on: date
    to_on: date


@dataclass(frozen=True)
class Stay:
    """A time that a student was on the roll of a school; without an end they still are."""

    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class Counted:
    """What the marks of a term add up to, with the first and the last day that is counted."""

    sums: Tally
    from_on: date
    to_on: date


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def last_marked(weeks: Iterable[MarkedWeek]) -> date | None:
    """The last day of any of them with a mark."""
    return max((last for week in weeks if (last := _last_of(week))), default=None)


def _last_of(week: MarkedWeek) -> date | None:
    said = len(week.marks.rstrip(NO_MARK))
    return week.monday + timedelta(days=(said - 1) // 2) if said else None


def first_marked(weeks: Iterable[MarkedWeek]) -> date | None:
    """The first day of any of them with a mark."""
    return min((first for week in weeks if (first := _first_of(week))), default=None)


def begun(weeks: Collection[MarkedWeek], years: Iterable[int]) -> dict[int, date]:
    """Year → the first day with a mark on which a first term can have begun."""
    found = {year: first_marked(week for week in weeks if week.monday >= _first_monday(year)) for year in years}
    return {year: max(day, earliest_start(year)) for year, day in found.items() if day and day.year == year}


def _first_monday(year: int) -> date:
    return monday_of(earliest_start(year))


def _first_of(week: MarkedWeek) -> date | None:
    said = len(week.marks.lstrip(NO_MARK))
    return week.monday + timedelta(days=(len(week.marks) - said) // 2) if said else None


def begins_with(calendar: SchoolCalendar, day: date) -> date:
    """The first day of the term that a day lies in; of none, the day."""
    return min([day, *(term.from_on for term in terms_between(calendar, day, day))])


def terms_between(calendar: SchoolCalendar, from_on: date, until: date) -> list[TermDays]:
    """Those that are known and have begun, the first one whole, up to a day."""
    years = range(from_on.year, until.year + 1)
    found = [days for year in years for row in calendar.terms(year) if (days := _days_of(calendar, year, row, until))]
    return [term for term in found if term.to_on >= from_on]


def _days_of(calendar: SchoolCalendar, year: int, row: TermRow, until: date) -> TermDays | None:
    if row.from_on is None:
        return None
    ends = min(row.to_on or _latest_end(calendar, year, row.from_on), until)
    return TermDays(year * 10 + row.number, row.from_on, ends) if row.from_on <= ends else None


def _latest_end(calendar: SchoolCalendar, year: int, began_on: date) -> date:
    """Of a term whose last day nobody has said: the day before the next that is known, and within its year."""
    later = [row.from_on for row in calendar.terms(year) if row.from_on and row.from_on > began_on]
    return min([began_on + LONGEST_TERM, date(year + 1, 1, 1), *later]) - ONE_DAY


def tally_of(
    weeks: Sequence[MarkedWeek], stays: Sequence[Stay], calendar: SchoolCalendar, term: TermDays
) -> Counted | None:
    """Of the days on the roll, up to the last one of which the school sent marks. None where the student was not on the roll, or
    has no mark."""
    days, found = _days(stays, term), list(half_days_in(weeks, stays, calendar, term))
    sums = tally(found)
    if not any(each.code for each in found):
        return None
    return Counted(sums, min(from_on for from_on, _ in days), max(to_on for _, to_on in days))


def half_days_in(
    weeks: Sequence[MarkedWeek], stays: Iterable[Stay], calendar: SchoolCalendar, term: TermDays
) -> Iterator[Marked]:
    """Those of a term on which the school was open and the student on its roll."""
    for from_on, to_on in _days(stays, term):
        yield from marked(weeks, calendar, from_on, to_on)


def _days(stays: Iterable[Stay], term: TermDays) -> list[tuple[date, date]]:
    return [both for stay in stays if (both := _within(stay, term))]


def _within(stay: Stay, term: TermDays) -> tuple[date, date] | None:
    from_on, to_on = max(stay.from_on, term.from_on), min(stay.to_on or term.to_on, term.to_on)
    return (from_on, to_on) if from_on <= to_on else None


def joined(stays: Iterable[Stay]) -> Iterator[Stay]:
    """Without a day that lies in two of them."""
    last: Stay | None = None
    for stay in sorted(stays, key=lambda each: each.from_on):
        if last is None or (last.to_on is not None and stay.from_on > last.to_on):
            if last:
                yield last
            last = stay
        elif last.to_on is not None:
            last = Stay(last.from_on, max(last.to_on, stay.to_on) if stay.to_on else None)
    if last:
        yield last
