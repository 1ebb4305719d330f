"""Marks from the rows of an export, each with its line, or why it is refused; and the weeks that they make (ATT-1, T1)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.attendance.codes import NO_MARK, codes_on
from app.attendance.marks.columns import Column, Row, Shape
from app.attendance.marks.days import both_of, day_of, half_of
from app.attendance.tallying import A_WEEK, laid_over
from app.calendars.school_calendar import Half

SATURDAY = 5
YEARS = 6
"""For so long a file may go back."""
MORE_CELLS = "It has more cells than there are headings, so nobody knows which of them says what"
LONGEST_SHOWN = 40
"""Characters of a cell that is named in a refusal."""


class Mark(NamedTuple):
    """One half-day of one student, and the line that says it."""

    line: int
    who: str
    day: date
    half: Half
    code: str
    own: str = ""
    """The school's own number beside the NSN, in a file of both."""


class Refusal(NamedTuple):
    """A line, or a part of one, that is not taken over."""

    line: int
    why: str


def marks_of(rows: Iterable[tuple[int, Row]], shape: Shape) -> Iterator[Mark | Refusal]:
    """Rows with their line numbers. An empty cell is no mark, and takes none away."""
    who_at, own_at = _who_at(shape)
    read = (_Wide(shape) if shape.is_wide else _Long(shape)).read
    for line, row in rows:
        if not any(row):
            continue
        if len(row) > len(shape.columns):
            yield Refusal(line, MORE_CELLS)
            continue
        who = row[who_at].strip() if who_at < len(row) else ""
        own = row[own_at].strip() if own_at is not None and own_at < len(row) else ""
        if not who and not own:
            yield Refusal(line, "It does not say whose mark it is")
            continue
        for found in read(row):
            yield Refusal(line, found) if isinstance(found, str) else Mark(line, who, *found, own)


def _who_at(shape: Shape) -> tuple[int, int | None]:
    """Where the NSN stands, and the school's own number beside it; or the one of them that there is."""
    first, *more = (shape.columns.index(column) for column in (Column.NSN, Column.LOCAL_ID) if column in shape.columns)
    return first, more[0] if more else None


Said = tuple[date, Half, str]


class _Wide:
    """A row for each student, a column for each day."""

    def __init__(self, shape: Shape) -> None:
        self.days = [(number, *said) for number, said in enumerate(shape.days) if said]

    def read(self, row: Row) -> Iterator[Said | str]:
        for number, day, half in self.days:
            text = row[number].strip() if number < len(row) else ""
            if text:
                yield from _of_day(day, text) if half is None else [_checked(day, half, text)]


class _Long:
    """A row for each day, or half of one, of each student."""

    def __init__(self, shape: Shape) -> None:
        self.at = {column: number for number, column in enumerate(shape.columns) if column}
        ways = ((Column.HALF, self._half), (Column.BOTH, self._both), (Column.MORNING, self._each))
        is_half = {Column.HALF, Column.CODE} <= self.at.keys()
        self.way = next(way for column, way in ways if column in self.at and (is_half or column is not Column.HALF))

    def read(self, row: Row) -> Iterator[Said | str]:
        said = self._cell(row, Column.DAY)
        day = day_of(said)
        yield from self.way(row, day) if day else [f"“{_shown(said)}” is no day"]

    def _cell(self, row: Row, column: Column) -> str:
        number = self.at[column]
        return row[number].strip() if number < len(row) else ""

    def _half(self, row: Row, day: date) -> Iterator[Said | str]:
        said, code = self._cell(row, Column.HALF), self._cell(row, Column.CODE)
        half = half_of(said)
        if half is None:
            yield f"“{_shown(said)}” is neither morning nor afternoon"
        elif code:
            yield _checked(day, half, code)

    def _both(self, row: Row, day: date) -> Iterator[Said | str]:
        said = self._cell(row, Column.BOTH)
        return _of_day(day, said) if said else iter(())

    def _each(self, row: Row, day: date) -> Iterator[Said | str]:
        for half, column in ((Half.MORNING, Column.MORNING), (Half.AFTERNOON, Column.AFTERNOON)):
            if code := self._cell(row, column):
                yield _checked(day, half, code)


def _of_day(day: date, text: str) -> Iterator[Said | str]:
    both = both_of(text)
    if both is None:
        yield f"“{_shown(text)}” is not two codes, one for the morning and one for the afternoon"
        return
    for half, code in zip(Half, both, strict=True):
        if code != NO_MARK:
            yield _checked(day, half, code)


def _checked(day: date, half: Half, text: str) -> Said | str:
    code = text.strip().upper()
    if day.weekday() >= SATURDAY:
        return f"{day:%A} {day.day} {day:%B %Y} is no school day"
    if code not in codes_on(day):
        return f"“{_shown(code)}” is no code that held on {day.day} {day:%B %Y}"
    return day, half, code


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


class Weeks:
    """The marks of a file, student by student and week by week, up to a day; what it says twice, and differently, is refused.
    A student takes as much room as the time is long, however many lines speak of them."""

    def __init__(self, until: date, years: int = YEARS) -> None:
        first = until - timedelta(weeks=53 * years)
        self.first, self.until = first - timedelta(days=first.weekday()), until
        self.marks = 0
        self._found: dict[str, bytearray] = {}
        self._empty = NO_MARK.encode() * (A_WEEK * (1 + (until - self.first).days // 7))

    def take(self, mark: Mark) -> Refusal | None:
        """None where it was taken, or said the same before."""
        if not self.first <= mark.day <= self.until:
            when = "is still to come" if mark.day > self.until else "is too long ago"
            return Refusal(mark.line, f"{mark.day.day} {mark.day:%B %Y} {when}")
        weeks, days = divmod((mark.day - self.first).days, 7)
        place, code = A_WEEK * weeks + 2 * days + (mark.half is Half.AFTERNOON), ord(mark.code)
        theirs = self._found.get(mark.who)
        if theirs is None:
            theirs = self._found[mark.who] = bytearray(self._empty)
        if theirs[place] not in {ord(NO_MARK), code}:
            return Refusal(mark.line, f"Another line says “{chr(theirs[place])}” of the same half-day")
        self.marks += theirs[place] != code
        theirs[place] = code
        return None

    def each(self) -> Iterator[tuple[str, date, str]]:
        """Whose, from which Monday on, and ten marks; of weeks with any."""
        for who, marks in self._found.items():
            for start in range(0, len(marks), A_WEEK):
                if (week := marks[start : start + A_WEEK].decode()) != NO_MARK * A_WEEK:
                    yield who, self.first + timedelta(weeks=start // A_WEEK), week


@dataclass(frozen=True)
class Change:
    """Half-days of one week: what it says with the new marks, and how many are new, changed and the same."""

    marks: str
    new: int
    changed: int
    same: int


def change_of(before: str, told: str) -> Change:
    """What was there stays where nothing is told of it."""
    pairs: Sequence[tuple[str, str]] = list(zip(before or NO_MARK * A_WEEK, told, strict=True))
    said = [(was, now) for was, now in pairs if now != NO_MARK]
    return Change(
        laid_over(before or NO_MARK * A_WEEK, told),
        new=sum(was == NO_MARK for was, _ in said),
        changed=sum(was not in {NO_MARK, now} for was, now in said),
        same=sum(was == now for was, now in said),
    )
