"""What is left over goes after a day: rows of files that hang on nothing, objects without a row, halves of objects.

A crash at any point leaves one of these and nothing worse. Only what is plainly ours goes, and nothing at all where the
storage says that it is another database's."""

from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Column, delete, exists, select

from app.core import clock
from app.core.db import Base, begin_write, db
from app.core.files.ours import Found
from app.core.files.store import the_store
from app.core.files.stored import Scan, StoredFile
from app.core.jobs import is_due_again

LEFT_FOR = timedelta(days=1)
EVERY = timedelta(hours=1)
"""Listing a large bucket takes a while."""
PART = "sweep"


def sweep_hourly() -> None:
    """At most once an hour, whoever asks."""
    if is_due_again(PART, EVERY):
        sweep()


def sweep() -> None:
    """May be carried out at any time, and broken off at any time."""
    _forget_rows()
    store = the_store()
    if store.owner() != store.database:
        return
    count = 0
    for some in store.listing():
        for key in _left_over(some):
            store.delete(key)
            count += 1
    count += store.delete_broken_off(clock.now() - LEFT_FOR)
    if count:
        current_app.logger.info("objects swept: %d", count)


def references() -> list[Column[Any]]:
    """Every column, of whatever capability, that refers to a file."""
    file = StoredFile.__table__.c.id
    tables = Base.metadata.tables.values()
    return [key.parent for table in tables for key in table.foreign_keys if key.column is file]


def _forget_rows() -> None:
    """Of files that hang on nothing: no row anywhere refers to them."""
    hangs_on_nothing = [~exists().where(reference == StoredFile.id) for reference in references()]
    begin_write()
    db.session.execute(delete(StoredFile).where(StoredFile.at < clock.now() - LEFT_FOR, *hangs_on_nothing))
    db.session.commit()


def _left_over(some: list[Found]) -> set[str]:
    """Of these objects the old ones that no file needs; an infected one needs none."""
    before = clock.now() - LEFT_FOR
    old = {each.key for each in some if each.at < before}
    needed = select(StoredFile.key).where(StoredFile.key.in_(old), StoredFile.scan != Scan.INFECTED)
    kept = set(db.session.scalars(needed)) if old else set()
    db.session.rollback()
    return old - kept
