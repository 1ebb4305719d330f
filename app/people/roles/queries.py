"""Who holds, or held, which role at the actor's own organisation; never anybody's elsewhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.core.figures import the_figures
from app.people.models import Person, Role, RoleHeld, SignIn
from app.people.queries import Actor, people_with
from app.people.roles.rules import due_before, sees_cases

PAGE = 50
Giver, Ender, Reviewer, Before = (aliased(Person), aliased(Person), aliased(Person), aliased(Person))
Used = aliased(RoleHeld)

_LISTED = (
    Person.public_id,
    Person.name,
    Person.email,
    Person.mail_failed_at,
    Person.ended_at.label("left_at"),
    RoleHeld.role,
    RoleHeld.source,
    RoleHeld.given_at,
    RoleHeld.given_by_command,
    RoleHeld.reviewed_at,
    RoleHeld.ended_at,
    Giver.name.label("given_by"),
    Ender.name.label("ended_by"),
    Reviewer.name.label("reviewed_by"),
)


@dataclass(frozen=True)
class Colleague:
    """Somebody of this organisation, with the roles they hold here and those they held."""

    rows: Sequence[AnyRow]

    @property
    def of(self) -> AnyRow:
        return self.rows[0]

    @property
    def held(self) -> list[AnyRow]:
        return [row for row in self.rows if row.ended_at is None and row.left_at is None]

    @property
    def former(self) -> list[AnyRow]:
        return [row for row in self.rows if row.ended_at or row.left_at]


def colleagues(actor: Actor, *, after: str = "", is_former: bool = False) -> list[Colleague]:
    """Everyone who holds a role here, by name, or everyone who held one and holds none now; one more than a page where
    there are more. One statement."""
    ids = _people(actor, after, is_former=is_former)
    rows = db.session.execute(_roles(actor).where(Person.id.in_(ids)).order_by(Person.name, Person.id, RoleHeld.id))
    return [Colleague(list(roles)) for _, roles in groupby(rows, key=lambda row: row.public_id)]


def _people(actor: Actor, after: str, *, is_former: bool) -> AnySelect:
    """A page of them."""
    here = _held_here(actor)
    is_here = and_(here.where(RoleHeld.ended_at.is_(None)).exists(), Person.ended_at.is_(None))
    which = and_(here.exists(), ~is_here) if is_former else is_here
    ids = select(Person.id).where(which, *_after(after)).order_by(Person.name, Person.id).limit(PAGE + 1)
    return select(ids.subquery().c.id)


def _held_here(actor: Actor) -> AnySelect:
    """The roles that a Person holds or held at the actor's organisation."""
    return select(RoleHeld.id).where(RoleHeld.person_id == Person.id, RoleHeld.organisation_id == actor.organisation_id)


def _after(public_id: str) -> list[ColumnElement[bool]]:
    """From the person after this one on."""
    if not public_id:
        return []
    name = select(Before.name).where(Before.public_id == public_id).scalar_subquery()
    number = select(Before.id).where(Before.public_id == public_id).scalar_subquery()
    return [or_(Person.name > name, and_(Person.name == name, Person.id > number))]


def _roles(actor: Actor) -> AnySelect:
    """A row for each role that somebody holds or held here."""
    return (
        select(*_LISTED, _last_here(actor).label("last_here"))
        .select_from(RoleHeld)
        .join(Person, Person.id == RoleHeld.person_id)
        .outerjoin(Giver, Giver.id == RoleHeld.given_by_id)
        .outerjoin(Ender, Ender.id == RoleHeld.ended_by_id)
        .outerjoin(Reviewer, Reviewer.id == RoleHeld.reviewed_by_id)
        .where(RoleHeld.organisation_id == actor.organisation_id)
    )


def _last_here(actor: Actor) -> ColumnElement[datetime | None]:
    """When they last worked for this organisation; what they do elsewhere is no business of its authoriser."""
    latest: Any = (
        select(func.max(SignIn.last_seen_at))
        .join(Used, Used.id == SignIn.role_held_id)
        .where(SignIn.person_id == Person.id, Used.organisation_id == actor.organisation_id)
        .correlate(Person)
        .scalar_subquery()
    )
    found: ColumnElement[datetime | None] = latest
    return found


def colleague(actor: Actor, public_id: str) -> Person | None:
    """Somebody who holds or held a role here."""
    return db.session.scalar(select(Person).where(Person.public_id == public_id, _held_here(actor).exists()))


def was_here(person_id: int, organisation_id: int) -> bool:
    """They hold or held a role here."""
    held = select(RoleHeld.id).where(RoleHeld.person_id == person_id, RoleHeld.organisation_id == organisation_id)
    return db.session.scalar(held.limit(1)) is not None


def second_for(actor: Actor, person_id: int, role: Role) -> str:
    """Who has to give this role, where the actor would give it to themselves: the others who give roles here, by name.
    Nothing where they may do it, or nobody else is there to."""
    if person_id != actor.person_id or not sees_cases(role):
        return ""
    givers = people_with(actor.organisation_id, Role.DELEGATED_AUTHORISER)
    return " or ".join(giver.name for giver in givers if giver.id != actor.person_id)


def ended_second(actor: Actor, since: datetime) -> str:
    """Who gave roles here then, beside the actor, and does no more because the actor ended it: a name, or nothing."""
    theirs = (RoleHeld.organisation_id == actor.organisation_id, RoleHeld.role == Role.DELEGATED_AUTHORISER)
    ended = (RoleHeld.ended_at > since, RoleHeld.ended_by_id == actor.person_id, RoleHeld.person_id != actor.person_id)
    names = select(Person.name).join(RoleHeld, RoleHeld.person_id == Person.id).where(*theirs, *ended)
    return db.session.scalar(names.order_by(RoleHeld.id.desc()).limit(1)) or ""


def role_here(actor: Actor, public_id: str, role: str) -> RoleHeld | None:
    """This role of theirs at the actor's organisation, held now."""
    if role not in set(Role):
        return None
    statement = select(RoleHeld).join(Person, Person.id == RoleHeld.person_id)
    return db.session.scalar(
        statement.where(
            Person.public_id == public_id,
            RoleHeld.organisation_id == actor.organisation_id,
            RoleHeld.role == Role(role),
            RoleHeld.ended_at.is_(None),
        )
    )


def due_for_review(actor: Actor) -> Sequence[AnyRow]:
    """The roles here that nobody has looked at for so long that somebody should, the longest first (A2)."""
    looked_at = func.coalesce(RoleHeld.reviewed_at, RoleHeld.given_at)
    statement = (
        select(Person.public_id, Person.name, RoleHeld.role, RoleHeld.given_at, RoleHeld.reviewed_at)
        .join(Person, Person.id == RoleHeld.person_id)
        .where(
            RoleHeld.organisation_id == actor.organisation_id,
            RoleHeld.ended_at.is_(None),
            Person.ended_at.is_(None),
            looked_at < due_before(clock.today(), the_figures().review_months),
        )
        .order_by(looked_at, RoleHeld.id)
        .limit(PAGE)
    )
    return db.session.execute(statement).all()


def roles_named(actor: Actor, keys: Collection[str]) -> list[RoleHeld]:
    """Those of the roles held here now that these name: the public id of a person, a slash, the role."""
    people = {key.partition("/")[0] for key in keys}
    statement = select(RoleHeld, Person.public_id).join(Person, Person.id == RoleHeld.person_id)
    here = (RoleHeld.organisation_id == actor.organisation_id, RoleHeld.ended_at.is_(None))
    rows = db.session.execute(statement.where(*here, Person.public_id.in_(people)).order_by(RoleHeld.id))
    return [held for held, public_id in rows if f"{public_id}/{held.role}" in keys]
