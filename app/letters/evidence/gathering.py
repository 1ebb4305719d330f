"""What a school's letters would state today, as the school itself knows it (LET-3, L8)."""

from collections.abc import Iterator, Sequence
from typing import Any

from app.attendance.calendars.queries import present_term
from app.attendance.queries import absences_of
from app.core import clock
from app.letters.evidence.rules import BETWEEN, HOLIDAY_ENDED, NOT_NAMED, is_corrected, others_of_names
from app.letters.facts import ABSENCES, LABELS, Facts, compared, thawed
from app.letters.gathering import called
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.school.dossiers import basis_of
from app.letters.school.finding import SchoolLetter
from app.letters.school.gathering import address_of, gathered
from app.letters.school.making import writer_of
from app.letters.school.naming import KnownCaregiver, home_of, known, named_by_school
from app.letters.school.rules import of_term


def others_of_school(rows: Sequence[Any], student_id: int) -> Iterator[tuple[Letter, list[str]]]:
    """Of letters that one school wrote about a student: those that something can still be put right of, each with the labels of
    what is another. What a service found out is not among it."""
    school_id = rows[0].Letter.organisation_id
    term = present_term(school_id)
    named = named_by_school(student_id, school_id)
    home = home_of(student_id, school_id, named)
    people = {row.Caregiver.id: known(row) for row in named}
    counts = any(row.Letter.purpose is Purpose.SCHOOL for row in rows)
    told = of_term(absences_of(student_id, school_id), term) if counts else None
    for row in rows:
        then, caregiver = thawed(row.Letter.facts), people.get(row.Letter.caregiver_id)
        if row.holiday_ended_at:
            yield row.Letter, [HOLIDAY_ENDED]
        elif row.is_on_roll and _is_current(row, term.code if term else 0):
            days = [LABELS["days_absent"]] if "days_absent" in then.values and is_corrected(then, told) else []
            yield row.Letter, [*_others(then, row, caregiver, home), *days] if caregiver else [NOT_NAMED]


def _is_current(row: Any, term: int) -> bool:
    """Of this term, or about a holiday that is not over."""
    if row.Letter.purpose is Purpose.HOLIDAY:
        return row.holiday_to_on is not None and row.holiday_to_on >= clock.today()
    return bool(row.Letter.round == term)


def _others(then: Facts, row: Any, caregiver: KnownCaregiver, home: str) -> Iterator[str]:
    now = {
        "caregiver_name": caregiver.name,
        "caregiver_address": address_of(caregiver, home),
        "student_name": row.legal_name,
        "student_called": called(row.preferred_name or row.legal_name),
    }
    return others_of_names(then, now)


def since_made(found: SchoolLetter) -> list[tuple[str, str, str]]:
    """What a school's letter would say otherwise today: what it is called, what the letter says, and what is so now. Where
    nothing is to be put right any more, only what it was flagged with; of one that was voided nothing."""
    letter = found.letter
    if letter.made_at is None or letter.voided_at:
        return []
    basis = basis_of(found.head, letter, writer_of(letter))
    if basis is None:
        return [(label, "", "") for label in letter.changed_what.split(BETWEEN) if label]
    then = thawed(letter.facts)
    besides = () if is_corrected(then, basis.absences) else ABSENCES
    return compared(then, gathered(basis, clock.today()), besides)
