"""Which student of a school a number means on a day: by the NSN, or by the school's own number (ATT-1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.attendance.tallies.rules import Stay

LONGEST_SHOWN = 40


@dataclass(frozen=True)
class OnRoll:
    """A student, and when they were on the roll of this school."""

    student_id: int
    stays: tuple[Stay, ...]

    def was_there(self, day: date) -> bool:
        return any(stay.from_on <= day and (stay.to_on is None or day <= stay.to_on) for stay in self.stays)


class Roll:
    """All that are or were on the roll of one school, by one kind of number. Nobody else stands in it: of a number that
    another school's student has the same is said as of one that nobody has."""

    def __init__(self, stays: Mapping[int, Sequence[Stay]], numbers: Iterable[tuple[int, str]]) -> None:
        """`numbers` are students with a number of theirs; a student may have several."""
        students = {student_id: OnRoll(student_id, tuple(theirs)) for student_id, theirs in stays.items()}
        self._by_number: dict[str, list[OnRoll]] = {}
        for student_id, number in numbers:
            theirs = self._by_number.setdefault(_bare(number), [])
            if number and student_id in students and students[student_id] not in theirs:
                theirs.append(students[student_id])
        self._asked: dict[str, Sequence[OnRoll]] = {}

    def find(self, number: str, day: date) -> OnRoll | str:
        """The student, or why there is none."""
        found = self._asked.get(number)
        if found is None:
            found = self._asked[number] = self._by_number.get(_bare(number), ())
        there = [each for each in found if each.was_there(day)]
        if len(there) == 1:
            return there[0]
        if not found:
            return f"No student of this school has the number “{_shown(number)}”"
        if there:
            return f"More than one student had the number “{_shown(number)}” on {day.day} {day:%B %Y}"
        return f"The student with the number “{_shown(number)}” was not on the roll on {day.day} {day:%B %Y}"


def _bare(number: str) -> str:
    """Without what a spreadsheet takes away or adds."""
    return number.strip().casefold().removesuffix(".0").lstrip("0")


def _shown(number: str) -> str:
    return number if len(number) <= LONGEST_SHOWN else f"{number[: LONGEST_SHOWN - 1]}…"
