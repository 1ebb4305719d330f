"""Who has come from the sign-in server, with which roles; or for which known cause nobody comes in (A4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from logging import Logger
from typing import Any

from sqlalchemy import func, select

from app.core.db import db
from app.core.text import nfc
from app.people import actions, queries
from app.people.models import Organisation, Person, Role, RoleHeld, SignIn, Source
from app.people.rules import ACCOUNT, home, is_role_of
from app.referrals.leaving.actions import leave_what_was_theirs
from app.signin.failures import SignInFailed
from app.signin.rules import Claimed, Rules

RoleFor = Callable[[int], int | None]


class Cause(StrEnum):
    """Why somebody who proved who they are still does not come in."""

    NO_ROLE = "no-role"
    INACTIVE = "inactive"
    LINK_USED = "link-used"
    WRONG_ORGANISATION = "wrong-organisation"


@dataclass(frozen=True)
class Turned:
    """Turned away, for this cause; `organisations` are the ids of those whose delegated authoriser can help. `person_id` is
    whoever may ask for a role, `account` whose account it is that they came for."""

    cause: Cause
    email: str = ""
    organisations: tuple[int, ...] = field(default=())
    person_id: int = 0
    account: Person | None = None


def arrive(
    claims: Mapping[str, Any], *, issuer: str, rules: Rules, log: Logger, role_for: RoleFor = lambda _person_id: None
) -> RoleHeld | Turned:
    """The role the person begins in, after their claims have been taken over; or why they are turned away. `role_for`
    says which of their roles the page that they came for asks for."""
    person = _person(claims, issuer)
    if isinstance(person, Turned):
        return person
    if person.ended_at:
        return Turned(Cause.INACTIVE, person.email, _former_organisations(person), account=person)
    is_misplaced = _take_roles(person, rules.read(claims), rules, log)
    held = _role_to_begin_in(person, role_for(person.id))
    if held:
        return held
    cause = Cause.WRONG_ORGANISATION if is_misplaced else Cause.NO_ROLE
    return Turned(cause, person.email, _former_organisations(person), person.id, person)


def _person(claims: Mapping[str, Any], issuer: str) -> Person | Turned:
    """By the subject once bound; the first time by verified e-mail, which binds; else somebody new, without roles."""
    subject = claims["sub"]
    _one_at_a_time("subject", issuer, subject)
    if known := queries.person_by_identity(issuer, subject):
        return known
    email = _verified_email(claims)
    _one_at_a_time("email", email)
    person = queries.person_by_email(email)
    if person and queries.has_identity(person, issuer):
        return Turned(Cause.LINK_USED, email, account=person)
    if person and person.ended_at:
        return Turned(Cause.INACTIVE, email, _former_organisations(person), account=person)
    if person is None:
        person = actions.add_person(name=_name(claims, email), email=email)
    actions.bind_identity(person, issuer=issuer, subject=subject)
    return person


def _one_at_a_time(*what: str) -> None:
    """Whoever comes in twice at once waits here for the other's commit; on SQLite writing itself is one at a time."""
    if db.session.get_bind().dialect.name == "postgresql":
        key = blake2b("\0".join(what).encode(), digest_size=8).digest()
        db.session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(key, signed=True))))


def _verified_email(claims: Mapping[str, Any]) -> str:
    email = claims.get("email")
    if not isinstance(email, str) or "@" not in email or len(email) > Person.email.type.length:
        raise SignInFailed("email: none given")
    if claims.get("email_verified") is not True:
        raise SignInFailed("email: not verified")
    return email.strip().lower()


def _name(claims: Mapping[str, Any], email: str) -> str:
    name = claims.get("name")
    return nfc(name.strip())[:160] if isinstance(name, str) and name.strip() else email.partition("@")[0]


def _take_roles(person: Person, claimed: Claimed, rules: Rules, log: Logger) -> bool:
    """Make the roles from claims those that the claims give; what went with one that ended is left at once, as where somebody
    ends it by hand. True when a claim named a place that is not here."""
    if claimed.absent:
        log.warning("sign-in", extra={"cause": f"claim absent: {', '.join(sorted(claimed.absent))}"})
    given = [_place(number, role) for number, role in claimed.roles]
    if None in given:
        log.warning("sign-in", extra={"cause": "claim names an organisation or role that is not here"})
    kept = [_pair(held) for held in queries.roles_of(person.id) if _stays(held, rules, claimed)]
    for ended in actions.take_claimed_roles(person, [*kept, *filter(None, given)]):
        leave_what_was_theirs(ended)
    return None in given


def _stays(held: RoleHeld, rules: Rules, claimed: Claimed) -> bool:
    """A role from a claim that is absent this time."""
    number = held.organisation.number
    return held.source is Source.CLAIM and rules.is_silent_on(number, held.role.value, claimed)


def _pair(held: RoleHeld) -> tuple[Organisation, Role]:
    return held.organisation, held.role


def _place(number: str, role: str) -> tuple[Organisation, Role] | None:
    organisation = queries.organisation_by_number(number)
    if organisation is None or role not in set(Role) or not is_role_of(Role(role), organisation.kind):
        return None
    return organisation, Role(role)


def _role_to_begin_in(person: Person, wanted: int | None) -> RoleHeld | None:
    """The one that the page asks for; else the one worked in last; else the first that has a workspace; else the first."""
    roles = queries.roles_of(person.id)
    latest = select(SignIn.role_held_id).where(SignIn.person_id == person.id).order_by(SignIn.id.desc()).limit(1)
    last = db.session.scalar(latest)
    return min(
        roles,
        key=lambda held: (
            held.id != wanted,
            held.id != last,
            home(held.role, held.organisation.kind) == ACCOUNT,
            held.id,
        ),
        default=None,
    )


def _former_organisations(person: Person) -> tuple[int, ...]:
    statement = select(RoleHeld.organisation_id).where(RoleHeld.person_id == person.id).distinct()
    return tuple(db.session.scalars(statement))
