"""What the marks of a school’s students ask, and what was answered. Who is not on the roll today is not asked about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, false, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from app.attendance.models import Holiday
from app.attendance.prompts.counting import AWAY
from app.attendance.prompts.models import MarkPrompt, PromptAnswer, PromptKind
from app.attendance.prompts.rules import CORRECTED, Ask
from app.core.db import TODAY, AnyRow, AnySelect, db
from app.core.hours import nz_day_of
from app.people.models import Person
from app.people.queries import Actor
from app.students.models import Enrolment, EnrolmentType, Student
from app.students.queries import is_not_over
from app.students.records.models import MergeState, StudentMerge

IS_OPEN = MarkPrompt.ended_at.is_(None)
Answered, Here = aliased(PromptAnswer), aliased(Enrolment)
_IS_AWAY = MarkPrompt.kind.in_(AWAY)
_RECORDS = union_all(
    select(MarkPrompt.student_id).correlate(MarkPrompt),
    select(StudentMerge.from_id)
    .where(StudentMerge.into_id == MarkPrompt.student_id, StudentMerge.state == MergeState.CONFIRMED)
    .correlate(MarkPrompt),
)
"""That of a prompt's student, and those that went into it."""


def _answers(of: Any) -> tuple[ColumnElement[bool], ...]:
    """Clauses on answers: about the days of a prompt."""
    kind = or_(of.kind == MarkPrompt.kind, and_(_IS_AWAY, of.kind.in_(AWAY)))
    days = (of.from_on <= MarkPrompt.to_on, of.to_on >= MarkPrompt.from_on)
    return of.student_id.in_(_RECORDS), of.school_id == MarkPrompt.school_id, kind, *days


_NEWEST = select(func.max(PromptAnswer.id)).where(*_answers(PromptAnswer)).correlate(MarkPrompt).scalar_subquery()
IS_CARRIED = and_(MarkPrompt.kind == PromptKind.ABSENT_TWENTY, Answered.kind == PromptKind.ABSENT)
IS_UNANSWERED = or_(Answered.id.is_(None), and_(IS_CARRIED, Answered.return_on.is_(None)))
"""The newest answer holds. One about fifteen days holds for twenty only where it says when the student comes back."""
_ON_ROLL = (
    select(func.max(Enrolment.id))
    .where(
        Enrolment.student_id == MarkPrompt.student_id,
        Enrolment.school_id == MarkPrompt.school_id,
        Enrolment.from_on <= TODAY,
        is_not_over(),
    )
    .correlate(MarkPrompt)
    .scalar_subquery()
)
_HOLIDAY = (
    select(Holiday.id)
    .where(
        Holiday.student_id == MarkPrompt.student_id,
        Holiday.school_id == MarkPrompt.school_id,
        Holiday.ended_at.is_(None),
        Holiday.from_on <= MarkPrompt.to_on,
        Holiday.to_on >= TODAY,
    )
    .correlate(MarkPrompt)
    .exists()
)
HAS_PASSED = and_(_IS_AWAY, func.coalesce(Answered.return_on < TODAY, false()))
_IS_NOT_ATTENDING = and_(_IS_AWAY, Here.type == EnrolmentType.NOT_ATTENDING)
OF_ROLL_HAS_PASSED = and_(
    _IS_NOT_ATTENDING,
    func.coalesce(Student.return_on < TODAY, false()),
    or_(
        Answered.id.is_(None),
        and_(nz_day_of(Answered.at) <= Student.return_on, ~func.coalesce(Answered.return_on >= TODAY, false())),
    ),
)
"""The day that goes with who does not attend; and nobody has answered since, nor said a later one."""
IS_PAST = or_(HAS_PASSED, OF_ROLL_HAS_PASSED)
RETURN_ON: Any = case((OF_ROLL_HAS_PASSED, Student.return_on), else_=Answered.return_on)
_ASKS: Any = case((IS_PAST, literal(str(Ask.RETURN_PASSED))), else_=cast(MarkPrompt.kind, String))
ASK = _ASKS.label("ask")
RANK = case(*((_ASKS.in_([str(ask)]), number) for number, ask in enumerate(Ask)), else_=len(Ask)).label("rank")


def _is_asked() -> ColumnElement[bool]:
    """Nobody has answered; or the days have grown since, where the answer was about the marks as they were; or the student was
    said to be back by now. Of whom it is known when they come back it is not asked (ATT-3)."""
    is_of_marks = or_(Answered.answer == CORRECTED, MarkPrompt.kind == PromptKind.NOT_KNOWN)
    has_grown = and_(is_of_marks, MarkPrompt.to_on > Answered.to_on)
    is_on_roll = and_(_IS_NOT_ATTENDING, func.coalesce(Student.return_on >= TODAY, true()))
    is_expected = or_(is_on_roll, and_(_IS_AWAY, _HOLIDAY))
    return and_(
        IS_OPEN,
        MarkPrompt.asks_on <= TODAY,
        or_(IS_UNANSWERED, has_grown, IS_PAST),
        or_(HAS_PASSED, ~is_expected),
    )


def with_answer(*columns: Any) -> AnySelect:
    """Prompts of students on the roll, each with the newest answer about its days."""
    return (
        select(*columns)
        .select_from(MarkPrompt)
        .join(Student, Student.id == MarkPrompt.student_id)
        .join(Here, Here.id == _ON_ROLL)
        .outerjoin(Answered, Answered.id == _NEWEST)
    )


def asked(*columns: Any) -> AnySelect:
    """Those that wait for an answer."""
    return with_answer(*columns).where(_is_asked())


LINE = (
    *(
        MarkPrompt.id,
        MarkPrompt.public_id,
        MarkPrompt.student_id,
        MarkPrompt.kind,
        MarkPrompt.from_on,
        MarkPrompt.to_on,
    ),
    *(MarkPrompt.days, MarkPrompt.unmarked, MarkPrompt.ended_at, ASK, RANK, RETURN_ON.label("return_on")),
    *(Student.public_id.label("student"), Student.legal_name, Student.preferred_name, Here.year_level, Here.tutor),
)


@dataclass(frozen=True)
class PromptOfStudent:
    """Days that are asked about, with their student and the newest answer, and whether they are asked about now."""

    row: AnyRow
    case_id: None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def version(self) -> str:
        """Which answer a page showed."""
        return str(self.row.answer_id or "")


def prompt_for(actor: Actor, public_id: str) -> PromptOfStudent | None:
    """One of the actor’s school, also where nothing is asked any more."""
    mine = (MarkPrompt.school_id == actor.organisation_id, MarkPrompt.public_id == public_id)
    columns = (*LINE, Answered.id.label("answer_id"), case((_is_asked(), True), else_=False).label("is_asked"))
    row = db.session.execute(with_answer(*columns).where(*mine)).first()
    return PromptOfStudent(row) if row else None


def answers_about(prompt_id: int) -> Sequence[AnyRow]:
    """What was answered about its days, newest first, and by whom."""
    said = (
        Answered.answer,
        Answered.return_on,
        Answered.done_on,
        Answered.note,
        Answered.at,
        Person.name.label("by_name"),
    )
    statement = (
        select(*said)
        .select_from(MarkPrompt)
        .join(Answered, and_(*_answers(Answered)))
        .join(Person, Person.id == Answered.by_id)
        .where(MarkPrompt.id == prompt_id)
    )
    return db.session.execute(statement.order_by(Answered.id.desc())).all()


def prompt_to_answer(prompt_id: int) -> MarkPrompt:
    """As it stands now, locked until the end of the transaction."""
    locked = select(MarkPrompt).where(MarkPrompt.id == prompt_id).with_for_update()
    return db.session.scalars(locked.execution_options(populate_existing=True)).one()


def newest_answer_to(prompt_id: int) -> int | None:
    """Its id."""
    return db.session.scalar(select(_NEWEST).select_from(MarkPrompt).where(MarkPrompt.id == prompt_id))


def known_of(school_id: int, students: Collection[int], since: date) -> Sequence[MarkPrompt]:
    """What is asked of these students’ marks at a school, and what was asked of days since then, in order."""
    theirs = select(MarkPrompt).where(MarkPrompt.school_id == school_id, MarkPrompt.student_id.in_(students))
    return db.session.scalars(theirs.where(or_(IS_OPEN, MarkPrompt.to_on >= since)).order_by(MarkPrompt.id)).all()
