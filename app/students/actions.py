"""Students and their enrolments come to be, and are found by their names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.core import clock
from app.core.db import db, inserting
from app.core.errors import Refused
from app.core.security import public_id
from app.core.text import fold, nfc
from app.people.models import Organisation
from app.students.models import Enrolment, EnrolmentSource, EnrolmentType, Student
from app.students.queries import student_numbered
from app.students.records.finding import make_findable
from app.students.rules import is_alike

OTHER_NUMBER = (
    "This national student number does not go with this name and date of birth. Check the number, and how name and date are "
    "written where you have it from."
)
ASK_OFFICE = "Without a number the student can be added too; whoever has the case then says whether it is the same one."


def add_student(
    *, legal_name: str, born_on: date, preferred_name: str = "", national_number: str | None = None, address: str = ""
) -> Student:
    """A student; whom they can be found by is said when they are enrolled, or get a case. The same national number is the same
    student, so a known one's record is returned as it stands (REQ-10): what hangs on it is shown only to whoever may see that.
    Raises `Refused` where name or date of birth say that it is somebody else, and tells nothing of who that is."""
    number = "".join((national_number or "").split()) or None
    facts = {
        "public_id": public_id(),
        "legal_name": nfc(legal_name),
        "preferred_name": nfc(preferred_name),
        "sort_key": sort_key(legal_name),
        "born_on": born_on,
        "national_number": number,
        "address": nfc(address),
    }
    known = student_numbered(number) if number else None
    if known is None and (added := _added(facts)):
        return added
    return _same(known or student_numbered(number or ""), legal_name, born_on)


def _added(facts: Mapping[str, Any]) -> Student | None:
    """None where somebody added a student of this number in the same moment: it waits until that has been done, or not."""
    new = inserting(Student).values(facts).on_conflict_do_nothing(index_elements=["national_number"])
    added: Student | None = db.session.scalar(new.returning(Student))
    return added


def _same(known: Student | None, legal_name: str, born_on: date) -> Student:
    if known is None or not is_alike(known, legal_name, born_on):
        raise Refused(OTHER_NUMBER, ASK_OFFICE)
    return known


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
    make_findable(student, school.id)
    return enrolment


def sort_key(legal_name: str) -> str:
    """Family name first, folded: the order a New Zealand roll is read in."""
    *given, family = legal_name.split() or [""]
    return fold(f"{family} {' '.join(given)}")
