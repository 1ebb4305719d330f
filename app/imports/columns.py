"""A file that the operator brings becomes rows by the names of our own columns; what is wrong with one is said with its line.
Nothing that is said here names anybody: the operator sees counts and lines."""

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

from app.core.days import made, written
from app.core.files.lines import MOST_BYTES, Line, lines_of
from app.core.files.spool import PIECE, Spool
from app.core.files.unfit import Unfit
from app.core.text import one_line

MOST_ROWS = 200_000
YES = {"yes": True, "y": True, "true": True, "1": True, "": False, "no": False, "n": False, "false": False, "0": False}


class NotBrought(Exception):
    """The whole file is not taken; the text says why and what to do."""


class Faulty(Exception):
    """One row is not taken; the text says why."""


@dataclass(frozen=True)
class Columns:
    """What a file of one kind holds: columns that it must have, and others that it may have."""

    needed: Sequence[str]
    others: Sequence[str] = ()

    @property
    def every(self) -> Sequence[str]:
        return (*self.needed, *self.others)


@dataclass(frozen=True)
class Row:
    """One line of the file; `texts` by the names of its columns."""

    line: int
    texts: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.texts.get(column, "")

    def has(self, column: str) -> bool:
        return column in self.texts

    def text(self, column: str, most: int) -> str:
        """What stands there, if it is no longer than so many characters. Raises `Faulty`."""
        if len(self[column]) > most:
            raise Faulty(f"“{_words(column)}” is longer than {most} characters")
        return self[column]

    def filled(self, column: str, most: int) -> str:
        if not self[column]:
            raise Faulty(f"“{_words(column)}” is empty")
        return self.text(column, most)

    def day(self, column: str) -> date | None:
        """The year is said, as in 2026-02-03 or 3/2/2026. Raises `Faulty`."""
        if not (text := self[column]):
            return None
        found = written(text)
        day = made(found.year, found.month, found.day) if found and found.year else None
        if day is None:
            raise Faulty(f"“{_words(column)}” is no day like 2026-02-03 or 3/2/2026")
        return day

    def needed_day(self, column: str) -> date:
        if (day := self.day(column)) is None:
            raise Faulty(f"“{_words(column)}” is empty")
        return day

    def number(self, column: str, within: Collection[int]) -> int:
        with suppress(ValueError):
            if self[column].isascii() and (number := int(self[column])) in within:
                return number
        raise Faulty(f"“{_words(column)}” is no number from {min(within)} to {max(within)}")

    def one_of(self, column: str, known: Mapping[str, object]) -> str:
        """A word of a list, in whatever case. Raises `Faulty`."""
        word = self[column].casefold().replace(" ", "_")
        if word not in known:
            raise Faulty(f"“{_words(column)}” is none of: {', '.join(_words(each) for each in known if each)}")
        return word

    def yes(self, column: str) -> bool:
        return YES[self.one_of(column, YES)]


Take = Callable[[Row], str]
"""What becomes of a row, in a word for the count. Raises `Faulty`."""


@dataclass
class Brought:
    """What came of a file: how many of what, and which lines were refused."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def take_each(self, rows: Sequence[Row], take: Take) -> None:
        """One after the other; a row that cannot be taken is said with its line."""
        for row in rows:
            try:
                self.counts[take(row)] += 1
            except Faulty as why:
                self.refuse(row.line, why)

    def refuse(self, line: int, why: object) -> None:
        self.refused.append((line, f"{why}."))


def spooled(path: Path) -> Spool:
    """The file as it lies there. Raises `NotBrought`."""
    spool = Spool(largest=MOST_BYTES)
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                spool.write(piece)
    except OSError as reason:
        raise NotBrought(f"{path.name} cannot be read: {reason.strerror or reason}. Nothing was changed.") from reason
    return spool


def rows_of(file: Spool, name: str, columns: Columns) -> list[Row]:
    """All of it. Raises `NotBrought` for a file that is none, or whose headings are others."""
    file.seek(0)
    try:
        with closing(cast("Generator[Line]", lines_of(file, name))) as lines:
            return _rows(lines, name, columns)
    except Unfit as reason:
        raise NotBrought(f"{name}: {reason}") from reason


def _rows(lines: Iterator[Line], name: str, columns: Columns) -> list[Row]:
    _, headings = next(lines, (0, ()))
    named = _named(headings, name, columns)
    rows = []
    for line, cells in lines:
        if len(cells) > len(named):
            raise NotBrought(f"{name}: line {line} has more cells than there are headings. Nothing was changed.")
        padded = [*map(one_line, cells), *[""] * (len(named) - len(cells))]
        rows.append(Row(line, dict(zip(named, padded, strict=True))))
        if len(rows) > MOST_ROWS:
            raise NotBrought(f"{name} has more than {MOST_ROWS:,} lines. Bring it in parts.")
    return rows


def _named(headings: Sequence[str], name: str, columns: Columns) -> list[str]:
    """Our names of them, in the order of the file."""
    found = ["_".join(heading.casefold().replace("_", " ").split()) for heading in headings]
    known = f"Its columns are: {', '.join(columns.needed)}; and, where you have it: {', '.join(columns.others) or '–'}."
    if lacking := [each for each in columns.needed if each not in found]:
        raise NotBrought(f"{name} lacks the column “{lacking[0]}” in its first line. {known}")
    for heading, each in zip(headings, found, strict=True):
        if each not in columns.every:
            raise NotBrought(f"{name} has a column “{heading[:40]}” that is not known here. {known}")
    if twice := [each for each, count in Counter(found).items() if count > 1]:
        raise NotBrought(f"{name} has the column “{twice[0]}” twice. {known}")
    return found


def _words(column: str) -> str:
    return column.replace("_", " ")
