"""Students, enrolments and caregivers come to be."""

from datetime import date

from app.core import clock
from app.core.db import db
from app.core.security import public_id
from app.core.text import fold, index_words, nfc
from app.people.models import Organisation
from app.students.models import (
    Caregiver,
    Enrolment,
    EnrolmentSource,
    EnrolmentType,
    NameWord,
    Student,
)


def add_student(
    *, legal_name: str, born_on: date, preferred_name: str = "", national_number: str | None = None, address: str = ""
) -> Student:
    """A student with the search words of both names."""
    student = Student(
        public_id=public_id(),
        legal_name=nfc(legal_name),
        preferred_name=nfc(preferred_name),
        sort_key=_sort_key(legal_name),
        born_on=born_on,
        national_number=national_number,
        address=nfc(address),
    )
    db.session.add(student)
    db.session.flush()
    found_by = set(index_words(legal_name)) | set(index_words(preferred_name))
    db.session.add_all(NameWord(student_id=student.id, word=word) for word in found_by)
    return student


def enrol(
    student: Student, school: Organisation, *, from_on: date, year_level: int, tutor: str = "", is_main: bool = True
) -> Enrolment:
    """An enrolment as the school's roll tells it."""
    enrolment = Enrolment(
        student_id=student.id,
        school_id=school.id,
        from_on=from_on,
        type=EnrolmentType.REGULAR,
        is_main=is_main,
        year_level=year_level,
        tutor=tutor,
        source=EnrolmentSource.ROLL,
        as_of=clock.now(),
    )
    db.session.add(enrolment)
    db.session.flush()
    return enrolment


def add_caregiver(student_id: int, *, given_by: int, name: str, relationship: str, **details: str) -> Caregiver:
    """A caregiver as an organisation (`given_by`, its id) named them; details are phone, email, address, language."""
    caregiver = Caregiver(
        public_id=public_id(),
        student_id=student_id,
        given_by_id=given_by,
        name=nfc(name),
        relationship=nfc(relationship),
        added_at=clock.now(),
        **{field: nfc(text) for field, text in details.items()},
    )
    db.session.add(caregiver)
    db.session.flush()
    return caregiver


def _sort_key(legal_name: str) -> str:
    """Family name first, folded: the order a New Zealand roll is read in."""
    *given, family = legal_name.split() or [""]
    return fold(f"{family} {' '.join(given)}")
