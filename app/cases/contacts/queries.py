"""The contacts of a case, and who can be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select, tuple_

from app.cases.contacts.rules import MISSING
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.policy import CONTACTS
from app.cases.queries import CaseHead
from app.core.db import NOW, AnyRow, db
from app.core.events import Audit
from app.people.models import Kind, Person, RoleHeld
from app.people.queries import Actor, people_with
from app.people.rules import LABELS, ROLES_OF


@dataclass(frozen=True)
class Contacts:
    """Those of now, and cover that is still to come."""

    rows: Sequence[AnyRow]

    @property
    def primary(self) -> AnyRow | None:
        return next((row for row in self.rows if row.part is Part.PRIMARY_CONTACT), None)

    @property
    def others(self) -> list[AnyRow]:
        return [row for row in self.rows if row.part is Part.SECONDARY_CONTACT]

    @property
    def covers(self) -> list[AnyRow]:
        return [row for row in self.rows if row.part is Part.COVER]


def contacts_of(case: CaseHead) -> Contacts:
    """The contacts of a case that may be seen, and whether each holds a role at the school by now."""
    columns = (Person.id, Person.public_id, Person.name, Person.phone, CasePerson.part, CasePerson.best_times)
    statement = (
        select(*columns, CasePerson.since, CasePerson.until, _has_role().label("has_role"))
        .join(Person, Person.id == CasePerson.person_id)
        .where(
            CasePerson.case_id == case.case_id,
            CasePerson.part.in_(CONTACTS),
            CasePerson.organisation_id != (case.service_id or 0),
            or_(CasePerson.until.is_(None), CasePerson.until > NOW),
        )
        .order_by(CasePerson.id)
    )
    return Contacts(db.session.execute(statement).all())


def who_can_be_named(actor: Actor, contacts: Contacts) -> dict[str, tuple[int, str]]:
    """By public id, with their name: everybody with a role at the actor's school; for a service those who are contacts."""
    found = {row.public_id: (row.id, row.name) for row in contacts.rows}
    if actor.organisation_kind is Kind.SCHOOL:
        for person in people_with(actor.organisation_id, *ROLES_OF[Kind.SCHOOL]):
            found.setdefault(person.public_id, (person.id, f"{person.name} ({LABELS[person.role]})"))
    return found


def left_without_contact(most: int) -> Sequence[CasePerson]:
    """Primary contacts of cases that are not closed, who held a role at the school and hold none any more; of each the
    school was not told yet. Who never had one is waited for."""
    told = exists().where(Audit.case_id == CasePerson.case_id, Audit.event == MISSING, Audit.thing_id == CasePerson.id)
    ended = (RoleHeld.role.in_(ROLES_OF[Kind.SCHOOL]), RoleHeld.ended_at.is_not(None))
    had = tuple_(CasePerson.person_id, CasePerson.organisation_id).in_(
        select(RoleHeld.person_id, RoleHeld.organisation_id).where(*ended)
    )
    primary = (CasePerson.part == Part.PRIMARY_CONTACT, CasePerson.until.is_(None))
    statement = (
        select(CasePerson)
        .join(Case, Case.id == CasePerson.case_id)
        .where(Case.status != Status.CLOSED, *primary, had, ~_has_role(), ~told)
        .order_by(CasePerson.id)
        .limit(most)
    )
    return db.session.scalars(statement.with_for_update(of=CasePerson, skip_locked=True)).all()


def holds_role_at_school(person_id: int, school_id: int) -> bool:
    held = select(RoleHeld.id).where(RoleHeld.person_id == person_id, *_in_force(school_id)).limit(1)
    return db.session.scalar(held) is not None


def _has_role() -> Any:
    return exists().where(RoleHeld.person_id == CasePerson.person_id, *_in_force(CasePerson.organisation_id))


def _in_force(organisation_id: Any) -> tuple[Any, ...]:
    return (
        RoleHeld.organisation_id == organisation_id,
        RoleHeld.role.in_(ROLES_OF[Kind.SCHOOL]),
        RoleHeld.ended_at.is_(None),
    )
