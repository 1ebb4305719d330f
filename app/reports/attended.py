"""Half-days a student was there, before a case started and since: by marks where there are any on both sides, else as they were
told (S7, M4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.attendance.calendars.queries import calendars_at
from app.attendance.models import AbsenceStatement, AbsenceWeek
from app.attendance.rules import HalfDays
from app.attendance.tallies.models import MarkWeek
from app.attendance.tallies.queries import weeks_with_former
from app.attendance.tallies.rules import Stay
from app.attendance.tallies.weekly import WeekCounter
from app.attendance.tallying import laid_over
from app.cases.models import Case, Status
from app.core import clock
from app.core.db import AnyRow, AnySelect, days_before, db
from app.reports.presence import Change, Presence, change
from app.students.models import Enrolment, Student

TO_FRIDAY = 4
"""Days from a week's Monday to its last school day."""
A_YEAR = 366
"""Days before the start, and since, of which marks are read."""
NOTHING = Presence(0, HalfDays(0, 0, 0))
Later, Stayed = aliased(AbsenceStatement), aliased(Enrolment)
Clause = ColumnElement[bool]
IS_OPEN = Case.status != Status.CLOSED
_CASE = (Case.id.label("case_id"), Case.service_started_on, Case.status, Case.status_at)


@dataclass(frozen=True)
class Attended:
    """What is asked of some cases: what was told, and marks."""

    told: AnySelect
    marked: AnySelect


def attended(*which: Clause, at: Any) -> Attended:
    """Of the cases of these clauses, at one school or each at its own. The week of the start is on neither side."""
    return Attended(_told(which, at), _marked(which, at))


def changes_of(those: Attended, asked: Mapping[str, Any]) -> Mapping[int, Change]:
    """By the ids of the cases; two statements, three where there are marks."""
    found = _as_told(db.session.execute(those.told, asked))
    return found | _by_marks(db.session.execute(those.marked, asked).all())


def _told(which: Iterable[Clause], at: Any) -> AnySelect:
    """What was told last of a week counts, of a closed case until it closed."""
    told_later = exists().where(
        Later.student_id == AbsenceStatement.student_id,
        Later.school_id == AbsenceStatement.school_id,
        Later.id > AbsenceStatement.id,
        days_before(Later.from_on, TO_FRIDAY) <= AbsenceWeek.from_on,
        Later.to_on >= AbsenceWeek.from_on,
        or_(IS_OPEN, Later.recorded_at <= Case.status_at),
    )
    before = AbsenceWeek.from_on < days_before(Case.service_started_on, TO_FRIDAY)
    since = AbsenceWeek.from_on > Case.service_started_on
    return (
        select(Case.id, *_sums(before), *_sums(since))
        .join(AbsenceStatement, AbsenceStatement.student_id == Case.student_id)
        .join(AbsenceWeek, AbsenceWeek.statement_id == AbsenceStatement.id)
        .where(*which, AbsenceStatement.school_id == at, ~told_later)
        .where(or_(IS_OPEN, AbsenceStatement.recorded_at <= Case.status_at))
        .group_by(Case.id)
    )


def _sums(which: Clause) -> list[Any]:
    """Weeks with school, then half-days open, absent with a reason, and without."""
    counted = (AbsenceWeek.half_days_open, AbsenceWeek.half_days_explained, AbsenceWeek.half_days_unexplained)
    weeks = func.sum(case((and_(which, AbsenceWeek.half_days_open > 0), 1), else_=0))
    return [weeks, *[func.sum(case((which, column), else_=0)) for column in counted]]


def _as_told(found: Iterable[AnyRow]) -> dict[int, Change]:
    changes = {row[0]: change(_presence(row[1:5]), _presence(row[5:9])) for row in found}
    return {case_id: each for case_id, each in changes.items() if each}


def _presence(sums: Sequence[Any]) -> Presence:
    weeks, *half_days = map(int, sums)
    return Presence(weeks, HalfDays(*half_days))


def _marked(which: Iterable[Clause], at: Any) -> AnySelect:
    """The weeks of a year before the start and a year since, each with the times on the roll that it lies in."""
    started = Case.service_started_on
    near = (MarkWeek.monday >= days_before(started, A_YEAR), days_before(MarkWeek.monday, A_YEAR) <= started)
    stays = (
        Stayed.student_id == Student.id,
        Stayed.school_id == MarkWeek.school_id,
        days_before(Stayed.from_on, TO_FRIDAY) <= MarkWeek.monday,
        or_(Stayed.to_on.is_(None), Stayed.to_on >= MarkWeek.monday),
    )
    joins = ((Case, and_(Case.student_id == Student.id, MarkWeek.school_id == at, *near)), (Stayed, and_(*stays)))
    beside = (*_CASE, MarkWeek.school_id, Stayed.from_on, Stayed.to_on)
    found: AnySelect = weeks_with_former(*which, joins=joins, beside=beside)
    return found


def _by_marks(rows: Sequence[AnyRow]) -> dict[int, Change]:
    counter = WeekCounter(calendars_at({row.school_id for row in rows}))
    sides: dict[int, list[Presence]] = defaultdict(lambda: [NOTHING, NOTHING])
    for row, marks, stays in _weeks(rows):
        if (side := _side(row)) is not None:
            half_days = counter.half_days(row.school_id, row.monday, marks, stays)
            sides[row.case_id][side] += Presence(1 if half_days.open else 0, half_days)
    changes = {case_id: change(*both, is_marked=True) for case_id, both in sides.items()}
    return {case_id: each for case_id, each in changes.items() if each}


def _weeks(rows: Iterable[AnyRow]) -> Iterable[tuple[AnyRow, str, list[Stay]]]:
    """Each once, with its marks and its times on the roll; of two records of a student the own one comes last, and lies over the
    other."""
    kept: dict[tuple[int, date], tuple[AnyRow, str, list[Stay]]] = {}
    for row in rows:
        _, below, stays = kept.get((row.case_id, row.monday), (row, row.marks, []))
        kept[row.case_id, row.monday] = (row, laid_over(below, row.marks), [*stays, Stay(row.from_on, row.to_on)])
    return kept.values()


def _side(row: AnyRow) -> int | None:
    """Before the start, or since; neither of the week in which it lies, nor of one in which the case was closed, or later."""
    if row.status is Status.CLOSED and row.monday + timedelta(days=TO_FRIDAY) > clock.nz(row.status_at).date():
        return None
    if row.monday > row.service_started_on:
        return 1
    return 0 if row.monday + timedelta(days=TO_FRIDAY) < row.service_started_on else None
