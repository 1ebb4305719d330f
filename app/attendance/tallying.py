"""Days absent in a term, the rate, and the step that is passed, from half-day marks (ATT-2). Nothing here is the Ministry's
figure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.attendance.codes import NO_MARK, Category, Code, codes_on
from app.attendance.rules import ONE_DAY, in_days
from app.calendars.school_calendar import Half, SchoolCalendar

STEPS = ((15, "serious concern"), (10, "concerning"), (5, "worrying"))
"""From so many days absent in a term on (`domain.md` §1); below the first, good."""
GOOD = "good"
BANDS = ((90, "regular"), (80, "irregular"), (70, "moderate"))
"""Over so many per cent present; else chronic (`domain.md` §1)."""
CHRONIC = "chronic"
HALVES = (Half.MORNING, Half.AFTERNOON)
A_WEEK = 5 * len(HALVES)


@dataclass(frozen=True)
class MarkedWeek:
    """Ten marks, from Monday morning to Friday afternoon, each a code or `NO_MARK`."""

    monday: date
    marks: str


def laid_over(below: str, above: str) -> str:
    """Half-day by half-day what stands above; where nothing does, what stands below."""
    return "".join(under if over == NO_MARK else over for under, over in zip(below, above, strict=True))


def by_monday(weeks: Iterable[MarkedWeek]) -> dict[date, str]:
    """Of two weeks with the same Monday the later one lies over the earlier: those of a record that went into another come first."""
    found: dict[date, str] = {}
    for week in weeks:
        found[week.monday] = laid_over(found[week.monday], week.marks) if week.monday in found else week.marks
    return found


@dataclass(frozen=True)
class Marked:
    """One half-day that the school was open, and its code; none where it has no mark, or one that did not hold then."""

    day: date
    half: Half
    code: Code | None


@dataclass(frozen=True)
class Tally:
    """Half-days of a time, by what they were."""

    present: int = 0
    justified: int = 0
    unjustified: int = 0
    not_counted: int = 0
    """Exam leave: in neither part of the rate."""
    unmarked: int = 0
    absent: int = 0
    """Those that count towards the days absent."""
    explained: int = 0
    """Of those absent."""

    @property
    def unexplained(self) -> int:
        return self.absent - self.explained

    @property
    def days_absent(self) -> str:
        """Half-days ÷ 2: "12½"."""
        return in_days(self.absent)

    @property
    def step(self) -> int:
        """Days of the highest step that is passed, or none: 0."""
        return next((days for days, _ in STEPS if self.absent >= days * ONE_DAY), 0)

    @property
    def step_words(self) -> str:
        return next((words for days, words in STEPS if self.absent >= days * ONE_DAY), GOOD)

    @property
    def rated(self) -> int:
        """Half-days that stand in the rate."""
        return self.present + self.justified + self.unjustified

    @property
    def band(self) -> str:
        """Strict on the upper side: exactly 90 % is irregular. Nothing where nothing is rated."""
        if not self.rated:
            return ""
        return next((words for most, words in BANDS if self.present * 100 > most * self.rated), CHRONIC)

    @property
    def rate(self) -> str:
        """Per cent present, cut to one decimal, so that no rate is shown on the wrong side of its band."""
        if not self.rated:
            return ""
        tenths = self.present * 1000 // self.rated
        return f"{tenths // 10}.{tenths % 10} %"


def marked(weeks: Iterable[MarkedWeek], calendar: SchoolCalendar, from_on: date, to_on: date) -> Iterator[Marked]:
    """Each half-day between two days, both included, on which the school was open."""
    found = by_monday(weeks)
    day = from_on
    while day <= to_on:
        monday = day - timedelta(days=day.weekday())
        marks = found.get(monday, NO_MARK * A_WEEK)
        codes = codes_on(day)
        for half in calendar.open_on(day):
            yield Marked(day, half, codes.get(marks[day.weekday() * 2 + HALVES.index(half)]))
        day += timedelta(days=1)


def tally(half_days: Iterable[Marked]) -> Tally:
    """Their sums."""
    codes = [each.code for each in half_days]
    known = [code for code in codes if code]
    rated = [code for code in known if code.is_rated]
    return Tally(
        present=_of(rated, Category.PRESENT),
        justified=_of(rated, Category.JUSTIFIED),
        unjustified=_of(rated, Category.UNJUSTIFIED),
        not_counted=len(known) - len(rated),
        unmarked=len(codes) - len(known),
        absent=sum(code.is_absent for code in known),
        explained=sum(code.is_absent and code.category is Category.JUSTIFIED for code in known),
    )


def _of(codes: Sequence[Code], category: Category) -> int:
    return sum(code.category is category for code in codes)
