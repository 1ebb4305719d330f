"""A file of marks is taken in: read line by line, and compared with what stands. Nothing is kept of it but what somebody is to look
at (T1)."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from app.attendance.marks.actions import drop_file
from app.attendance.marks.claiming import Lease, breath, leased
from app.attendance.marks.columns import Shape, digest_of
from app.attendance.marks.comparing import Sums, in_bites
from app.attendance.marks.finding import roll_of
from app.attendance.marks.keeping import add_refusals, add_weeks, compared, forget_what_was_read
from app.attendance.marks.models import ImportState, ImportWay, MarkImport
from app.attendance.marks.queries import known_columns
from app.attendance.marks.reading import Line, Table, Told, as_text, read, shape_for, table_of
from app.core import clock
from app.core.db import begin_write, db
from app.core.events import By
from app.core.files import stored
from app.core.files.lines import lines_of
from app.core.files.scanning import first_scan
from app.core.files.spool import Spool
from app.core.files.store import Missing, StoreFailed, the_store
from app.core.files.stored import OPENS, Kept, Scan, StoredFile
from app.core.files.unfit import Unfit

SCANNED_AFTER = timedelta(seconds=10)
MOST_ATTEMPTS = 6
NOT_SCANNED = "It waits until the file was looked through for viruses."
INFECTED = (
    "A virus was found in this file, so it was deleted. Nothing was changed. Tell whoever looks after your computers."
)
GONE = "Reading it was broken off, and the file is not here any more. Nothing was changed: bring it again."
BROKEN_OFF = (
    "The operator’s command that read it was broken off. Nothing was changed. The operator may give the same command again, "
    "or you bring the file here."
)
UNREADABLE = "It could not be read, however often it was tried. Nothing was changed. Save it as .csv, and bring that."
NO_COLUMNS = (
    "It cannot be seen what each column says. Bring it once in the portal, under Attendance, where somebody can say so."
)
Keep = Callable[[], tuple[Kept, By]]
"""Puts a file into the store that came by no browser, and says in whose name; once no more of its lines are asked for."""


def read_here(import_id: int, lines: Iterable[Line], keep: Keep | None = None) -> MarkImport:
    """The lines of a file that is not in the store, by whoever brought it; how it stands then. What cannot be read is refused, and
    its row says why; what lacks only somebody who says the columns is kept, where it can be. Raises `Lost`, and `StoreFailed` where
    it is to be tried again."""
    begin_write()
    brought = db.session.get_one(MarkImport, import_id, with_for_update=True)
    lease = leased(brought)
    is_hopeless = brought.attempts > MOST_ATTEMPTS
    db.session.commit()
    if is_hopeless:
        refuse(lease, UNREADABLE)
    else:
        _read(lease, lines, keep)
    return db.session.get_one(MarkImport, import_id, populate_existing=True)


def fetch(lease: Lease) -> None:
    """From the store, once it was scanned."""
    brought = db.session.get_one(MarkImport, lease.import_id)
    file, way = db.session.get(StoredFile, brought.file_id) if brought.file_id else None, brought.way
    db.session.rollback()
    if file is None:
        refuse(lease, BROKEN_OFF if way is ImportWay.COMMAND else GONE)
    elif file.scan is Scan.INFECTED:
        refuse(lease, INFECTED)
    elif file.scan not in OPENS:
        _wait_for_scan(lease)
    else:
        _read_stored(lease, file.key, file.name)


def _read_stored(lease: Lease, key: str, name: str) -> None:
    with Spool() as spool:
        try:
            for piece in the_store().read(key):
                spool.write(piece)
        except Missing:
            refuse(lease, GONE)
        else:
            _read(lease, lines_of(spool, name))


def _wait_for_scan(lease: Lease) -> None:
    with lease.held() as brought:
        _wait(brought)


def _wait(brought: MarkImport) -> None:
    brought.next_try_at = clock.now() + SCANNED_AFTER
    brought.attempts, brought.fault = 0, NOT_SCANNED


def _read(lease: Lease, lines: Iterable[Line], keep: Keep | None = None) -> None:
    try:
        _read_table(lease, table_of(lines), keep)
    except Unfit as reason:
        refuse(lease, str(reason))


def _read_table(lease: Lease, table: Table, keep: Keep | None) -> None:
    shape = _begin(lease, table)
    if shape.fault:
        _ask_for_columns(lease, shape, _kept(lease, keep))
        return
    brought = db.session.get_one(MarkImport, lease.import_id)
    school_id = brought.school_id
    roll = roll_of(school_id, shape.columns)
    db.session.rollback()
    told = read(table, shape, roll, clock.today(), lambda rows: _progress(lease, rows))
    _compare(lease, school_id, told)


def _begin(lease: Lease, table: Table) -> Shape:
    """What was read of it before goes."""
    with lease.held() as brought:
        forget_what_was_read(brought.id)
        known = known_columns(brought.school_id, digest_of(table.headings))
        shape = shape_for(table, brought.columns, known)
        brought.sample, brought.rows, brought.fault = table.sample, 0, ""
        brought.columns = as_text(shape.columns)
    return shape


def _kept(lease: Lease, keep: Keep | None) -> tuple[Kept, By] | None:
    """Where there is no room now, how often it was tried does not count."""
    try:
        return keep() if keep else None
    except StoreFailed:
        with lease.held() as brought:
            brought.attempts = 0
        raise


def _ask_for_columns(lease: Lease, shape: Shape, kept: tuple[Kept, By] | None) -> None:
    """Somebody says them, of what came without a browser once it was scanned; where the file cannot be read again it is refused."""
    with lease.held() as brought:
        file = stored.add(kept[0], scan=first_scan(), by=kept[1]) if kept else None
        brought.file_id = file.id if file else brought.file_id
        if brought.file_id is None:
            _become_refused(brought, NO_COLUMNS)
        elif file and file.scan not in OPENS:
            _wait(brought)
        else:
            brought.state, brought.next_try_at, brought.fault = ImportState.COLUMNS, None, shape.fault


def _progress(lease: Lease, rows: int) -> None:
    with lease.held() as brought:
        brought.rows = rows


def _compare(lease: Lease, school_id: int, told: Told) -> None:
    sums = Sums()
    for some in in_bites(told.weeks.each()):
        with breath():
            rows = compared(school_id, some, sums)
            with lease.held() as brought:
                add_weeks(brought.id, rows)
    with lease.held() as brought:
        add_refusals(brought.id, told.refusals)
        brought.rows, brought.refused, brought.students = told.rows, told.refused, len(sums.students)
        brought.new, brought.changed, brought.same = sums.new, sums.changed, sums.same
        brought.from_on, brought.to_on = sums.from_on, sums.to_on
        brought.state, brought.next_try_at, brought.attempts = ImportState.REVIEW, None, 0


def refuse(lease: Lease, why: str) -> None:
    with lease.held() as brought:
        _become_refused(brought, why)


def _become_refused(brought: MarkImport, why: str) -> None:
    forget_what_was_read(brought.id)
    drop_file(brought)
    brought.state, brought.fault, brought.next_try_at = ImportState.REFUSED, why[:300], None
