"""Weeks of an import, a thousand at a time: compared with what stands, kept, or put back as they were (ATT-4)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, tuple_, update

from app.attendance.marks.comparing import A_BITE, EMPTY, Sums, Week, gone_back, only_new
from app.attendance.marks.models import ImportedWeek, ImportRefusal, MarkImport
from app.attendance.marks.queries import KEY
from app.attendance.marks.rules import Refusal, change_of
from app.attendance.tallies.models import MarkWeek
from app.attendance.tallies.queries import weeks_of_each
from app.core.db import AnyRow, db, inserting

WEEKS, IMPORTED = cast("Table", MarkWeek.__table__), cast("Table", ImportedWeek.__table__)
MARKED = ("student_id", "school_id", "monday")


def compared(school_id: int, some: Sequence[Week], sums: Sums) -> list[dict[str, Any]]:
    """The weeks of which something is new or changed, as rows; what is the same is counted. Two statements."""
    stands, rows = _standing(school_id, some), []
    sums.note(some)
    for week in some:
        before = stands.get((week.student_id, week.monday), EMPTY)
        change = change_of(before, week.told)
        sums.new, sums.changed, sums.same = (
            sums.new + change.new,
            sums.changed + change.changed,
            sums.same + change.same,
        )
        if change.new or change.changed:
            told = only_new(before, week.told)
            rows.append({"student_id": week.student_id, "monday": week.monday, "told": told, "before": before})
    return rows


def add_weeks(import_id: int, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(IMPORTED), [{"import_id": import_id, "is_kept": False, **row} for row in rows])


def add_refusals(import_id: int, refusals: Sequence[Refusal]) -> None:
    rows = [{"import_id": import_id, "place": place, **each._asdict()} for place, each in enumerate(refusals, 1)]
    if rows:
        db.session.execute(insert(ImportRefusal), rows)


def forget_what_was_read(import_id: int) -> None:
    """Of a file that is read anew, or thrown away."""
    for table in (ImportedWeek, ImportRefusal):
        db.session.execute(delete(table).where(table.import_id == import_id))


def keep_some(brought: MarkImport, after: AnyRow | None) -> AnyRow | None:
    """The next weeks, each on top of what stands now; the last one of them, or none where all are kept."""
    some = _next(brought, after, is_kept=False)
    weeks = [Week(*row[:3]) for row in some]
    stands = _standing(brought.school_id, weeks)
    marks, kept = [], []
    for week, was in zip(weeks, some, strict=True):
        before = stands.get((week.student_id, week.monday), EMPTY)
        marks.append(_marked(brought, week, change_of(before, week.told).marks))
        kept.append(_named(brought, week) | {"b_before": before, "b_kept": True})
        _count_again(brought, week.told, was.before, before)
    _write(marks)
    _note(kept)
    brought.done += len(some)
    return some[-1] if some else None


def put_some_back(brought: MarkImport, after: AnyRow | None) -> tuple[AnyRow | None, int]:
    """The next weeks become what they were, but for what something changed since: those stay noted as kept. The last of them,
    or none where all are through; and how many half-days stayed."""
    some = _next(brought, after, is_kept=True)
    stands = _own(brought.school_id, [Week(*row[:3]) for row in some])
    marks, back, stayed = [], [], 0
    for row in some:
        week = Week(*row[:3])
        gone = gone_back(stands.get((week.student_id, week.monday), EMPTY), row.before, week.told)
        marks.append(_marked(brought, week, gone.marks))
        stayed += gone.stayed
        back.append(_named(brought, week) | {"b_before": row.before, "b_kept": bool(gone.stayed)})
    _write(marks)
    _note(back)
    brought.done += len(some)
    return (some[-1] if some else None), stayed


def _next(brought: MarkImport, after: AnyRow | None, *, is_kept: bool) -> Sequence[AnyRow]:
    """In the order of their key."""
    columns = (*KEY, ImportedWeek.told, ImportedWeek.before)
    mine = select(*columns).where(ImportedWeek.import_id == brought.id, ImportedWeek.is_kept.is_(is_kept))
    if after:
        mine = mine.where(tuple_(*KEY) > tuple_(after.student_id, after.monday))
    return db.session.execute(mine.order_by(*KEY).limit(A_BITE)).all()


def _standing(school_id: int, some: Sequence[Week]) -> Mapping[tuple[int, date], str]:
    """What stands in these weeks, as it is counted: where one record went into another, of both; of one that went into
    another since it was looked at, its own."""
    if not some:
        return {}
    mondays = [week.monday for week in some]
    found = weeks_of_each({week.student_id for week in some}, school_id, min(mondays), max(mondays))
    counted = {(student_id, week.monday): week.marks for student_id, theirs in found.items() for week in theirs}
    return {**_own(school_id, some), **counted}


def _own(school_id: int, some: Sequence[Week]) -> Mapping[tuple[int, date], str]:
    """What stands there under their own names only: that is what is put back."""
    if not some:
        return {}
    mondays = [week.monday for week in some]
    those = MarkWeek.student_id.in_({week.student_id for week in some})
    statement = select(MarkWeek.student_id, MarkWeek.monday, MarkWeek.marks).where(
        those, MarkWeek.school_id == school_id, MarkWeek.monday.between(min(mondays), max(mondays))
    )
    return {(row.student_id, row.monday): row.marks for row in db.session.execute(statement)}


def _marked(brought: MarkImport, week: Week, marks: str) -> dict[str, Any]:
    return {"student_id": week.student_id, "school_id": brought.school_id, "monday": week.monday, "marks": marks}


def _named(brought: MarkImport, week: Week) -> dict[str, Any]:
    return {"b_import": brought.id, "b_student": week.student_id, "b_monday": week.monday}


def _write(marks: Sequence[dict[str, Any]]) -> None:
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


def _note(rows: Sequence[dict[str, Any]]) -> None:
    """What was there before, and whether it is kept."""
    table = IMPORTED.c
    mine = (
        table.import_id == bindparam("b_import"),
        table.student_id == bindparam("b_student"),
        table.monday == bindparam("b_monday"),
    )
    if rows:
        change = update(IMPORTED).where(*mine).values(before=bindparam("b_before"), is_kept=bindparam("b_kept"))
        db.session.execute(change, list(rows))


def _count_again(brought: MarkImport, told: str, was: str, now: str) -> None:
    """Something else may have been kept since it was looked at."""
    if was != now:
        then, counted = change_of(was, told), change_of(now, told)
        brought.new += counted.new - then.new
        brought.changed += counted.changed - then.changed
        brought.same += counted.same - then.same
