"""Who opened or changed what of a case."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, null, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.cases import policy
from app.cases.entries import Entry, EntryAudience
from app.cases.models import Case, CasePerson
from app.core.db import AnyRow, AnySelect, db
from app.core.events import Audit
from app.core.seen import ViewLog
from app.people.models import Organisation, Person, Role
from app.people.queries import Actor
from app.people.role_requests.queries import name_here

MOST_LINES = 200
Whom = aliased(Person)


def access_log_for(actor: Actor, case_id: int) -> Sequence[AnyRow]:
    """V1, PRIV-1: who opened or changed what of this case, newest first, and one line more than are shown; an attendance
    lead reads the lines of their own people. Of what another organisation has not shared yet, or took back before it was,
    there is no line. A case given names to whom, a changed audience from what to what."""
    lines = union_all(_changed(actor, case_id), _opened(actor, case_id)).subquery()
    statement = (
        select(
            *lines.c,
            Person.name,
            Organisation.name.label("organisation_name"),
            name_here(Whom, lines.c.whom_at).label("whom"),
        )
        .join(Person, Person.id == lines.c.person_id)
        .join(Organisation, Organisation.id == lines.c.organisation_id)
        .outerjoin(Whom, Whom.id == lines.c.whom_id)
        .order_by(lines.c.at.desc())
        .limit(MOST_LINES + 1)
    )
    return db.session.execute(statement).all()


def _changed(actor: Actor, case_id: int) -> AnySelect:
    whom = CasePerson.person_id.label("whom_id")
    at = CasePerson.organisation_id.label("whom_at")
    more = whom, at, _audience(EntryAudience.was), _audience(EntryAudience.became)
    named = and_(Audit.thing == CasePerson.__tablename__, CasePerson.id == Audit.thing_id)
    written = and_(Audit.thing == Entry.__tablename__, Entry.id == Audit.thing_id)
    joined = _lines(actor, Audit, Audit.event, case_id, *more).outerjoin(CasePerson, named).outerjoin(Entry, written)
    return joined.where(or_(Entry.id.is_(None), policy.listed(actor)))


def _opened(actor: Actor, case_id: int) -> AnySelect:
    nothing = [null().label(name) for name in ("whom_id", "whom_at", "was", "became")]
    return _lines(actor, ViewLog, ViewLog.page, case_id, *nothing)


def _audience(column: InstrumentedAttribute[Any]) -> Any:
    """The change that this line tells of: the last one made of the entry by then."""
    made = select(column).where(EntryAudience.entry_id == Audit.thing_id, EntryAudience.at <= Audit.at)
    of_it = made.where(Audit.event == "comment.audience_changed").order_by(EntryAudience.id.desc()).limit(1)
    return of_it.correlate(Audit).scalar_subquery().label(column.key)


def _lines(actor: Actor, log: type[Audit] | type[ViewLog], what: Any, case_id: int, *more: Any) -> AnySelect:
    statement = (
        select(log.at, what.label("what"), log.role, log.person_id, log.organisation_id, *more)
        .select_from(log)
        .join(Case, Case.id == log.case_id)
        .where(log.case_id == case_id, policy.visible(actor))
    )
    if actor.role is not Role.WORKFLOW_LEAD:
        statement = statement.where(log.organisation_id == actor.organisation_id)
    return statement
