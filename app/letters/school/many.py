"""What letters of one school about many of its students rest on: as many statements for five hundred as for one. A test holds
that it comes to the same as `dossiers_of` one by one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.attendance.calendars.queries import present_term
from app.attendance.many import AtSchool, absences_of_each
from app.attendance.rules import Absences
from app.calendars.school_terms import TermOfYear
from app.core.db import AnyRow
from app.letters.purposes import Purpose
from app.letters.school.dossiers import SchoolDossier
from app.letters.school.ladders import SchoolLadders, school_ladders
from app.letters.school.naming import homes_of, known, named_of_each
from app.letters.school.queries import OnRoll, holds_of_each, letters_of_each, rulings_of_each
from app.letters.school.rules import counting

ByStudent = Mapping[int, Sequence[AnyRow]]


@dataclass(frozen=True)
class Shelf:
    """What was found of all of the students, by their ids."""

    term: TermOfYear | None
    told: Mapping[AtSchool, Absences]
    letters: ByStudent
    holds: ByStudent
    rulings: ByStudent
    homes: Mapping[int, str]
    ladders: SchoolLadders


def dossiers_of_each(heads: Collection[OnRoll]) -> list[SchoolDossier]:
    """One for each caregiver whom the school named, for letters about days absent, of students of one school. Who may see them
    is asked before."""
    if not heads:
        return []
    by_id, school_id = {head.student_id: head for head in heads}, next(iter(heads)).school_id
    rows = named_of_each(list(by_id), school_id)
    shelf = _shelf(list(by_id), school_id, rows)
    return [_dossier(by_id[row.Caregiver.student_id], row, shelf) for row in rows]


def _shelf(student_ids: Sequence[int], school_id: int, rows: Sequence[AnyRow]) -> Shelf:
    return Shelf(
        present_term(school_id),
        absences_of_each([(student_id, school_id) for student_id in student_ids]),
        _by_student(letters_of_each(student_ids, school_id)),
        _by_student(holds_of_each(student_ids, school_id)),
        _by_student(rulings_of_each(student_ids, school_id)),
        homes_of(school_id, rows),
        school_ladders(school_id),
    )


def _dossier(head: OnRoll, row: AnyRow, shelf: Shelf) -> SchoolDossier:
    whose, student_id, term = row.Caregiver.id, head.student_id, shelf.term
    letters, rulings = shelf.letters.get(student_id, ()), shelf.rulings.get(student_id, ())
    return SchoolDossier(
        head,
        Purpose.SCHOOL,
        known(row),
        shelf.told.get((student_id, head.school_id)),
        term,
        desk=row,
        home=shelf.homes.get(student_id, ""),
        letters=[letter for letter in letters if letter.caregiver_id == whose],
        holds=[hold for hold in shelf.holds.get(student_id, ()) if hold.caregiver_id in {None, whose}],
        rulings=[ruling for ruling in rulings if ruling.caregiver_id == whose],
        holidays=[ruling for ruling in rulings if ruling.step is None],
        goes_by=shelf.ladders.gone_by(counting(letters, Purpose.SCHOOL, term.code if term else 0)),
    )


def _by_student(rows: Iterable[AnyRow]) -> ByStudent:
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.student_id, []).append(row)
    return found
