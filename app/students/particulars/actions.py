"""What is recorded of a student changes; what was recorded before is kept (CASE-17)."""

from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError

from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.text import nfc
from app.core.versions import changed_since
from app.students.actions import sort_key
from app.students.caregivers.actions import keep_reachable
from app.students.models import Student
from app.students.particulars.queries import student_to_change
from app.students.particulars.rules import KEPT, StudentFacts, facts_of, fault_of
from app.students.queries import student_numbered
from app.students.records.finding import find_by_details, find_by_names
from app.students.records.keeping import keep_former

OTHER_NUMBER = "This number cannot be recorded here: it goes with another record. Check it with where you have it from."


class OfCase(Protocol):
    """The case that a student is seen on."""

    @property
    def id(self) -> int: ...
    @property
    def student_id(self) -> int: ...


def change_student(
    case: OfCase, told: StudentFacts, *, version: str, by: events.By, shown: StudentFacts | None = None
) -> bool:
    """Other facts take the place of those that stand there, which are kept; the student is still found by former names.
    `shown`: what the page showed, where that is not what stands there (a school’s own words): only what was changed on it
    counts. Raises `Conflict` where it is not the `version` that the page had. False where it says so already."""
    student = student_to_change(case.student_id)
    was = facts_of(student)
    seen = shown or was
    if changed_since(version, seen.texts):
        raise Conflict("Somebody else changed what is recorded of the student meanwhile.")
    becomes = was.values | {name: text for name, text in _composed(told).items() if text != getattr(seen, name)}
    refuse_faulty(*fault_of(StudentFacts(**becomes), clock.today(), was=was).values())
    if becomes == was.values:
        return False
    keep_former(student, by)
    _give_number(student, becomes["national_number"] or None)
    _become(student, becomes, by)
    events.record("student.changed", by=by, on=student, about=case)
    return True


def _become(student: Student, becomes: dict[str, Any], by: events.By) -> None:
    names, details = (student.legal_name, student.preferred_name), (student.address, student.phone)
    for field in KEPT:
        setattr(student, field, becomes[field])
    student.sort_key = sort_key(student.legal_name)
    db.session.flush()
    if names != (student.legal_name, student.preferred_name):
        find_by_names(student)
    if details != (student.address, student.phone):
        find_by_details(student.id)
        keep_reachable(student.id, by=by)


def _give_number(student: Student, number: str | None) -> None:
    """Raises `Refused` where another record has it, or gets it in the same moment; that tells nothing of whose it is (REQ-10)."""
    if number == student.national_number:
        return
    if number and student_numbered(number):
        raise Refused(OTHER_NUMBER)
    try:
        with db.session.begin_nested():
            student.national_number = number
    except IntegrityError as taken:
        raise Refused(OTHER_NUMBER) from taken


def _composed(told: StudentFacts) -> dict[str, Any]:
    return {field: nfc(value) if isinstance(value, str) else value for field, value in told.values.items()}
