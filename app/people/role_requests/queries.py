"""Roles that wait to be given."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from app.core.db import AnyRow, db
from app.core.text import fold
from app.people.models import Organisation, Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.policy import visible
from app.people.role_requests.rules import NAMED_AS

MOST, LAST = 50, 5
Asker, Decider = aliased(Person), aliased(Person)
Naming, Known = aliased(RoleRequest), aliased(RoleHeld)


def name_here(person: Any, organisation_id: Any) -> ColumnElement[str]:
    """What a person is called at this organisation: as they are, where they hold or held a role there. Else as somebody
    there typed who named them, or by their address: whose account that is, nobody learns by typing it."""
    is_known = select(Known.id).where(Known.person_id == person.id, Known.organisation_id == organisation_id).exists()
    typed = _naming(func.substr(Naming.why, len(NAMED_AS) + 1), person.id, organisation_id)
    return case((is_known, person.name), else_=func.coalesce(typed, person.email))


def last_naming(person_id: Any, organisation_id: Any) -> Any:
    """The id of the RoleRequest that a colleague last made of them by naming them a contact."""
    return _naming(Naming.id, person_id, organisation_id)


def _naming(what: Any, person_id: Any, organisation_id: Any) -> Any:
    said = (Naming.person_id == person_id, Naming.organisation_id == organisation_id)
    by_another = (Naming.asked_by_id != Naming.person_id, Naming.why.startswith(NAMED_AS, autoescape=True))
    return select(what).where(*said, *by_another).order_by(Naming.id.desc()).limit(1).scalar_subquery()


def name_at(person_id: int, organisation_id: int) -> str:
    named = select(name_here(Person, organisation_id)).where(Person.id == person_id)
    return str(db.session.scalars(named).one())


NAME = case(
    (RoleRequest.asked_by_id == RoleRequest.person_id, Person.name),
    else_=name_here(Person, RoleRequest.organisation_id),
)
"""Who asks for themselves signed in, and is who they are."""
_WAITING = (
    RoleRequest.public_id,
    RoleRequest.role,
    RoleRequest.why,
    RoleRequest.asked_at,
    NAME.label("name"),
    Person.email,
    Asker.name.label("asked_by"),
    (RoleRequest.asked_by_id == RoleRequest.person_id).label("is_own"),
)


def request_for(actor: Actor, public_id: str) -> RoleRequest | None:
    """One of those this person may see."""
    return db.session.scalar(select(RoleRequest).where(RoleRequest.public_id == public_id, visible(actor)))


def waiting_for(actor: Actor) -> Sequence[AnyRow]:
    """What waits for this person's answer, the oldest first; not what was given meanwhile in another way. Of somebody
    who was named nobody learns here whether their access was ended."""
    held = select(RoleHeld.id).where(
        RoleHeld.person_id == RoleRequest.person_id,
        RoleHeld.organisation_id == RoleRequest.organisation_id,
        RoleHeld.role == RoleRequest.role,
        RoleHeld.ended_at.is_(None),
    )
    is_there = or_(Person.ended_at.is_(None), RoleRequest.asked_by_id != RoleRequest.person_id)
    statement = (
        select(*_WAITING)
        .join(Person, Person.id == RoleRequest.person_id)
        .join(Asker, Asker.id == RoleRequest.asked_by_id)
        .where(visible(actor), RoleRequest.decided_at.is_(None), is_there, ~held.exists())
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


def name_in(request: RoleRequest) -> str:
    """Of whom it is, as the one who decides it may know them."""
    statement = select(NAME).join(RoleRequest, RoleRequest.person_id == Person.id).where(RoleRequest.id == request.id)
    return str(db.session.scalars(statement).one())


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
            NAME.label("name"),
            Decider.name.label("decided_by"),
            Organisation.name.label("organisation"),
        )
        .join(Person, Person.id == RoleRequest.person_id)
        .join(Decider, Decider.id == RoleRequest.decided_by_id)
        .join(Organisation, Organisation.id == RoleRequest.organisation_id)
        .where(RoleRequest.asked_by_id == person_id, RoleRequest.is_given.is_not(None), *here)
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
