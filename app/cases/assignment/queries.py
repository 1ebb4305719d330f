"""Who a case may be given to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from app.cases.models import Case, CasePerson, Part, Status
from app.core.db import AnyRow, db
from app.people.models import Person, Role, RoleHeld
from app.people.queries import Actor


def case_managers_with_load(actor: Actor, *, of_case: int | None = None) -> Sequence[AnyRow]:
    """Everyone at the actor's service a case may be given to, with how many open cases each has, and whether they had
    this one before: who had it comes first (REQ-7)."""
    had_it = _had(actor, of_case).label("had_it")
    statement = (
        select(Person.id, Person.public_id, Person.name, _load(actor).label("load"), had_it)
        .join(RoleHeld, RoleHeld.person_id == Person.id)
        .where(
            RoleHeld.organisation_id == actor.organisation_id,
            RoleHeld.role == Role.CASE_MANAGER,
            RoleHeld.ended_at.is_(None),
            Person.ended_at.is_(None),
        )
        .order_by(had_it.desc(), Person.name, Person.id)
    )
    return db.session.execute(statement).all()


def _had(actor: Actor, case_id: int | None) -> ColumnElement[bool]:
    return exists().where(
        CasePerson.case_id == case_id,
        CasePerson.person_id == Person.id,
        CasePerson.organisation_id == actor.organisation_id,
        CasePerson.part == Part.MANAGER,
    )


def _load(actor: Actor) -> Any:
    return (
        select(func.count())
        .select_from(CasePerson)
        .join(Case, Case.id == CasePerson.case_id)
        .where(
            CasePerson.person_id == Person.id,
            CasePerson.part == Part.MANAGER,
            CasePerson.until.is_(None),
            Case.service_id == actor.organisation_id,
            Case.status != Status.CLOSED,
        )
        .scalar_subquery()
    )
