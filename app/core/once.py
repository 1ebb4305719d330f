"""Once-only keys: a form that changes something is carried out once, however often it arrives."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ForeignKey, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, begin_write, db, inserting

LASTS = timedelta(days=7)
"""Longer than any page is open that could still be sent."""
NO_CONTENT = frozenset({"csrf_token", "once", "kept", "turn", "unsure"})
"""What differs from page to page with the same content."""


class OnceKey(Base):
    """A key that was used, what was sent with it, and where the first answer led."""

    __tablename__ = "once_key"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    content: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(String(400), default="")
    used_at: Mapped[datetime]


KEYS: Any = OnceKey.__table__
_REMEMBER = (
    update(KEYS)
    .where(KEYS.c.key == bindparam("of_key"), KEYS.c.person_id == bindparam("of_person"))
    .values(answer=bindparam("leads_to"))
)


@dataclass(frozen=True)
class Earlier:
    """This key was used before: with the same content, or with other content."""

    answer: str
    is_same: bool


def claim(key: str, *, person_id: int, content: str) -> Earlier | None:
    """Take the key within this transaction; of two at once the second waits, then finds the first one's row."""
    row = {"key": key, "person_id": person_id, "content": content, "answer": "", "used_at": clock.now()}
    if db.session.execute(_taking(db.session.get_bind().dialect.name), row).first():
        return None
    return _earlier(key, person_id, content)


def remember(key: str, answer: str, *, person_id: int) -> None:
    """Keep where the answer led, for the same form sent again by the same person."""
    db.session.execute(_REMEMBER, {"leads_to": answer, "of_key": key, "of_person": person_id})


@cache
def _taking(_dialect: str) -> Any:
    return inserting(KEYS).on_conflict_do_nothing().returning(KEYS.c.key)


def is_spent(key: str, *, person_id: int) -> bool:
    """Was a form with this key carried out? Until the end of this transaction none is: of two at once the second waits."""
    if claim(key, person_id=person_id, content=""):
        return True
    db.session.execute(delete(OnceKey).where(OnceKey.key == key, OnceKey.answer == ""))
    return False


def release(key: str) -> None:
    """The form was not taken as a whole: its key is as good as unused."""
    db.session.execute(delete(OnceKey).where(OnceKey.key == key, OnceKey.answer == ""))


def content_digest(path: str, fields: Iterable[tuple[str, str]]) -> str:
    """What was sent, without the tokens that differ from page to page."""
    kept = sorted((name, text) for name, text in fields if name not in NO_CONTENT)
    return hashlib.sha256(repr((path, kept)).encode()).hexdigest()


def forget_old() -> None:
    """Keys of pages that nobody can have open any more."""
    begin_write()
    db.session.execute(delete(OnceKey).where(OnceKey.used_at < clock.now() - LASTS))
    db.session.commit()


def _earlier(key: str, person_id: int, content: str) -> Earlier:
    row = db.session.execute(select(OnceKey.answer, OnceKey.content, OnceKey.person_id).where(OnceKey.key == key)).one()
    return Earlier(row.answer, row.content == content and row.person_id == person_id)
