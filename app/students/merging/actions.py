"""One record of a student goes into another, and comes back; each row that moved is kept, and nothing is deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, delete, insert, select, true, update

from app.core.db import Base, db
from app.core.events import By
from app.students.merging.models import MergedRow, StudentMerge
from app.students.merging.rules import FILLED, MOVES, NOTHING
from app.students.models import Enrolment, NameWord, Student
from app.students.queries import hold_student
from app.students.records.finding import find_by_details, find_by_names_of, make_findable
from app.students.records.keeping import give_number, keep_former

NUMBER, WAITS = "student.national_number", "enrolment.cases_from"
WORDS = NameWord.__tablename__
Keeps = Mapping[str, ColumnElement[bool]]
"""Of a table, the rows that cannot go along."""


def go_over(merge: StudentMerge, keeps: Keeps, *, by: By) -> None:
    """All that hangs on the one hangs on the other from now on. What the other lacks is filled in."""
    goes, stays = _both(merge)
    for name, column in MOVES:
        _move(merge, Base.metadata.tables[name], column, keeps.get(name))
    _find_by_both(merge, goes, stays)
    _fill(merge, goes, stays, by)
    goes.merged_into_id = stays.id
    db.session.flush()
    db.session.expire_all()
    find_by_details(merge.into_id)


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
    waited = Enrolment.id.in_(moved.get(WAITS, []))
    db.session.execute(update(Enrolment).where(waited).values(cases_from=None))
    goes.merged_into_id = None
    db.session.flush()
    db.session.expire_all()
    _find_apart(merge, moved.get(WORDS, []))


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


def _find_by_both(merge: StudentMerge, goes: Student, stays: Student) -> None:
    """Whoever could look for either finds the one that stays, by the names of both."""
    known = select(NameWord.organisation_id).where(NameWord.student_id == stays.id)
    new = select(NameWord.organisation_id).where(NameWord.student_id == goes.id, NameWord.organisation_id.not_in(known))
    organisations = db.session.scalars(new.distinct()).all()
    note(merge, WORDS, organisations)
    for organisation_id in organisations:
        make_findable(stays, organisation_id)
    find_by_names_of(goes.id, stays.id)


def _find_apart(merge: StudentMerge, only_by_it: Sequence[int]) -> None:
    """Each by its own names again, and by its own details."""
    known = select(NameWord.organisation_id).where(NameWord.student_id == merge.into_id).distinct()
    organisations = [each for each in db.session.scalars(known) if each not in only_by_it]
    find_by_details(merge.into_id)
    db.session.execute(delete(NameWord).where(NameWord.student_id == merge.into_id))
    for organisation_id in organisations:
        make_findable(db.session.get_one(Student, merge.into_id), organisation_id)
    find_by_details(merge.from_id)


def _fill(merge: StudentMerge, goes: Student, stays: Student, by: By) -> None:
    """Whoever makes one record of two says what is filled in: no school finds there what another found. The national number
    is one record's only."""
    lacks = {name: getattr(goes, name) for name in FILLED if _is_empty(stays, name) and not _is_empty(goes, name)}
    _become(stays, lacks, by)
    for name in lacks:
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
