"""Which student of ours a line of a roll means (REQ-10): the one with its national student number, wherever they are; else
somebody of this school by its own number, or by name and date of birth; else somebody new."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.imports.columns import Faulty
from app.imports.rolls.queries import AtSchool
from app.imports.rolls.rules import OfRoll, keys_of
from app.students.models import Student

OTHER_NUMBER = "This national student number goes with another name or date of birth. Check it at the school"
TWO = (
    "Two students of this school are called so and were born that day: say the national student number, or the local id"
)
TWICE = "A line above names the same student"
SAME_ID = "A line above has the same local id"


@dataclass
class Matching:
    """Each student is meant by one line."""

    here: AtSchool
    numbered: Mapping[str, Student]

    def __post_init__(self) -> None:
        self._meant: set[object] = set()

    def student_of(self, told: OfRoll) -> Student | None:
        """None of somebody new. Raises `Faulty`."""
        self._once(("id", told.local_id) if told.local_id else None, SAME_ID)
        found = self._by_number(told) or self._by_local_id(told) or self._by_name(told)
        if found:
            self._once(found.id, TWICE)
        else:
            self._once(("number", told.nsn) if told.nsn else ("name", *sorted(told.keys)), TWICE)
        return found

    def _by_number(self, told: OfRoll) -> Student | None:
        """Whoever was never at this school must be called so and have been born that day; of its own one may be mended."""
        found = self.numbered.get(told.nsn)
        if found is None:
            return None
        is_known_here = found.id in self.here.students
        if not (_is_alike(found, told) or (is_known_here and _is_half_alike(found, told))):
            raise Faulty(OTHER_NUMBER)
        return found

    def _by_local_id(self, told: OfRoll) -> Student | None:
        """A number that the school gave again is somebody else's."""
        found = self.here.by_local_id.get(told.local_id) if told.local_id else None
        return found if found and _may_be(found, told) and _is_half_alike(found, told) else None

    def _by_name(self, told: OfRoll) -> Student | None:
        named = (each for key in told.keys for each in self.here.by_key.get(key, ()))
        alike = {each.id: each for each in named if _may_be(each, told)}
        if len(alike) > 1:
            raise Faulty(TWO)
        return next(iter(alike.values()), None)

    def _once(self, which: object, why: str) -> None:
        if which is not None and which in self._meant:
            raise Faulty(why)
        self._meant.add(which)


def _may_be(student: Student, told: OfRoll) -> bool:
    """Their numbers do not say otherwise."""
    return not told.nsn or student.national_number in {None, told.nsn}


def _is_alike(student: Student, told: OfRoll) -> bool:
    return bool(_keys(student) & told.keys)


def _is_half_alike(student: Student, told: OfRoll) -> bool:
    """A name that was changed, or a date of birth that was mended; not both."""
    names = {name for _, name in _keys(student)} & {name for _, name in told.keys}
    return student.born_on == told.born_on or bool(names)


def _keys(student: Student) -> set[tuple[object, tuple[str, ...]]]:
    return set(keys_of(student.born_on, (student.legal_name, student.preferred_name)))
