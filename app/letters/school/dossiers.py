"""What a school's letter to one caregiver rests on (LET-3): they are as the school itself named them, and what services found
out of them stays there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.attendance.known import absences_of
from app.attendance.many import AtSchool
from app.attendance.rules import Absences
from app.calendars.school_terms import TermOfYear
from app.core import clock
from app.core.db import AnyRow
from app.core.errors import Conflict
from app.letters.holds import HoldReason
from app.letters.ladders import Position, Step, ladder
from app.letters.purposes import Purpose
from app.letters.school.ladders import Present, present_of
from app.letters.school.naming import KnownCaregiver, Writer, home_of, known, named_by_school, writer_of
from app.letters.school.queries import OfStudent, OnRoll, holds_of, letters_of, rulings_of, student_for
from app.letters.school.rules import Due, counting, due_in_term, of_term, to_except
from app.letters.versions.rules import NO_LADDER, GoesBy
from app.letters.wordings.queries import own_texts
from app.letters.wordings.rules import OURS, OwnTexts
from app.people.queries import Actor

ONLY_STEPS = frozenset({HoldReason.RECENT_CONTACT, HoldReason.RETURN_DATE_KNOWN})
"""LET-4: reasons for which letters about days absent wait, and the holiday letter does not."""
NAMED_NO_MORE = "This caregiver is not named with the student any more."
ByStudent = Mapping[int, Sequence[AnyRow]]


@dataclass(frozen=True)
class SchoolDossier:
    """What a letter to one caregiver rests on."""

    head: OnRoll
    purpose: Purpose
    caregiver: KnownCaregiver
    told: Absences | None
    """As they were told last."""
    term: TermOfYear | None
    desk: AnyRow
    """The school's letterhead."""
    home: str
    """The student's address, as the school has it."""
    letters: Sequence[AnyRow]
    """This school's letters to this caregiver that were made, oldest first."""
    holds: Sequence[AnyRow]
    rulings: Sequence[AnyRow] = ()
    holidays: Sequence[AnyRow] = ()
    """Now or ahead."""
    holiday: AnyRow | None = None
    """That a holiday letter is about."""
    texts: OwnTexts = OURS
    writer: Writer | None = None
    goes_by: GoesBy = NO_LADDER
    """The ladder on days absent that letters about this student go by in this term (LET-2)."""

    @property
    def absences(self) -> Absences | None:
        """In this term (LET-2); none where the letter states none."""
        return of_term(self.told, self.term) if self.purpose is Purpose.SCHOOL else None

    @property
    def round(self) -> int:
        if self.holiday is not None:
            return int(self.holiday.id)
        return self.term.code if self.term else 0

    @property
    def steps(self) -> Sequence[Step]:
        return self.goes_by.steps if self.purpose is Purpose.SCHOOL else ladder(self.purpose, clock.today())

    @property
    def ladder_id(self) -> int | None:
        """Of the school's own; none where it is ours."""
        return self.goes_by.id if self.purpose is Purpose.SCHOOL else None

    @property
    def in_force(self) -> list[AnyRow]:
        """Letters of this term, or about this holiday, that count."""
        return counting(self.letters, self.purpose, self.round)

    @property
    def exceptions(self) -> list[AnyRow]:
        return [ruling for ruling in self.rulings if ruling.round == self.round]

    @property
    def to_except(self) -> list[Step]:
        """The letters that an exception may be made for, and has not been."""
        let = {ruling.step for ruling in self.exceptions}
        return [step for step in to_except(self.steps, self.in_force, self.due.position) if step.number not in let]

    @property
    def due(self) -> Due:
        if self.purpose is Purpose.HOLIDAY:
            return self._of_holiday()
        half_days = self.absences.half_days.absent if self.absences else 0
        return due_in_term(self.steps, self.in_force, half_days, excepted={ruling.step for ruling in self.exceptions})

    def _of_holiday(self) -> Due:
        """LET-4: one letter for each holiday."""
        step = next(iter(self.steps), None)
        if step is None or self.in_force:
            return Due(Position(None, is_open=False, waits_for="The letter on this holiday has been written."))
        return Due(Position(step, is_open=True))

    def about(self, holiday: AnyRow) -> "SchoolDossier":
        """The same for the letter on a holiday."""
        held = [hold for hold in self.holds if hold.reason not in ONLY_STEPS]
        return replace(self, purpose=Purpose.HOLIDAY, holiday=holiday, holds=held, texts=OURS)


@dataclass(frozen=True)
class Shelf:
    """What was found of students of one school, by their ids."""

    told: Mapping[AtSchool, Absences]
    letters: ByStudent
    holds: ByStudent
    rulings: ByStudent
    homes: Mapping[int, str]
    present: Present


@dataclass(frozen=True)
class SchoolAddressee(OfStudent):
    """A caregiver to be written to."""

    dossier: SchoolDossier


def addressee_for(actor: Actor, student: str, caregiver: str, holiday: str = "") -> SchoolAddressee | None:
    """One caregiver of a student on the school's roll whom this person may see; for the letter on a holiday, where one is named."""
    head = student_for(actor, student)
    found = dossiers_of(head) if head and head.is_on_roll else []
    dossier = next((each for each in found if each.caregiver.public_id == caregiver), None)
    if dossier is None or head is None:
        return None
    if holiday:
        away = next((each for each in dossier.holidays if each.public_id == holiday), None)
        return SchoolAddressee(head, with_texts(dossier.about(away), writer_of(actor))) if away else None
    return SchoolAddressee(head, with_texts(dossier, writer_of(actor)))


def dossiers_of(head: OnRoll) -> list[SchoolDossier]:
    """One for each caregiver whom the school named, for letters about days absent; who may see them is asked before."""
    one, school_id = head.student_id, head.school_id
    told, rows = absences_of(one, school_id), named_by_school(one, school_id)
    shelf = Shelf(
        {(one, school_id): told} if told else {},
        {one: letters_of(head)},
        {one: holds_of(head)},
        {one: rulings_of(head)},
        {one: home_of(one, school_id, rows)},
        present_of(school_id),
    )
    return [assembled(head, row, shelf) for row in rows]


def assembled(head: OnRoll, row: AnyRow, shelf: Shelf) -> SchoolDossier:
    """To one caregiver, for letters about days absent."""
    whose, student_id, term = row.Caregiver.id, head.student_id, shelf.present.term
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
        goes_by=shelf.present.ladders.gone_by(counting(letters, Purpose.SCHOOL, term.code if term else 0)),
    )


def dossier_of(head: OnRoll, caregiver_id: int, purpose: Purpose, in_round: int, writer: Writer) -> SchoolDossier:
    """Of one caregiver, for such a letter; raises `Conflict` where there is nothing to write it about any more."""
    found = next((each for each in dossiers_of(head) if each.caregiver.id == caregiver_id), None)
    if found is None:
        raise Conflict(NAMED_NO_MORE)
    if purpose is Purpose.HOLIDAY:
        away = next((each for each in found.holidays if each.id == in_round), None)
        if away is None:
            raise Conflict("The holiday is over, or was taken back.")
        found = found.about(away)
    return with_texts(found, writer)


def with_texts(dossier: SchoolDossier, writer: Writer | None) -> SchoolDossier:
    """With what it is written, and by whom."""
    return replace(dossier, texts=own_texts(dossier.head.school_id, dossier.purpose), writer=writer)
