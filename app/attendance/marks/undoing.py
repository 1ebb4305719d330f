"""Weeks of an import that is undone, some at a time: what stood below them comes back (ATT-4)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, select

from app.attendance.marks.actions import UNDONE_WITHIN
from app.attendance.marks.claiming import breath
from app.attendance.marks.comparing import EMPTY, Told, Week, undone
from app.attendance.marks.keeping import count_again, named, next_weeks, note_weeks, own_weeks, write_weeks, written
from app.attendance.marks.models import ImportedWeek, ImportState, MarkImport
from app.attendance.marks.queries import KEY, says_something_else
from app.core import clock
from app.core.db import AnyRow, AnySelect, begin_write, db
from app.core.jobs import is_due_again

LOOKS_BACK = timedelta(days=30)
DAILY, PART = timedelta(days=1), "marks that were sent again"


def put_some_back(brought: MarkImport, after: AnyRow | None) -> tuple[AnyRow | None, bool]:
    """The next weeks become what they were, but for what another import told later. The last of them, or none where all are
    through; and whether anything stayed."""
    some = next_weeks(brought, after, is_kept=True)
    weeks = [Week(*row[:3]) for row in some]
    stands, later = own_weeks(brought.school_id, weeks), _told_later(brought, some)
    marks, noted, has_stayed = [], [], False
    for week, row in zip(weeks, some, strict=True):
        key = (week.student_id, week.monday)
        now = stands.get(key, EMPTY)
        gone = undone(now, Told(brought.id, row.kept_at, row.told, row.before), later.get(key, []))
        marks += written(brought, week, now, gone.marks)
        noted += [
            named(each.import_id, week) | {"b_before": each.before, "b_kept": each.kept_at} for each in gone.later
        ]
        noted.append(named(brought.id, week) | {"b_before": row.before, "b_kept": None})
        _count_later(gone.later, later.get(key, []))
        has_stayed = has_stayed or bool(gone.stayed)
    write_weeks(marks)
    note_weeks(noted)
    brought.done += len(some)
    return (some[-1] if some else None), has_stayed


def _count_later(now: Sequence[Told], before: Sequence[Told]) -> None:
    """Of those below which something else stands now, what is new by them and what is changed."""
    was = {each.import_id: each.before for each in before}
    for each in now:
        count_again(db.session.get_one(MarkImport, each.import_id), each.told, was[each.import_id], each.before)


def _told_later(brought: MarkImport, some: Sequence[AnyRow]) -> Mapping[tuple[int, date], list[Told]]:
    """What other imports of this school, kept after it, tell of each of these weeks; in that order."""
    since = {(row.student_id, row.monday): (row.kept_at, brought.id) for row in some}
    found: dict[tuple[int, date], list[Told]] = {}
    for row in db.session.execute(_kept_of(brought.school_id, since)) if since else ():
        key, each = (row.student_id, row.monday), Told(row.import_id, row.kept_at, row.told, row.before)
        if key in since and (each.kept_at, each.import_id) > since[key]:
            found.setdefault(key, []).append(each)
    return found


def _kept_of(school_id: int, those: Collection[tuple[int, date]]) -> AnySelect:
    """By every import, also of weeks between these."""
    mondays = [monday for _, monday in those]
    return (
        select(*KEY, ImportedWeek.import_id, ImportedWeek.kept_at, ImportedWeek.told, ImportedWeek.before)
        .join(MarkImport, MarkImport.id == ImportedWeek.import_id)
        .where(ImportedWeek.student_id.in_({student_id for student_id, _ in those}))
        .where(ImportedWeek.monday.between(min(mondays), max(mondays)), ImportedWeek.kept_at.is_not(None))
        .where(MarkImport.school_id == school_id)
        .order_by(ImportedWeek.kept_at, ImportedWeek.import_id)
    )


def forget_old_confirmations_daily() -> None:
    """At most once a day, whoever asks."""
    if is_due_again(PART, DAILY):
        forget_old_confirmations()


def forget_old_confirmations() -> None:
    """Of imports that were kept so long ago that nothing older can be undone: most of what a school sends again each week says
    nothing that is new."""
    until = clock.now() - UNDONE_WITHIN
    those = (MarkImport.state == ImportState.KEPT, MarkImport.kept_at.between(until - LOOKS_BACK, until))
    found = db.session.scalars(select(MarkImport.id).where(*those)).all()
    db.session.rollback()
    for import_id in found:
        with breath():
            begin_write()
            db.session.execute(delete(ImportedWeek).where(ImportedWeek.import_id == import_id, ~says_something_else()))
            db.session.commit()
