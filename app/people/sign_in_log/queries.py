"""The sign-ins that somebody may read of, and who was turned away, newest first."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.core import clock
from app.core.db import AnyRow, db
from app.core.events import Audit
from app.people.models import Organisation, Person, Role, RoleHeld, SignIn
from app.people.queries import Actor
from app.people.sign_in_log.policy import visible
from app.people.sign_in_log.rules import LATELY, TURNED_AWAY

PAGE = 50
_LISTED = (
    SignIn.id,
    SignIn.started_at,
    SignIn.last_seen_at,
    SignIn.idle_minutes,
    SignIn.ends_at,
    SignIn.ended_at,
    SignIn.is_shared_computer,
    Person.public_id,
    Person.name,
    Person.email,
    Person.ended_at.label("left_at"),
    RoleHeld.role,
    RoleHeld.ended_at.label("role_ended_at"),
    Organisation.name.label("organisation"),
)


def sign_ins_for(actor: Actor, *, of: str = "", before: int | None = None) -> Sequence[AnyRow]:
    """A page of them and one row more; `of` is the public id of one person, `before` the last row's number. A sign-in
    stands with the role it was last used in."""
    statement = (
        select(*_LISTED)
        .join(Person, Person.id == SignIn.person_id)
        .join(RoleHeld, RoleHeld.id == SignIn.role_held_id)
        .join(Organisation, Organisation.id == RoleHeld.organisation_id)
        .where(visible(actor))
    )
    if actor.role is not Role.OPERATOR:
        here = select(RoleHeld.person_id).where(visible(actor))
        statement = statement.where(SignIn.person_id.in_(here))
    if of:
        statement = statement.where(Person.public_id == of)
    if before is not None:
        statement = statement.where(SignIn.id < before)
    return db.session.execute(statement.order_by(SignIn.id.desc()).limit(PAGE + 1)).all()


def turned_away_for(actor: Actor) -> Sequence[AnyRow]:
    """Who did not come in lately, and why: of whoever has or had a role at the reader's organisation; of everybody for who runs
    the portal. Only what happened since then is looked through, however long the portal has been at work."""
    before = select(Audit.id).where(Audit.at < clock.now() - LATELY).order_by(Audit.id.desc()).limit(1)
    statement = (
        select(Audit.at, Audit.event, Person.name, Person.email)
        .join(Person, Person.id == Audit.thing_id)
        .where(Audit.id > func.coalesce(before.scalar_subquery(), 0), Audit.case_id.is_(None))
        .where(Audit.event.in_(TURNED_AWAY), Audit.thing == Person.__tablename__)
    )
    if actor.role is not Role.OPERATOR:
        statement = statement.where(Person.id.in_(select(RoleHeld.person_id).where(visible(actor))))
    return db.session.execute(statement.order_by(Audit.id.desc()).limit(PAGE)).all()
