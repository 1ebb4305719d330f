"""People, roles and sign-ins: one function for each thing that can happen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused
from app.core.security import digest, public_id, random_token
from app.core.text import nfc
from app.people.models import Identity, Kind, Organisation, Person, Role, RoleHeld, SignIn, Source
from app.people.queries import organisation_by_number, roles_of
from app.people.rules import LABELS, is_role_of


@dataclass(frozen=True)
class Limits:
    """How long a sign-in lasts: idle, and in all (A5). On a shared computer half of both."""

    idle: timedelta
    absolute: timedelta


def add_person(*, name: str, email: str, phone: str = "") -> Person:
    """A person, known by e-mail until a first sign-in binds them to a subject."""
    person = Person(
        public_id=public_id(),
        name=nfc(name),
        email=email.strip().lower(),
        phone=phone,
        made_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    return person


def organisation_for(role: Role, number: str) -> Organisation | None:
    """The one with this number. Who runs the portal is made with the first operator: nobody else could be it before."""
    is_there = select(Organisation.id).where(Organisation.kind == Kind.OPERATOR)
    found = organisation_by_number(number)
    if found or role is not Role.OPERATOR or db.session.scalar(is_there):
        return found
    made = Organisation(kind=Kind.OPERATOR, number=number, name="Operator of this portal")
    db.session.add(made)
    db.session.flush()
    return made


def change_own_phone(phone: str, *, by: events.By) -> bool:
    """How colleagues ring whoever acts; where a contact is named by another, that number stands there already (CASE-3). False where it
    is so already."""
    person = db.session.get_one(Person, by.person_id)
    if person.phone == phone:
        return False
    person.phone = phone
    events.record("person.phone_changed", by=by, on=person)
    return True


def bind_identity(person: Person, *, issuer: str, subject: str) -> None:
    db.session.add(Identity(person_id=person.id, issuer=issuer, subject=subject, bound_at=clock.now()))
    db.session.flush()


def grant_role(
    person: Person, organisation: Organisation, role: Role, *, source: Source, by: events.By | None
) -> RoleHeld:
    """Give a role; raises `Refused` where such an organisation has no such role. With `by` None it came from a claim
    or, for the first delegated authoriser, from the command line."""
    if not is_role_of(role, organisation.kind):
        raise Refused(f"{organisation.name} is a {organisation.kind}: it has no {LABELS[role]}.")
    held = RoleHeld(
        person_id=person.id,
        organisation_id=organisation.id,
        role=role,
        source=source,
        given_at=clock.now(),
        given_by_id=by.person_id if by else None,
        given_by_command=source is Source.PERSON and by is None,
    )
    db.session.add(held)
    db.session.flush()
    return held


def end_role(held: RoleHeld, *, by: events.By | None) -> None:
    """End a role, and the sign-ins that act in it; it bites at the next request."""
    held.ended_at = clock.now()
    held.ended_by_id = by.person_id if by else None
    statement = update(SignIn).where(SignIn.role_held_id == held.id, SignIn.ended_at.is_(None))
    db.session.execute(statement.values(ended_at=clock.now()))


def take_claimed_roles(person: Person, claimed: Iterable[tuple[Organisation, Role]]) -> list[RoleHeld]:
    """Make the roles that come from claims be exactly these; what a person gave stays. One at a time
    for one person. Those that ended."""
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    wanted = {(organisation.id, role): organisation for organisation, role in claimed}
    had = roles_of(person.id)
    ended = [held for held in had if held.source is Source.CLAIM and (held.organisation_id, held.role) not in wanted]
    for held in ended:
        end_role(held, by=None)
    for held in had:
        wanted.pop((held.organisation_id, held.role), None)
    for (_, role), organisation in wanted.items():
        grant_role(person, organisation, role, source=Source.CLAIM, by=None)
    return ended


def set_case_managers_see_cases(organisation_id: int, is_on: bool, *, by: events.By) -> None:
    """The setting *case managers see their service's cases*; who changed it is kept."""
    organisation = db.session.get_one(Organisation, organisation_id)
    if organisation.case_managers_see_cases is not is_on:
        organisation.case_managers_see_cases = is_on
        events.record(f"setting.case_managers_see_cases_{'on' if is_on else 'off'}", by=by, on=organisation)


def set_other_pauses(organisation_id: int, is_on: bool, *, by: events.By) -> None:
    """The setting *cases can be put on hold for other reasons* (CASE-7); who changed it is kept."""
    organisation = db.session.get_one(Organisation, organisation_id)
    if organisation.has_other_pauses is not is_on:
        organisation.has_other_pauses = is_on
        events.record(f"setting.other_pauses_{'on' if is_on else 'off'}", by=by, on=organisation)


def start_sign_in(
    held: RoleHeld, *, limits: Limits, issuer: str, issuer_sid: str = "", is_shared_computer: bool = False
) -> str:
    """Start a sign-in acting in this role; returns the token that the browser keeps."""
    token = random_token()
    share = 2 if is_shared_computer else 1
    now = clock.now()
    db.session.add(
        SignIn(
            token_digest=digest(token),
            person_id=held.person_id,
            role_held_id=held.id,
            issuer=issuer,
            issuer_sid=issuer_sid,
            is_shared_computer=is_shared_computer,
            started_at=now,
            last_seen_at=now,
            idle_minutes=int(limits.idle.total_seconds() // 60 // share),
            ends_at=now + limits.absolute / share,
        )
    )
    db.session.flush()
    return token


def touch_sign_in(sign_in_id: int, at: datetime) -> None:
    """The person is still here."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=at))


def switch_role(sign_in_id: int, held: RoleHeld) -> None:
    """Work in another of one's roles without signing in again (A3)."""
    statement = update(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == held.person_id)
    db.session.execute(statement.values(role_held_id=held.id))


def end_sign_in(sign_in_id: int) -> None:
    _end_sign_ins(SignIn.id == sign_in_id)


def end_sign_ins_of(person_id: int) -> None:
    """Sign out everywhere."""
    _end_sign_ins(SignIn.person_id == person_id)


def end_sign_ins_at_issuer(*, issuer: str, sid: str = "", person_id: int | None = None) -> None:
    """Back-channel logout: by the issuer's session, or everything of a person."""
    which = SignIn.issuer_sid == sid if sid else SignIn.person_id == person_id
    _end_sign_ins(SignIn.issuer == issuer, which)


def _end_sign_ins(*which: object) -> None:
    statement = update(SignIn).where(SignIn.ended_at.is_(None), *which)  # type: ignore[arg-type]
    db.session.execute(statement.values(ended_at=clock.now()))
