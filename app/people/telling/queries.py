"""What somebody was told here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, true

from app.core import clock
from app.core.db import AnyRow, db
from app.core.events import Outbox
from app.core.security import row_of_link
from app.core.told import Place, places
from app.people.models import Organisation, Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.telling.models import How, TellingChoice
from app.people.telling.rules import FROM_MAIL, words_of

PAGE = 50
_READ = (Outbox.id, Outbox.event, Outbox.made_at, Outbox.read_at, Outbox.case_id, Outbox.thing, Outbox.thing_id)


@dataclass(frozen=True)
class Line:
    """One thing that they were told of, and where it stands."""

    event: str
    made_at: datetime
    read_at: datetime | None
    place: Place

    @property
    def words(self) -> str:
        return words_of(self.event)


@dataclass(frozen=True)
class Page:
    """Newest first; `older` is the row before which the next page begins, None on the last one."""

    lines: Sequence[Line]
    older: int | None


def told_to(actor: Actor, *, before: int | None = None) -> Page:
    """A page of what this person was told here in this role, without what they may not see any more. The outbox is asked once, along
    its index; then each kind that there is."""
    statement = select(*_READ).where(
        Outbox.person_id == actor.person_id,
        Outbox.organisation_id == actor.organisation_id,
        Outbox.role == actor.role,
        Outbox.made_at <= clock.now(),
    )
    if before:
        statement = statement.where(Outbox.id < before)
    rows = db.session.execute(statement.order_by(Outbox.id.desc()).limit(PAGE + 1)).all()
    found = places(actor, rows[:PAGE])
    lines = [Line(row.event, row.made_at, row.read_at, found[row.id]) for row in rows[:PAGE] if row.id in found]
    lines.sort(key=lambda line: line.made_at, reverse=True)
    return Page(lines, rows[PAGE - 1].id if len(rows) > PAGE else None)


def told_thing(person_id: int, row_id: int) -> AnyRow | None:
    """One thing that this person was told, with the role they were told in where they still hold it."""
    statement = (
        select(*_READ, Outbox.role, Outbox.organisation_id, Organisation.name.label("at"), RoleHeld.id.label("held"))
        .join(Organisation, Organisation.id == Outbox.organisation_id)
        .outerjoin(
            RoleHeld,
            and_(
                RoleHeld.person_id == Outbox.person_id,
                RoleHeld.organisation_id == Outbox.organisation_id,
                RoleHeld.role == Outbox.role,
                RoleHeld.ended_at.is_(None),
            ),
        )
        .where(Outbox.id == row_id, Outbox.person_id == person_id)
    )
    return db.session.execute(statement).first()


def role_for(person_id: int, path: str, *, secret: str) -> int | None:
    """The role held in which this person was told what a mail's link leads to; None for any other address."""
    row_id = row_of_link(secret, path.removeprefix(FROM_MAIL)) if path.startswith(FROM_MAIL) else None
    row = told_thing(person_id, row_id) if row_id else None
    return row.held if row else None


def chosen_by(person_id: int) -> dict[str, How]:
    """What this person chose, by event."""
    rows = db.session.execute(
        select(TellingChoice.event, TellingChoice.how).where(TellingChoice.person_id == person_id)
    )
    return {row.event: row.how for row in rows}


def holders_as_chosen(role: Role, event: str, organisation_id: int | None = None) -> Sequence[AnyRow]:
    """Everyone who holds this role, there or anywhere: person, organisation, and how they chose to be told of this event."""
    chosen = and_(TellingChoice.person_id == RoleHeld.person_id, TellingChoice.event == event)
    held = (RoleHeld.role == role, RoleHeld.ended_at.is_(None), Person.ended_at.is_(None))
    there = RoleHeld.organisation_id == organisation_id if organisation_id else true()
    statement = (
        select(RoleHeld.person_id, RoleHeld.organisation_id, TellingChoice.how)
        .join(Person, Person.id == RoleHeld.person_id)
        .outerjoin(TellingChoice, chosen)
        .where(*held, there)
    )
    return db.session.execute(statement).all()


def does_mail_come_back(person_id: int) -> bool:
    return db.session.scalar(select(Person.mail_failed_at).where(Person.id == person_id)) is not None
