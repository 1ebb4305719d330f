"""A file of marks is brought, its columns are said, and what it would change is kept, thrown away or undone (T1, ATT-4). What takes
long the worker does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.attendance.marks.columns import Column, digest_of, lasting, shape_by
from app.attendance.marks.models import ImportState, ImportWay, KnownColumns, MarkImport
from app.attendance.marks.queries import Found, import_to_change
from app.attendance.marks.reading import as_text, sample_from
from app.core import clock, events
from app.core.db import begin_write, db, inserting, mark_due
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.files import stored
from app.core.files.stored import Kept, Scan, StoredFile
from app.core.security import public_id
from app.people.queries import Actor

BROUGHT, COLUMNS_SAID = "marks.brought", "marks.columns_said"
KEPT, LEFT, UNDONE = "marks.kept", "marks.left", "marks.undone"
LOOKED_AT = (ImportState.COLUMNS, ImportState.REVIEW)
LEFT_AFTER = timedelta(days=30)
NOT_IN_REVIEW = "This import is not being looked at any more. See below how it stands."
NOT_KEPT = "Only an import that was kept can be undone."
UNDONE_WITHIN = timedelta(days=90)
TOO_LATE = "An import can be undone for 90 days. Bring a file that says what is right: it changes the marks."
NOTHING = "Nothing in this file changes anything, so there is nothing to keep."
NO_FILE = "The file itself is not here any more. Bring it again, then say what its columns are."
NOBODY_LOOKED = "Nobody kept it within 30 days, so it was thrown away. Nothing was changed by it."


@dataclass(frozen=True)
class FromOutside:
    """Who acts where nobody is signed in: the operator's command, or the watched folder."""

    organisation_id: int
    role: str
    person_id: Any = None


def begin_import(
    school_id: int,
    *,
    way: ImportWay,
    file_name: str,
    digest: str,
    by: Actor | None = None,
    file: StoredFile | None = None,
) -> MarkImport:
    """A file of a school that is read next: by the worker where it is in the store, else by whoever brought it
    (`carrying.read_here`). `digest` is its SHA-256."""
    brought = MarkImport(public_id=public_id(), school_id=school_id, way=way, state=ImportState.READING)
    brought.file_name, brought.digest = file_name[:200], digest
    brought.asked_at, brought.asked_by_id = clock.now(), by.person_id if by else None
    if file:
        brought.file_id = file.id
        _hand_over(brought)
    db.session.add(brought)
    db.session.flush()
    events.record(BROUGHT, by=by or FromOutside(school_id, str(way)), on=brought)
    return brought


def bring(kept: Kept, *, scan: Scan, by: Actor) -> MarkImport:
    """A file that came by the browser."""
    file = stored.add(kept, scan=scan, by=by)
    return begin_import(
        by.organisation_id,
        way=ImportWay.BROWSER,
        file_name=kept.name,
        digest=kept.arrived_sha256,
        by=by,
        file=file,
    )


def say_columns(found: Found, columns: Sequence[Column], *, by: Actor) -> None:
    """What each column says; it is read anew by that, and the next file with these headings too. Raises `Refused` where no marks can
    be read so."""
    brought = _looked_at(found.brought.id)
    headings = (sample_from(brought.sample) or [[]])[0]
    if brought.file_id is None:
        raise Refused(NO_FILE)
    shape = shape_by(headings, columns)
    refuse_faulty(shape.fault.removesuffix("."))
    _remember(brought.school_id, headings, shape.columns, by)
    brought.columns = as_text(shape.columns)
    brought.state, brought.rows = ImportState.READING, 0
    _hand_over(brought)
    events.record(COLUMNS_SAID, by=by, on=brought)


def keep_import(import_id: int, *, by: Actor | None) -> None:
    """The worker keeps it week by week. Of two who press it at once one does."""
    brought = _looked_at(import_id)
    if brought.state is not ImportState.REVIEW:
        raise Conflict(NOT_IN_REVIEW)
    if not brought.new + brought.changed:
        raise Refused(NOTHING)
    brought.state, brought.done = ImportState.KEEPING, 0
    brought.kept_by_id = by.person_id if by else None
    _hand_over(brought)
    events.record(KEPT, by=_by(brought, by), on=brought)


def leave_import(import_id: int, *, by: Actor | None) -> None:
    """Thrown away before anything was kept, also while it is read; it stays in the list."""
    brought = import_to_change(import_id)
    if brought.state not in {*LOOKED_AT, ImportState.READING}:
        raise Conflict(NOT_IN_REVIEW)
    _leave(brought)
    events.record(LEFT, by=_by(brought, by), on=brought)


def undo_import(import_id: int, *, by: Actor | None) -> None:
    """Each mark goes back to what it was, unless another import that was kept later says it too. Raises `Refused` once what later
    ones said of it may be forgotten."""
    brought = import_to_change(import_id)
    if brought.state is not ImportState.KEPT:
        raise Conflict(NOT_KEPT)
    if not may_be_undone(brought):
        raise Refused(TOO_LATE)
    brought.state, brought.done = ImportState.UNDOING, 0
    brought.undone_by_id = by.person_id if by else None
    _hand_over(brought)
    events.record(UNDONE, by=_by(brought, by), on=brought)


def may_be_undone(brought: MarkImport) -> bool:
    return brought.kept_at is not None and clock.now() - brought.kept_at <= UNDONE_WITHIN


def leave_old() -> None:
    """What nobody kept in 30 days is thrown away, with its file."""
    is_old = (MarkImport.state.in_(LOOKED_AT), MarkImport.asked_at < clock.now() - LEFT_AFTER)
    if db.session.scalar(select(MarkImport.id).where(*is_old).limit(1)) is None:
        return
    begin_write()
    for brought in db.session.scalars(select(MarkImport).where(*is_old).with_for_update()).all():
        _leave(brought)
        brought.fault = NOBODY_LOOKED
    db.session.commit()


def drop_file(brought: MarkImport) -> None:
    """It is not needed any more: its row goes now, its object with the next sweep."""
    file_id, brought.file_id, brought.sample = brought.file_id, None, ""
    file = db.session.get(StoredFile, file_id) if file_id else None
    db.session.flush()
    if file:
        stored.remove(file)


def _leave(brought: MarkImport) -> None:
    """What was read of it the worker deletes."""
    brought.state = ImportState.LEFT
    drop_file(brought)
    _hand_over(brought)


def _looked_at(import_id: int) -> MarkImport:
    brought = import_to_change(import_id)
    if brought.state not in LOOKED_AT:
        raise Conflict(NOT_IN_REVIEW)
    return brought


def _hand_over(brought: MarkImport) -> None:
    """To the worker, which is woken once this is kept."""
    brought.next_try_at, brought.attempts, brought.fault = clock.now(), 0, ""
    mark_due()


def _by(brought: MarkImport, by: Actor | None) -> Actor | FromOutside:
    return by or FromOutside(brought.school_id, str(brought.way))


def _remember(school_id: int, headings: Sequence[str], columns: Sequence[Column], by: Actor) -> None:
    said = {"columns": as_text(lasting(headings, columns)), "at": clock.now(), "by_id": by.person_id}
    added = inserting(KnownColumns).values(school_id=school_id, headings=digest_of(headings), **said)
    key = [KnownColumns.school_id, KnownColumns.headings]
    db.session.execute(added.on_conflict_do_update(index_elements=key, set_=said))
