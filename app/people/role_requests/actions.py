"""A role is asked for, and given or refused."""

from contextlib import suppress

from sqlalchemy import select

from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused
from app.core.security import public_id
from app.core.text import nfc
from app.people.models import Organisation, Person, Role
from app.people.queries import Actor, holds_role
from app.people.role_requests import tells  # noqa: F401  (registers whom these events tell)
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.queries import organisation_named, waiting_count, waiting_request
from app.people.role_requests.rules import (
    ASKED,
    LONGEST_WHY,
    MOST_WAITING,
    NAMED,
    NAMED_AS,
    REFUSED,
    WITHDRAWN,
    Applicant,
)
from app.people.roles.actions import ALONE, OPERATOR, give_role
from app.people.roles.queries import ended_second
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


def name_contact(person: Person, organisation_id: int, typed: str, *, by: events.By) -> None:
    """They are named a contact without a role: one is asked for, once. Named again they are called as was typed last."""
    request = ask_for_role(person, organisation_id, Role.PRIMARY_CONTACT, why=f"{NAMED_AS}{typed}", by=by)
    if request.asked_by_id != person.id:
        request.why = nfc(f"{NAMED_AS}{typed}")[:LONGEST_WHY]
        db.session.flush()


def withdraw_naming(person_id: int, organisation_id: int, *, by: events.By) -> None:
    """Nobody needs them as a contact any more, so that role is not asked for; what they asked for themselves waits on."""
    waiting = waiting_request(person_id, organisation_id, Role.PRIMARY_CONTACT)
    if waiting and waiting.asked_by_id != person_id and _decide(waiting, is_given=None, why="", by=by):
        events.record(WITHDRAWN, by=by, on=waiting)


def ask_from_outside(person_id: int, organisation: str, role: Role, *, why: str) -> None:
    """Somebody who holds no role asks for one where they say that they work. Where there is no such organisation, it has no
    such role, or as much waits as may, nothing happens, and they are not told which."""
    person, there = db.session.get(Person, person_id), organisation_named(organisation)
    if person is None or person.ended_at or there is None or waiting_count(person_id) >= MOST_WAITING:
        return
    with suppress(Refused):
        ask_for_role(person, there, role, why=why, by=Applicant(person_id, there))


def give(request: RoleRequest, *, by: Actor) -> bool:
    """The role is theirs; they are told. False where it was decided already. Raises `Refused` as giving any role does: nobody
    comes to give one to themselves by ending who else would have had to."""
    if request.person_id == by.person_id and (second := ended_second(by, request.asked_at)):
        raise Refused(ALONE, f"{second} gave roles here when you asked, and you ended that. {OPERATOR}")
    if not _decide(request, is_given=True, why="", by=by):
        return False
    give_role(db.session.get_one(Person, request.person_id), request.role, by=by)
    return True


def refuse(request: RoleRequest, why: str, *, by: Actor) -> bool:
    """Whoever asked is told, and reads why. False where it was decided already."""
    if not _decide(request, is_given=False, why=why, by=by):
        return False
    events.record(REFUSED, by=by, on=request)
    return True


def settle(person: Person, role: Role, *, by: Actor) -> None:
    """The role was given without looking at who waits for it: nothing waits any more."""
    if waiting := waiting_request(person.id, by.organisation_id, role):
        _decide(waiting, is_given=True, why="", by=by)


def _decide(request: RoleRequest, *, is_given: bool | None, why: str, by: events.By) -> bool:
    """Once; of two at once the second waits, and finds it decided."""
    db.session.refresh(request, with_for_update=True)
    if request.decided_at:
        return False
    request.decided_at, request.decided_by_id = clock.now(), by.person_id
    request.is_given, request.decided_why = is_given, nfc(why)[:LONGEST_WHY]
    db.session.flush()
    return True


def _refuse_senseless(person: Person, organisation_id: int, role: Role) -> None:
    organisation = db.session.get_one(Organisation, organisation_id)
    if not is_role_of(role, organisation.kind):
        raise Refused(f"{organisation.name} is a {organisation.kind}: it has no {LABELS[role]}.")
    if holds_role(person.id, organisation_id, role):
        raise Refused(f"{person.name} is {LABELS[role]} of {organisation.name} already.")
