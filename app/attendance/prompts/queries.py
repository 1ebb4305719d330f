"""What the marks of a school’s students ask, and what was answered. Who is not on the roll today is not asked about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.attendance.models import Holiday
from app.attendance.prompts.counting import AWAY
from app.attendance.prompts.models import MarkPrompt, PromptAnswer, PromptKind
from app.attendance.prompts.rules import CORRECTED, Ask
from app.core import clock
from app.core.db import TODAY, AnyRow, AnySelect, db
from app.people.models import Person
from app.people.queries import Actor
from app.students.models import Enrolment, EnrolmentType, Student
from app.students.queries import is_not_over
from app.students.records.models import MergeState, StudentMerge

LATELY = timedelta(days=14)
"""What passed earlier passed while nobody looked: it stands in the list, and nobody is told."""
IS_OPEN = MarkPrompt.ended_at.is_(None)
Answered, Here = aliased(PromptAnswer), aliased(Enrolment)
_IS_AWAY = MarkPrompt.kind.in_(AWAY)
_WENT = select(StudentMerge.from_id).where(
    StudentMerge.into_id == MarkPrompt.student_id, StudentMerge.state == MergeState.CONFIRMED
)


def _answers(of: Any) -> tuple[ColumnElement[bool], ...]:
    """Clauses on answers: about the days of a prompt. An answer about fifteen days holds for twenty only where it says when the
    student comes back."""
    kind = or_(
        of.kind == MarkPrompt.kind,
        and_(MarkPrompt.kind == PromptKind.ABSENT, of.kind == PromptKind.ABSENT_TWENTY),
        and_(MarkPrompt.kind == PromptKind.ABSENT_TWENTY, of.kind == PromptKind.ABSENT, of.return_on.is_not(None)),
    )
    whose = or_(of.student_id == MarkPrompt.student_id, of.student_id.in_(_WENT))
    return (
        whose,
        of.school_id == MarkPrompt.school_id,
        kind,
        of.from_on <= MarkPrompt.to_on,
        of.to_on >= MarkPrompt.from_on,
    )


_NEWEST = select(func.max(PromptAnswer.id)).where(*_answers(PromptAnswer)).correlate(MarkPrompt).scalar_subquery()
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
_IS_PAST = and_(_IS_AWAY, func.coalesce(Answered.return_on < TODAY, false()))
_ASKS: Any = case((_IS_PAST, literal(str(Ask.RETURN_PASSED))), else_=cast(MarkPrompt.kind, String))
ASK = _ASKS.label("ask")
RANK = case(*((_ASKS.in_([str(ask)]), number) for number, ask in enumerate(Ask)), else_=len(Ask)).label("rank")


def _is_asked() -> ColumnElement[bool]:
    """Nobody has answered; or the days have grown since, where the answer was about the marks as they were; or the student was
    said to be back by now. Of whom it is known when they come back it is not asked (ATT-3)."""
    is_of_marks = or_(Answered.answer == CORRECTED, MarkPrompt.kind == PromptKind.NOT_KNOWN)
    has_grown = and_(is_of_marks, MarkPrompt.to_on > Answered.to_on)
    is_expected = and_(_IS_AWAY, or_(Here.type == EnrolmentType.NOT_ATTENDING, _HOLIDAY))
    return and_(
        IS_OPEN,
        MarkPrompt.asks_on <= TODAY,
        or_(Answered.id.is_(None), has_grown, _IS_PAST),
        or_(_IS_PAST, ~is_expected),
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
    *(MarkPrompt.days, MarkPrompt.unmarked, MarkPrompt.ended_at, ASK, RANK, Answered.return_on),
    *(Student.public_id.label("student"), Student.legal_name, Student.preferred_name, Here.year_level, Here.tutor),
)


def untold() -> Sequence[AnyRow]:
    """Long absences of any school that nobody has been told of, and nobody has answered."""
    of = asked(MarkPrompt.id, MarkPrompt.school_id, MarkPrompt.kind)
    is_new = (MarkPrompt.told_at.is_(None), MarkPrompt.kind.in_(AWAY), Answered.id.is_(None))
    return db.session.execute(of.where(*is_new).order_by(MarkPrompt.id)).all()


def returns_passed() -> Sequence[AnyRow]:
    """Days of return of any school that have passed lately, and of which nobody has been told."""
    lately = (PromptAnswer.return_on < TODAY, PromptAnswer.return_on >= clock.today() - LATELY)
    of = asked(MarkPrompt.id, MarkPrompt.school_id, MarkPrompt.student_id, Answered.return_on)
    is_told = func.coalesce(MarkPrompt.told_return_on == Answered.return_on, false())
    at = MarkPrompt.school_id.in_(select(PromptAnswer.school_id).where(*lately))
    passed = (at, _IS_PAST, Answered.return_on >= clock.today() - LATELY, ~is_told)
    return db.session.execute(of.where(*passed).order_by(MarkPrompt.id)).all()


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
