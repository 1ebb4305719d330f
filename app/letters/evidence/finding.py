"""At which school a service's letter was counted, and whether its days absent are others there now (ATT-4, L8)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.attendance.known import absences_of, counted_until
from app.attendance.rules import Absences
from app.core.db import AnyRow
from app.core.text import nfc
from app.letters.evidence.queries import schools_of_each
from app.letters.evidence.rules import BETWEEN, counted_as, is_by_marks, is_corrected, is_told_otherwise
from app.letters.facts import LABELS, Facts, thawed
from app.letters.purposes import Purpose
from app.letters.rules import day_of


def counted_at(rows: Sequence[AnyRow]) -> dict[int, int]:
    """By the letter: the school that it names. The case's is another one where the student has moved since. None is known of
    a school that is called otherwise since, unless the student has been at no other."""
    of_days = [row for row in rows if row.Letter.purpose is Purpose.CA]
    stating = [(row, thawed(row.Letter.facts).values.get("school_name", "")) for row in of_days]
    moved = {row.student_id for row, name in stating if name != nfc(row.school_name)}
    schools = schools_of_each(moved) if moved else {}
    found = {row.Letter.id: _which(row, name, schools.get(row.student_id, {})) for row, name in stating}
    return {letter_id: school_id for letter_id, school_id in found.items() if school_id}


def _which(row: AnyRow, name: str, schools: Mapping[int, str]) -> int | None:
    """Of the schools of a student, by their names."""
    if name == nfc(row.school_name) or schools.keys() <= {row.school_id}:
        return int(row.school_id)
    named = [school_id for school_id, called in schools.items() if nfc(called) == name]
    return named[0] if len(named) == 1 else None


class Known:
    """The days absent that letters of services would state now: by marks of all at once, as they were told each asked for once."""

    def __init__(self, rows: Sequence[AnyRow], at: Mapping[int, int]) -> None:
        self._at, self._told = at, dict[tuple[int, int, date], Absences | None]()
        facts = [(row, thawed(row.Letter.facts)) for row in rows if row.Letter.id in at]
        marked = {counted_as(row.student_id, at[row.Letter.id], then) for row, then in facts if is_by_marks(then)}
        self._counted = counted_until(marked)

    def is_other(self, row: Any, then: Facts) -> bool:
        """By the marks that the letter was counted by, up to its last day; else as they were told last. Where its school is
        not known it is as it was."""
        school_id = self._at.get(row.Letter.id)
        if school_id is None:
            return LABELS["days_absent"] in row.Letter.changed_what.split(BETWEEN)
        if is_by_marks(then):
            return is_corrected(then, self._counted.get(counted_as(row.student_id, school_id, then)), None)
        return "days_absent" in then.values and is_told_otherwise(then, self._as_told(row.student_id, school_id, then))

    def _as_told(self, student_id: int, school_id: int, then: Facts) -> Absences | None:
        key = (student_id, school_id, day_of(then.values["period_to"]))
        if key not in self._told:
            self._told[key] = absences_of(student_id, school_id, on=key[2])
        return self._told[key]
