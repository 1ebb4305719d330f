"""The worker's part: schools whose sums are to be counted anew, some students in each transaction."""

from sqlalchemy import select

from app.attendance.tallies.actions import count_some
from app.attendance.tallies.models import TallyDue
from app.attendance.tallies.queries import due
from app.core.db import begin_write, db


def count_due() -> int:
    """All that is due. In how many bites."""
    bites = 0
    while _bite():
        bites += 1
    return bites


def _bite() -> bool:
    if (row := due()) is None:
        return False
    begin_write()
    mine = select(TallyDue).where(TallyDue.school_id == row.school_id).with_for_update(skip_locked=True)
    found = db.session.scalar(mine)
    if found:
        count_some(found)
    db.session.commit()
    return found is not None
