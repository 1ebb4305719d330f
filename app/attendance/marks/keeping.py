"""Weeks of an import, some at a time: compared with what stands, and kept (ATT-4)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import CursorResult, Table, bindparam, delete, exists, insert, select, tuple_, update
from sqlalchemy.orm import aliased

from app.attendance.marks.comparing import A_BITE, EMPTY, Sums, Week
from app.attendance.marks.models import ImportedWeek, ImportRefusal, MarkImport
from app.attendance.marks.queries import KEY
from app.attendance.marks.rules import Refusal, change_of
from app.attendance.tallies.models import MarkWeek
from app.attendance.tallies.queries import weeks_of_each
from app.attendance.tallying import by_monday, laid_over
from app.core import clock
from app.core.db import AnyRow, db, inserting
from app.students.models import Student

WEEKS, IMPORTED = cast("Table", MarkWeek.__table__), cast("Table", ImportedWeek.__table__)
MARKED = ("student_id", "school_id", "monday")


def compared(school_id: int, some: Sequence[Week], sums: Sums) -> list[dict[str, Any]]:
    """The weeks as rows, each with what stands there. Two statements."""
    stands, rows = _standing(school_id, some, own_weeks(school_id, some)), []
    sums.note(some)
    for week in some:
        before = stands.get((week.student_id, week.monday), EMPTY)
        change = change_of(before, week.told)
        sums.new, sums.changed, sums.same = (
            sums.new + change.new,
            sums.changed + change.changed,
            sums.same + change.same,
        )
        rows.append({"student_id": week.student_id, "monday": week.monday, "told": week.told, "before": before})
    return rows


def add_weeks(import_id: int, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(IMPORTED), [{"import_id": import_id, **row} for row in rows])


def add_refusals(import_id: int, refusals: Sequence[Refusal]) -> None:
    rows = [{"import_id": import_id, "place": place, **each._asdict()} for place, each in enumerate(refusals, 1)]
    if rows:
        db.session.execute(insert(ImportRefusal), rows)


def forget_what_was_read(import_id: int) -> None:
    """Of a file that is read anew, or thrown away."""
    for table in (ImportedWeek, ImportRefusal):
        db.session.execute(delete(table).where(table.import_id == import_id))


def follow_merged(import_id: int) -> None:
    """What was looked at of a record that has gone into another since is kept of that one (CASE-18)."""
    other = aliased(ImportedWeek)
    of = select(Student.merged_into_id).where(Student.id == ImportedWeek.student_id)
    into = of.correlate(ImportedWeek).scalar_subquery()
    is_there = exists().where(
        other.import_id == import_id, other.monday == ImportedWeek.monday, other.student_id == into
    )
    mine = (ImportedWeek.import_id == import_id, ImportedWeek.kept_at.is_(None), into.is_not(None), ~is_there)
    move = update(ImportedWeek).where(*mine).values(student_id=into).execution_options(synchronize_session=False)
    while cast("CursorResult[Any]", db.session.execute(move)).rowcount:
        pass


def keep_some(brought: MarkImport, after: AnyRow | None) -> AnyRow | None:
    """The next weeks, each on top of what stands now under the student's own name; the last one of them, or none where all are
    kept."""
    some = next_weeks(brought, after, is_kept=False)
    weeks = [Week(*row[:3]) for row in some]
    own = own_weeks(brought.school_id, weeks)
    stands, at = _standing(brought.school_id, weeks, own), clock.now()
    marks, kept = [], []
    for week, was in zip(weeks, some, strict=True):
        key = (week.student_id, week.monday)
        before = own.get(key, EMPTY)
        marks += written(brought, week, before, laid_over(before, week.told))
        kept.append(named(brought.id, week) | {"b_before": before, "b_kept": at})
        count_again(brought, week.told, was.before, stands.get(key, EMPTY))
    write_weeks(marks)
    note_weeks(kept)
    brought.done += len(some)
    return some[-1] if some else None


def next_weeks(brought: MarkImport, after: AnyRow | None, *, is_kept: bool) -> Sequence[AnyRow]:
    """In the order of their key."""
    columns = (*KEY, ImportedWeek.told, ImportedWeek.before, ImportedWeek.kept_at)
    is_so = ImportedWeek.kept_at.is_not(None) if is_kept else ImportedWeek.kept_at.is_(None)
    mine = select(*columns).where(ImportedWeek.import_id == brought.id, is_so)
    if after:
        mine = mine.where(tuple_(*KEY) > tuple_(after.student_id, after.monday))
    return db.session.execute(mine.order_by(*KEY).limit(A_BITE)).all()


def _standing(
    school_id: int, some: Sequence[Week], own: Mapping[tuple[int, date], str]
) -> Mapping[tuple[int, date], str]:
    """What stands in these weeks, as it is counted: where one record went into another, of both; of one that went into
    another since it was looked at, its own."""
    if not some:
        return {}
    mondays = [week.monday for week in some]
    found = weeks_of_each({week.student_id for week in some}, school_id, min(mondays), max(mondays))
    counted = {(who, monday): marks for who, theirs in found.items() for monday, marks in by_monday(theirs).items()}
    return {**own, **counted}


def own_weeks(school_id: int, some: Sequence[Week]) -> Mapping[tuple[int, date], str]:
    """What stands there under their own names only: that is what is kept, and put back."""
    if not some:
        return {}
    mondays = [week.monday for week in some]
    those = MarkWeek.student_id.in_({week.student_id for week in some})
    statement = select(MarkWeek.student_id, MarkWeek.monday, MarkWeek.marks).where(
        those, MarkWeek.school_id == school_id, MarkWeek.monday.between(min(mondays), max(mondays))
    )
    return {(row.student_id, row.monday): row.marks for row in db.session.execute(statement)}


def written(brought: MarkImport, week: Week, was: str, marks: str) -> list[dict[str, Any]]:
    """The row of a week, where it says something else now."""
    row = {"student_id": week.student_id, "school_id": brought.school_id, "monday": week.monday, "marks": marks}
    return [] if marks == was else [row]


def named(import_id: int, week: Week) -> dict[str, Any]:
    return {"b_import": import_id, "b_student": week.student_id, "b_monday": week.monday}


def write_weeks(marks: Sequence[dict[str, Any]]) -> None:
    """A week without a mark has no row."""
    said = [row for row in marks if row["marks"] != EMPTY]
    empty = [row for row in marks if row["marks"] == EMPTY]
    if said:
        added = inserting(WEEKS)
        again = added.on_conflict_do_update(index_elements=MARKED, set_={"marks": added.excluded.marks})
        db.session.execute(again, said)
    if empty:
        mine = [WEEKS.c[name] == bindparam(f"b_{name}") for name in MARKED]
        rows = [{f"b_{name}": row[name] for name in MARKED} for row in empty]
        db.session.execute(delete(WEEKS).where(*mine), rows)


def note_weeks(rows: Sequence[dict[str, Any]]) -> None:
    """What was there before, and since when it is kept."""
    table = IMPORTED.c
    mine = (
        table.import_id == bindparam("b_import"),
        table.student_id == bindparam("b_student"),
        table.monday == bindparam("b_monday"),
    )
    if rows:
        change = update(IMPORTED).where(*mine).values(before=bindparam("b_before"), kept_at=bindparam("b_kept"))
        db.session.execute(change, list(rows))


def count_again(brought: MarkImport, told: str, was: str, now: str) -> None:
    """Something else may stand below it than when it was looked at, or kept."""
    if was != now:
        then, counted = change_of(was, told), change_of(now, told)
        brought.new += counted.new - then.new
        brought.changed += counted.changed - then.changed
        brought.same += counted.same - then.same
