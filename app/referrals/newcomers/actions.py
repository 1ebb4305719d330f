"""A student who was added by mistake is at the school no more, as if nobody had said so."""

from sqlalchemy import delete, select

from app.attendance.tallies.actions import count_without
from app.attendance.tallies.queries import first_mark_of
from app.cases.arrivals.actions import withdraw_with
from app.cases.arrivals.rules import TAKEN_BACK
from app.core import events
from app.core.db import db
from app.core.errors import Refused
from app.people.queries import Actor
from app.referrals.drafts.actions import delete_drafts
from app.referrals.models import Referral, State
from app.referrals.newcomers.queries import Added, added_for, brought_by, is_here_otherwise, is_known_otherwise
from app.referrals.newcomers.rules import DRAFT_DELETED, STUDENT_DELETED
from app.students.models import Enrolment, NameWord, PrivacyStatementGiven, Student
from app.students.queries import hold_student
from app.students.records.models import DetailWord

AS_IT_IS = {"synchronize_session": False}


def take_back(added: Added, *, by: Actor) -> bool:
    """The school's list names the student no more, and its drafts for them are deleted, with what it noted of them. A record that
    nothing else speaks of goes too; one that others have stays as it is, and nobody here learns that. False where it was taken
    back already; raises `Refused` where something hangs on it."""
    drafts = _hold_drafts(added, by)
    hold_student(added.student.id)
    now = added_for(by, added.student.public_id)
    if now is None:
        return False
    if now.why_not:
        raise Refused(now.why_not, now.what_then)
    for draft in drafts:
        events.record(DRAFT_DELETED, by=by, on=draft)
    delete_drafts([draft.id for draft in drafts])
    _end_enrolment(now.enrolment, by)
    _delete_alone(now.student, by)
    return True


def _hold_drafts(added: Added, by: Actor) -> list[Referral]:
    """Those discarded too; who writes in one at this moment is waited for."""
    theirs = (Referral.student_id == added.student.id, Referral.school_id == by.organisation_id)
    drafts = select(Referral).where(*theirs, Referral.state == State.DRAFT).order_by(Referral.id)
    return list(db.session.scalars(drafts.with_for_update()))


def _end_enrolment(enrolment: Enrolment, by: Actor) -> None:
    """With what the school noted of the student, and finds them by; and with the transfer that was asked for by itself of a case
    that they would have brought along."""
    if not is_here_otherwise(enrolment):
        for table in (NameWord, DetailWord, PrivacyStatementGiven):
            theirs = (table.student_id == enrolment.student_id, table.organisation_id == enrolment.school_id)
            db.session.execute(delete(table).where(*theirs).execution_options(**AS_IT_IS))
    gone = delete(Enrolment).where(Enrolment.id == enrolment.id).returning(first_mark_of(enrolment))
    count_without(enrolment, db.session.scalar(gone.execution_options(**AS_IT_IS)))
    head = brought_by(enrolment.student_id)
    events.record(TAKEN_BACK, by=by, on=enrolment, about=head)
    if head:
        withdraw_with(head, enrolment.school_id)


def _delete_alone(student: Student, by: Actor) -> None:
    if not is_known_otherwise(student.id):
        events.record(STUDENT_DELETED, by=by, on=student)
        db.session.execute(delete(Student).where(Student.id == student.id).execution_options(**AS_IT_IS))
