"""A form whose sign-in had ended: kept sealed for its sender for a while, and offered again (SHARE-9)."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, column, delete, func, or_, select, table
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, begin_write, db, inserting
from app.core.figures import the_figures
from app.core.security import public_id, seal, unseal

Field = tuple[str, str]
"""A name, and what was typed."""
PERSON = table("person", column("id"))
MOST = 10
"""Forms of one person; the oldest goes."""
LONGEST = 300_000
"""Characters of one form."""


class KeptForm(Base):
    """What was typed, sealed with a key that is not in the database; one row for each form, by its own key."""

    __tablename__ = "kept_form"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(400))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Typed:
    """What was sent, for whom it worked (only there it is shown again), and the page it was typed on."""

    organisation_id: int
    organisation: str
    fields: tuple[Field, ...]
    files: tuple[str, ...] = ()
    query: str = ""
    page: str = ""


@dataclass(frozen=True)
class Kept:
    """A form as it is offered again; `typed` is None where it can no longer be unsealed."""

    public_id: str
    path: str
    at: datetime
    typed: Typed | None

    @property
    def until(self) -> datetime:
        return self.at + the_figures().kept_for


def keep(
    typed: Typed,
    *,
    person_id: int,
    key: str,
    path: str,
    secret: str,
    instead_of: Collection[str] = (),
    unless: tuple[str, Collection[Field]] = ("", ()),
) -> bool:
    """In one short transaction of its own, one at a time of each person; a form with the same key takes the earlier one's
    place, and that of those under the other keys. Nothing is kept where what is kept under the key of `unless` says all
    of its fields already. False for one that is too long to be kept."""
    text = json.dumps(asdict(typed), ensure_ascii=False)
    if len(text) > LONGEST or len(path) > KeptForm.path.type.length:
        return False
    sealed = seal(secret, text, about=_about(person_id, key, path))
    begin_write()
    db.session.execute(select(PERSON.c.id).where(PERSON.c.id == person_id).with_for_update(key_share=True))
    if not _says(*unless, person_id=person_id, secret=secret):
        _put(person_id=person_id, key=key, path=path, sealed=sealed)
        _make_room(person_id, instead_of)
    db.session.commit()
    return True


def kept_for(person_id: int, *, secret: str) -> list[Kept]:
    """What this person can still send, newest first."""
    mine = select(KeptForm).where(KeptForm.person_id == person_id, KeptForm.at > since())
    rows = db.session.scalars(mine.order_by(KeptForm.at.desc(), KeptForm.id.desc()))
    return [Kept(row.public_id, row.path, row.at, _unsealed(row, secret)) for row in rows]


def count_of(person_id: Any, *, since: Any) -> Any:
    """How many are kept for a person, as a column of another statement."""
    mine = select(func.count()).select_from(KeptForm).where(KeptForm.person_id == person_id, KeptForm.at > since)
    return mine.scalar_subquery()


def is_any_kept(person_id: int) -> bool:
    mine = select(KeptForm.id).where(KeptForm.person_id == person_id, KeptForm.at > since()).limit(1)
    return db.session.scalar(mine) is not None


def drop(person_id: int, *, public_id: str = "", keys: Collection[str] = ()) -> bool:
    """It was sent, or thrown away. False where there is no such form of this person."""
    which = or_(KeptForm.public_id == public_id, KeptForm.key.in_(keys))
    dropped = db.session.execute(delete(KeptForm).where(KeptForm.person_id == person_id, which).returning(KeptForm.id))
    return dropped.first() is not None


def forget_old() -> None:
    """Nothing stays longer than it is offered."""
    begin_write()
    db.session.execute(delete(KeptForm).where(KeptForm.at <= since()))
    db.session.commit()


def since() -> datetime:
    """What was kept before is no longer offered."""
    return clock.now() - the_figures().kept_for


def _make_room(person_id: int, instead_of: Collection[str]) -> None:
    if instead_of:
        drop(person_id, keys=instead_of)
    newest = select(KeptForm.id).where(KeptForm.person_id == person_id).order_by(KeptForm.at.desc(), KeptForm.id.desc())
    db.session.execute(delete(KeptForm).where(KeptForm.person_id == person_id, KeptForm.id.not_in(newest.limit(MOST))))


def _says(key: str, fields: Collection[Field], *, person_id: int, secret: str) -> bool:
    """Does what is kept under this key say all of that already?"""
    mine = select(KeptForm).where(KeptForm.person_id == person_id, KeptForm.key == key, KeptForm.at > since())
    row = db.session.scalar(mine) if key else None
    typed = _unsealed(row, secret) if row else None
    return typed is not None and set(fields) <= set(typed.fields)


def _put(**values: object) -> None:
    """Latest wins, and is another form from then on: what was offered before is not sent in its place."""
    statement = inserting(KeptForm).values(public_id=public_id(), at=clock.now(), **values)
    latest = {name: statement.excluded[name] for name in ("public_id", "path", "sealed", "at")}
    db.session.execute(statement.on_conflict_do_update(index_elements=["person_id", "key"], set_=latest))


def _unsealed(row: KeptForm, secret: str) -> Typed | None:
    text = unseal(secret, row.sealed, about=_about(row.person_id, row.key, row.path))
    if text is None:
        return None
    found = json.loads(text)
    fields = tuple((name, value) for name, value in found.pop("fields"))
    return Typed(fields=fields, files=tuple(found.pop("files")), **found)


def _about(person_id: int, key: str, path: str) -> str:
    """What the sealed text belongs to: in another row it cannot be unsealed."""
    return json.dumps([person_id, key, path])
