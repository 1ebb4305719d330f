"""One thing of a student at a school, as whoever may see it finds it; and a school's letters, as a service that has a case of
the student finds them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.attendance.models import Holiday
from app.cases.queries import CaseHead, case_for
from app.cases.timeline import OfCase
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.holds import LetterHold
from app.letters.models import Letter, LetterPage
from app.letters.queries import RECORD, WHAT_BECAME
from app.letters.rulings import LetterException
from app.letters.school.queries import OfStudent, by_us, ours, student_for
from app.people.models import Organisation
from app.people.queries import Actor
from app.students.models import Caregiver
from app.students.records.queries import is_of


@dataclass(frozen=True)
class SchoolLetter(OfStudent):
    letter: Letter
    record: AnyRow


@dataclass(frozen=True)
class PageOfSchoolLetter(OfStudent):
    png: bytes


@dataclass(frozen=True)
class SchoolHold(OfStudent):
    hold: LetterHold


@dataclass(frozen=True)
class SchoolException(OfStudent):
    exception: LetterException


@dataclass(frozen=True)
class HolidayOf(OfStudent):
    holiday: Holiday


@dataclass(frozen=True)
class SchoolLetterOfCase(OfCase):
    """A school's letter, as the service sees it that has a case of the student."""

    letter: Letter
    file: StoredFile


def letter_for(actor: Actor, student: str, letter: str) -> SchoolLetter | None:
    """One letter, or preview, of the actor's school about a student whom they may see."""
    head = student_for(actor, student)
    if head is None:
        return None
    row = db.session.execute(RECORD.where(*ours(head, Letter), Letter.public_id == letter)).first()
    return SchoolLetter(head, row.Letter, row) if row else None


def page_for(actor: Actor, student: str, letter: str, page: int) -> PageOfSchoolLetter | None:
    """One page of a preview as a PNG."""
    found = letter_for(actor, student, letter)
    if found is None:
        return None
    statement = select(LetterPage.png).where(LetterPage.letter_id == found.letter.id, LetterPage.number == page)
    png = db.session.scalar(statement)
    return PageOfSchoolLetter(found.head, png) if png else None


def hold_for(actor: Actor, student: str, hold: str) -> SchoolHold | None:
    head = student_for(actor, student)
    found = head and db.session.scalar(select(LetterHold).where(*ours(head, LetterHold), LetterHold.public_id == hold))
    return SchoolHold(head, found) if head and found else None


def exception_for(actor: Actor, student: str, exception: str) -> SchoolException | None:
    """One exception that an attendance lead of this school made."""
    head = student_for(actor, student)
    if head is None:
        return None
    mine = (is_of(LetterException.student_id, head.student_id), by_us(head), LetterException.public_id == exception)
    found = db.session.scalar(select(LetterException).where(*mine))
    return SchoolException(head, found) if found else None


def holiday_for(actor: Actor, student: str, holiday: str) -> HolidayOf | None:
    head = student_for(actor, student)
    if head is None:
        return None
    mine = (is_of(Holiday.student_id, head.student_id), Holiday.school_id == head.school_id)
    found = db.session.scalar(select(Holiday).where(*mine, Holiday.public_id == holiday))
    return HolidayOf(head, found) if found else None


def letters_of_schools(head: CaseHead) -> Sequence[AnyRow]:
    """What schools wrote to the caregivers of a case's student; who may see it is asked of the case."""
    statement = (
        select(
            *(Letter.public_id, Letter.purpose, Letter.step, Letter.made_at, *WHAT_BECAME),
            *(Caregiver.name.label("caregiver_name"), Caregiver.relationship),
            Organisation.name.label("school_name"),
        )
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .join(Organisation, Organisation.id == Letter.organisation_id)
        .where(is_of(Letter.student_id, head.student_id), Letter.made_at.is_not(None))
    )
    return db.session.execute(statement.order_by(Letter.made_at, Letter.id)).all()


def school_letter_for(actor: Actor, number: str, public_id: str) -> SchoolLetterOfCase | None:
    """A letter that a school made about the student of a case that this person may see."""
    head = case_for(actor, number)
    if head is None:
        return None
    made = (is_of(Letter.student_id, head.student_id), Letter.made_at.is_not(None), Letter.public_id == public_id)
    row = db.session.execute(
        select(Letter, StoredFile).join(StoredFile, StoredFile.id == Letter.file_id).where(*made)
    ).first()
    return SchoolLetterOfCase(head, row.Letter, row.StoredFile) if row else None
