"""What a school's letters would state today, as the school itself knows it (LET-3, L8)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.attendance.calendars.queries import present_term
from app.attendance.known import Counted, absences_of, absences_of_each, counted_until
from app.attendance.many import AtSchool
from app.attendance.rules import Absences
from app.calendars.school_terms import TermOfYear
from app.core import clock
from app.core.db import AnyRow
from app.letters.evidence.rules import (
    BETWEEN,
    HOLIDAY_ENDED,
    NOT_NAMED,
    counted_as,
    is_by_marks,
    is_corrected,
    others_of_names,
)
from app.letters.facts import ABSENCES, LABELS, WEEKS, Facts, compared, thawed
from app.letters.gathering import called
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.school.dossiers import SchoolDossier
from app.letters.school.finding import SchoolLetter
from app.letters.school.gathering import address_of, gathered
from app.letters.school.making import writer_of
from app.letters.school.naming import (
    KnownCaregiver,
    Writer,
    home_of,
    homes_of,
    known,
    named_by_school,
    named_of_each,
)
from app.letters.school.queries import OnRoll, letters_of, rulings_of
from app.letters.school.rules import of_term


def others_of_school(rows: Sequence[Any], recounted: Collection[int] = ()) -> Iterator[tuple[Letter, list[str]]]:
    """Of letters that one school wrote: those that something can still be put right of, each with the labels of what is another,
    and those by marks of a former term that was counted anew. What a service found out is not among it. A few statements, about
    however many students."""
    now = _now(rows[0].Letter.organisation_id, rows, recounted)
    yield from _others_of_former([row for row in rows if _is_former(row, now.code, recounted)], now)
    for row in rows:
        if row.holiday_ended_at:
            yield row.Letter, [HOLIDAY_ENDED]
        elif row.is_on_roll and _is_current(row, now.code):
            yield row.Letter, list(_others(row, now)) if row.Letter.caregiver_id in now.people else [NOT_NAMED]


@dataclass(frozen=True)
class Now:
    """What a school knows today of students to whose caregivers it wrote."""

    term: TermOfYear | None
    people: Mapping[int, KnownCaregiver]
    homes: Mapping[int, str]
    told: Mapping[AtSchool, Absences]
    counted: Mapping[Counted, Absences]
    """By marks, each up to the last day of a letter."""

    @property
    def code(self) -> int:
        return self.term.code if self.term else 0

    def of(self, row: Any, then: Facts) -> Absences | None:
        """The days absent that this letter would state now."""
        if is_by_marks(then):
            return self.counted.get(_counted_as(row, then))
        return self.told.get((row.student_id, row.Letter.organisation_id))


def _now(school_id: int, rows: Sequence[Any], recounted: Collection[int]) -> Now:
    named = named_of_each(sorted({row.student_id for row in rows}), school_id)
    people = {row.Caregiver.id: known(row) for row in named}
    term = present_term(school_id)
    stating = [row for row in rows if _is_to_count(row, term.code if term else 0, recounted)]
    facts = [(row, thawed(row.Letter.facts)) for row in stating]
    told = absences_of_each({(row.student_id, school_id) for row, then in facts if not is_by_marks(then)})
    counted = counted_until({_counted_as(row, then) for row, then in facts if is_by_marks(then)})
    return Now(term, people, homes_of(school_id, named), told, counted)


def _is_to_count(row: Any, term: int, recounted: Collection[int]) -> bool:
    is_stating = row.Letter.purpose is Purpose.SCHOOL
    return is_stating and (_is_current(row, term) or row.Letter.round in recounted)


def _counted_as(row: Any, then: Facts) -> Counted:
    return counted_as(row.student_id, row.Letter.organisation_id, then)


def _is_current(row: Any, term: int) -> bool:
    """Of this term, or of one that begins later as the school says it now; or about a holiday that is not over."""
    if row.Letter.purpose is Purpose.HOLIDAY:
        return row.holiday_to_on is not None and row.holiday_to_on >= clock.today()
    return bool(row.Letter.round >= term)


def _is_former(row: Any, term: int, recounted: Collection[int]) -> bool:
    is_of = row.Letter.purpose is Purpose.SCHOOL and row.is_on_roll
    return is_of and row.Letter.round < term and row.Letter.round in recounted


def _others_of_former(rows: Sequence[Any], now: Now) -> Iterator[tuple[Letter, list[str]]]:
    """Of those by marks, besides what is said of them already (ATT-4)."""
    for row in rows:
        if is_by_marks(then := thawed(row.Letter.facts)):
            yield row.Letter, _besides(row.Letter, is_other=is_corrected(then, now.of(row, then), None))


def _besides(letter: Letter, *, is_other: bool) -> list[str]:
    days = LABELS["days_absent"]
    rest = [label for label in letter.changed_what.split(BETWEEN) if label and label != days]
    return [*rest, days] if is_other else rest


def _others(row: Any, now: Now) -> Iterator[str]:
    then, caregiver = thawed(row.Letter.facts), now.people[row.Letter.caregiver_id]
    texts = {
        "caregiver_name": caregiver.name,
        "caregiver_address": address_of(caregiver, now.homes.get(row.student_id, "")),
        "student_name": row.legal_name,
        "student_called": called(row.preferred_name or row.legal_name),
    }
    yield from others_of_names(then, texts)
    told = of_term(now.of(row, then), now.term)
    if "days_absent" in then.values and (_is_ahead(row, now) or is_corrected(then, told, now.term)):
        yield LABELS["days_absent"]


def _is_ahead(row: Any, now: Now) -> bool:
    return now.term is not None and bool(row.Letter.round > now.term.code)


def since_made(found: SchoolLetter) -> list[tuple[str, str, str]]:
    """What a school's letter would say otherwise today: what it is called, what the letter says, and what is so now. Where
    nothing is to be put right any more, only what it was flagged with; of one that was voided nothing."""
    letter = found.letter
    if letter.made_at is None or letter.voided_at:
        return []
    basis = _basis_of(found.head, letter, writer_of(found))
    if basis is None:
        return [(label, "", "") for label in letter.changed_what.split(BETWEEN) if label]
    then = thawed(letter.facts)
    if not is_corrected(then, basis.absences, basis.term):
        return compared(then, gathered(basis, clock.today()), ABSENCES)
    others = compared(then, now := gathered(basis, clock.today()))
    is_of_weeks = all(then.values.get(name) == now.values.get(name) for name in ABSENCES)
    return [*others, (WEEKS, "", "")] if is_of_weeks and then.weeks != now.weeks else others


def _basis_of(head: OnRoll, letter: Letter, writer: Writer) -> SchoolDossier | None:
    """What a letter that was made would rest on if it were written today, to see what has changed since (L8): the letters before
    it, and nothing that holds it back. None in another term, or when the holiday is over: then nothing is to be put right."""
    rows = named_by_school(head.student_id, head.school_id)
    row = next((each for each in rows if each.Caregiver.id == letter.caregiver_id), None)
    is_away = letter.purpose is Purpose.HOLIDAY
    away, term = (_holiday(head, letter.round), None) if is_away else (None, present_term(head.school_id))
    if row is None or (is_away and away is None) or not (is_away or (term and term.code == letter.round)):
        return None
    before = [
        each
        for each in letters_of(head)
        if each.caregiver_id == letter.caregiver_id and letter.made_at and each.made_at < letter.made_at
    ]
    told = None if is_away else _told(head, thawed(letter.facts))
    home = home_of(head.student_id, head.school_id, [row])
    return SchoolDossier(
        head, letter.purpose, known(row), told, term, row, home, before, [], holiday=away, writer=writer
    )


def _told(head: OnRoll, then: Facts) -> Absences | None:
    """Up to the last day of a letter by marks; where there are none any more, what is known else."""
    counted = counted_until(those) if (those := _marks_of(head, then)) else {}
    return next(iter(counted.values()), None) or absences_of(head.student_id, head.school_id)


def _marks_of(head: OnRoll, then: Facts) -> list[Counted]:
    return [counted_as(head.student_id, head.school_id, then)] if is_by_marks(then) else []


def _holiday(head: OnRoll, holiday_id: int) -> AnyRow | None:
    return next((each for each in rulings_of(head) if each.step is None and each.id == holiday_id), None)
