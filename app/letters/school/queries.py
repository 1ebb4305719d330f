"""A student at a school, or several of them, with the school's letters, what holds them back, and holidays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, case, cast, exists, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from app.attendance.models import Holiday
from app.cases.naming import stands_in
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.letters.facts import thawed
from app.letters.holds import LetterHold
from app.letters.models import Letter
from app.letters.queries import WHAT_BECAME
from app.letters.rulings import LetterException
from app.letters.school.policy import is_seen, made_by, newest_facts, visible
from app.people.models import Catchment, Organisation, Person, School
from app.people.queries import Actor
from app.students.models import Caregiver, Enrolment, Student
from app.students.queries import is_enrolled
from app.students.records.queries import are_of, is_of

Newest = aliased(Enrolment)


@dataclass(frozen=True)
class OnRoll:
    """A student as the actor's school has them; or has letters of them, where they have left since. There is no case."""

    row: AnyRow
    id = case_id = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def student_id(self) -> int:
        return int(self.row.student_id)

    @property
    def school_id(self) -> int:
        return int(self.row.school_id)

    @property
    def legal_name(self) -> str:
        """Of who has left, as the school last wrote it: what they are called since is not its to know (CASE-10)."""
        return self._as_written or str(self.row.legal_name)

    @property
    def name(self) -> str:
        """What people call the student."""
        return self._as_written or str(self.row.preferred_name or self.row.legal_name)

    @property
    def _as_written(self) -> str:
        facts = self.row.as_written
        return thawed(facts).values.get("student_name", "") if facts else ""


@dataclass(frozen=True)
class OfStudent:
    """Something of a student, together with them, for rules that ask about both."""

    head: OnRoll
    case_id = None

    @property
    def is_on_roll(self) -> bool:
        return bool(self.head.is_on_roll)

    @property
    def stands_in(self) -> bool:
        return bool(self.head.stands_in)


def student_for(actor: Actor, student: str) -> OnRoll | None:
    """A student on the roll of the actor's school; or, for those who write its letters, one of whom it has letters."""
    row = db.session.execute(_students(actor).where(Student.public_id == student, is_seen(actor))).first()
    return OnRoll(row) if row else None


def students_on_roll(actor: Actor, student_ids: Collection[int]) -> dict[int, OnRoll]:
    """Those of these whom this person may see and who are on the roll of their school today, by their ids; one statement."""
    here = (Student.id.in_(student_ids), is_enrolled(actor.organisation_id, Student.id), visible(actor))
    rows = db.session.execute(_students(actor).where(*here)) if student_ids else ()
    return {row.student_id: OnRoll(row) for row in rows}


def _students(actor: Actor) -> AnySelect:
    """With their newest enrolment at the actor's school, whether or not it has ended."""
    school_id = actor.organisation_id
    mine = (Enrolment.student_id == Student.id, Enrolment.school_id == school_id)
    newest = select(func.max(Enrolment.id)).where(*mine).correlate(Student).scalar_subquery()
    is_on_roll = is_enrolled(school_id, Student.id)
    as_written = case((~is_on_roll, newest_facts(school_id)))
    return (
        select(
            Student.id.label("student_id"),
            *(Student.public_id, Student.legal_name, Student.preferred_name, Student.born_on),
            *(Newest.year_level, Newest.tutor, Newest.as_of.label("roll_as_of")),
            *(is_on_roll.label("is_on_roll"), as_written.label("as_written"), stands_in(actor).label("stands_in")),
            *(Organisation.id.label("school_id"), Organisation.name.label("school_name"), Catchment.region),
        )
        .select_from(Student)
        .join(Organisation, Organisation.id == school_id)
        .join(School, School.organisation_id == Organisation.id)
        .join(Catchment, Catchment.id == School.catchment_id)
        .outerjoin(Newest, Newest.id == newest)
    )


def letters_of(head: OnRoll) -> Sequence[AnyRow]:
    """Every letter of this school to a student's caregivers that was made, oldest first."""
    return letters_of_each([head.student_id], head.school_id)


def letters_of_each(student_ids: Collection[int], school_id: int) -> Sequence[AnyRow]:
    """The same of several students."""
    columns = ("id", "public_id", "caregiver_id", "purpose", "step", "round", "ladder_id", "made_at")
    statement = (
        select(*(getattr(Letter, name) for name in columns), *WHAT_BECAME, Person.name.label("made_by"))
        .add_columns(Caregiver.student_id)
        .join(Person, Person.id == Letter.made_by_id)
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .where(are_of(Letter.student_id, student_ids), *made_by(school_id))
    )
    return db.session.execute(statement.order_by(Letter.made_at, Letter.id)).all()


def holds_of(head: OnRoll) -> Sequence[AnyRow]:
    """What holds this school's letters about a student back today (LET-4), and who said so."""
    return holds_of_each([head.student_id], head.school_id)


def holds_of_each(student_ids: Collection[int], school_id: int) -> Sequence[AnyRow]:
    """The same of several students."""
    columns = ("id", "public_id", "student_id", "caregiver_id", "reason", "why", "until_on", "at")
    statement = (
        select(*(getattr(LetterHold, name) for name in columns), Person.name.label("by_name"))
        .join(Person, Person.id == LetterHold.by_id)
        .where(are_of(LetterHold.student_id, student_ids), LetterHold.organisation_id == school_id)
        .where(LetterHold.until_on >= clock.today(), LetterHold.ended_at.is_(None))
    )
    return db.session.execute(statement.order_by(LetterHold.id)).all()


def rulings_of(head: OnRoll) -> Sequence[AnyRow]:
    """Exceptions that still hold, and holidays that are now or ahead, in one statement; of a holiday `step` is none."""
    return rulings_of_each([head.student_id], head.school_id)


def rulings_of_each(student_ids: Collection[int], school_id: int) -> Sequence[AnyRow]:
    """The same of several students."""
    excepted = select(
        *(LetterException.id, LetterException.public_id, LetterException.caregiver_id, LetterException.step),
        *(LetterException.round, LetterException.why, LetterException.at),
        *(cast(None, Date).label("from_on"), cast(None, Date).label("to_on"), LetterException.by_id.label("by_id")),
        LetterException.student_id,
    ).where(are_of(LetterException.student_id, student_ids), LetterException.ended_at.is_(None), _named_by(school_id))
    away = select(
        *(Holiday.id, Holiday.public_id, null(), null(), literal(0), Holiday.source, Holiday.recorded_at),
        *(Holiday.from_on, Holiday.to_on, Holiday.recorded_by_id, Holiday.student_id),
    ).where(
        are_of(Holiday.student_id, student_ids),
        Holiday.school_id == school_id,
        Holiday.ended_at.is_(None),
        Holiday.to_on >= clock.today(),
    )
    both = union_all(excepted, away).subquery()
    statement = select(both, Person.name.label("by_name")).join(Person, Person.id == both.c.by_id)
    return db.session.execute(statement.order_by(both.c.at, both.c.public_id)).all()


def ours(head: OnRoll, table: Any) -> tuple[Any, Any]:
    return is_of(table.student_id, head.student_id), table.organisation_id == head.school_id


def by_us(head: OnRoll) -> Any:
    """A clause on LetterException: about letters to a caregiver whom this school named."""
    return _named_by(head.school_id)


def _named_by(school_id: int) -> Any:
    return exists().where(Caregiver.id == LetterException.caregiver_id, Caregiver.given_by_id == school_id)
