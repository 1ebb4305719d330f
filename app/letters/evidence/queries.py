"""Letters that rest on what is recorded of a student; and the letter that a file is."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import and_, func, select, true, union_all

from app.attendance.models import Holiday
from app.cases import policy as cases
from app.cases.models import Case
from app.cases.queries import case_for
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.models import Letter
from app.letters.policy import can_see_letters
from app.letters.purposes import Purpose
from app.letters.queries import RECORD, LetterOfCase
from app.letters.steps import Ladder
from app.people.models import Organisation, Role
from app.people.queries import Actor
from app.students.models import Caregiver, Enrolment, Student
from app.students.queries import is_enrolled
from app.students.records.queries import are_of, is_of


def letters_resting_on(student_id: int) -> Sequence[AnyRow]:
    """Those in force about a student, of a case or of a school, each with what is recorded of its caregiver and of the student,
    and with the holiday that it is about; one statement."""
    of_cases = Letter.case_id.in_(select(Case.id).where(Case.student_id == student_id))
    of_schools = is_of(Letter.student_id, student_id)
    theirs = union_all(*(select(Letter.id).where(which) for which in (of_cases, of_schools)))
    return _in_force(func.coalesce(Case.student_id, student_id), Letter.id.in_(theirs))


def letters_of_term(school_id: int, term: int) -> Sequence[AnyRow]:
    """The same of those that a school wrote on days absent in that term (`TermOfYear.code`); one statement."""
    theirs = (Letter.organisation_id == school_id, Letter.purpose == Purpose.SCHOOL, Letter.round == term)
    return _in_force(Caregiver.student_id, Letter.student_id.is_not(None), *theirs)


def letters_on_days_absent(school_id: int, students: Collection[int]) -> Sequence[AnyRow]:
    """The same of letters about these students that state days absent, a school's own and those of services, whichever school
    these name; one statement."""
    theirs = select(Case.id).where(Case.student_id.in_(students))
    of_cases = (Letter.case_id.in_(theirs), Letter.purpose == Purpose.CA)
    whose = (Letter.organisation_id == school_id, Letter.purpose == Purpose.SCHOOL)
    of_school = (*whose, are_of(Letter.student_id, students))
    found = union_all(*(select(Letter.id).where(*which) for which in (of_cases, of_school)))
    return _in_force(func.coalesce(Case.student_id, Caregiver.student_id), Letter.id.in_(found))


def schools_of_each(students: Collection[int]) -> dict[int, dict[int, str]]:
    """Of each of these every school that they are or were at, by its name; one statement."""
    statement = select(Enrolment.student_id, Organisation.id, Organisation.name)
    statement = statement.join(Organisation, Organisation.id == Enrolment.school_id)
    found: dict[int, dict[int, str]] = {}
    for row in db.session.execute(statement.where(Enrolment.student_id.in_(students))):
        found.setdefault(row.student_id, {})[row.id] = row.name
    return found


def _in_force(whose: Any, *which: Any) -> Sequence[AnyRow]:
    """`whose`: the record of the student, where others went into it."""
    statement = (
        select(
            Letter,
            *(Case.id.label("case_id"), Case.school_id, Case.service_id, Case.status, Student.id.label("student_id")),
            Organisation.name.label("school_name"),
            Caregiver.name.label("caregiver_name"),
            *(Caregiver.address, Caregiver.lives_with_student, Caregiver.ended_at),
            *(Student.legal_name, Student.preferred_name, Student.address.label("home")),
            *(Holiday.to_on.label("holiday_to_on"), Holiday.ended_at.label("holiday_ended_at")),
            is_enrolled(Letter.organisation_id.expression, Student.id).label("is_on_roll"),
        )
        .outerjoin(Case, Case.id == Letter.case_id)
        .outerjoin(Organisation, Organisation.id == Case.school_id)
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .join(Student, Student.id == whose)
        .outerjoin(Holiday, and_(Letter.purpose == Purpose.HOLIDAY, Holiday.id == Letter.round))
        .where(Letter.made_at.is_not(None), Letter.voided_at.is_(None), *which)
        .order_by(Letter.id)
    )
    return db.session.execute(statement).all()


def letter_of_file(actor: Actor, sha256: str) -> LetterOfCase | None:
    """The letter that was made with exactly these bytes, also one that is void: of a case whose letters this person may see, or of
    a school about its student. Of others it is not asked whether there are any: one statement, whatever the file is."""
    own = cases.is_own(actor) if actor.role is Role.CASE_MANAGER else true()
    made = (Letter.made_at.is_not(None), StoredFile.kept_sha256 == sha256, cases.visible(actor), own)
    of_case, of_student = Letter.case_id == Case.id, Letter.student_id == Case.student_id
    file = StoredFile.id == Letter.file_id
    wanted = union_all(
        *(
            select(Case.number, Letter.id).join(Letter, which).join(StoredFile, file).where(*made)
            for which in (of_case, of_student)
        )
    )
    row = db.session.execute(wanted.limit(1)).first()
    head = case_for(actor, row.number) if row else None
    if row is None or head is None or not can_see_letters(actor, head):
        return None
    record = db.session.execute(RECORD.where(Letter.id == row.id)).one()
    return LetterOfCase(head, record.Letter, record)


def ladder_version(letter: Letter) -> int | None:
    """Of the organisation's own ladder that it was written by; none where it was ours."""
    return db.session.scalar(select(Ladder.number).where(Ladder.id == letter.ladder_id)) if letter.ladder_id else None
