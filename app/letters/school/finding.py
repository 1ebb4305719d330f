"""One thing of a student at a school, as whoever may see it finds it; and a school's letters, as a service that has a case of
the student finds them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from app.attendance.models import Holiday
from app.cases.models import Case, Status
from app.cases.policy import visible
from app.cases.queries import case_for
from app.cases.timeline import OfCase
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.holds import LetterHold
from app.letters.models import Letter, LetterPage
from app.letters.queries import RECORD, WHAT_BECAME
from app.letters.rulings import LetterException
from app.letters.school.policy import is_seen
from app.letters.school.queries import OfStudent, OnRoll, by_us, ours, student_for
from app.people.models import Person
from app.people.queries import Actor
from app.students.models import Caregiver, Student
from app.students.queries import is_not_given_up
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
class NamedByUs(OfStudent):
    """Also where the school has ended them since."""

    caregiver: Caregiver


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


def letter_of_file(actor: Actor, sha256: str) -> SchoolLetter | None:
    """The letter of the actor's school that was made with exactly these bytes, also one that is void, about a student whom they may
    see. Of others it is not asked whether there are any."""
    made = (
        Letter.organisation_id == actor.organisation_id,
        Letter.made_at.is_not(None),
        StoredFile.kept_sha256 == sha256,
    )
    was = aliased(Student)
    wanted = (
        select(Letter.public_id, Student.public_id.label("student"))
        .join(StoredFile, StoredFile.id == Letter.file_id)
        .join(was, was.id == Letter.student_id)
        .join(Student, Student.id == func.coalesce(was.merged_into_id, was.id))
    )
    row = db.session.execute(wanted.where(*made, is_seen(actor)).order_by(Letter.id).limit(1)).first()
    return letter_for(actor, row.student, row.public_id) if row else None


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


def named_by_us(actor: Actor, student: str, caregiver: str) -> NamedByUs | None:
    """Somebody whom the actor's school itself named, of a student on its roll whom they may see."""
    head = student_for(actor, student)
    if head is None or not head.is_on_roll:
        return None
    ours = (Caregiver.student_id == head.student_id, Caregiver.given_by_id == head.school_id)
    found = db.session.scalar(select(Caregiver).where(*ours, Caregiver.public_id == caregiver))
    return NamedByUs(head, found) if found else None


def letters_to_former(head: OnRoll) -> Sequence[AnyRow]:
    """Letters to whom the school named and has ended itself: they stay (LET-6)."""
    statement = (
        select(Letter.public_id, Letter.purpose, Letter.step, Letter.round, Letter.made_at, *WHAT_BECAME)
        .add_columns(Caregiver.name.label("caregiver_name"), Caregiver.relationship, Person.name.label("made_by"))
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .join(Person, Person.id == Letter.made_by_id)
        .where(*ours(head, Letter), Letter.made_at.is_not(None), ~is_not_given_up())
    )
    return db.session.execute(statement.order_by(Letter.made_at, Letter.id)).all()


def case_at_school(actor: Actor, student_id: int) -> str | None:
    """The number of the case of a student that is not closed; empty where it is the school's and this person may not open it, None
    where there is none, or none that their school knows of."""
    number = func.max(case((visible(actor), Case.number), else_=""))
    is_known = or_(Case.school_id == actor.organisation_id, visible(actor))
    mine = (is_of(Case.student_id, student_id), Case.status != Status.CLOSED, is_known)
    found: str | None = db.session.scalar(select(number).where(*mine))
    return found


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
