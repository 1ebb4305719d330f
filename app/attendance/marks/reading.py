"""A file of marks is read: its headings, what its columns say, and line by line whose mark it is, or why it is refused."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from app.attendance.marks.columns import Column, Row, Shape, has_headings, said_again, shape_by, shape_of
from app.attendance.marks.rules import Mark, Refusal, Weeks, marks_of
from app.attendance.marks.whose import BothRolls, Roll

Line = tuple[int, Row]
MOST_REFUSALS = 500
"""That are kept; the others are counted."""
SAMPLE = 40
"""Rows by which it is judged what a column says."""
SHOWN_ROWS, SHOWN_CELL = 5, 60
MOST_ABOVE = 20
"""Lines that may stand above the headings."""
A_WHILE = 20_000
"""Rows between two signs of life."""
LONGEST_WHY = 300


@dataclass(frozen=True)
class Table:
    """A file whose headings are known, and the lines that follow them, which are read once."""

    headings: Sequence[str]
    first: Sequence[Line]
    rest: Iterable[Line]

    @property
    def lines(self) -> Iterator[Line]:
        return chain(self.first, self.rest)

    @property
    def sample(self) -> str:
        """As somebody is shown it who says what its columns are."""
        rows = [[cell[:SHOWN_CELL] for cell in row] for _, row in self.first[:SHOWN_ROWS]]
        return json.dumps([list(self.headings), *rows], ensure_ascii=False)


@dataclass
class Told:
    """What a file says, of students of one school only."""

    weeks: Weeks
    rows: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    _last: Refusal | None = None

    def refuse(self, refusal: Refusal) -> None:
        """The same of a line twice is once: a row may hold a hundred days."""
        if refusal == self._last:
            return
        self._last = refusal
        self.refused += 1
        if len(self.refusals) < MOST_REFUSALS:
            self.refusals.append(refusal._replace(why=refusal.why[:LONGEST_WHY]))


def table_of(lines: Iterable[Line]) -> Table:
    """Above the headings a title may stand, which has one cell."""
    rest = iter(lines)
    begun = list(islice(rest, MOST_ABOVE + SAMPLE))
    wide = next((place for place, (_, row) in enumerate(begun[:MOST_ABOVE]) if _is_wide(row)), 0)
    begun = begun[wide:]
    first = begun[0][1] if begun else []
    if has_headings(first):
        return Table([cell.strip()[:SHOWN_CELL] for cell in first], begun[1:], rest)
    return Table([f"Column {number}" for number in range(1, len(first) + 1)], begun, rest)


def shape_for(table: Table, said: str, known: str) -> Shape:
    """As somebody said of this file, else of the last one with these headings, else as far as it can be seen."""
    if said:
        return shape_by(table.headings, columns_from(said))
    if known:
        return said_again(table.headings, columns_from(known))
    return shape_of(table.headings, [row for _, row in table.first[:SAMPLE]])


def columns_from(text: str) -> list[Column]:
    return [Column(word) for word in json.loads(text)]


def as_text(columns: Iterable[Column]) -> str:
    return json.dumps(list(columns))


def sample_from(text: str) -> list[list[str]]:
    """Headings first."""
    found: list[list[str]] = json.loads(text) if text else []
    return found


def read(table: Table, shape: Shape, roll: Roll | BothRolls, until: date, progress: Callable[[int], None]) -> Told:
    """Each line once; `progress` is told how many there were by now."""
    told = Told(Weeks(until))
    for found in marks_of(_counted(table.lines, told, progress), shape):
        if isinstance(found, Mark):
            _take(found, roll, told)
        else:
            told.refuse(found)
    return told


def _take(mark: Mark, roll: Roll | BothRolls, told: Told) -> None:
    whose = roll.find(mark.who, mark.day, mark.own)
    if isinstance(whose, str):
        told.refuse(Refusal(mark.line, whose))
    elif refusal := told.weeks.take(Mark(mark.line, str(whose.student_id), mark.day, mark.half, mark.code)):
        told.refuse(refusal)


def _counted(lines: Iterable[Line], told: Told, progress: Callable[[int], None]) -> Iterator[Line]:
    for line in lines:
        told.rows += 1
        if told.rows % A_WHILE == 0:
            progress(told.rows)
        yield line


def _is_wide(row: Row) -> bool:
    return sum(bool(cell.strip()) for cell in row) > 1
