"""What happens at the same moment: somebody writes, and has not finished."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import update

from app.core.db import db
from app.people.models import Person


@contextmanager
def somebody_writing() -> Iterator[None]:
    """SQLite has one writer: whoever else wants to write now waits, and in the end gives up."""
    with db.engine.connect().execution_options(is_write=True) as other:
        other.execute(update(Person).values(phone=Person.phone))
        yield
