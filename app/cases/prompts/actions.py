"""The worker tells of long absences as soon as they are counted, and of days of return that have passed once an hour: each once,
those of a school together (ATT-3)."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import groupby

from sqlalchemy import select, update

from app.attendance.prompts.models import MarkPrompt, PromptKind
from app.attendance.prompts.rules import FIFTEEN, RETURN, RETURN_OF_CASE, TWENTY
from app.attendance.prompts.telling import returns_passed, untold
from app.cases.files.tells import Itself
from app.cases.models import Case, Status
from app.cases.prompts import tells  # noqa: F401  (registers whom these events tell)
from app.core import clock, events
from app.core.db import AnyRow, begin_write, db
from app.core.events import Happened
from app.core.jobs import is_due_again

EVENTS = {PromptKind.ABSENT: FIFTEEN, PromptKind.ABSENT_TWENTY: TWENTY}
EVERY = timedelta(hours=1)
PART = "days of return that have passed"


def tell_of_absences() -> int:
    """In how many portions."""
    return _together(untold(), lambda row: (row.school_id, row.kind), _tell_of_absences)


def tell_of_returns_hourly() -> None:
    if is_due_again(PART, EVERY):
        tell_of_returns()


def tell_of_returns() -> int:
    """In how many portions."""
    return _together(returns_passed(), lambda row: (row.school_id, ""), _tell_of_returns)


def _together(
    rows: Sequence[AnyRow], alike: Callable[[AnyRow], tuple[int, str]], tell: Callable[[Sequence[AnyRow]], None]
) -> int:
    """Each portion in a short transaction of its own; then others have as long."""
    db.session.rollback()
    portions = [list(some) for _, some in groupby(sorted(rows, key=alike), key=alike)]
    for some in portions:
        began = time.perf_counter()
        begin_write()
        tell(some)
        db.session.commit()
        time.sleep(time.perf_counter() - began)
    return len(portions)


def _tell_of_absences(rows: Sequence[AnyRow]) -> None:
    mine = update(MarkPrompt).where(MarkPrompt.id.in_([row.id for row in rows]), MarkPrompt.told_at.is_(None))
    if ids := db.session.scalars(mine.values(told_at=clock.now()).returning(MarkPrompt.id)).all():
        _record(EVENTS[rows[0].kind], rows[0].school_id, min(ids))


def _tell_of_returns(rows: Sequence[AnyRow]) -> None:
    """The school of all of them; and whoever has a case of one of these students. Of what another worker has told nobody is told
    again."""
    told = [row for row in rows if _is_first_to_tell(row)]
    if not told:
        return
    _record(RETURN, told[0].school_id, told[0].id)
    of_them = (Case.student_id.in_([row.student_id for row in told]), Case.status != Status.CLOSED)
    for case in db.session.scalars(select(Case).where(*of_them).order_by(Case.id)):
        events.record_all(Happened(RETURN_OF_CASE, case, case), by=Itself(told[0].school_id))


def _is_first_to_tell(row: AnyRow) -> bool:
    mine = update(MarkPrompt).where(MarkPrompt.id == row.id, MarkPrompt.told_return_on.is_distinct_from(row.return_on))
    return db.session.scalar(mine.values(told_return_on=row.return_on).returning(MarkPrompt.id)) is not None


def _record(event: str, school_id: int, prompt_id: int) -> None:
    events.record(event, by=Itself(school_id), on=db.session.get_one(MarkPrompt, prompt_id))
