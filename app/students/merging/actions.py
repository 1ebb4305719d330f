"""One record of a student goes into another, and comes back; each row that moved is kept, and nothing is deleted."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, delete, insert, or_, select, true, update

from app.core import clock
from app.core.db import Base, db
from app.core.events import By, Happened
from app.core.following import let_follow
from app.core.security import public_id
from app.students.merging.finding import find_apart, find_by_both
from app.students.merging.rules import FILLED, MOVES, NOTHING, PUT_ASIDE
from app.students.models import Enrolment, EnrolmentSource, NameWord, Student
from app.students.queries import hold_student
from app.students.records.finding import find_by_details
from app.students.records.keeping import give_number, keep_former
from app.students.records.models import MergedRow, MergeState, StudentMerge
from app.students.records.queries import MATCH

WENT_OVER, CAME_BACK = "student.went_over", "student.came_back"
"""Stand in no log of this room: who merges says so."""
NUMBER, WAITS = "student.national_number", "enrolment.cases_from"
WORDS = NameWord.__tablename__
Keeps = Mapping[str, ColumnElement[bool]]
"""Of a table, the rows that cannot go along."""


def merge_by_match(from_id: int, into_id: int, match_id: int, *, why: str, by: By) -> StudentMerge:
    """A likely match was confirmed (REQ-10): one person decides, and it does not come apart again. What was proposed about the
    record that goes is answered by it."""
    now, about = clock.now(), or_(StudentMerge.from_id == from_id, StudentMerge.into_id == from_id)
    waits = update(StudentMerge).where(about, StudentMerge.state == MergeState.PROPOSED)
    who = {"decided_at": now, "decided_by_id": by.person_id}
    db.session.execute(waits.values(state=MergeState.REFUSED, answer=PUT_ASIDE, **who))
    said = {"proposed_at": now, "proposed_by_id": by.person_id, "organisation_id": by.organisation_id, "why": why}
    merge = StudentMerge(
        public_id=public_id(), from_id=from_id, into_id=into_id, state=MergeState.CONFIRMED, **said, **who
    )
    db.session.add(merge)
    db.session.flush()
    note(merge, MATCH, [match_id])
    return merge


def go_over(merge: StudentMerge, keeps: Keeps, *, by: By, knows_better: Collection[str] = ()) -> None:
    """All that hangs on the one hangs on the other from now on. What the other lacks is filled in, and what the one that goes
    `knows_better` takes its place."""
    goes, stays = _both(merge)
    for name, column in MOVES:
        _move(merge, Base.metadata.tables[name], column, keeps.get(name))
    _bring_merged(goes, stays)
    note(merge, WORDS, find_by_both(goes, stays))
    _fill(merge, goes, stays, knows_better, by)
    goes.merged_into_id = stays.id
    db.session.flush()
    db.session.expire_all()
    find_by_details(merge.into_id)
    let_follow(Happened(WENT_OVER, merge), by=by)


def come_back(merge: StudentMerge, *, by: By) -> None:
    """Every row that moved, where it has not gone elsewhere since; what was filled in and is still the same."""
    goes, stays = _both(merge)
    moved: dict[str, list[int]] = {}
    for table, row_id in db.session.execute(
        select(MergedRow.table, MergedRow.row_id).where(MergedRow.merge_id == merge.id)
    ):
        moved.setdefault(table, []).append(row_id)
    for name, column in MOVES:
        if name in moved:
            _bring_back(merge, Base.metadata.tables[name], column, moved[name])
    _empty(moved, goes, stays, by)
    _wait_no_more(moved.get(WAITS, []))
    goes.merged_into_id = None
    db.session.flush()
    db.session.expire_all()
    find_apart(merge, only_by_it=moved.get(WORDS, []))
    let_follow(Happened(CAME_BACK, merge), by=by)


def _wait_no_more(enrolment_ids: Sequence[int]) -> None:
    """Their schools see again what they saw before; where nothing but somebody's word says that the student is there, that takes
    a day."""
    by_word = case((Enrolment.source == EnrolmentSource.PERSON, clock.today()))
    waited = Enrolment.id.in_(enrolment_ids)
    db.session.execute(update(Enrolment).where(waited).values(cases_from=by_word))


def note(merge: StudentMerge, table: str, ids: Sequence[int]) -> None:
    """These rows went along, or were changed by it: undoing brings them back."""
    rows = [{"merge_id": merge.id, "table": table, "row_id": row_id} for row_id in ids]
    if rows:
        db.session.execute(insert(MergedRow), rows)


def _both(merge: StudentMerge) -> tuple[Student, Student]:
    for student_id in sorted((merge.from_id, merge.into_id)):
        hold_student(student_id)
    return db.session.get_one(Student, merge.from_id), db.session.get_one(Student, merge.into_id)


def _move(merge: StudentMerge, table: Table, column: str, keep: ColumnElement[bool] | None) -> None:
    if table.name == "sibling":
        _move_siblings(merge, table, column)
        return
    of = and_(table.c[column] == merge.from_id, true() if keep is None else ~keep)
    ids = db.session.scalars(select(table.c.id).where(of)).all()
    if ids:
        note(merge, table.name, ids)
        db.session.execute(update(table).where(table.c.id.in_(ids)).values({column: merge.into_id}))


def _move_siblings(merge: StudentMerge, table: Table, column: str) -> None:
    """A pair is written once, the lower first; the two records themselves, and a pair that stands already, stay as they are."""
    other = "other_id" if column == "student_id" else "student_id"
    links = db.session.execute(select(table).where(table.c[column] == merge.from_id)).mappings().all()
    for link in links:
        pair = sorted((link[other], merge.into_id))
        ends = {"student_id": pair[0], "other_id": pair[1]}
        same = select(table.c.id).where(*(table.c[end] == of for end, of in ends.items()), table.c.ended_at.is_(None))
        is_there = db.session.scalar(same.where(table.c.organisation_id == link["organisation_id"]).limit(1))
        if pair[0] != pair[1] and is_there is None:
            note(merge, table.name, [link["id"]])
            db.session.execute(update(table).where(table.c.id == link["id"]).values(ends))


def _bring_back(merge: StudentMerge, table: Table, column: str, ids: Sequence[int]) -> None:
    theirs = and_(table.c.id.in_(ids), table.c[column] == merge.into_id)
    if table.name != "sibling":
        db.session.execute(update(table).where(theirs).values({column: merge.from_id}))
        return
    other = table.c.other_id if column == "student_id" else table.c.student_id
    is_lower = other > merge.from_id
    ends = {
        "student_id": case((is_lower, merge.from_id), else_=other),
        "other_id": case((is_lower, other), else_=merge.from_id),
    }
    db.session.execute(update(table).where(theirs).values(ends))


def _bring_merged(goes: Student, stays: Student) -> None:
    """What went into the one before stands with the other now; what that has itself stays there when they come apart."""
    went = select(StudentMerge.id).where(StudentMerge.into_id == goes.id, StudentMerge.state == MergeState.CONFIRMED)
    ids = db.session.scalars(went).all()
    if not ids:
        return
    known = select(NameWord.organisation_id).where(NameWord.student_id == stays.id)
    has_itself = and_(MergedRow.table == WORDS, MergedRow.row_id.in_(known))
    if stays.national_number:
        has_itself = or_(has_itself, MergedRow.table == NUMBER)
    db.session.execute(delete(MergedRow).where(MergedRow.merge_id.in_(ids), has_itself))
    those = Student.id.in_(select(StudentMerge.from_id).where(StudentMerge.id.in_(ids)))
    db.session.execute(update(Student).where(those).values(merged_into_id=stays.id))
    db.session.execute(update(StudentMerge).where(StudentMerge.id.in_(ids)).values(into_id=stays.id))


def _fill(merge: StudentMerge, goes: Student, stays: Student, knows_better: Collection[str], by: By) -> None:
    """Whoever makes one record of two says what is filled in: no school finds there what another found; what it said itself
    it reads in the record that went. The national number is one record's only."""
    takes = [name for name in FILLED if name in knows_better or _is_empty(stays, name)]
    said = {name: getattr(goes, name) for name in takes if not _is_empty(goes, name)}
    _become(stays, said, by)
    for name in said:
        note(merge, f"student.{name}", [stays.id])
    if goes.national_number and not stays.national_number:
        give_number(goes, stays)
        note(merge, NUMBER, [stays.id])


def _empty(moved: Mapping[str, Any], goes: Student, stays: Student, by: By) -> None:
    filled = [name for name in FILLED if f"student.{name}" in moved and getattr(stays, name) == getattr(goes, name)]
    _become(stays, {name: NOTHING.get(name, "") for name in filled}, by)
    if NUMBER in moved and goes.national_number is None:
        give_number(stays, goes)


def _become(stays: Student, facts: Mapping[str, Any], by: By) -> None:
    if facts:
        keep_former(stays, by)
    for name, value in facts.items():
        setattr(stays, name, value)


def _is_empty(student: Student, name: str) -> bool:
    """That no interpreter is needed is said, too."""
    return getattr(student, name) in {None, ""}
