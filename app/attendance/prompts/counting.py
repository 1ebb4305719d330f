"""Runs of school days that marks ask about, without asking the database (ATT-3).

A half-day that is closed or exam leave (`X`) is left out, and a day is judged by what remains of it; one of which nothing
remains neither counts nor breaks. A day without a mark breaks a run of `J` or `?`: of these only what is marked is held against
anybody. It does not break a run of absence, nor count in it: nothing says that the student was at school, and a mark that was
forgotten must not hide a child who has been away for weeks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.attendance.codes import APPROVED, NO_MARK, UNKNOWN, Category, Code, codes_on
from app.attendance.prompts.models import PromptKind
from app.attendance.tallies.rules import Stay, terms_between
from app.attendance.tallying import A_WEEK, HALVES, MarkedWeek, by_monday
from app.calendars.school_calendar import SchoolCalendar

MOST_APPROVED = 5
"""School days that a principal may exempt a student for (Education and Training Act 2020, s45; `domain.md` §2)."""
LONG, VERY_LONG = 15, 20
"""School days in a row. After the second a school takes a student off its roll, unless it knows when they come back
(`domain.md` §3, Leaving)."""
RUNS = (PromptKind.APPROVED_TOO_LONG, PromptKind.NOT_KNOWN, PromptKind.ABSENT)
AWAY = (PromptKind.ABSENT, PromptKind.ABSENT_TWENTY)
ONE_DAY, SCHOOL_IS_OUT = timedelta(days=1), timedelta(days=4)
Kinds = frozenset[PromptKind]
NONE: Kinds = frozenset()
ALL: Kinds = frozenset(RUNS)


@dataclass(frozen=True)
class Says:
    """What a student's day counts for, and which runs it neither adds to nor breaks."""

    counts: Kinds
    passes: Kinds
    is_unmarked: bool = False


@dataclass(frozen=True)
class SchoolDay:
    """A day of which a half is open at least: which halves, and the codes that hold on it."""

    day: date
    open: tuple[bool, bool]
    codes: Mapping[str, Code]
    known: dict[str, Says] = field(default_factory=dict, compare=False)
    """What two marks say is found once for all students."""

    def says(self, both: str) -> Says:
        """Of the marks of the morning and the afternoon."""
        if both not in self.known:
            self.known[both] = _says(
                [self.codes.get(mark) for mark, is_open in zip(both, self.open, strict=True) if is_open]
            )
        return self.known[both]


@dataclass(frozen=True)
class Found:
    """Days that marks ask about: how many count, how many between them are unmarked, and from when on it is asked."""

    kind: PromptKind
    from_on: date
    to_on: date
    days: int
    unmarked: int
    asks_on: date


def school_days(calendar: SchoolCalendar, from_on: date, to_on: date) -> list[SchoolDay]:
    """Of the terms between these two days, in order."""
    terms = terms_between(calendar, from_on, to_on)
    every = (
        term.from_on + number * ONE_DAY for term in terms for number in range((term.to_on - term.from_on).days + 1)
    )
    return [found for day in every if day >= from_on and (found := _school_day(calendar, day))]


def _school_day(calendar: SchoolCalendar, day: date) -> SchoolDay | None:
    morning, afternoon = (not calendar.why_closed(day, half) for half in HALVES)
    return SchoolDay(day, (morning, afternoon), codes_on(day)) if morning or afternoon else None


def _says(codes: Sequence[Code | None]) -> Says:
    left = [code for code in codes if code is None or code.category is not Category.NOT_COUNTED]
    known = [code for code in left if code]
    if not left:
        return Says(NONE, ALL)
    if any(not code.is_absent for code in known):
        return Says(_coded(known, UNKNOWN, PromptKind.NOT_KNOWN), NONE)
    coded = _coded(known, UNKNOWN, PromptKind.NOT_KNOWN) | _coded(known, APPROVED, PromptKind.APPROVED_TOO_LONG)
    if len(known) < len(left):
        return Says(coded, frozenset({PromptKind.ABSENT}), is_unmarked=True)
    return Says(coded | {PromptKind.ABSENT}, NONE)


def _coded(codes: Iterable[Code], letter: str, kind: PromptKind) -> Kinds:
    return frozenset({kind}) if any(code.letter == letter for code in codes) else NONE


def found_in(weeks: Sequence[MarkedWeek], stays: Sequence[Stay], days: Sequence[SchoolDay], today: date) -> list[Found]:
    """Of one student, in these school days, as far as they were on the roll; a gap between two stays breaks every run, where a
    school day lies in it. Days absent only where the last of them is the last day of which anything is known: who has come back
    is not asked about."""
    marks, joined = by_monday(weeks), list(_without_gaps(stays, days))
    last = max((stay for stay in joined if stay.from_on <= today), key=_begins, default=None)
    found = [
        (stay, each) for stay in joined for each in _of_stay([day for day in days if _is_in(day.day, stay)], marks)
    ]
    return [each for stay, each in found if stay is last or each.kind not in AWAY]


def _without_gaps(stays: Sequence[Stay], days: Sequence[SchoolDay]) -> Iterator[Stay]:
    """A stay that was split, or of which a roll lacked days on which the school was closed, is one."""
    last: Stay | None = None
    for stay in sorted(stays, key=_begins):
        if last and not any(last.to_on and last.to_on < day.day < stay.from_on for day in days):
            last = Stay(last.from_on, stay.to_on)
            continue
        if last:
            yield last
        last = stay
    if last:
        yield last


def _begins(stay: Stay) -> date:
    return stay.from_on


def _is_in(day: date, stay: Stay) -> bool:
    return stay.from_on <= day and (stay.to_on is None or day <= stay.to_on)


def _of_stay(days: Sequence[SchoolDay], marks: Mapping[date, str]) -> Iterator[Found]:
    said = [(day, day.says(_both(marks, day.day))) for day in days]
    for kind in RUNS:
        for run in _runs(kind, said):
            if found := _asked(kind, run, days):
                yield found


def _both(marks: Mapping[date, str], day: date) -> str:
    week, number = marks.get(day - day.weekday() * ONE_DAY, NO_MARK * A_WEEK), 2 * day.weekday()
    return week[number : number + 2]


@dataclass
class _Run:
    """Days that count, and what was unmarked so far between the first and the last of them, and since."""

    days: list[date] = field(default_factory=list)
    unmarked: int = 0
    since: int = 0
    is_last: bool = False

    def add(self, day: date) -> None:
        self.unmarked += self.since if self.days else 0
        self.since = 0
        self.days.append(day)


def _runs(kind: PromptKind, said: Iterable[tuple[SchoolDay, Says]]) -> Iterator[_Run]:
    run = _Run()
    for day, says in said:
        if kind in says.counts:
            run.add(day.day)
        elif kind in says.passes:
            run.since += says.is_unmarked
        elif run.days:
            yield run
            run = _Run()
    if run.days:
        run.is_last = True
        yield run


def _asked(kind: PromptKind, run: _Run, days: Sequence[SchoolDay]) -> Found | None:
    first, last, count = run.days[0], run.days[-1], len(run.days)
    if kind is PromptKind.ABSENT and count >= VERY_LONG:
        kind = PromptKind.ABSENT_TWENTY
    least = {PromptKind.APPROVED_TOO_LONG: MOST_APPROVED + 1, PromptKind.NOT_KNOWN: 1}.get(kind, LONG)
    if count < least or (least == LONG and not run.is_last):
        return None
    return Found(kind, first, last, count, run.unmarked, _left_over_on(first, days) if least == 1 else first)


def _left_over_on(first: date, days: Sequence[SchoolDay]) -> date:
    """A `?` is older than a day on the second school day after it, or some days later where school is out by then."""
    after = [each.day for each in days if each.day > first][:2]
    return after[-1] if len(after) == 2 else first + SCHOOL_IS_OUT
