"""Letters that rest on what is recorded of a student; and the letter that a file is."""

from collections.abc import Sequence

from sqlalchemy import select, true

from app.cases import policy as cases
from app.cases.models import Case
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.models import Letter
from app.letters.policy import can_see_letters
from app.letters.queries import LetterOfCase, letter_for
from app.letters.steps import Ladder
from app.people.models import Role
from app.people.queries import Actor
from app.students.models import Caregiver, Student


def letters_resting_on(student_id: int) -> Sequence[AnyRow]:
    """Those in force, of the cases of a student, each with what is recorded of its caregiver and of the student; one statement. A
    school's own letters rest on what that school said itself."""
    of_student = select(Case.id).where(Case.student_id == student_id)
    statement = (
        select(
            Letter,
            *(Case.id.label("case_id"), Case.school_id, Case.service_id, Case.status, Case.student_id),
            Caregiver.name.label("caregiver_name"),
            *(Caregiver.address, Caregiver.lives_with_student, Caregiver.ended_at),
            *(Student.legal_name, Student.preferred_name, Student.address.label("home")),
        )
        .join(Case, Case.id == Letter.case_id)
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .join(Student, Student.id == Case.student_id)
        .where(Letter.case_id.in_(of_student), Letter.made_at.is_not(None), Letter.voided_at.is_(None))
        .order_by(Letter.id)
    )
    return db.session.execute(statement).all()


def letter_of_file(actor: Actor, sha256: str) -> LetterOfCase | None:
    """The letter that was made with exactly these bytes, also one that is void, of a case whose letters this person may see. Of
    others it is not asked whether there are any: one statement, whatever the file is."""
    own = cases.is_own(actor) if actor.role is Role.CASE_MANAGER else true()
    made = (Letter.made_at.is_not(None), StoredFile.kept_sha256 == sha256)
    statement = (
        select(Case.number, Letter.public_id)
        .join(Letter, Letter.case_id == Case.id)
        .join(StoredFile, StoredFile.id == Letter.file_id)
        .where(cases.visible(actor), own, *made)
        .limit(1)
    )
    row = db.session.execute(statement).first()
    found = letter_for(actor, row.number, row.public_id) if row else None
    return found if found and can_see_letters(actor, found.head) else None


def ladder_version(letter: Letter) -> int | None:
    """Of the organisation's own ladder that it was written by; none where it was ours."""
    return db.session.scalar(select(Ladder.number).where(Ladder.id == letter.ladder_id)) if letter.ladder_id else None
