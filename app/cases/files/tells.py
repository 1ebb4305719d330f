"""Who is told that a file was infected: whoever added it (`lists/notifications.csv`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from app.cases.files.rules import INFECTED
from app.cases.rules import listed_channel
from app.core import events
from app.core.db import db
from app.core.events import Channel, Outbox, Told
from app.core.files.stored import StoredFile
from app.core.told import Place, Row, finds
from app.people.queries import Actor, roles_of


@dataclass(frozen=True)
class Itself:
    """Waharoa found it by itself."""

    organisation_id: int
    person_id: Any = None
    role: str = "waharoa"


def tell_of_infected(file: StoredFile) -> None:
    """In the caller's transaction."""
    events.record(INFECTED, by=Itself(file.organisation_id), on=file)


@events.tells(INFECTED)
def file_infected(file: StoredFile, by: events.By, about: Any) -> Iterable[Told]:
    """In one role that they hold there; nobody where they hold none any more."""
    channel = Channel(listed_channel("file_infected"))
    held = [each for each in roles_of(file.by_id) if each.organisation_id == file.organisation_id]
    return [Told(file.by_id, each.role, file.organisation_id, channel) for each in held[:1]]


@finds(INFECTED)
def infected_files(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """Which file it was, for who added it; without a name where it is gone since. It has no page."""
    statement = (
        select(Outbox.id, StoredFile.name)
        .outerjoin(StoredFile, and_(StoredFile.id == Outbox.thing_id, StoredFile.by_id == reader.person_id))
        .where(Outbox.id.in_([row.id for row in those]))
    )
    return {row.id: Place(name=row.name or "") for row in db.session.execute(statement)}
