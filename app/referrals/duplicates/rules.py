"""When two records may become one, and until when that can be undone; without asking the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.cases.models import Status
from app.core.db import AnyRow
from app.core.text import index_words

LONGEST = 1000
"""Characters of a why."""
FEWEST_WORDS = 2
"""Of a name: one that many share says nothing."""
NO_WHY = "Say what shows that they are one student, or why they are two"
ALREADY = "Somebody decided this meanwhile. Look at it again."


@dataclass(frozen=True)
class Record:
    """One of the two, as it stands side by side with the other: the student, schools, caregivers, and its cases."""

    student: AnyRow
    schools: Sequence[str]
    caregivers: Sequence[AnyRow]
    cases: Sequence[AnyRow]
    has_others: bool
    """A case of it is not this person's to see."""
    has_taken_in: bool
    """Another record went into it."""

    @property
    def id(self) -> int:
        return int(self.student.id)

    @property
    def name(self) -> str:
        return str(self.student.preferred_name or self.student.legal_name)

    @property
    def open_case(self) -> AnyRow | None:
        return next((case for case in self.cases if case.status is not Status.CLOSED), None)


@dataclass(frozen=True)
class Pair:
    """The earlier record and the later one."""

    earlier: Record
    later: Record

    @property
    def records(self) -> tuple[Record, Record]:
        return self.earlier, self.later

    def other(self, record: Record) -> Record:
        return self.later if record is self.earlier else self.earlier

    @property
    def is_blocked(self) -> bool:
        """Of two cases that are not closed one must be closed first: a student has one (REQ-8)."""
        return all(record.open_case for record in self.records)

    @property
    def may_go(self) -> list[Record]:
        """What somebody else has a case of stays, and so does a record that took another one in."""
        return [record for record in self.records if not (record.has_others or record.has_taken_in)]

    @property
    def alike(self) -> list[str]:
        """What is the same in both, in words."""
        one, other = (record.student for record in self.records)
        found = ["the name"] if one.sort_key == other.sort_key else []
        found += ["the name, but for how it is written"] if not found and is_called_alike(one, other) else []
        found += ["the date of birth"] if one.born_on == other.born_on else []
        return found + [
            word for word, name in (("the address", "address"), ("the phone", "phone")) if _same(one, other, name)
        ]

    @property
    def rows(self) -> list[tuple[str, Any, Any]]:
        """What is recorded of both, line by line."""
        one, other = self.records
        return [(label, _text(one, name), _text(other, name)) for label, name in LINES]


LINES = (
    *(("Legal name", "legal_name"), ("Called", "preferred_name"), ("Date of birth", "born_on")),
    *(("Student number", "national_number"), ("Address", "address"), ("Phone", "phone"), ("Language", "language")),
)


def is_called_alike(one: AnyRow, other: AnyRow) -> bool:
    """All words of one name are among those of the other, in whatever order, legal or preferred; or one letter sets them apart."""
    said, again = (set(index_words(each.legal_name) + index_words(each.preferred_name)) for each in (one, other))
    is_part = len(said & again) >= FEWEST_WORDS and (said <= again or again <= said)
    return is_part or is_one_letter_apart(one.sort_key, other.sort_key)


def is_one_letter_apart(one: str, other: str) -> bool:
    """Of two folded names one letter is another, or one has a letter more."""
    short, long = sorted((one, other), key=len)
    if one == other or len(long) - len(short) > 1:
        return False
    at = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    rest = short[at + 1 :] if len(short) == len(long) else short[at:]
    return rest == long[at + 1 :]


def fault_of(why: str) -> str:
    """What is wrong with it; the words name the remedy."""
    if not why.strip():
        return NO_WHY
    return f"Make this shorter, {LONGEST:,} characters at most" if len(why) > LONGEST else ""


def _same(one: AnyRow, other: AnyRow, name: str) -> bool:
    said = getattr(one, name)
    return bool(said) and said == getattr(other, name)


def _text(record: Record, name: str) -> str:
    said = getattr(record.student, name)
    return f"{said.day} {said:%B %Y}" if isinstance(said, date) else str(said or "–")
