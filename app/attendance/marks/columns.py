"""Which column of an export says what: by its heading, else by what stands in it. Where that is unsure a person says it (T1)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from app.attendance.marks.days import day_of, half_of
from app.calendars.school_calendar import Half
from app.core.text import fold

Row = Sequence[str]
MOST_COLUMNS = 500
MOSTLY = 0.8


class Column(StrEnum):
    """What a column says."""

    NSN = "nsn"
    LOCAL_ID = "local_id"
    DAY = "day"
    HALF = "half"
    CODE = "code"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    BOTH = "both"
    """Two codes of one day, in a long list."""
    A_DAY = "a_day"
    """The heading is a day; below it stand two codes, or those of the half that the heading names."""
    NOTHING = ""


HEADINGS: Mapping[Column, frozenset[str]] = {
    Column.NSN: frozenset({"nsn", "national student number", "student nsn", "nsi"}),
    Column.LOCAL_ID: frozenset(
        {
            "id",
            "student id",
            "studentid",
            "student number",
            "student no",
            "local id",
            "person id",
            "roll number",
            "code no",
        }
    ),
    Column.DAY: frozenset({"date", "day", "attendance date", "half day date"}),
    Column.HALF: frozenset({"half", "half day", "halfday", "am/pm", "am pm", "session"}),
    Column.CODE: frozenset(
        {"code", "mark", "attendance code", "attendance", "half day code", "absence code", "status"}
    ),
    Column.MORNING: frozenset({"am", "morning", "am code", "morning code", "am mark"}),
    Column.AFTERNOON: frozenset({"pm", "afternoon", "pm code", "afternoon code", "pm mark"}),
    Column.BOTH: frozenset({"codes", "marks", "am and pm", "day code", "day codes"}),
}
WHO = (Column.NSN, Column.LOCAL_ID)


@dataclass(frozen=True)
class Shape:
    """What each column of a file says; of a column that is a day, which one, and which half where the heading names one."""

    columns: tuple[Column, ...]
    days: tuple[tuple[date, Half | None] | None, ...] = ()

    @property
    def fault(self) -> str:
        """Why no marks can be read by it; or nothing."""
        if not any(who in self.columns for who in WHO):
            return "No column says whose marks these are: an NSN, or the school’s own student number."
        if Column.A_DAY in self.columns:
            return ""
        if Column.DAY not in self.columns:
            return "No column says the day, and no heading is one."
        halves = {Column.MORNING, Column.AFTERNOON} <= set(self.columns) or Column.BOTH in self.columns
        return (
            ""
            if halves or {Column.HALF, Column.CODE} <= set(self.columns)
            else "No columns say the codes of both halves of a day."
        )

    @property
    def is_wide(self) -> bool:
        return Column.A_DAY in self.columns


def shape_of(headings: Row, sample: Sequence[Row]) -> Shape:
    """As far as it can be seen; a column of which it cannot says nothing."""
    days = tuple(_heading_day(heading) for heading in headings)
    by_heading = [Column.A_DAY if day else _by_heading(heading) for heading, day in zip(headings, days, strict=True)]
    found = _once(by_heading)
    missing = [column for column in _guessed(found) if column not in found]
    for number, column in enumerate(found):
        if column is Column.NOTHING:
            found[number] = _by_cells([row[number] for row in sample if number < len(row)], missing)
    return Shape(tuple(_once(found)), days)


def shape_by(headings: Row, columns: Sequence[Column]) -> Shape:
    """As somebody said it. What is said to be a day and has no heading that is one says nothing."""
    days = tuple(_heading_day(heading) for heading in headings)
    said = [*columns, *[Column.NOTHING] * len(headings)][: len(headings)]
    both = zip(said, days, strict=True)
    kept = [Column.NOTHING if column is Column.A_DAY and not day else column for column, day in both]
    return Shape(tuple(_once(kept)), days)


def digest_of(headings: Row) -> str:
    """Of those that stay the same from one export to the next: days do not."""
    return sha256("\n".join(fold(heading) for heading in headings if not _heading_day(heading)).encode()).hexdigest()


def lasting(headings: Row, columns: Sequence[Column]) -> list[Column]:
    """What of it can be said again of the next export."""
    return [column for heading, column in zip(headings, columns, strict=True) if not _heading_day(heading)]


def said_again(headings: Row, kept: Sequence[Column]) -> Shape:
    """By what was said of an export with the same headings."""
    rest = iter(kept)
    columns = [Column.A_DAY if _heading_day(heading) else next(rest, Column.NOTHING) for heading in headings]
    return shape_by(headings, columns)


def has_headings(first: Row) -> bool:
    """Some exports begin with the first mark at once."""
    return not any(_is_nsn(cell.strip()) for cell in first)


def _by_heading(heading: str) -> Column:
    said = " ".join(fold(heading).replace("_", " ").split())
    return next((column for column, names in HEADINGS.items() if said in names), Column.NOTHING)


def _heading_day(heading: str) -> tuple[date, Half | None] | None:
    """“3/11/2026”, “2026-11-03 PM”."""
    if day := day_of(heading):
        return day, None
    first, _, last = heading.strip().rpartition(" ")
    day, half = day_of(first), half_of(last)
    return (day, half) if day and half else None


def _guessed(found: Sequence[Column]) -> Iterator[Column]:
    """What may be seen by the cells. A half only beside a code: “M” is also a gender, “1” a room."""
    yield from (Column.NSN, Column.DAY)
    if Column.CODE in found and not {Column.A_DAY, Column.MORNING, Column.BOTH} & set(found):
        yield Column.HALF


def _by_cells(cells: Sequence[str], missing: Sequence[Column]) -> Column:
    said = [cell.strip() for cell in cells if cell.strip()]
    judges = {
        Column.NSN: _is_nsn,
        Column.DAY: lambda cell: day_of(cell) is not None,
        Column.HALF: lambda cell: half_of(cell) is not None,
    }
    for column in missing:
        if said and sum(map(judges[column], said)) >= MOSTLY * len(said):
            return column
    return Column.NOTHING


def _is_nsn(cell: str) -> bool:
    return cell.isascii() and cell.isdigit() and len(cell) in {9, 10}


def _once(columns: Sequence[Column]) -> list[Column]:
    """Each but a day's only once: the first of two says it."""
    seen: set[Column] = set()
    found = []
    for column in columns:
        is_again = column in seen and column is not Column.A_DAY
        found.append(Column.NOTHING if is_again else column)
        seen.add(column)
    return found
