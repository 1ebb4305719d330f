"""The worker's part in scanning (SHARE-6): a waiting file is claimed by a lease, asked about, and marked.

A scanner that is away is asked again after 1 minute, 5, 30, 2 hours and 12; then the file is marked failed, for people
to see, and waits until the scanner answers again. What is infected loses its object, not its row."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from app.core import clock
from app.core.db import begin_write, db
from app.core.files.scanner import Answer, Unanswered, ask, is_there
from app.core.files.store import Missing, StoreFailed, the_store
from app.core.files.stored import Scan, StoredFile
from app.core.jobs import beat
from app.core.outbox import BACKOFF

LEASE = timedelta(minutes=10)
Tell = Callable[[StoredFile], object]
MARKED = {Answer.CLEAN: Scan.CLEAN, Answer.INFECTED: Scan.INFECTED, Answer.TOO_LARGE: Scan.FAILED}


def first_scan() -> Scan:
    """What is known of a file that has just come: it waits for the scanner, where there is one."""
    return Scan.PENDING if current_app.extensions["settings"].scanner else Scan.NOT_SCANNED


def scan_due(tell: Tell = lambda _: None) -> int:
    """Every waiting file, one after the other, until the scanner proves to be away. How many were asked about. `tell` is
    given each infected one, in the transaction that marks it."""
    address = current_app.extensions["settings"].scanner
    if not address:
        return _let_open()
    count = 0
    is_answering = True
    while is_answering and (claimed := _claim()):
        is_answering = _scan(claimed, address, tell)
        beat("worker")
        count += 1
    return count


def try_failed_again() -> None:
    """What was given up because the scanner was away waits again, once it is back."""
    address = current_app.extensions["settings"].scanner
    given_up = (StoredFile.scan == Scan.FAILED, StoredFile.attempts > len(BACKOFF))
    if not address or not db.session.scalar(select(StoredFile.id).where(*given_up).limit(1)):
        return
    db.session.rollback()
    if is_there(address):
        begin_write()
        waiting = {"scan": Scan.PENDING, "attempts": 0, "next_try_at": clock.now()}
        db.session.execute(update(StoredFile).where(*given_up).values(**waiting))
        db.session.commit()


def _let_open() -> int:
    """The scanner was taken away by the settings: what still waits for it would wait for ever."""
    waiting = StoredFile.scan == Scan.PENDING
    if db.session.scalar(select(StoredFile.id).where(waiting).limit(1)):
        begin_write()
        db.session.execute(update(StoredFile).where(waiting).values(scan=Scan.NOT_SCANNED, next_try_at=None))
        db.session.commit()
    return 0


def _claim() -> tuple[int, str, int] | None:
    """Id, key and attempts of the next one; nobody else has it until the lease ends."""
    begin_write()
    now = clock.now()
    due = (
        select(StoredFile)
        .where(StoredFile.scan == Scan.PENDING, StoredFile.next_try_at <= now)
        .order_by(StoredFile.next_try_at, StoredFile.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    file = db.session.scalar(due)
    claimed = _lease(file, now) if file else None
    db.session.commit()
    return claimed


def _lease(file: StoredFile, now: datetime) -> tuple[int, str, int]:
    file.next_try_at = now + LEASE
    file.attempts += 1
    return file.id, file.key, file.attempts


def _scan(claimed: tuple[int, str, int], address: str, tell: Tell) -> bool:
    """False where the scanner is away."""
    file_id, key, attempts = claimed
    try:
        answer = ask(address, the_store().read(key))
    except (Unanswered, StoreFailed) as error:
        current_app.logger.warning("a file was not scanned: %s", type(error).__name__)
        _wait(file_id, attempts)
        return not isinstance(error, Unanswered)
    except Missing:
        answer = Answer.TOO_LARGE  # nothing to be asked about, and nothing that could open
    if answer is Answer.UNCLEAR:
        current_app.logger.warning("the scanner gave no clear answer")
        _wait(file_id, attempts)
        return True
    is_infected = answer is Answer.INFECTED
    _mark(file_id, tell if is_infected else None, scan=MARKED[answer], scanned_at=clock.now(), next_try_at=None)
    if is_infected:
        current_app.logger.warning("a file was infected, and is deleted", extra={"file_id": file_id})
        the_store().delete(key)  # where this fails, the sweep does it
    return True


def _wait(file_id: int, attempts: int) -> None:
    if attempts > len(BACKOFF):
        _mark(file_id, scan=Scan.FAILED, scanned_at=clock.now(), next_try_at=None)
    else:
        _mark(file_id, next_try_at=clock.now() + BACKOFF[attempts - 1])


def _mark(file_id: int, tell: Tell | None = None, **values: object) -> None:
    begin_write()
    db.session.execute(update(StoredFile).where(StoredFile.id == file_id).values(**values))
    file = db.session.get(StoredFile, file_id) if tell else None
    if tell and file:
        tell(file)
    db.session.commit()
