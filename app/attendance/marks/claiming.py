"""The lease of an import: whoever is at it, until when."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.attendance.marks.models import MarkImport
from app.attendance.marks.queries import due
from app.core import clock
from app.core.db import begin_write, db

LEASE = timedelta(minutes=5)
"""Longer than one bite, or than a large spreadsheet takes to its first row."""


SHORTEST_BREATH = 0.01
"""Seconds."""


class Lost(Exception):
    """Somebody else has it by now, or it was thrown away."""


@dataclass
class Lease:
    """An import that this worker is at, as long as its row names the same end."""

    import_id: int
    until: datetime

    @contextmanager
    def held(self) -> Iterator[MarkImport]:
        """One transaction, with which the lease begins anew. Raises `Lost`."""
        begin_write()
        mine = select(MarkImport).where(MarkImport.id == self.import_id, MarkImport.next_try_at == self.until)
        brought = db.session.scalar(mine.with_for_update().execution_options(populate_existing=True))
        if brought is None:
            db.session.rollback()
            raise Lost
        brought.next_try_at = self.until = clock.now() + LEASE
        yield brought
        db.session.commit()


@contextmanager
def breath() -> Iterator[None]:
    """Rests after each bite as long as it took: whoever else writes on SQLite comes in then, and a case is opened meanwhile as fast
    as ever (T1)."""
    began = time.monotonic()
    yield
    time.sleep(max(SHORTEST_BREATH, time.monotonic() - began))


def claim() -> Lease | None:
    begin_write()
    brought = db.session.scalar(due(clock.now()).limit(1).with_for_update(skip_locked=True))
    lease = leased(brought) if brought else None
    db.session.commit()
    return lease


def leased(brought: MarkImport) -> Lease:
    brought.attempts += 1
    brought.next_try_at = until = clock.now() + LEASE
    return Lease(brought.id, until)
