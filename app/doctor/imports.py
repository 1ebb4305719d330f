"""Imports of half-day marks: those that nobody reads or keeps, and those that fail each time."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select

from app.attendance.marks.carrying import STUCK
from app.attendance.marks.models import MarkImport
from app.core import clock
from app.core.db import db
from app.doctor.findings import Finding, Patient, mend

LATE = timedelta(minutes=10)
NAMED = 10


def of_marks(_patient: Patient) -> Iterable[Finding]:
    """By the numbers that the worker's log names."""
    late = select(func.count()).select_from(MarkImport).where(MarkImport.next_try_at < clock.now() - LATE)
    if count := db.session.scalar(late) or 0:
        waits = "1 has waited" if count == 1 else f"{count:,} have waited"
        yield mend(
            "imports", f"{waits} for over ten minutes to be read or kept", "see that the worker runs; then its log"
        )
    stuck = select(MarkImport.id).where(MarkImport.next_try_at.is_not(None), MarkImport.fault == STUCK)
    if found := db.session.scalars(stuck.order_by(MarkImport.id)).all():
        which = ", ".join(map(str, found[:NAMED])) + (", …" if len(found) > NAMED else "")
        yield mend(
            "imports",
            f"{len(found):,} of half-day marks {'does' if len(found) == 1 else 'do'} not go on: number {which}",
            "find “import NUMBER failed” in the worker’s log, and report it; each is tried again every minute",
        )
