"""A student at the actor's school, and what hangs on their being there."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.attendance.models import AbsenceStatement
from app.cases import policy as case_policy
from app.cases.models import Case, Status
from app.cases.queries import CaseHead
from app.core.db import Base, db
from app.people.models import Kind, RoleHeld
from app.people.queries import Actor
from app.people.rules import ROLES_OF
from app.referrals.models import Referral, State
from app.referrals.newcomers.rules import REASONS
from app.students.models import Caregiver, Enrolment, EnrolmentSource, NameWord, Student
from app.students.queries import is_not_over
from app.students.records.models import DetailWord, FormerStudent

SENT = aliased(Referral)
FOUND_BY = frozenset({NameWord.__table__, DetailWord.__table__})


@dataclass(frozen=True)
class Added:
    """A student, enrolled at the actor's school; whoever made drafts for them, and why they cannot be taken back, if so."""

    student: Student
    enrolment: Enrolment
    drafts: int
    why_not: str
    what_then: str


def added_for(actor: Actor, public_id: str) -> Added | None:
    """A student whom the actor's school has on its list now. One statement."""
    return _added(actor, Student.public_id == public_id)


def added_numbered(actor: Actor, student_id: int) -> Added | None:
    """The same, by another of their numbers."""
    return _added(actor, Student.id == student_id)


def _added(actor: Actor, which: ColumnElement[bool]) -> Added | None:
    """Whoever only gives roles sees no student."""
    if actor.role not in ROLES_OF[Kind.SCHOOL]:
        return None
    facts = [clause.label(name) for name, clause in _hangs(actor).items()]
    statement = (
        select(Student, Enrolment, _drafts(actor).label("drafts"), *facts)
        .join(Enrolment, Enrolment.student_id == Student.id)
        .where(which, Enrolment.school_id == actor.organisation_id, is_not_over())
        .order_by(Enrolment.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    row = db.session.execute(statement).first()
    if row is None:
        return None
    why_not, what_then = next((said for name, said in REASONS.items() if getattr(row, name)), ("", ""))
    return Added(row.Student, row.Enrolment, row.drafts, why_not, what_then)


def is_known_otherwise(student_id: int) -> bool:
    """Does anything speak of this student still, but for the words by which they are found?"""
    names = [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is Student.__table__ and table not in FOUND_BY
    ]
    return bool(db.session.scalar(select(or_(*(exists().where(name == student_id) for name in names)))))


def brought_by(student_id: int) -> CaseHead | None:
    """The student's case that is not closed, whoever may see it: for what follows there, not to be shown."""
    case = select(Case.id.label("case_id"), Case.number).where(
        Case.student_id == student_id, Case.status != Status.CLOSED
    )
    row = db.session.execute(case).first()
    return CaseHead(row) if row else None


def is_here_otherwise(enrolment: Enrolment) -> bool:
    """Was the student at this school in another enrolment too?"""
    here = (Enrolment.student_id == enrolment.student_id, Enrolment.school_id == enrolment.school_id)
    return db.session.scalar(select(Enrolment.id).where(*here, Enrolment.id != enrolment.id).limit(1)) is not None


def _drafts(actor: Actor) -> Any:
    theirs = (Referral.student_id == Student.id, Referral.school_id == actor.organisation_id)
    drafts = select(func.count(Referral.id)).where(*theirs, Referral.state == State.DRAFT)
    return drafts.correlate(Student).scalar_subquery()


def _hangs(actor: Actor) -> dict[str, ColumnElement[bool]]:
    """By the names of the reasons."""
    here = actor.organisation_id
    recorder = exists().where(RoleHeld.person_id == Enrolment.recorded_by_id, RoleHeld.organisation_id == here)
    sent = (SENT.student_id == Student.id, SENT.school_id == here, SENT.state != State.DRAFT)
    recorded = (
        exists().where(AbsenceStatement.student_id == Student.id, AbsenceStatement.organisation_id == here),
        exists().where(FormerStudent.student_id == Student.id, FormerStudent.organisation_id == here),
        exists().where(Caregiver.student_id == Student.id, Caregiver.given_by_id == here),
    )
    return {
        "on_roll": Enrolment.source != EnrolmentSource.PERSON,
        "by_others": ~recorder,
        "is_asked_for": exists().where(*sent),
        "has_case": select(Case.id).where(Case.student_id == Student.id, case_policy.visible(actor)).exists(),
        "has_record": or_(*recorded),
    }
