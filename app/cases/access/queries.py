"""Who opened or changed what of a case."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, union_all

from app.cases import policy
from app.cases.models import Case
from app.core.db import AnyRow, AnySelect, db
from app.core.events import Audit
from app.core.seen import ViewLog
from app.people.models import Organisation, Person, Role
from app.people.queries import Actor

MOST_LINES = 200


def access_log_for(actor: Actor, case_id: int) -> Sequence[AnyRow]:
    """V1, PRIV-1: who opened or changed what of this case, newest first; an attendance lead reads the lines of their
    own people."""
    lines = union_all(
        _lines(actor, ViewLog, ViewLog.page, case_id), _lines(actor, Audit, Audit.event, case_id)
    ).subquery()
    statement = (
        select(lines.c.at, lines.c.what, lines.c.role, Person.name, Organisation.name.label("organisation_name"))
        .join(Person, Person.id == lines.c.person_id)
        .join(Organisation, Organisation.id == lines.c.organisation_id)
        .order_by(lines.c.at.desc())
        .limit(MOST_LINES)
    )
    return db.session.execute(statement).all()


def _lines(actor: Actor, log: type[Audit] | type[ViewLog], what: Any, case_id: int) -> AnySelect:
    statement = (
        select(log.at, what.label("what"), log.role, log.person_id, log.organisation_id)
        .join(Case, Case.id == log.case_id)
        .where(log.case_id == case_id, policy.visible(actor))
    )
    if actor.role is not Role.WORKFLOW_LEAD:
        statement = statement.where(log.organisation_id == actor.organisation_id)
    return statement
