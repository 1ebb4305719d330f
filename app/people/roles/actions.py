"""A role is given, and ended, by somebody who may (A2)."""

from collections.abc import Iterable

from sqlalchemy import select

from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused
from app.people.actions import end_role, grant_role
from app.people.models import Organisation, Person, Role, RoleHeld, Source
from app.people.queries import Actor, holds_role
from app.people.roles import tells  # noqa: F401  (registers whom these events tell)
from app.people.roles.queries import second_for, was_here
from app.people.roles.rules import ENDED, GIVEN, REVIEWED
from app.people.rules import LABELS

LEFT = "The access of this person to the portal was ended, so no role can be given."
OPERATOR = "The operator of this portal can."
ALONE = "A role that sees cases is not given to oneself where somebody else here gives roles too."
FROM_CLAIM = "This role comes from the sign-in server, which gives it again at the next sign-in."
AT_SERVER = "Whoever looks after your organisation’s sign-in ends it there."
LAST = "Nobody else gives roles here, so this one cannot end."
ANOTHER = "Make somebody else a delegated authoriser first."


def give_role(person: Person, role: Role, *, by: Actor) -> RoleHeld | None:
    """Give this person the role at the actor's own organisation; nothing where they hold it already. Raises `Refused` for
    somebody who was here and whose access was ended, for a role that such an organisation has not, and where a second person
    is needed. Of a stranger nobody learns here that it was ended: with the role they still cannot sign in, and are told why."""
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    if person.ended_at and was_here(person.id, by.organisation_id):
        raise Refused(LEFT, OPERATOR)
    if holds_role(person.id, by.organisation_id, role):
        return None
    if second := second_for(by, person.id, role):
        raise Refused(ALONE, f"Ask {second} to give you the role of {LABELS[role]}.")
    organisation = db.session.get_one(Organisation, by.organisation_id)
    held = grant_role(person, organisation, role, source=Source.PERSON, by=by)
    events.record(GIVEN, by=by, on=held)
    return held


def end_given_role(held: RoleHeld, *, by: Actor) -> bool:
    """End a role, and the sign-ins that work in it. False where it had ended already. Raises `Refused` for one that comes
    from a claim, and for the last one that gives roles."""
    givers = select(RoleHeld.id).where(
        RoleHeld.organisation_id == held.organisation_id,
        RoleHeld.role == Role.DELEGATED_AUTHORISER,
        RoleHeld.ended_at.is_(None),
    )
    count = len(db.session.scalars(givers.with_for_update()).all())
    db.session.refresh(held, with_for_update=True)
    if held.ended_at:
        return False
    if held.source is Source.CLAIM:
        raise Refused(FROM_CLAIM, AT_SERVER)
    if held.role is Role.DELEGATED_AUTHORISER and count <= 1:
        raise Refused(LAST, ANOTHER)
    end_role(held, by=by)
    db.session.flush()
    events.record(ENDED, by=by, on=held)
    return True


def review(roles: Iterable[RoleHeld], *, by: Actor) -> None:
    """Somebody looked, and each is still right."""
    for held in roles:
        held.reviewed_at, held.reviewed_by_id = clock.now(), by.person_id
        events.record(REVIEWED, by=by, on=held)
    db.session.flush()
