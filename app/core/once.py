"""Once-only keys: a form that changes something is carried out once, however often it arrives."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, db


class OnceKey(Base):
    """A key that was used, what was sent with it, and where the first answer led."""

    __tablename__ = "once_key"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    content: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(String(400), default="")
    used_at: Mapped[datetime]


@dataclass(frozen=True)
class Earlier:
    """This key was used before: with the same content, or with other content."""

    answer: str
    is_same: bool


def claim(key: str, *, person_id: int, content: str) -> Earlier | None:
    """Take the key within this transaction; of two at once the second waits, then finds the first one's row."""
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(OnceKey)
        .values(key=key, person_id=person_id, content=content, answer="", used_at=clock.now())
        .on_conflict_do_nothing()
        .returning(OnceKey.key)
    )
    if db.session.execute(statement).first():
        return None
    return _earlier(key, person_id, content)


def remember(key: str, answer: str, *, person_id: int) -> None:
    """Keep where the answer led, for the same form sent again by the same person."""
    mine = update(OnceKey).where(OnceKey.key == key, OnceKey.person_id == person_id)
    db.session.execute(mine.values(answer=answer))


def content_digest(path: str, fields: Iterable[tuple[str, str]]) -> str:
    """What was sent, without the tokens that differ from page to page."""
    kept = sorted((name, text) for name, text in fields if name not in {"csrf_token", "once"})
    return hashlib.sha256(repr((path, kept)).encode()).hexdigest()


def _earlier(key: str, person_id: int, content: str) -> Earlier:
    row = db.session.execute(select(OnceKey.answer, OnceKey.content, OnceKey.person_id).where(OnceKey.key == key)).one()
    return Earlier(row.answer, row.content == content and row.person_id == person_id)
