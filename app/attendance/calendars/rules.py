"""A school's calendar from what it said, what is wrong with what it says, and a year of it as a picture: without asking the
database (CAL-3, T6)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.attendance.calendars.models import CalendarEntryKind
from app.calendars.public_holidays import is_inferred, school_holiday_on
from app.calendars.school_calendar import WHOLE, Closure, Half, SchoolCalendar
from app.calendars.school_terms import TERMS, TermRow, listed_years, year_and_number
from app.core import clock

Days = tuple[date, date]
"""First and last."""
KIND_WORDS = {CalendarEntryKind.TEACHER_ONLY: "Teacher-only day", CalendarEntryKind.CLOSED: "Closed"}
HALF_WORDS = {"": "The whole day", Half.MORNING: "The morning only", Half.AFTERNOON: "The afternoon only"}
LONGEST_TERM, LONGEST_CLOSURE = timedelta(weeks=14), timedelta(weeks=12)
LONGEST_WHY = 200
ONE_DAY = timedelta(days=1)
LEAST, MOST = 380, 390
"""Half-days that schools are to be open in a year (`domain.md` §9: 380 for secondary, 380 to 390 for primary schools)."""


@dataclass(frozen=True)
class ClosureFacts:
    """What a school says when it closes."""

    from_on: date
    to_on: date
    kind: CalendarEntryKind
    half: Half | None = None
    why: str = ""


def calendar_from(region: str, entries: Sequence[Any]) -> SchoolCalendar:
    """From everything a school said that still holds."""
    said = {year_and_number(each.term): (each.from_on, each.to_on) for each in entries if each.term}
    closures = [_closure(each) for each in entries if not each.term]
    return SchoolCalendar(region, said, closures)


def _closure(entry: Any) -> Closure:
    words = KIND_WORDS[entry.kind]
    is_teacher_only = entry.kind is CalendarEntryKind.TEACHER_ONLY
    return Closure(
        entry.from_on, entry.to_on, f"{words}: {entry.why}" if entry.why else words, entry.half, is_teacher_only
    )


def version_of(said: Mapping[int, Days]) -> str:
    """Of what a school said of its terms, for a hidden field: which state of it a page showed."""
    return " ".join(f"{number}:{from_on}:{to_on}" for number, (from_on, to_on) in sorted(said.items()))


def fault_of_terms(year: int, days: Mapping[int, Days | None]) -> dict[str, str]:
    """What is wrong with the terms of a year: field → words. A term without days of its own has those of the list."""
    found: dict[str, str] = {}
    said = {(year, number): both for number, both in days.items() if both}
    before: TermRow | None = None
    for row in SchoolCalendar("", said).terms(year):
        if row.is_said and (words := _fault_of_term(row, year)):
            found[f"to_on_{row.number}"] = words
        if before and before.to_on and row.from_on and row.from_on <= before.to_on and (row.is_said or before.is_said):
            found[f"from_on_{row.number}"] = f"Term {row.number} begins before term {before.number} has ended"
        before = row if row.to_on else before
    return found


def _fault_of_term(row: TermRow, year: int) -> str:
    if row.from_on is None or row.to_on is None:
        return ""
    if row.to_on < row.from_on:
        return "The term ends before it begins"
    if {row.from_on.year, row.to_on.year} != {year}:
        return f"A term of {year} lies in {year}"
    return f"A term lasts {LONGEST_TERM.days // 7} weeks at most" if row.to_on - row.from_on > LONGEST_TERM else ""


def fault_of_closure(told: ClosureFacts, calendar: SchoolCalendar) -> dict[str, str]:
    """What is wrong with days that a school closes: field → words."""
    if told.to_on < told.from_on:
        return {"to_on": "The last day lies before the first"}
    if told.to_on - told.from_on > LONGEST_CLOSURE:
        return {"to_on": f"Close {LONGEST_CLOSURE.days // 7} weeks at a time at most"}
    if len(told.why) > LONGEST_WHY:
        return {"why": f"Make this shorter, {LONGEST_WHY} characters at most"}
    halves = [told.half] if told.half else list(Half)
    days = [told.from_on + number * ONE_DAY for number in range((told.to_on - told.from_on).days + 1)]
    if not any(calendar.may_be_in_term(day) and not calendar.why_closed(day, half) for day in days for half in halves):
        return {"from_on": "The school is not open then in any case: no such day lies in a term and is open"}
    return {}


@dataclass(frozen=True)
class DayCell:
    """One weekday of a week in the picture."""

    day: date
    kind: str
    """open, half, holiday, teacher_only, closed; empty outside the term."""
    why: str = ""


@dataclass(frozen=True)
class TermPicture:
    """One term of the year, week by week; no weeks where its days are not known."""

    row: TermRow
    weeks: Sequence[Sequence[DayCell]]
    school_days: int
    half_days: int


@dataclass(frozen=True)
class YearPicture:
    """The four terms, and the half-days of all of them that are known."""

    year: int
    terms: Sequence[TermPicture]

    @property
    def half_days(self) -> int:
        return sum(term.half_days for term in self.terms)

    @property
    def is_all(self) -> bool:
        return len(self.terms) == TERMS and all(term.weeks for term in self.terms)

    @property
    def is_assumed(self) -> bool:
        """Is a first day in it that nobody has said?"""
        return any(term.row.is_assumed for term in self.terms)

    @property
    def check(self) -> str:
        """Whether that is as many as it should be; nothing where a term is not known."""
        if not self.is_all:
            return ""
        if self.half_days < LEAST:
            return f"{LEAST - self.half_days} fewer than {LEAST}"
        return f"{self.half_days - MOST} more than {MOST}" if self.half_days > MOST else f"within {LEAST} to {MOST}"


def year_asked(text: str) -> int:
    """The year that an address names, where there is a list of its terms; else this one."""
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == len("2026") else 0
    return asked if asked in listed_years() else clock.today().year


def year_picture(calendar: SchoolCalendar, year: int) -> YearPicture:
    """As it is drawn, day by day."""
    return YearPicture(year, [_term_picture(calendar, row) for row in calendar.terms(year)])


def _term_picture(calendar: SchoolCalendar, row: TermRow) -> TermPicture:
    if row.from_on is None or row.to_on is None:
        return TermPicture(row, (), 0, 0)
    weeks = [[_cell(calendar, row, day) for day in week] for week in _weeks(row.from_on, row.to_on)]
    return TermPicture(
        row, weeks, calendar.school_days(row.from_on, row.to_on), calendar.half_days(row.from_on, row.to_on)
    )


def _weeks(from_on: date, to_on: date) -> Iterator[list[date]]:
    monday = from_on - from_on.weekday() * ONE_DAY
    while monday <= to_on:
        yield [monday + number * ONE_DAY for number in range(5)]
        monday += 7 * ONE_DAY


def _cell(calendar: SchoolCalendar, row: TermRow, day: date) -> DayCell:
    if row.from_on is None or row.to_on is None or not row.from_on <= day <= row.to_on:
        return DayCell(day, "")
    if holiday := school_holiday_on(day, calendar.region):
        inferred = ", taken to be kept with the neighbouring region" if is_inferred(day, calendar.region) else ""
        return DayCell(day, "holiday", f"{holiday}{inferred}")
    closures, open_half_days = calendar.closures_on(day), calendar.open_half_days(day)
    if open_half_days == WHOLE:
        return DayCell(day, "open")
    words = "; ".join(_in_words(each) for each in closures)
    if open_half_days:
        return DayCell(day, "half", words)
    return DayCell(day, "teacher_only" if any(each.is_teacher_only for each in closures) else "closed", words)


def _in_words(closure: Closure) -> str:
    return f"{closure.words} ({closure.half} only)" if closure.half else closure.words
