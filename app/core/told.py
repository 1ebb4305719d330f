"""What people were told, in the app and by mail: each room says of its own events where that stands, for whoever may see it
by now. It is asked again each time, so nobody is led to what is no longer theirs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import select

from app.core.db import AnyRow, db
from app.core.events import Outbox


class Row(Protocol):
    """A row of the outbox, or what was read of it."""

    @property
    def id(self) -> int: ...
    @property
    def event(self) -> str: ...
    @property
    def case_id(self) -> int | None: ...


@dataclass(frozen=True)
class Place:
    """Where something stands that this person may see now."""

    path: str = ""
    """Its page; nothing where there is none for them."""
    number: str = ""
    """Of the case."""
    name: str = ""
    """What the app says besides, and a mail never."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What a mail says besides: nothing personal."""


Finder = Callable[[Any, Sequence[Row]], Mapping[int, Place]]
_finders: dict[str, Finder] = {}
ANY_OF_A_CASE = ""


def finds(*events: str) -> Callable[[Finder], Finder]:
    """Register who finds the places of these events; the function is given the reader and the outbox rows, and answers by
    their ids, leaving out what this person may not see."""

    def register(finder: Finder) -> Finder:
        _finders.update(dict.fromkeys(events, finder))
        return finder

    return register


def places(reader: Any, rows: Sequence[Row]) -> dict[int, Place]:
    """Where each of these stands, by the row's id; one question for each kind that there is."""
    asked: dict[Finder, list[Row]] = {}
    for row in rows:
        finder = _finders.get(row.event) or (_finders[ANY_OF_A_CASE] if row.case_id else None)
        if finder:
            asked.setdefault(finder, []).append(row)
    found: dict[int, Place] = {}
    for finder, its_rows in asked.items():
        found |= finder(reader, its_rows)
    return found


def things_of(those: Sequence[Row], table: Any, *columns: Any, seen: Any = None) -> Sequence[AnyRow]:
    """What these rows tell of, from its own table: each with the outbox row's id; `seen` is the clause on what may be seen."""
    statement = select(Outbox.id, *columns).join(table, table.id == Outbox.thing_id)
    statement = statement.where(Outbox.id.in_([row.id for row in those]))
    return db.session.execute(statement if seen is None else statement.where(seen)).all()
