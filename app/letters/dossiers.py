"""What a letter to one caregiver rests on: who they are, absences, letterhead, holds, and the letters before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.attendance.calendars.queries import calendars_at
from app.attendance.known import absences_of
from app.attendance.presence import NOTHING_KNOWN, Presence
from app.attendance.queries import presence_of
from app.attendance.rules import Absences
from app.calendars.school_calendar import SchoolCalendar
from app.cases.queries import CaseHead, case_for
from app.cases.timeline import OfCase
from app.core.db import AnyRow, db
from app.core.errors import Conflict
from app.core.files.stored import StoredFile
from app.letters.ladders import Step
from app.letters.models import Letterhead
from app.letters.purposes import Purpose
from app.letters.queries import PURPOSES, LetterOfCase, holds_of, letters_of, rulings_of
from app.letters.versions.queries import goes_by
from app.letters.versions.rules import NO_LADDER, GoesBy
from app.letters.wordings.queries import own_texts
from app.letters.wordings.rules import OURS, OwnTexts
from app.people.models import Person
from app.people.queries import Actor
from app.students.models import Caregiver, Enrolment, Student

Sender = aliased(Person)
_OF_LETTERHEAD = (
    *(Letterhead.name_mi, Letterhead.address, Letterhead.phone, Letterhead.email),
    *(Letterhead.colour, Letterhead.changed_at),
)


@dataclass(frozen=True)
class Dossier:
    """What a letter to one caregiver rests on."""

    case: CaseHead
    caregiver: Caregiver
    absences: Absences | None
    desk: AnyRow
    """The service's letterhead, the case manager's e-mail, the student's home address, and how old the roll is."""
    letters: Sequence[AnyRow]
    """Letters of this ladder to this caregiver that were made, oldest first."""
    holds: Sequence[AnyRow]
    rulings: Sequence[AnyRow] = ()
    """What leads have ruled on the letters to this caregiver (LET-2)."""
    round: int = 1
    """One more each time that the ladder began again."""
    goes_by: GoesBy = NO_LADDER
    """The ladder that this case goes by (LET-2)."""
    texts: OwnTexts = OURS
    """The service's own texts that are in use (LET-9)."""
    presence: Presence = NOTHING_KNOWN
    """Of a student who is enrolled nowhere: their last day at school (LET-5)."""
    calendar: SchoolCalendar | None = None
    """Of the school where that was, if it is known."""
    spoken: Sequence[AnyRow] = ()
    """When somebody spoke with student or whānau just now, the latest first, as far as this reader may know (LET-4)."""

    @property
    def steps(self) -> Sequence[Step]:
        return self.goes_by.steps

    @property
    def ladder_id(self) -> int | None:
        """Of the service's own; none where it is ours."""
        return self.goes_by.id

    @property
    def excepted(self) -> set[int]:
        """The steps that may be written whatever the order and the gap say."""
        return {ruling.step for ruling in self.rulings if ruling.step and ruling.round == self.round}

    @property
    def purpose(self) -> Purpose:
        return PURPOSES[self.case.kind]

    @property
    def in_force(self) -> list[AnyRow]:
        """Letters of this round that count."""
        return [letter for letter in self.letters if letter.voided_at is None and letter.round == self.round]


@dataclass(frozen=True)
class Addressee(OfCase):
    """A caregiver to be written to."""

    dossier: Dossier


def addressee_for(actor: Actor, number: str, caregiver: str) -> Addressee | None:
    """One caregiver of the student of a case this person may see, by public id."""
    head = case_for(actor, number)
    found = dossiers_of(head) if head else []
    return next((Addressee(each.case, each) for each in found if each.caregiver.public_id == caregiver), None)


def dossiers_of(head: CaseHead, letters: Sequence[AnyRow] | None = None) -> list[Dossier]:
    """One for each caregiver of the case's student; who may see them is asked of the case before. `letters`: as `letters_of`
    has them, where somebody has asked."""
    letters = letters_of(head) if letters is None else letters
    to_all = (letters, holds_of(head), rulings_of(head))
    of_case = _of_case(head)
    return [_dossier(head, row, to_all, of_case) for row in _named(head)]


def _of_case(head: CaseHead) -> dict[str, Any]:
    """What is the same for all caregivers of a case."""
    purpose = PURPOSES[head.kind]
    by_which, texts = goes_by(head.id, head.service_id, purpose), own_texts(head.service_id, purpose)
    return {**_told(head), "goes_by": by_which, "texts": texts}


def _dossier(head: CaseHead, row: AnyRow, to_all: Sequence[Sequence[AnyRow]], of_case: Mapping[str, Any]) -> Dossier:
    """`to_all`: letters, holds and rulings, of which each caregiver has their own."""
    whose, (letters, holds, rulings) = row.Caregiver.id, to_all
    theirs = [ruling for ruling in rulings if ruling.caregiver_id == whose]
    return Dossier(
        head,
        row.Caregiver,
        desk=row,
        letters=[letter for letter in letters if letter.caregiver_id == whose],
        holds=[hold for hold in holds if hold.caregiver_id in {None, whose}],
        rulings=theirs,
        round=1 + sum(ruling.step is None for ruling in theirs),
        **of_case,
    )


def dossier_of(head: CaseHead, caregiver_id: int) -> Dossier:
    """Of one caregiver; raises `Conflict` where they are named no more."""
    found = next((each for each in dossiers_of(head) if each.caregiver.id == caregiver_id), None)
    if found is None:
        raise Conflict("This caregiver is not named with the student any more.")
    return found


def basis_of(found: LetterOfCase) -> Dossier | None:
    """What a letter that was made would rest on if it were written today, to see what has changed since (L8): the letters
    before it, and no holds. None where its caregiver is named no more."""
    head, letter, named = found.head, found.letter, named_of(found)
    if named is None:
        return None
    theirs = [each for each in letters_of(head) if each.caregiver_id == letter.caregiver_id]
    before = [each for each in theirs if each.round == letter.round and each.step < letter.step]
    return replace(named, letters=before, **_told(head))


def named_of(found: LetterOfCase) -> Dossier | None:
    """The same with nothing but whom it goes to, and where; one statement."""
    head, letter = found.head, found.letter
    row = next((each for each in _named(head) if each.Caregiver.id == letter.caregiver_id), None)
    return Dossier(head, row.Caregiver, None, row, [], [], round=letter.round) if row else None


def _told(head: CaseHead) -> dict[str, Any]:
    """Days absent, of the school that the letter names and of no other; or, where the student is enrolled nowhere, their last day
    at school, and the calendar of that one (LET-5)."""
    if PURPOSES[head.kind] is not Purpose.NEN:
        return {"absences": absences_of(head.student_id, head.school_id)}
    presence = presence_of(head.student_id)
    at = presence.last.school_id if presence.last else None
    return {"absences": None, "presence": presence, "calendar": calendars_at([at]).get(at) if at else None}


def _named(head: CaseHead) -> Sequence[AnyRow]:
    """Everybody who is named as looking after the student, each with what stands on the service's desk; one statement."""
    roll = select(func.max(Enrolment.as_of)).where(
        Enrolment.student_id == head.student_id, Enrolment.school_id == head.school_id
    )
    statement = (
        select(
            Caregiver,
            roll.scalar_subquery().label("roll_as_of"),
            Student.address.label("home"),
            Sender.email.label("writer_email"),
            *_OF_LETTERHEAD,
            StoredFile.kept_sha256.label("logo"),
        )
        .join(Student, Student.id == Caregiver.student_id)
        .outerjoin(Sender, Sender.id == head.manager_id)
        .outerjoin(Letterhead, Letterhead.organisation_id == head.service_id)
        .outerjoin(StoredFile, StoredFile.id == Letterhead.logo_id)
        .where(Caregiver.student_id == head.student_id, Caregiver.ended_at.is_(None))
    )
    return db.session.execute(statement.order_by(Caregiver.id)).all()
