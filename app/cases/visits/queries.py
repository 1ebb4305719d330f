"""What a visit sheet is made of (P16)."""

from collections.abc import Sequence

from sqlalchemy import and_, select

from app.cases.entries import Entry, Meeting
from app.cases.meetings.models import MeetingAnswer
from app.core.db import AnyRow, db
from app.students.models import Caregiver, Student

_OF_CAREGIVER = (
    *(Caregiver.name, Caregiver.relationship, Caregiver.may_be_contacted, Caregiver.contact_note),
    *(Caregiver.lives_with_student, Caregiver.phone, Caregiver.phone_state, Caregiver.language),
    *(Caregiver.address, Caregiver.address_state),
)


def whom_to_visit(student_id: int) -> Sequence[AnyRow]:
    """The student with each caregiver who is named, in one statement; who may see them is asked of the case."""
    statement = (
        select(
            Student.address.label("home"),
            Student.phone.label("student_phone"),
            Student.language.label("student_language"),
            Student.needs_interpreter,
            *_OF_CAREGIVER,
        )
        .outerjoin(Caregiver, and_(Caregiver.student_id == Student.id, Caregiver.ended_at.is_(None)))
        .where(Student.id == student_id)
    )
    return db.session.execute(statement.order_by(Caregiver.id)).all()


def answered_on(case_id: int) -> set[str]:
    """What of the list of a first meeting was filled in, in anything that happened and still stands (CASE-13)."""
    statement = (
        select(MeetingAnswer.field)
        .distinct()
        .join(Meeting, Meeting.id == MeetingAnswer.meeting_id)
        .join(Entry, Entry.id == Meeting.entry_id)
        .where(Meeting.case_id == case_id, Entry.retracted_at.is_(None))
    )
    return set(db.session.scalars(statement))
