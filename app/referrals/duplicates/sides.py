"""One record of a student, as it is put beside another: what is recorded, and its cases that this person may see."""

from sqlalchemy import ColumnElement, exists, or_, select

from app.cases.models import Case, Part
from app.cases.naming import plays
from app.cases.queries import Manager, ManagerPerson
from app.core.db import AnySelect, db
from app.people.models import Organisation
from app.people.queries import Actor
from app.referrals.duplicates.policy import sees_case
from app.referrals.duplicates.rules import Record
from app.students.models import Caregiver, Enrolment, Student
from app.students.queries import is_not_over
from app.students.records.models import MergedRow, MergeState, StudentMerge


def record_of(actor: Actor, student_id: int) -> Record:
    """Four statements: it is looked at by one person now and then."""
    schools = (
        select(Organisation.name)
        .join(Enrolment, Enrolment.school_id == Organisation.id)
        .where(Enrolment.student_id == student_id, is_not_over())
    )
    caregivers = select(Caregiver.name, Caregiver.relationship, Caregiver.phone, Caregiver.address).where(
        Caregiver.student_id == student_id, Caregiver.ended_at.is_(None)
    )
    others, taken_in = _others(actor, student_id), _taken_in(student_id)
    columns = (*Student.__table__.columns, others.label("has_others"), taken_in.label("has_taken_in"))
    student = db.session.execute(select(*columns).where(Student.id == student_id)).one()
    return Record(
        student,
        db.session.scalars(schools.order_by(Organisation.name).distinct()).all(),
        db.session.execute(caregivers.order_by(Caregiver.id)).all(),
        db.session.execute(_cases(actor, student_id)).all(),
        student.has_others,
        student.has_taken_in,
    )


def may_not_go(actor: Actor, student_id: int) -> ColumnElement[bool]:
    """What somebody else has a case of stays, and so does a record that took another one in."""
    return or_(_others(actor, student_id), _taken_in(student_id))


def went_elsewhere(actor: Actor) -> ColumnElement[bool]:
    """Of a StudentMerge: a case that went along, and would come back, is no longer one that this person works."""
    along = (MergedRow.merge_id == StudentMerge.id, MergedRow.table == Case.__tablename__, MergedRow.row_id == Case.id)
    return exists().where(*along, Case.student_id == StudentMerge.into_id, ~sees_case(actor)).correlate(StudentMerge)


def _others(actor: Actor, student_id: int) -> ColumnElement[bool]:
    return exists().where(Case.student_id == student_id, ~sees_case(actor))


def _taken_in(student_id: int) -> ColumnElement[bool]:
    return exists().where(StudentMerge.into_id == student_id, StudentMerge.state == MergeState.CONFIRMED)


def _cases(actor: Actor, student_id: int) -> AnySelect:
    """The newest first."""
    return (
        select(Case.id, Case.number, Case.status, Case.made_at, ManagerPerson.name.label("manager_name"))
        .outerjoin(Manager, plays(Manager, Part.MANAGER))
        .outerjoin(ManagerPerson, ManagerPerson.id == Manager.person_id)
        .where(Case.student_id == student_id, sees_case(actor))
        .order_by(Case.id.desc())
    )
