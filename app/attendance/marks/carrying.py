"""The worker's part of imports: a file is read, then kept or undone some weeks at a time. Whoever is at it holds a lease; when
it is killed, reading begins anew once the lease is over, and keeping goes on where it was."""

import logging
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from app.attendance.marks.actions import drop_file
from app.attendance.marks.claiming import Lease, Lost, breath, claim
from app.attendance.marks.keeping import follow_merged, forget_what_was_read, keep_some
from app.attendance.marks.models import ImportState, MarkImport
from app.attendance.marks.taking import MOST_ATTEMPTS, UNREADABLE, fetch, refuse
from app.attendance.marks.undoing import put_some_back
from app.attendance.tallies.actions import ask_to_count
from app.core import clock
from app.core.db import db
from app.people.models import Organisation

AGAIN_AFTER = timedelta(minutes=1)
STUCK_AFTER = 3
STAYED = "Some half-days stayed as they are, because another import that was kept later says them too."
STUCK = (
    "This import does not go on: something went wrong each time it was tried. It is tried again every minute, and no mark is "
    "kept twice. Tell whoever runs the portal."
)


def carry_imports() -> int:
    """All that are due. How many were taken up."""
    count = 0
    while claimed := claim():
        _carried_on(claimed)
        count += 1
    return count


def _carried_on(lease: Lease) -> None:
    try:
        with suppress(Lost):
            _of_state(lease)
    except (InterfaceError, OperationalError):  # the database is away: of no import
        raise
    except Exception:  # one that cannot go on holds up no other
        logging.getLogger(__name__).exception("import %s failed", lease.import_id)
        _try_later(lease)


def _of_state(lease: Lease) -> None:
    brought = db.session.get_one(MarkImport, lease.import_id, populate_existing=True)
    state, attempts = brought.state, brought.attempts
    if state is ImportState.READING and attempts > MOST_ATTEMPTS:
        refuse(lease, UNREADABLE)
    elif state is ImportState.READING:
        fetch(lease)
    elif state is ImportState.KEEPING:
        _keep(lease)
    elif state is ImportState.UNDOING:
        _undo(lease)
    else:
        _rest(lease)


def _keep(lease: Lease) -> None:
    is_through, last = False, None
    with lease.held() as brought:
        follow_merged(brought.id)
    while not is_through:
        with breath(), lease.held() as brought:
            _hold_school(brought.school_id)
            last = keep_some(brought, last)
            if is_through := last is None:
                brought.kept_at, brought.state = clock.now(), ImportState.KEPT
                _through(brought)


def _undo(lease: Lease) -> None:
    """Broken off, it begins at the first week that is not through."""
    is_through, last = False, None
    while not is_through:
        with breath(), lease.held() as brought:
            _hold_school(brought.school_id)
            last, has_stayed = put_some_back(brought, last)
            brought.fault = STAYED if has_stayed else brought.fault
            if is_through := last is None:
                brought.undone_at, brought.state = clock.now(), ImportState.UNDONE
                _through(brought)


def _through(brought: MarkImport) -> None:
    """What is summed by its marks is summed anew."""
    drop_file(brought)
    brought.next_try_at, brought.attempts = None, 0
    brought.fault = STAYED if brought.fault == STAYED else ""
    if brought.from_on:
        ask_to_count(brought.school_id, brought.from_on)


def _hold_school(school_id: int) -> None:
    """Two imports of one school are kept one after the other."""
    db.session.execute(select(Organisation.id).where(Organisation.id == school_id).with_for_update(key_share=True))


def _rest(lease: Lease) -> None:
    """Of what was thrown away nothing stays but its line in the list."""
    with lease.held() as brought:
        forget_what_was_read(brought.id)
        brought.next_try_at = None


def _try_later(lease: Lease) -> None:
    """In a minute, however often it fails; from the third time on its page says so, and the doctor."""
    with suppress(Lost), lease.held() as brought:
        brought.next_try_at = clock.now() + AGAIN_AFTER
        brought.fault = STUCK if brought.attempts >= STUCK_AFTER else brought.fault
