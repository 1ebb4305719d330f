"""Clauses on who is named on a case, and until when."""

from typing import Any

from sqlalchemy import ColumnElement, exists, or_

from app.cases.models import Case, CasePerson, Part
from app.core.db import NOW
from app.people.queries import Actor

MANAGERS = (Part.MANAGER, Part.COVER)


def is_at_service(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: the actor's service has it."""
    return Case.service_id == actor.organisation_id


def reads_on(actor: Actor, case_id: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """The actor managed this case until it went to another service, and still reads it for a while (REQ-7)."""
    return is_on(actor, case_id, CasePerson.part == Part.FORMER_MANAGER, *more)


def is_on(actor: Actor, case_id: Any, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The actor is named on this case now, in such a part."""
    return exists().where(
        CasePerson.case_id == case_id,
        CasePerson.person_id == actor.person_id,
        CasePerson.organisation_id == actor.organisation_id,
        *which,
        *in_force(),
    )


def in_force() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Clauses on CasePerson: named from a time on and not ended (cover ends by itself)."""
    return CasePerson.since <= NOW, or_(CasePerson.until.is_(None), CasePerson.until > NOW)
