"""A file that does not come by the browser: it is read where it lies, by whoever brings it, and waits for review as any other."""

from math import inf

from sqlalchemy import select

from app.attendance.marks.actions import begin_import
from app.attendance.marks.claiming import LEASE
from app.attendance.marks.models import ImportState, ImportWay, MarkImport
from app.attendance.marks.taking import read_here
from app.core import clock
from app.core.db import begin_write, db
from app.core.files import names
from app.core.files.lines import lines_of
from app.core.files.spool import Spool

TAKEN = (ImportState.COLUMNS, ImportState.REVIEW, ImportState.KEEPING, ImportState.KEPT, ImportState.UNDOING)


def bring_here(school_id: int, file: Spool, name: str, *, way: ImportWay) -> MarkImport:
    """As it stands once it was read: in review, or refused, and why. Never within a transaction."""
    begin_write()
    brought = _broken_off(school_id, file.sha256, way)
    if brought is None:
        cleaned = names.cleaned(name)
        brought = begin_import(school_id, way=way, file_name=cleaned, digest=file.sha256)
    brought.next_try_at = clock.now() + LEASE
    import_id = brought.id
    db.session.commit()
    return read_here(import_id, lines_of(file, name))


def taken_before(school_id: int, digest: str, since: float = inf) -> MarkImport | None:
    """The same file, where it waits for review or was kept: as the newest of its school, else it takes back what came between; or
    since a time of the clock."""
    taken = select(MarkImport).where(MarkImport.school_id == school_id, MarkImport.state.in_(TAKEN))
    newest_first = taken.order_by(MarkImport.id.desc()).limit(1)
    newest = db.session.scalars(newest_first).first()
    same = db.session.scalars(newest_first.where(MarkImport.digest == digest)).first()
    return same if same and (same is newest or same.asked_at.timestamp() >= since) else None


def refused_before(school_id: int, digest: str) -> MarkImport | None:
    """The same file out of the folder, where it was refused last."""
    same = (MarkImport.school_id == school_id, MarkImport.digest == digest, MarkImport.way == ImportWay.FOLDER)
    last = db.session.scalars(select(MarkImport).where(*same).order_by(MarkImport.id.desc()).limit(1)).first()
    return last if last and last.state is ImportState.REFUSED else None


def _broken_off(school_id: int, digest: str, way: ImportWay) -> MarkImport | None:
    """Whoever read it was killed: it is read anew. Two never read the same folder at once."""
    if way is not ImportWay.FOLDER:
        return None
    same = (MarkImport.school_id == school_id, MarkImport.digest == digest, MarkImport.way == way)
    statement = select(MarkImport).where(*same, MarkImport.state == ImportState.READING)
    return db.session.scalars(statement.with_for_update()).first()
