"""Who is signed in, and who holds which role where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from app.core import clock, kept, unread
from app.core.db import AnyRow, AnySelect, Instant, db
from app.core.security import digest
from app.people.models import Identity, Kind, Organisation, Person, Role, RoleHeld, SignIn
from app.people.rules import LABELS, home


@dataclass(frozen=True)
class Actor:
    """A signed-in person in the role they work in now; what every action is done `by`."""

    person_id: int
    public_id: str
    name: str
    email: str
    role: Role
    role_held_id: int
    organisation_id: int
    organisation_name: str
    organisation_kind: Kind
    sees_service_cases: bool = False
    has_other_roles: bool = False
    unread: int = 0
    """Counted as far as `unread.COUNTED_TO`."""
    kept: int = 0
    mail_failed_at: datetime | None = None
    mail_failed_why: str = ""
    announced: str | None = None
    """The newest announcement that stands for them: its public id, a space, its title."""
    sign_in_id: int = 0
    last_seen_at: datetime | None = None
    idle_until: datetime | None = None
    absolute_until: datetime | None = None

    @property
    def role_label(self) -> str:
        return LABELS[self.role]

    @property
    def home(self) -> str:
        return home(self.role, self.organisation_kind)

    @property
    def signed_in_until(self) -> datetime | None:
        ends = [end for end in (self.idle_until, self.absolute_until) if end]
        return min(ends) if ends else None


OTHER = aliased(RoleHeld)
_UNREAD = unread.count_of(SignIn.person_id, RoleHeld.organisation_id, RoleHeld.role, within=(SignIn, RoleHeld))
_OTHER_ROLES = (
    select(func.count())
    .select_from(OTHER)
    .where(OTHER.person_id == SignIn.person_id, OTHER.ended_at.is_(None))
    .scalar_subquery()
)
_KEPT = kept.count_of(SignIn.person_id, since=bindparam("since", type_=Instant))
_SIGNED_IN = (
    select(
        SignIn.id.label("sign_in_id"),
        SignIn.last_seen_at,
        SignIn.idle_minutes,
        SignIn.ends_at,
        Person.id.label("person_id"),
        Person.public_id,
        Person.name,
        Person.email,
        Person.mail_failed_at,
        Person.mail_failed_why,
        RoleHeld.id.label("role_held_id"),
        RoleHeld.role,
        Organisation.id.label("organisation_id"),
        Organisation.name.label("organisation_name"),
        Organisation.kind.label("organisation_kind"),
        Organisation.case_managers_see_cases.label("sees_service_cases"),
        _UNREAD.label("unread"),
        _KEPT.label("kept"),
        _OTHER_ROLES.label("role_count"),
    )
    .join(Person, Person.id == SignIn.person_id)
    .join(RoleHeld, and_(RoleHeld.id == SignIn.role_held_id, RoleHeld.ended_at.is_(None)))
    .join(Organisation, Organisation.id == RoleHeld.organisation_id)
    .where(SignIn.token_digest == bindparam("digest"), SignIn.ended_at.is_(None), Person.ended_at.is_(None))
)
_also: list[Any] = []
"""Columns of rooms above that are read with each sign-in, named as the actor has them."""


def reads_also(column: Any) -> None:
    """A room above registers a column that every page needs: it costs no statement of its own."""
    _also.append(column)


@cache
def _signed_in() -> AnySelect:
    return _SIGNED_IN.add_columns(*_also)


def actor_for(token: str) -> Actor | None:
    """The person behind a sign-in's token, or None when it has ended, by itself or by somebody (A5).
    One statement; a role that was ended counts no more from here on."""
    row = db.session.execute(_signed_in(), {"digest": digest(token), "since": kept.since()}).first()
    if row is None or clock.now() >= min(_idle_until(row), row.ends_at):
        return None
    return _actor(row)


def roles_of(person_id: int) -> list[RoleHeld]:
    """Every role this person holds now, oldest first."""
    statement = select(RoleHeld).where(RoleHeld.person_id == person_id, RoleHeld.ended_at.is_(None))
    return list(db.session.scalars(statement.order_by(RoleHeld.id)))


def person_by_identity(issuer: str, subject: str) -> Person | None:
    statement = select(Person).join(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    return db.session.scalar(statement)


def person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def has_identity(person: Person, issuer: str) -> bool:
    statement = select(Identity.id).where(Identity.person_id == person.id, Identity.issuer == issuer)
    return db.session.scalar(statement) is not None


def organisation_by_number(number: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.number == number))


def holders_of(role: Role) -> Sequence[AnyRow]:
    """Everyone who holds this role anywhere: person and organisation."""
    statement = select(RoleHeld.person_id, RoleHeld.organisation_id).join(Person, Person.id == RoleHeld.person_id)
    held = statement.where(RoleHeld.role == role, RoleHeld.ended_at.is_(None), Person.ended_at.is_(None))
    return db.session.execute(held).all()


def holds_role(person_id: int, organisation_id: int, role: Role) -> bool:
    """Does this person hold the role there now?"""
    statement = select(RoleHeld.id).join(Person, Person.id == RoleHeld.person_id)
    there = (RoleHeld.person_id == person_id, RoleHeld.organisation_id == organisation_id, RoleHeld.role == role)
    now = (RoleHeld.ended_at.is_(None), Person.ended_at.is_(None))
    return db.session.scalar(statement.where(*there, *now)) is not None


def settings_of(organisation_id: int) -> dict[str, bool]:
    """What an organisation has set, by the names of the settings."""
    settings = select(Organisation.case_managers_see_cases, Organisation.has_other_pauses)
    found = db.session.execute(settings.where(Organisation.id == organisation_id)).mappings().one()
    return {name: found[name] for name in ("case_managers_see_cases", "has_other_pauses")}


def people_with(organisation_id: int, *roles: Role) -> Sequence[AnyRow]:
    """Name, id and role of everyone who holds one of these roles here now, by name."""
    statement = (
        select(Person.id, Person.public_id, Person.name, Person.email, RoleHeld.role)
        .join(RoleHeld, RoleHeld.person_id == Person.id)
        .where(
            RoleHeld.organisation_id == organisation_id,
            RoleHeld.role.in_(roles),
            RoleHeld.ended_at.is_(None),
            Person.ended_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return db.session.execute(statement).all()


def names_of(person_ids: Sequence[int]) -> dict[int, str]:
    """Who changed what: id → name."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


def _idle_until(row: AnyRow) -> datetime:
    until: datetime = row.last_seen_at + timedelta(minutes=row.idle_minutes)
    return until


def _actor(row: AnyRow) -> Actor:
    read = row._asdict()
    role_count, ends_at, _ = (read.pop(name) for name in ("role_count", "ends_at", "idle_minutes"))
    read["sees_service_cases"] = read["sees_service_cases"] and row.role is Role.CASE_MANAGER
    return Actor(**read, has_other_roles=role_count > 1, idle_until=_idle_until(row), absolute_until=ends_at)
