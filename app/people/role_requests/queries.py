"""Roles that wait to be given."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.core.db import AnyRow, db
from app.core.text import fold
from app.people.models import Organisation, Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.policy import visible

MOST, LAST = 50, 5
Asker, Decider = aliased(Person), aliased(Person)
_WAITING = (
    RoleRequest.public_id,
    RoleRequest.role,
    RoleRequest.why,
    RoleRequest.asked_at,
    Person.name,
    Person.email,
    Asker.name.label("asked_by"),
    (RoleRequest.asked_by_id == RoleRequest.person_id).label("is_own"),
)


def request_for(actor: Actor, public_id: str) -> RoleRequest | None:
    """One of those this person may see."""
    return db.session.scalar(select(RoleRequest).where(RoleRequest.public_id == public_id, visible(actor)))


def waiting_for(actor: Actor) -> Sequence[AnyRow]:
    """What waits for this person's answer, the oldest first; not what was given meanwhile in another way."""
    held = select(RoleHeld.id).where(
        RoleHeld.person_id == RoleRequest.person_id,
        RoleHeld.organisation_id == RoleRequest.organisation_id,
        RoleHeld.role == RoleRequest.role,
        RoleHeld.ended_at.is_(None),
    )
    statement = (
        select(*_WAITING)
        .join(Person, Person.id == RoleRequest.person_id)
        .join(Asker, Asker.id == RoleRequest.asked_by_id)
        .where(visible(actor), RoleRequest.decided_at.is_(None), Person.ended_at.is_(None), ~held.exists())
        .order_by(RoleRequest.asked_at, RoleRequest.id)
        .limit(MOST)
    )
    return db.session.execute(statement).all()


def waiting_request(person_id: int, organisation_id: int, role: Role) -> RoleRequest | None:
    """The one that waits for this very role; there is no second."""
    statement = select(RoleRequest).where(
        RoleRequest.person_id == person_id,
        RoleRequest.organisation_id == organisation_id,
        RoleRequest.role == role,
        RoleRequest.decided_at.is_(None),
    )
    return db.session.scalar(statement)


def answered_to(person_id: int, organisation_id: int | None = None) -> Sequence[AnyRow]:
    """What this person asked for, for themselves or for others, and what was decided and why, newest first. What waits is
    not among it: whoever types names of organisations learns nothing of which there are."""
    here = [RoleRequest.organisation_id == organisation_id] if organisation_id else []
    statement = (
        select(
            RoleRequest.role,
            RoleRequest.is_given,
            RoleRequest.decided_at,
            RoleRequest.decided_why,
            Person.name,
            Decider.name.label("decided_by"),
            Organisation.name.label("organisation"),
        )
        .join(Person, Person.id == RoleRequest.person_id)
        .join(Decider, Decider.id == RoleRequest.decided_by_id)
        .join(Organisation, Organisation.id == RoleRequest.organisation_id)
        .where(RoleRequest.asked_by_id == person_id, *here)
        .order_by(RoleRequest.decided_at.desc(), RoleRequest.id.desc())
        .limit(LAST)
    )
    return db.session.execute(statement).all()


def organisation_named(typed: str) -> int | None:
    """The one with this number or this name, as people write it: with or without macrons and capitals. None where there
    are two."""
    rows = db.session.execute(select(Organisation.id, Organisation.number, Organisation.name)).all()
    wanted = fold(typed)
    found = {row.id for row in rows if wanted and wanted in {fold(row.number), fold(row.name)}}
    return found.pop() if len(found) == 1 else None


def waiting_count(person_id: int) -> int:
    """How much they ask for that nobody has decided."""
    waiting = select(func.count()).select_from(RoleRequest)
    mine = (RoleRequest.asked_by_id == person_id, RoleRequest.decided_at.is_(None))
    return db.session.scalar(waiting.where(*mine)) or 0
