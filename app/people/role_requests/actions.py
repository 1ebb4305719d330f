"""A role is asked for."""

from sqlalchemy import select

from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused
from app.core.security import public_id
from app.core.text import nfc
from app.people.models import Organisation, Person, Role
from app.people.queries import holds_role
from app.people.role_requests import tells  # noqa: F401  (registers whom these events tell)
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.queries import waiting_request
from app.people.role_requests.rules import ASKED, LONGEST_WHY, NAMED
from app.people.rules import LABELS, is_role_of


def ask_for_role(person: Person, organisation_id: int, role: Role, *, why: str, by: events.By) -> RoleRequest:
    """Somebody needs this role: they ask for it themselves (`by` an `Applicant`), or a colleague names them. One that waits
    already is returned, and nobody is told again. Raises `Refused` where they hold it, or no such organisation has it."""
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    if waiting := waiting_request(person.id, organisation_id, role):
        return waiting
    _refuse_senseless(person, organisation_id, role)
    request = RoleRequest(
        public_id=public_id(),
        person_id=person.id,
        organisation_id=organisation_id,
        role=role,
        why=nfc(why)[:LONGEST_WHY],
        asked_at=clock.now(),
        asked_by_id=by.person_id,
    )
    db.session.add(request)
    db.session.flush()
    events.record(ASKED if by.person_id == person.id else NAMED, by=by, on=request)
    return request


def _refuse_senseless(person: Person, organisation_id: int, role: Role) -> None:
    organisation = db.session.get_one(Organisation, organisation_id)
    if not is_role_of(role, organisation.kind):
        raise Refused(f"{organisation.name} is a {organisation.kind}: it has no {LABELS[role]}.")
    if holds_role(person.id, organisation_id, role):
        raise Refused(f"{person.name} is {LABELS[role]} of {organisation.name} already.")
