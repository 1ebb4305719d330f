"""Which column of a school's own list says what: by its heading, else by what stands in it. Where that is unsure a person
says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.text import fold
from app.referrals.days import day_in

Row = tuple[str, ...]
LONGEST_HEADING = 5
"""Words."""
MOSTLY = 0.6


class Column(StrEnum):
    """What a column says; several may say a note, or nothing that is taken over."""

    WHAT = "what"
    WHEN = "when"
    WHO = "who"
    NOTE = "note"
    STUDENT = "student"
    NOTHING = ""


HEADINGS: Mapping[Column, frozenset[str]] = {
    Column.WHEN: frozenset({"when", "date", "dates", "day", "week"}),
    Column.NOTE: frozenset(
        {"note", "notes", "comment", "comments", "detail", "details", "outcome", "result", "remarks"}
    ),
    Column.WHO: frozenset({"who", "by", "staff", "teacher", "kaiako"}),
    Column.STUDENT: frozenset({"student", "pupil", "learner", "akonga", "tauira", "child"}),
    Column.WHAT: frozenset(
        {"what", "action", "actions", "response", "responses", "event", "events", "kind", "type", "step", "steps"}
        | {"intervention", "interventions", "activity", "contact", "strategy", "description"}
    ),
}
"""Words of headings; a heading with words of two says the first of them: “date of action” is a date."""
NAMES = frozenset({"name", "names", "surname", "forename", "nsn"})
"""A heading with none of those and one of these names the student: “Legal name”."""


@dataclass(frozen=True)
class Columns:
    """What each column says, its headings (where there are any), and whether that is sure."""

    kinds: tuple[Column, ...]
    headings: Row
    is_sure: bool

    @property
    def not_taken(self) -> list[str]:
        """The headings of what is left behind."""
        named = zip(self.headings, self.kinds, strict=False)
        return [heading for heading, kind in named if heading and kind is Column.NOTHING]


def apart(rows: Sequence[Row], *, today: date) -> Sequence[Row]:
    """Where each row is one text that may begin with a day: the day, and the rest."""
    if len(rows[0]) > 1 or not any(_begun(row[0], today)[0] for row in rows):
        return rows
    return [_begun(row[0], today) for row in rows]


def columns_of(rows: Sequence[Row], *, today: date) -> Columns:
    """As far as it can be told."""
    by_heading, by_content = tuple(map(_by_heading, rows[0])), _by_content(rows[1:] or rows, today)
    is_headed = any(by_heading) or (len(rows) > 1 and Column.WHEN in by_content)
    if not is_headed or any(day_in(cell, today=today) for cell in rows[0]):
        kinds = _by_content(rows, today)
        return Columns(kinds, (), is_sure=_is_sure(kinds) and len(kinds) <= 2)
    kinds = tuple(_guessed(kind, guess, by_heading) for kind, guess in zip(by_heading, by_content, strict=True))
    is_sure = _is_sure(by_heading) and not _may_name_students(by_heading, rows[1:])
    return Columns(kinds, rows[0], is_sure=is_sure)


def chosen(columns: Columns, said: Sequence[str]) -> Columns:
    """As a person said it, column by column; what they did not say stays."""
    kinds = [Column(text) if text in set(Column) else kind for text, kind in zip(said, columns.kinds, strict=False)]
    kinds += columns.kinds[len(kinds) :]
    return Columns(tuple(kinds), columns.headings, is_sure=Column.WHAT in kinds)


def _begun(text: str, today: date) -> Row:
    words = text.split()
    for count in (3, 2, 1):
        day = " ".join(words[:count]).rstrip(" :,-–")
        if len(words) > count and day_in(day, today=today):
            return day, " ".join(words[count:]).lstrip(" :,-–")
    return "", text


def _guessed(kind: Column, guess: Column, by_heading: Sequence[Column]) -> Column:
    """Where no heading says what or when, a column without a known heading may."""
    is_open = kind is Column.NOTHING and guess in {Column.WHAT, Column.WHEN} and guess not in by_heading
    return guess if is_open else kind


def _by_heading(cell: str) -> Column:
    words = fold(cell).split()
    if not words or len(words) > LONGEST_HEADING:
        return Column.NOTHING
    if words[-1] == "by":
        return Column.WHO
    by_name = Column.STUDENT if NAMES.intersection(words) else Column.NOTHING
    return next((kind for kind, known in HEADINGS.items() if known.intersection(words)), by_name)


def _by_content(rows: Sequence[Row], today: date) -> tuple[Column, ...]:
    """Where most cells are days: when. Of the others the longest texts say what, the rest is a note."""
    cells = [[cell for cell in column if cell] for column in zip(*rows, strict=True)]
    is_day = [sum(bool(day_in(cell, today=today)) for cell in column) > MOSTLY * len(column) for column in cells]
    lengths = [0 if day else sum(map(len, column)) for column, day in zip(cells, is_day, strict=True)]
    longest = lengths.index(max(lengths))
    return tuple(
        Column.WHEN if day else Column.WHAT if place == longest else Column.NOTE for place, day in enumerate(is_day)
    )


def _may_name_students(kinds: Sequence[Column], rows: Sequence[Row]) -> bool:
    """No column says which student, and one that would be left behind might: its several values, or its one of two words,
    look like people or numbers."""
    left = [{*column} - {""} for column, kind in zip(zip(*rows, strict=True), kinds, strict=False) if not kind]
    return Column.STUDENT not in kinds and any(_like_people(values) for values in left)


def _like_people(values: set[str]) -> bool:
    like = [value for value in values if value.istitle() or value.isupper() or any(map(str.isdigit, value))]
    is_telling = len(values) > 1 or any(len(fold(value).split()) > 1 for value in values)
    return is_telling and len(like) > MOSTLY * len(values)


def _is_sure(kinds: Sequence[Column]) -> bool:
    return kinds.count(Column.WHAT) == 1 and kinds.count(Column.WHEN) == 1
