"""What the worker finds out by itself, and tells of: in a country looking takes long, and SQLite has one writer."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Select

from app.core.db import begin_write, db

MOST_AT_ONCE = 20
"""So many take some hundredths of a second, and then others have as long: of a whole country's reminders nobody notices."""


def look_then_tell(due: Select[Any], of: Any, tell: Callable[[Any], object]) -> int:
    """Of how many rows of the table `of` that are due. Which they are is looked for once, while others write; then some at a time
    are looked at again, and told of in a short transaction of their own. What somebody writes on at this moment waits for the
    next round."""
    found = db.session.scalars(due.with_only_columns(of.id)).all()
    db.session.rollback()
    some = (found[start : start + MOST_AT_ONCE] for start in range(0, len(found), MOST_AT_ONCE))
    return sum(_tell(due.where(of.id.in_(ids)).with_for_update(of=of, skip_locked=True), tell) for ids in some)


def _tell(due: Select[Any], tell: Callable[[Any], object]) -> int:
    began = time.perf_counter()
    begin_write()
    rows = db.session.scalars(due).all()
    for row in rows:
        tell(row)
    db.session.commit()
    time.sleep(time.perf_counter() - began)
    return len(rows)
