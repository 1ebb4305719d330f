"""What a letter to one caregiver rests on: who they are, absences, letterhead, holds, and the letters before."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.attendance.queries import absences_of
from app.attendance.rules import Absences
from app.cases.queries import CaseHead, case_for
from app.core.db import AnyRow, db
from app.core.errors import Conflict
from app.core.files.stored import StoredFile
from app.letters.models import Letterhead, LetterHold, Purpose
from app.letters.queries import PURPOSES, OfCase, holds_of, letters_of
from app.people.models import Person
from app.people.queries import Actor
from app.students.models import Caregiver, Student
from app.students.queries import caregivers_of

Sender = aliased(Person)


@dataclass(frozen=True)
class Dossier:
    """What a letter to one caregiver rests on."""

    case: CaseHead
    caregiver: Caregiver
    absences: Absences | None
    desk: AnyRow
    """The service's letterhead, the case manager's e-mail, the student's home address."""
    letters: Sequence[AnyRow]
    """Letters of this ladder to this caregiver that were made, oldest first."""
    holds: Sequence[LetterHold]

    @property
    def purpose(self) -> Purpose:
        return PURPOSES[self.case.kind]

    @property
    def in_force(self) -> list[AnyRow]:
        return [letter for letter in self.letters if letter.voided_at is None]


@dataclass(frozen=True)
class Addressee(OfCase):
    """A caregiver to be written to."""

    dossier: Dossier


def addressee_for(actor: Actor, number: str, caregiver: str) -> Addressee | None:
    """One caregiver of the student of a case this person may see, by public id."""
    head = case_for(actor, number)
    found = dossiers_of(head) if head else []
    return next((Addressee(each.case, each) for each in found if each.caregiver.public_id == caregiver), None)


def dossiers_of(head: CaseHead) -> list[Dossier]:
    """One for each caregiver of the case's student; who may see them is asked of the case before."""
    absences, desk, holds, letters = absences_of(head.student_id), _desk(head), holds_of(head), letters_of(head)
    return [
        Dossier(
            head,
            caregiver,
            absences,
            desk,
            [letter for letter in letters if letter.caregiver_id == caregiver.id],
            [hold for hold in holds if hold.caregiver_id in {None, caregiver.id}],
        )
        for caregiver in caregivers_of(head.student_id)
    ]


def dossier_of(head: CaseHead, caregiver_id: int) -> Dossier:
    """Of one caregiver; raises `Conflict` where they are named no more."""
    found = next((each for each in dossiers_of(head) if each.caregiver.id == caregiver_id), None)
    if found is None:
        raise Conflict("This caregiver is not named with the student any more.")
    return found


def _desk(head: CaseHead) -> AnyRow:
    statement = (
        select(
            Student.address.label("home"),
            Sender.email.label("writer_email"),
            Letterhead.name_mi,
            Letterhead.address,
            Letterhead.phone,
            Letterhead.email,
            Letterhead.changed_at,
            StoredFile.kept_sha256.label("logo"),
        )
        .outerjoin(Sender, Sender.id == head.manager_id)
        .outerjoin(Letterhead, Letterhead.organisation_id == head.service_id)
        .outerjoin(StoredFile, StoredFile.id == Letterhead.logo_id)
        .where(Student.id == head.student_id)
    )
    return db.session.execute(statement).one()
