"""A file that does not come by the browser: it is read where it lies, by whoever brings it, and waits for review as any other."""

from collections.abc import Generator
from contextlib import closing
from functools import partial
from math import inf
from typing import cast

from sqlalchemy import select

from app.attendance.marks.actions import FromOutside, begin_import
from app.attendance.marks.claiming import LEASE
from app.attendance.marks.models import ImportState, ImportWay, MarkImport
from app.attendance.marks.taking import read_here
from app.core import clock
from app.core.db import begin_write, db
from app.core.events import By
from app.core.files import names, unfit
from app.core.files.lines import Line, keep_table, lines_of
from app.core.files.pictures import Allowance
from app.core.files.spool import Spool
from app.core.files.store import StoreFailed
from app.core.files.stored import Kept
from app.core.files.unfit import Unfit
from app.people.models import Role, RoleHeld
from app.people.queries import Actor

TAKEN = (ImportState.COLUMNS, ImportState.REVIEW, ImportState.KEEPING, ImportState.KEPT, ImportState.UNDOING)


def bring_here(school_id: int, file: Spool, name: str, *, way: ImportWay, by: Actor | None = None) -> MarkImport:
    """As it stands once it was read: in review, or refused, and why; or in the store, until somebody says its columns. Never within
    a transaction. Raises `Lost` where somebody threw it away meanwhile, or reads the same anew."""
    begin_write()
    brought = _broken_off(school_id, file.sha256, way, by)
    if brought is None:
        cleaned = names.cleaned(name)
        brought = begin_import(school_id, way=way, file_name=cleaned, digest=file.sha256, by=by)
    brought.next_try_at = clock.now() + LEASE
    import_id = brought.id
    db.session.commit()
    lines = cast("Generator[Line]", lines_of(file, name))
    keeper = by or _keeper(school_id)
    with closing(lines):
        return read_here(import_id, lines, partial(_kept, lines, file, name, keeper) if keeper else None)


def waits_for_columns(school_id: int, digest: str) -> MarkImport | None:
    """The same file, where it is in the store until somebody says its columns, or until it was scanned."""
    waiting = (MarkImport.school_id == school_id, MarkImport.digest == digest, MarkImport.file_id.is_not(None))
    asked = (*waiting, MarkImport.state.in_((ImportState.COLUMNS, ImportState.READING)))
    return db.session.scalars(select(MarkImport).where(*asked).order_by(MarkImport.id.desc()).limit(1)).first()


def _keeper(school_id: int) -> FromOutside | None:
    """In whose name a file of the folder is in the store: whoever runs the portal made that folder. None where nobody has the role:
    then no such file is kept."""
    held = select(RoleHeld.person_id).where(RoleHeld.role == Role.OPERATOR, RoleHeld.ended_at.is_(None))
    person_id = db.session.scalar(held.order_by(RoleHeld.id).limit(1))
    db.session.rollback()
    return FromOutside(school_id, str(ImportWay.FOLDER), person_id) if person_id else None


def _kept(lines: Generator[Line], file: Spool, name: str, keeper: Actor | FromOutside) -> tuple[Kept, By]:
    """No more of its lines are read. Raises `Unfit`; `StoreFailed` for what may stay in the folder until there is room."""
    lines.close()
    try:
        return keep_table(file, name, Allowance()), keeper
    except Unfit as reason:
        if isinstance(keeper, FromOutside) and str(reason) in {unfit.NO_ROOM, unfit.NO_STORE}:
            raise StoreFailed(str(reason)) from reason
        raise


def taken_before(school_id: int, digest: str, since: float = inf) -> MarkImport | None:
    """The same file, where it waits for review or was kept: as the newest of its school, else it takes back what came between; or
    since a time of the clock."""
    taken = select(MarkImport).where(MarkImport.school_id == school_id, MarkImport.state.in_(TAKEN))
    newest_first = taken.order_by(MarkImport.id.desc()).limit(1)
    newest = db.session.scalars(newest_first).first()
    if asked := waits_for_columns(school_id, digest):
        return asked
    same = db.session.scalars(newest_first.where(MarkImport.digest == digest)).first()
    return same if same and (same is newest or same.asked_at.timestamp() >= since) else None


def refused_before(school_id: int, digest: str) -> MarkImport | None:
    """The same file out of the folder, where it was refused last."""
    same = (MarkImport.school_id == school_id, MarkImport.digest == digest, MarkImport.way == ImportWay.FOLDER)
    last = db.session.scalars(select(MarkImport).where(*same).order_by(MarkImport.id.desc()).limit(1)).first()
    return last if last and last.state is ImportState.REFUSED else None


def _broken_off(school_id: int, digest: str, way: ImportWay, by: Actor | None) -> MarkImport | None:
    """Whoever read it was killed: it is read anew. Two never read the same folder at once; of two commands of one operator the
    later one reads on."""
    same = (MarkImport.school_id == school_id, MarkImport.digest == digest, MarkImport.way == way)
    theirs = MarkImport.asked_by_id == by.person_id if by else MarkImport.asked_by_id.is_(None)
    statement = select(MarkImport).where(
        *same, theirs, MarkImport.state == ImportState.READING, MarkImport.file_id.is_(None)
    )
    return db.session.scalars(statement.with_for_update()).first()
