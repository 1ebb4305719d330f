"""Students, enrolments and caregivers come to be; what is recorded of a caregiver changes, and ends (CASE-14)."""

from datetime import date
from typing import Any, Protocol

from sqlalchemy import func, select

from app.core import clock, events
from app.core.db import db, inserting
from app.core.errors import Conflict, Refused
from app.core.security import public_id
from app.core.text import fold, index_words, nfc
from app.core.versions import changed_since
from app.people.models import Organisation
from app.students.models import (
    Caregiver,
    Enrolment,
    EnrolmentSource,
    EnrolmentType,
    FormerCaregiver,
    NameWord,
    Student,
    Tried,
)
from app.students.queries import caregiver_to_change
from app.students.rules import CaregiverFacts, facts_of, fault_of

NAMED_NO_MORE = "This caregiver is not named with the student any more. Name them again if that was a mistake."


class OfCase(Protocol):
    """The case that a caregiver is recorded on."""

    @property
    def id(self) -> int: ...
    @property
    def student_id(self) -> int: ...


def add_student(
    *, legal_name: str, born_on: date, preferred_name: str = "", national_number: str | None = None, address: str = ""
) -> Student:
    """A student; whom they can be found by is said when they are enrolled, or get a case."""
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
    return student


def make_findable(student: Student, organisation_id: int) -> None:
    """The people of this organisation can look for the student by both names from now on, as far as they may see them."""
    found_by = {*index_words(student.legal_name), *index_words(student.preferred_name)}
    rows = [{"organisation_id": organisation_id, "word": word, "student_id": student.id} for word in sorted(found_by)]
    if rows:
        db.session.execute(inserting(NameWord).values(rows).on_conflict_do_nothing())


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


def add_caregiver(student_id: int, *, given_by: int, name: str, relationship: str, **details: Any) -> Caregiver:
    """A caregiver as an organisation (`given_by`, its id) named them; details are the other fields of `CaregiverFacts`."""
    caregiver = Caregiver(
        public_id=public_id(),
        student_id=student_id,
        given_by_id=given_by,
        name=nfc(name),
        relationship=nfc(relationship),
        added_at=clock.now(),
        **_composed(details),
    )
    db.session.add(caregiver)
    db.session.flush()
    return caregiver


def name_caregiver(case: OfCase, told: CaregiverFacts, *, by: events.By) -> Caregiver:
    """Somebody who works the case names a caregiver: it stays marked as named by their organisation."""
    _refuse(fault_of(told, clock.today()))
    caregiver = add_caregiver(case.student_id, given_by=by.organisation_id, **told.values)
    events.record("caregiver.added", by=by, on=caregiver, about=case)
    return caregiver


def change_caregiver(case: OfCase, caregiver_id: int, told: CaregiverFacts, *, version: str, by: events.By) -> bool:
    """Other facts take the place of those that stand there, which are kept. Who named the caregiver stays, and so do the
    words it was done with: a school's own form goes on from what the school said (`queries.caregivers_given_by`). Raises
    `Conflict` where what stands there is not the `version` that the page showed. False where it says so already."""
    caregiver = caregiver_to_change(caregiver_id)
    was = facts_of(caregiver)
    if caregiver.ended_at:
        raise Conflict(NAMED_NO_MORE, "They are not named any more")
    if changed_since(version, was.texts):
        raise Conflict("Somebody else changed what is recorded of this caregiver meanwhile.")
    _refuse(fault_of(told, clock.today(), was=was))
    becomes = _composed(told.values)
    if becomes == was.values:
        return False
    _become(case, caregiver, becomes, by)
    return True


def mark_address_not_current(case: OfCase, caregiver_id: int, on: date, *, by: events.By) -> bool:
    """That day it was found that nothing reaches them there; who gave the address stays, and what was recorded before is
    kept. False where that is known already, where the address was checked since, or where they are named no more."""
    caregiver = caregiver_to_change(caregiver_id)
    checked_on, is_current = caregiver.address_checked_on, caregiver.address_state is Tried.CURRENT
    is_checked_since = is_current and checked_on is not None and checked_on > on
    if caregiver.ended_at or is_checked_since or caregiver.address_state is Tried.NOT_CURRENT:
        return False
    _become(case, caregiver, {"address_state": Tried.NOT_CURRENT, "address_checked_on": on}, by)
    return True


def end_caregiver(case: OfCase, caregiver_id: int, *, by: events.By) -> bool:
    """Named no more; what was recorded stays, and so do letters to them. Ended twice they ended once (False)."""
    caregiver = caregiver_to_change(caregiver_id)
    if caregiver.ended_at:
        return False
    caregiver.ended_at = clock.now()
    events.record("caregiver.ended", by=by, on=caregiver, about=case)
    return True


def _become(case: OfCase, caregiver: Caregiver, becomes: dict[str, Any], by: events.By) -> None:
    _keep_former(caregiver, facts_of(caregiver), by)
    for field, value in becomes.items():
        setattr(caregiver, field, value)
    caregiver.changed_at, caregiver.changed_by_id = clock.now(), by.person_id
    events.record("caregiver.changed", by=by, on=caregiver, about=case)


def _keep_former(caregiver: Caregiver, was: CaregiverFacts, by: events.By) -> None:
    """The caregiver's row is locked, so of two numbers none is the same."""
    count = select(func.count()).where(FormerCaregiver.caregiver_id == caregiver.id)
    former = FormerCaregiver(
        caregiver_id=caregiver.id,
        number=(db.session.scalar(count) or 0) + 1,
        until=clock.now(),
        by_id=by.person_id,
        organisation_id=by.organisation_id,
        **was.values,
    )
    db.session.add(former)
    db.session.flush()


def _refuse(faults: dict[str, str]) -> None:
    for fault in faults.values():
        raise Refused(f"{fault}.")


def _composed(values: dict[str, Any]) -> dict[str, Any]:
    return {field: nfc(value) if type(value) is str else value for field, value in values.items()}


def _sort_key(legal_name: str) -> str:
    """Family name first, folded: the order a New Zealand roll is read in."""
    *given, family = legal_name.split() or [""]
    return fold(f"{family} {' '.join(given)}")
