"""Which student of a school a number means on a day: by the NSN, or by the school's own number (ATT-1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.attendance.tallies.rules import Stay

LONGEST_SHOWN = 40
TWO = "The NSN “{}” and the school’s own number “{}” are those of two students"
OTHER_NSN = "The student with the school’s own number “{}” has another NSN than “{}”"


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

    def with_number(self, number: str) -> Sequence[OnRoll]:
        """All that have it, or had it."""
        found = self._asked.get(number)
        if found is None:
            found = self._asked[number] = self._by_number.get(_bare(number), ())
        return found

    def numbered(self) -> set[int]:
        """The students of whom one is known."""
        return {each.student_id for theirs in self._by_number.values() for each in theirs}

    def find(self, number: str, day: date, _own: str = "") -> OnRoll | str:
        """The student, or why there is none."""
        found = self.with_number(number)
        there = [each for each in found if each.was_there(day)]
        if len(there) == 1:
            return there[0]
        if not found:
            return f"No student of this school has the number “{_shown(number)}”"
        if there:
            return f"More than one student had the number “{_shown(number)}” on {day.day} {day:%B %Y}"
        return f"The student with the number “{_shown(number)}” was not on the roll on {day.day} {day:%B %Y}"


class BothRolls:
    """Of a file with both numbers: by the NSN, and by the school's own where the NSN is not said or nobody here has it. What
    names two students is taken for neither, also where the one with the own number has another NSN."""

    def __init__(self, by_nsn: Roll, by_own: Roll) -> None:
        self.by_nsn, self.by_own, self._have_nsn = by_nsn, by_own, by_nsn.numbered()

    def find(self, nsn: str, day: date, own: str = "") -> OnRoll | str:
        """The student, or why there is none."""
        if not own or not self.by_own.with_number(own):
            return self.by_nsn.find(nsn, day) if nsn else self.by_own.find(own, day)
        second = self.by_own.find(own, day)
        if not nsn:
            return second
        first, known = self.by_nsn.find(nsn, day), self.by_nsn.with_number(nsn)
        if isinstance(second, str):
            return first if known else second
        if known:
            return _same(first, second, known) or TWO.format(_shown(nsn), _shown(own))
        return OTHER_NSN.format(_shown(own), _shown(nsn)) if second.student_id in self._have_nsn else second


def _same(first: OnRoll | str, second: OnRoll, known: Sequence[OnRoll]) -> OnRoll | None:
    """Of several with one NSN it is the one with the own number."""
    ids = [each.student_id for each in known] if isinstance(first, str) else [first.student_id]
    return second if second.student_id in ids else None


def _bare(number: str) -> str:
    """Without what a spreadsheet takes away or adds."""
    return number.strip().casefold().removesuffix(".0").lstrip("0")


def _shown(number: str) -> str:
    return number if len(number) <= LONGEST_SHOWN else f"{number[: LONGEST_SHOWN - 1]}…"
