"""The days absent of a case in transition, before and since."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from app.attendance.models import AbsenceStatement
from app.attendance.queries import told_of_school
from app.attendance.rules import Compared, compared
from app.attendance.tallies.queries import compared_each
from app.cases.absences.rules import AGAIN, NO_LONGER, WORSE, MarksOf, compared_since, is_told_later
from app.cases.models import Case, Status
from app.cases.queries import CaseHead
from app.core.db import AnyRow, db
from app.core.events import Audit
from app.students.records.models import MergeState, StudentMerge

END_EXPECTED = "case.end_expected"
MARKS, STATEMENT = MarksOf.__tablename__, AbsenceStatement.__tablename__
Newer, Decided, Ended = aliased(AbsenceStatement), aliased(Audit), aliased(Audit)


def compared_for(head: CaseHead, school_id: int, *, has_marks: bool = True) -> Compared | None:
    """By marks of this school, where they say enough of both sides and nothing was told of a later term; else as it was told last.
    None of a case that is not in transition, and where one side is not known. `has_marks`: of a student without any, none are asked
    for."""
    if (since := compared_since(head)) is None:
        return None
    told = told_of_school(head.student_id, school_id)
    by_marks = compared_each(school_id, {head.student_id: since} if has_marks else {}).get(head.student_id)
    if by_marks and not is_told_later(told[0].to_on if told else None, by_marks):
        return by_marks
    return compared(told, since)


def in_transition_at(school_id: int, students: Collection[int]) -> Sequence[AnyRow]:
    """The cases in transition of these students at a school: until when days absent were told of it last, and whether it stands, or
    stood, that there are more of them."""
    columns = (
        Case.id,
        Case.student_id,
        Case.service_id,
        Case.status,
        Case.status_at,
        _told_until().label("told_until"),
    )
    told = is_worse_since(AbsenceStatement.school_id == Case.school_id)
    worse = (told.label("told_on"), is_worse_by_marks().label("marked_at"), _stood().label("stood_before"))
    here = (Case.student_id.in_(students), Case.school_id == school_id, Case.status == Status.TRANSITION)
    return db.session.execute(select(*columns, *worse).where(*here).order_by(Case.id)).all()


def stands_by_marks(case_id: int) -> bool:
    """Does it stand of this case that marks are worse?"""
    return db.session.scalar(select(is_worse_by_marks()).where(Case.id == case_id)) is not None


def is_worse_since(*which: Any) -> Any:
    """Of a Case in transition: when it was told that there are more days absent than before, while nothing newer was told of that
    school, its marks have not said otherwise, and nobody has set another end since. `which`: clauses on the statement."""
    of_school = (Newer.student_id == AbsenceStatement.student_id, Newer.school_id == AbsenceStatement.school_id)
    is_newest = ~exists().where(*of_school, Newer.id > AbsenceStatement.id)
    told = (Audit.event == WORSE, Audit.thing == STATEMENT, *_undecided(), ~_ended(AbsenceStatement.school_id))
    last = select(func.max(AbsenceStatement.told_on)).join(Audit, Audit.thing_id == AbsenceStatement.id)
    return last.where(*told, *which, is_newest).correlate(Case).scalar_subquery()


def is_worse_by_marks() -> Any:
    """Of a Case in transition: when the marks of its school came to say so, while they have not said otherwise since, and nobody has
    set another end."""
    said = (Audit.event.in_((WORSE, AGAIN)), Audit.thing == MARKS, Audit.thing_id == Case.school_id)
    last = select(func.max(Audit.at)).where(*said, *_undecided(), ~_ended(Case.school_id))
    return last.correlate(Case).scalar_subquery()


def _undecided() -> tuple[Any, ...]:
    """Of an Audit of a Case: within its transition, and nobody has set another end since."""
    decided = exists().where(Decided.case_id == Audit.case_id, Decided.event == END_EXPECTED, Decided.at > Audit.at)
    return (Case.status == Status.TRANSITION, Audit.case_id == Case.id, Audit.at >= Case.status_at, ~decided)


def _ended(school_id: Any) -> Any:
    """Of an Audit: it was said later that this school's marks are not worse."""
    of_marks = (Ended.event == NO_LONGER, Ended.thing == MARKS, Ended.thing_id == school_id)
    ended = exists().where(Ended.case_id == Audit.case_id, *of_marks, Ended.id > Audit.id)
    return ended.correlate(Audit, AbsenceStatement, Case)


def _stood() -> Any:
    """Of a Case: was it told since its transition began, or since another end was set?"""
    return exists().where(Audit.event == WORSE, *_undecided()).correlate(Case)


def _told_until() -> Any:
    """Of a Case: the last day of what was told last of its school, also of a record that went into its student's."""
    gone = (StudentMerge.into_id == Case.student_id, StudentMerge.state == MergeState.CONFIRMED)
    went = select(StudentMerge.from_id).where(*gone).correlate(Case)
    theirs = or_(AbsenceStatement.student_id == Case.student_id, AbsenceStatement.student_id.in_(went))
    told = select(AbsenceStatement.to_on).where(theirs, AbsenceStatement.school_id == Case.school_id)
    return told.order_by(AbsenceStatement.id.desc()).limit(1).correlate(Case).scalar_subquery()
