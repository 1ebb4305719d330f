"""Sign-ins that have not ended, and those that have."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.db import AnyRow, db
from app.core.events import By
from app.core.security import digest
from app.people.models import Organisation, Person, Role, RoleHeld, SignIn

Here = aliased(Organisation)
KNOWN_FOR = timedelta(days=7)
"""After its last hour; a form that is older than that was not typed just now."""


@dataclass(frozen=True)
class Former:
    """Whose sign-in it was that has ended, and for which organisation they worked in it."""

    person_id: int
    organisation_id: int
    organisation_name: str


def former(token: str) -> Former | None:
    """Who was signed in with this token. Whether that sign-in has ended is for the caller to know; somebody who has left
    is nobody."""
    statement = (
        select(Person.id, RoleHeld.organisation_id, Organisation.name)
        .select_from(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .join(RoleHeld, RoleHeld.id == SignIn.role_held_id)
        .join(Organisation, Organisation.id == RoleHeld.organisation_id)
        .where(
            SignIn.token_digest == digest(token),
            SignIn.ends_at > clock.now() - KNOWN_FOR,
            Person.ended_at.is_(None),
        )
    )
    row = db.session.execute(statement).first()
    return Former(*row) if row else None


def sign_ins_of(person_id: int) -> list[SignIn]:
    """The sign-ins of this person that have not ended, newest first."""
    statement = select(SignIn).where(
        SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.ends_at > clock.now()
    )
    return list(db.session.scalars(statement.order_by(SignIn.id.desc())))


def other_role(by: By, roles: Collection[str], kinds: Collection[str] = ()) -> AnyRow | None:
    """One of these roles that this person holds besides, at an organisation of the same kind; at the same one if there. With
    `kinds`, one that works at such an organisation."""
    same = select(Here.kind).where(Here.id == by.organisation_id).scalar_subquery()
    opens = and_(Organisation.kind == same, RoleHeld.role.in_(roles))
    works = and_(Organisation.kind.in_(kinds), RoleHeld.role != Role.DELEGATED_AUTHORISER)
    statement = (
        select(RoleHeld.id, RoleHeld.role, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == RoleHeld.organisation_id)
        .where(RoleHeld.person_id == by.person_id, RoleHeld.ended_at.is_(None), works if kinds else opens)
        .order_by(RoleHeld.organisation_id != by.organisation_id, RoleHeld.id)
    )
    return db.session.execute(statement.limit(1)).first()
