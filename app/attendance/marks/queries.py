"""Imports of half-day marks: those of a school, what would change, what was refused, and what marks were before (ATT-4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.attendance.codes import NO_MARK
from app.attendance.marks.models import ImportedWeek, ImportRefusal, ImportState, KnownColumns, MarkImport
from app.attendance.marks.policy import visible
from app.attendance.tallying import A_WEEK
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Person
from app.people.queries import Actor
from app.students.models import Student
from app.students.records.models import MergeState, StudentMerge

PAGE = 50
WAS_KEPT = (ImportState.KEEPING, ImportState.KEPT, ImportState.UNDOING, ImportState.UNDONE)
KEY = (ImportedWeek.student_id, ImportedWeek.monday)


@dataclass(frozen=True)
class Found:
    """An import with who asked for it, kept and undid it, and when the same file was kept before."""

    brought: MarkImport
    asked_by: str | None
    kept_by: str | None
    undone_by: str | None
    kept_before: datetime | None
    case_id: int | None = None
    """For the view log: it is of no one case."""


def imports_of(actor: Actor, *, before: str = "") -> Sequence[AnyRow]:
    """A page of them, newest first, and one more."""
    statement = (
        select(MarkImport, Person.name.label("asked_by"))
        .outerjoin(Person, Person.id == MarkImport.asked_by_id)
        .where(visible(actor))
        .order_by(MarkImport.id.desc())
        .limit(PAGE + 1)
    )
    last = select(MarkImport.id).where(MarkImport.public_id == before, visible(actor)).scalar_subquery()
    return db.session.execute(statement.where(MarkImport.id < last) if before else statement).all()


def import_for(actor: Actor, public_id: str) -> Found | None:
    """One that this person may see."""
    who = (MarkImport.asked_by_id, MarkImport.kept_by_id, MarkImport.undone_by_id)
    names = (select(Person.name).where(Person.id == column).scalar_subquery() for column in who)
    earlier = aliased(MarkImport)
    same = (earlier.school_id == MarkImport.school_id, earlier.digest == MarkImport.digest, earlier.digest != "")
    kept = select(func.max(earlier.kept_at)).where(*same, earlier.id < MarkImport.id, earlier.state == ImportState.KEPT)
    statement = select(MarkImport, *names, kept.scalar_subquery())
    row = db.session.execute(statement.where(MarkImport.public_id == public_id, visible(actor))).first()
    return Found(*row) if row else None


def import_to_change(import_id: int) -> MarkImport:
    """Nobody else changes it until the end of the transaction."""
    mine = select(MarkImport).where(MarkImport.id == import_id).with_for_update()
    return db.session.scalars(mine.execution_options(populate_existing=True)).one()


def imports_in_review(school_id: int) -> int:
    """How many wait to be looked at, or for somebody to say what their columns are."""
    waiting = (ImportState.REVIEW, ImportState.COLUMNS)
    mine = (MarkImport.school_id == school_id, MarkImport.state.in_(waiting))
    return db.session.scalar(select(func.count()).select_from(MarkImport).where(*mine)) or 0


def changed_weeks(brought: MarkImport, *, after: str = "") -> Sequence[AnyRow]:
    """A page of the weeks in which a mark becomes another, student by student by name, and one more. `after` names the last one:
    a student's public id and a Monday."""
    order = (Student.sort_key, Student.id, ImportedWeek.monday)
    statement = (
        select(Student.public_id, Student.legal_name, Student.preferred_name, *_of_week())
        .join(Student, Student.id == ImportedWeek.student_id)
        .where(ImportedWeek.import_id == brought.id, _is_changed())
        .order_by(*order)
        .limit(PAGE + 1)
    )
    if last := _named(after):
        statement = statement.where(tuple_(*order) > tuple_(*last))
    return db.session.execute(statement).all()


def _of_week() -> tuple[Any, ...]:
    return ImportedWeek.monday, ImportedWeek.told, ImportedWeek.before


def _is_changed() -> ColumnElement[bool]:
    """A clause on ImportedWeek: a half-day that had a mark is told another one."""
    return or_(*(and_(told != NO_MARK, before != NO_MARK, told != before) for told, before in _half_days()))


def _taken_back() -> Iterator[ColumnElement[bool]]:
    """Whatever an import said that was undone was a mark, also where there was none before."""
    yield and_(MarkImport.undone_at.is_not(None), says_something_else())


def says_something_else() -> ColumnElement[bool]:
    """A clause on ImportedWeek: a half-day is told that had no mark, or another one."""
    return or_(*(and_(told != NO_MARK, told != before) for told, before in _half_days()))


def _half_days() -> Iterator[tuple[Any, Any]]:
    """What is told of each, and what was there before."""
    for place in range(1, A_WEEK + 1):
        yield func.substr(ImportedWeek.told, place, 1), func.substr(ImportedWeek.before, place, 1)


def _named(after: str) -> tuple[Any, ...] | None:
    public_id, _, day = after.partition(" ")
    try:
        monday = date.fromisoformat(day)
    except ValueError:
        return None
    row = db.session.execute(select(Student.sort_key, Student.id).where(Student.public_id == public_id)).first()
    return (literal(row.sort_key), literal(row.id), literal(monday)) if row else None


def refusals_of(brought: MarkImport, *, after: int = 0) -> Sequence[AnyRow]:
    """A page of its lines that are not taken over, and one more."""
    mine = (ImportRefusal.import_id == brought.id, ImportRefusal.place > after)
    columns = (ImportRefusal.place, ImportRefusal.line, ImportRefusal.why)
    return db.session.execute(select(*columns).where(*mine).order_by(ImportRefusal.place).limit(PAGE + 1)).all()


def weeks_in(brought: MarkImport) -> int:
    """Of how many weeks it says something."""
    mine = select(func.count()).select_from(ImportedWeek).where(ImportedWeek.import_id == brought.id)
    return db.session.scalar(mine) or 0


@dataclass(frozen=True)
class FormerWeek:
    """A week of a student that an import changed: ten marks before and ten told, `NO_MARK` where nothing was told."""

    monday: date
    before: str
    told: str
    kept_at: datetime | None
    undone_at: datetime | None
    file_name: str


def former_marks(student_id: int, school_id: int, *, most: int = PAGE) -> list[FormerWeek]:
    """What marks of a student were before a later import of this school said something else, newest import first; also those of a
    record that went into theirs (ATT-4)."""
    went = select(StudentMerge.from_id).where(
        StudentMerge.into_id == student_id, StudentMerge.state == MergeState.CONFIRMED
    )
    statement = (
        select(*_of_week(), MarkImport.kept_at, MarkImport.undone_at, MarkImport.file_name)
        .join(MarkImport, MarkImport.id == ImportedWeek.import_id)
        .where(or_(ImportedWeek.student_id == student_id, ImportedWeek.student_id.in_(went)))
        .where(MarkImport.school_id == school_id, MarkImport.state.in_(WAS_KEPT), or_(_is_changed(), *_taken_back()))
        .order_by(MarkImport.id.desc(), ImportedWeek.monday.desc())
        .limit(most)
    )
    return [
        FormerWeek(row.monday, row.before, row.told, row.kept_at, row.undone_at, row.file_name)
        for row in db.session.execute(statement)
    ]


def known_columns(school_id: int, headings: str) -> str:
    """What was said of an export with these headings (their digest) last; or nothing."""
    mine = (KnownColumns.school_id == school_id, KnownColumns.headings == headings)
    return db.session.scalar(select(KnownColumns.columns).where(*mine)) or ""


def due(now: datetime) -> AnySelect:
    """Those that the worker is to look after, oldest first."""
    waiting = select(MarkImport).where(MarkImport.next_try_at <= now)
    return waiting.order_by(MarkImport.next_try_at, MarkImport.id)


def is_at_work(brought: MarkImport) -> bool:
    """Is it read, kept or undone just now?"""
    return brought.state in {ImportState.READING, ImportState.KEEPING, ImportState.UNDOING}
