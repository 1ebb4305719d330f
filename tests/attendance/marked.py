"""Half-day marks, for tests: kept as an export would have brought them, and counted."""

from collections.abc import Mapping
from datetime import date, timedelta

from app.attendance.tallies.actions import ask_to_count, count_some
from app.attendance.tallies.models import MarkWeek, TallyDue, TermTally
from app.core.db import db, inserting
from tests.make import Place, Pupil

PRESENT = "P" * 10
TERM_1 = date(2026, 2, 2)
"""The Monday on which the term of the world's clock began."""


def marks(at: Place, pupil: Pupil, weeks: Mapping[date, str]) -> None:
    """Monday → ten marks; what was there of a week is written over. The sums are counted anew."""
    for monday, said in weeks.items():
        key = {"student_id": pupil.id, "school_id": at.id, "monday": monday}
        added = inserting(MarkWeek).values(**key, marks=said)
        db.session.execute(added.on_conflict_do_update(index_elements=[*key], set_={"marks": said}))
    counted(at, min(weeks))


def term(at: Place, pupil: Pupil, *weeks: str, from_on: date = TERM_1) -> None:
    """Week after week from a Monday on: `term(tawa, ng, "PPPPTTPPPP", …)`."""
    marks(at, pupil, {from_on + timedelta(weeks=number): said for number, said in enumerate(weeks)})


def absent_for(
    at: Place, pupil: Pupil, half_days: int, *, code: str = "T", from_on: date = TERM_1, weeks: int = 5
) -> None:
    """So many half-days from a Monday on, then present to the end of these weeks."""
    line = (code * half_days).ljust(10 * weeks, "P")
    term(at, pupil, *(line[start : start + 10] for start in range(0, 10 * weeks, 10)), from_on=from_on)


def counted(at: Place, from_on: date) -> None:
    """What the worker does, in this transaction."""
    ask_to_count(at.id, from_on)
    db.session.flush()
    while due := db.session.get(TallyDue, at.id, populate_existing=True):
        count_some(due)
        db.session.flush()


def tally(at: Place, pupil: Pupil, code: int = 20261) -> TermTally | None:
    return db.session.get(TermTally, (pupil.id, at.id, code), populate_existing=True)
