"""What half-day marks show when they are drawn: a term half-day by half-day, weeks, weekdays (T4). Nothing here knows of pages or of
places on paper."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.attendance.codes import Code
from app.attendance.tallies.rules import Stay, TermDays, monday_of
from app.attendance.tallying import HALVES, Marked, MarkedWeek, Tally, marked, tally
from app.calendars.school_calendar import Half, SchoolCalendar

ONE_DAY = timedelta(days=1)
SCHOOL_DAYS = 5
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


class Kind(StrEnum):
    """What a half-day of a term was."""

    PRESENT = "present"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
    NOT_COUNTED = "not_counted"
    UNMARKED = "unmarked"
    CLOSED = "closed"
    OFF_ROLL = "off_roll"
    AHEAD = "ahead"


KIND_WORDS = {
    Kind.PRESENT: "present",
    Kind.JUSTIFIED: "absent, justified",
    Kind.UNJUSTIFIED: "absent, unjustified",
    Kind.NOT_COUNTED: "not counted",
    Kind.UNMARKED: "no mark",
    Kind.CLOSED: "school closed",
    Kind.OFF_ROLL: "not on the roll",
    Kind.AHEAD: "no marks sent yet",
}
SIGNS = {Kind.UNMARKED: "·", Kind.CLOSED: "–"}
"""Of half-days without a code."""


@dataclass(frozen=True)
class Known:
    """Of one student at one school: all that a picture rests on."""

    weeks: Sequence[MarkedWeek]
    stays: Sequence[Stay]
    calendar: SchoolCalendar
    until: date
    """The last day of which the school sent marks; after it nothing is known."""

    def is_on_roll(self, day: date) -> bool:
        return any(stay.from_on <= day and (stay.to_on is None or day <= stay.to_on) for stay in self.stays)

    def marked(self, term: TermDays) -> list[Marked]:
        """Half-days of a term that were open, and have been, while the student was on the roll."""
        found = marked(self.weeks, self.calendar, term.from_on, min(term.to_on, self.until))
        return [each for each in found if self.is_on_roll(each.day)]


@dataclass(frozen=True)
class HalfDay:
    """One half of a day of a term, open or not."""

    day: date
    half: Half
    kind: Kind
    code: Code | None = None
    why: str = ""
    """Of one on which the school was closed."""

    @property
    def sign(self) -> str:
        return self.code.letter if self.code else SIGNS.get(self.kind, "")

    @property
    def words(self) -> str:
        return self.code.meaning if self.code else self.why or KIND_WORDS[self.kind]

    @property
    def column(self) -> int:
        """From Monday morning, 0, to Friday afternoon."""
        return 2 * self.day.weekday() + HALVES.index(self.half)


@dataclass(frozen=True)
class Week:
    """The half-days of one week that lie in the term."""

    monday: date
    half_days: Sequence[HalfDay]

    @property
    def days(self) -> list[list[HalfDay]]:
        """Monday to Friday, each with its halves; of a day outside the term none."""
        return [[each for each in self.half_days if each.day.weekday() == day] for day in range(SCHOOL_DAYS)]


@dataclass(frozen=True)
class TermPicture:
    """A term of a student, week by week."""

    code: int
    weeks: Sequence[Week]

    @property
    def half_days(self) -> list[HalfDay]:
        return [each for week in self.weeks for each in week.half_days]

    @property
    def closed(self) -> list[tuple[date, str]]:
        """The days, or halves of days, on which the school was closed, each with its name."""
        return sorted({(each.day, each.why) for each in self.half_days if each.why})

    @property
    def codes(self) -> list[Code]:
        """Those that stand in it, by their letters."""
        found = {each.code.letter: each.code for each in self.half_days if each.code}
        return [found[letter] for letter in sorted(found)]

    @property
    def kinds(self) -> list[Kind]:
        """Those that stand in it."""
        found = {each.kind for each in self.half_days}
        return [kind for kind in Kind if kind in found]

    @property
    def legend(self) -> list[tuple[Kind, str, str]]:
        """Of each kind in it a sign, and what it means."""
        signs = {each.kind: each.sign for each in reversed(self.half_days)}
        return [(kind, signs[kind], KIND_WORDS[kind]) for kind in self.kinds]


@dataclass(frozen=True)
class Part:
    """Half-days that belong together, and what they are called: a week, or all Monday mornings."""

    words: str
    from_on: date | None
    sums: Tally

    @property
    def per_cent(self) -> int | None:
        """Present, cut; None where nothing is rated."""
        return self.sums.present * 100 // self.sums.rated if self.sums.rated else None

    @property
    def absent_per_cent(self) -> int:
        """Of those marked and counted."""
        return self.sums.absent * 100 // self.sums.rated if self.sums.rated else 0


def picture_of(known: Known, term: TermDays) -> TermPicture:
    """From the first to the last day of a term."""
    last = min(term.to_on, known.until)
    codes = {(each.day, each.half): each.code for each in marked(known.weeks, known.calendar, term.from_on, last)}
    found: dict[date, list[HalfDay]] = {}
    for day in _weekdays(term.from_on, term.to_on):
        some = [_half_day(known, day, half, codes.get((day, half))) for half in HALVES]
        found.setdefault(monday_of(day), []).extend(some)
    return TermPicture(term.code, [Week(monday, some) for monday, some in found.items()])


def week_by_week(marks: Iterable[Marked]) -> list[Part]:
    """Of weeks with a half-day that was open and on the roll."""
    found: dict[date, list[Marked]] = {}
    for each in marks:
        found.setdefault(monday_of(each.day), []).append(each)
    return [Part(f"{monday.day} {monday:%B %Y}", monday, tally(some)) for monday, some in sorted(found.items())]


def by_weekday(marks: Iterable[Marked]) -> list[Part]:
    """Monday mornings first, Friday afternoons last."""
    found: dict[tuple[int, Half], list[Marked]] = {(day, half): [] for day in range(SCHOOL_DAYS) for half in HALVES}
    for each in marks:
        found[each.day.weekday(), each.half].append(each)
    return [Part(f"{DAY_NAMES[day]} {half.value}", None, tally(some)) for (day, half), some in found.items()]


def _half_day(known: Known, day: date, half: Half, code: Code | None) -> HalfDay:
    """A mark of a day on which the student was not on the roll is not counted, and not shown."""
    if why := known.calendar.why_closed(day, half):
        return HalfDay(day, half, Kind.CLOSED, why=why)
    if not known.is_on_roll(day):
        return HalfDay(day, half, Kind.OFF_ROLL)
    if code:
        return HalfDay(day, half, Kind(code.category.value), code)
    return HalfDay(day, half, Kind.AHEAD if day > known.until else Kind.UNMARKED)


def _weekdays(from_on: date, to_on: date) -> Iterator[date]:
    days = (from_on + number * ONE_DAY for number in range((to_on - from_on).days + 1))
    return (day for day in days if day.weekday() < SCHOOL_DAYS)
