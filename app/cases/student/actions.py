"""Siblings are linked, and the link ends; an enrolment elsewhere is recorded with its evidence, and taken back
where that was a mistake (CAL-5)."""

from sqlalchemy import delete, select

from app.attendance.tallies.actions import count_without
from app.attendance.tallies.queries import first_mark_of
from app.cases.actions import add_entry
from app.cases.arrivals.actions import enrol_with_case, withdraw_with
from app.cases.arrivals.rules import RECORDED, TAKEN_BACK
from app.cases.entries import Audience, EntryKind
from app.cases.queries import CaseHead
from app.cases.student.queries import EnrolmentOfCase, has_rest, is_enrolled_there, rests_on
from app.cases.student.rules import Elsewhere, fault_of, fault_of_source, fault_of_why
from app.core import clock, events
from app.core.days import in_words
from app.core.db import db
from app.core.errors import Refused, refuse_faulty
from app.core.security import public_id
from app.core.text import nfc
from app.people.models import Organisation
from app.students.models import Enrolment, EnrolmentSource, Student
from app.students.queries import hold_student
from app.students.siblings.models import Sibling

ONE_STUDENT = "That is this student’s own case. Choose another student’s."
ENROLLED_THERE = "The student is recorded as enrolled at this school already."
RESTS = "That school has done something for this student by now, so this cannot be taken back here."
THEIR_ROLL = "It ends when their own roll says so; ask their office."


def record_enrolment(case: CaseHead, school: Organisation, told: Elsewhere, *, by: events.By) -> Enrolment:
    """As somebody knows it, with what they know it from. The school sees what the student brings along as after any move
    (CASE-10); other enrolments end when their schools' rolls say so."""
    faults = [*fault_of(told, clock.today()).values()]
    if faults or told.from_on is None or told.year_level is None:
        raise Refused(f"{faults[0]}.")
    hold_student(case.student_id)
    if is_enrolled_there(case.student_id, school.id):
        raise Refused(ENROLLED_THERE)
    student = db.session.get_one(Student, case.student_id)
    enrolment = enrol_with_case(student, school, from_on=told.from_on, year_level=told.year_level, is_main=told.is_main)
    enrolment.source = EnrolmentSource.PERSON
    enrolment.evidence, enrolment.recorded_by_id = nfc(told.evidence), by.person_id
    db.session.flush()
    events.record(RECORDED, by=by, on=enrolment, about=case)
    return enrolment


def take_back_enrolment(found: EnrolmentOfCase, why: str, *, by: events.By) -> bool:
    """It was recorded by mistake: its school sees nothing by it from now on, and a transfer that was asked for because of it is
    not asked for any more. What it said, and who says why it was a mistake, stays on the timeline. False where it was taken
    back already; raises `Refused` where something rests on it."""
    refuse_faulty(fault_of_why(why))
    hold_student(found.head.student_id)
    enrolment = found.enrolment
    gone = delete(Enrolment).where(Enrolment.id == enrolment.id, ~rests_on()).returning(first_mark_of(enrolment))
    row = db.session.execute(gone.execution_options(synchronize_session=False)).first()
    if row is None:
        if has_rest(enrolment):
            raise Refused(RESTS, THEIR_ROLL)
        return False
    count_without(enrolment, row[0])
    add_entry(found.case_id, EntryKind.STATUS, body=_taken_back(found, why), audience=Audience.SHARED, by=by)
    events.record(TAKEN_BACK, by=by, on=enrolment, about=found.head)
    if found.transfer_waits:
        withdraw_with(found.head, enrolment.school_id)
    return True


def _taken_back(found: EnrolmentOfCase, why: str) -> str:
    enrolment = found.enrolment
    from_on, told_on = (in_words(day) for day in (enrolment.from_on, clock.nz(enrolment.as_of).date()))
    said = f"Recorded by mistake, and taken back: enrolled at {found.school_name} from {from_on}."
    return f"{said} {found.recorded_by} recorded it on {told_on}, known from: {enrolment.evidence}\nWhy it was a mistake: {nfc(why)}"


def link_sibling(case: CaseHead, other_id: int, source: str, *, by: events.By) -> bool:
    """Two students are siblings, as this organisation knows from somebody. False where it knows that already."""
    refuse_faulty(fault_of_source(source))
    if other_id == case.student_id:
        raise Refused(ONE_STUDENT)
    first, second = sorted((case.student_id, other_id))
    hold_student(first)
    pair = (Sibling.student_id == first, Sibling.other_id == second, Sibling.organisation_id == by.organisation_id)
    if db.session.scalar(select(Sibling.id).where(*pair, Sibling.ended_at.is_(None))):
        return False
    sibling = Sibling(
        public_id=public_id(),
        student_id=first,
        other_id=second,
        organisation_id=by.organisation_id,
        source=nfc(source),
        added_at=clock.now(),
        added_by_id=by.person_id,
    )
    db.session.add(sibling)
    db.session.flush()
    events.record("sibling.linked", by=by, on=sibling, about=case)
    return True


def end_sibling(case: CaseHead, sibling: Sibling, *, by: events.By) -> bool:
    """It was a mistake; that it was recorded is kept. False where it has ended."""
    found = select(Sibling).where(Sibling.id == sibling.id).with_for_update()
    still = db.session.scalars(found.execution_options(populate_existing=True)).one()
    if still.ended_at:
        return False
    still.ended_at, still.ended_by_id = clock.now(), by.person_id
    db.session.flush()
    events.record("sibling.ended", by=by, on=still, about=case)
    return True
