"""What letters of one school about many of its students rest on: as many statements for five hundred as for one. A test holds
that it comes to the same as `dossiers_of` one by one."""

from collections.abc import Collection, Iterable, Mapping

from app.attendance.known import absences_of_each
from app.attendance.many import AtSchool
from app.attendance.rules import Absences
from app.core.db import AnyRow
from app.letters.school.dossiers import ByStudent, SchoolDossier, Shelf, assembled
from app.letters.school.ladders import Present, present_of
from app.letters.school.naming import homes_of, named_of_each
from app.letters.school.queries import OnRoll, holds_of_each, letters_of_each, rulings_of_each


def dossiers_of_each(heads: Collection[OnRoll]) -> list[SchoolDossier]:
    """One for each caregiver whom the school named, for letters about days absent, of students of one school. Who may see them
    is asked before."""
    if not heads:
        return []
    school_id = next(iter(heads)).school_id
    told = absences_of_each([(head.student_id, school_id) for head in heads])
    return dossiers_at(heads, present_of(school_id), told)


def dossiers_at(heads: Collection[OnRoll], present: Present, told: Mapping[AtSchool, Absences]) -> list[SchoolDossier]:
    """The same, where what is the same for all students, and what was told of these, is known already."""
    if not heads:
        return []
    by_id, school_id = {head.student_id: head for head in heads}, next(iter(heads)).school_id
    rows, ids = named_of_each(list(by_id), school_id), list(by_id)
    shelf = Shelf(
        told,
        _by_student(letters_of_each(ids, school_id)),
        _by_student(holds_of_each(ids, school_id)),
        _by_student(rulings_of_each(ids, school_id)),
        homes_of(school_id, rows),
        present,
    )
    return [assembled(by_id[row.Caregiver.student_id], row, shelf) for row in rows]


def _by_student(rows: Iterable[AnyRow]) -> ByStudent:
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.student_id, []).append(row)
    return found
