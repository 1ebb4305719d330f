"""Who opened or changed what of a case."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, null, or_, select, true, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.cases import policy
from app.cases.access.rules import TAKEN, TAKEN_BEGIN, Days, Pair, place_at
from app.cases.entries import Entry, EntryAudience
from app.cases.models import Case, CasePerson
from app.cases.tasks.models import Task
from app.core.db import AnyRow, AnySelect, db
from app.core.events import Audit
from app.core.hours import hour_of
from app.core.seen import ViewLog
from app.people.models import Kind, Organisation, Person, Role
from app.people.queries import Actor
from app.people.role_requests.queries import name_here

MOST_LINES = 200
"""On a page of a case's log."""
PAGE = 25
LOGS: tuple[type[Audit] | type[ViewLog], ...] = (Audit, ViewLog)
MOST_HOURS = 20_000
"""Of everybody here, in a month."""
Whom = aliased(Person)
Named, Last = aliased(CasePerson), aliased(ViewLog)


def access_log_for(actor: Actor, case_id: int, *, before: str = "") -> Sequence[AnyRow]:
    """V1, PRIV-1: a page of who opened or changed what of this case, newest first, and one line more; `before` is the last
    one's place. An attendance lead reads the lines of their own people. Of what another organisation has not shared yet, or
    took back before it was, there is no line; a school has none of the service's tasks, which end as it withdraws its request. A
    case given names to whom, a changed audience from what to what."""
    lines = union_all(_changed(actor, case_id), _opened(actor, case_id)).subquery()
    place = lines.c.at, lines.c.log, lines.c.id
    found = (
        select(
            *lines.c,
            Person.name,
            Organisation.name.label("organisation_name"),
            name_here(Whom, lines.c.whom_at).label("whom"),
        )
        .join(Person, Person.id == lines.c.person_id)
        .join(Organisation, Organisation.id == lines.c.organisation_id)
        .outerjoin(Whom, Whom.id == lines.c.whom_id)
    )
    if last := place_at(before):
        found = found.where(tuple_(*place) < _place(case_id, *last))
    return db.session.execute(found.order_by(*(column.desc() for column in place)).limit(MOST_LINES + 1)).all()


def _place(case_id: int, number: int, line_id: int) -> Any:
    """Of a line of that log; where there is no such line of the case, nothing comes after it."""
    log = LOGS[number]
    at = select(log.at).where(log.id == line_id, log.case_id == case_id).scalar_subquery()
    return tuple_(at, literal(number), literal(line_id))


def _changed(actor: Actor, case_id: int) -> AnySelect:
    whom = Named.person_id.label("whom_id")
    at = Named.organisation_id.label("whom_at")
    more = whom, at, _audience(EntryAudience.was), _audience(EntryAudience.became)
    named = and_(Audit.thing == CasePerson.__tablename__, Named.id == Audit.thing_id)
    written = and_(Audit.thing == Entry.__tablename__, Entry.id == Audit.thing_id)
    joined = _lines(actor, Audit, Audit.event, case_id, *more).outerjoin(Named, named).outerjoin(Entry, written)
    ours = true() if actor.organisation_kind is Kind.SERVICE else Audit.thing != Task.__tablename__
    return joined.where(or_(Entry.id.is_(None), policy.listed(actor)), ours)


def _opened(actor: Actor, case_id: int) -> AnySelect:
    nothing = [null().label(name) for name in ("whom_id", "whom_at", "was", "became")]
    return _lines(actor, ViewLog, ViewLog.page, case_id, *nothing)


def _audience(column: InstrumentedAttribute[Any]) -> Any:
    """The change that this line tells of: the last one made of the entry by then."""
    made = select(column).where(EntryAudience.entry_id == Audit.thing_id, EntryAudience.at <= Audit.at)
    of_it = made.where(Audit.event == "comment.audience_changed").order_by(EntryAudience.id.desc()).limit(1)
    return of_it.correlate(Audit).scalar_subquery().label(column.key)


def _lines(actor: Actor, log: type[Audit] | type[ViewLog], what: Any, case_id: int, *more: Any) -> AnySelect:
    which = literal(LOGS.index(log)).label("log"), log.id
    statement = (
        select(log.at, *which, what.label("what"), log.role, log.person_id, log.organisation_id, *more)
        .select_from(log)
        .join(Case, Case.id == log.case_id)
        .where(log.case_id == case_id, policy.visible(actor))
    )
    if actor.role is not Role.WORKFLOW_LEAD:
        statement = statement.where(log.organisation_id == actor.organisation_id)
    return statement


def hours_of(actor: Actor, days: Days) -> Sequence[AnyRow]:
    """How many cases each of the actor's own people opened in each hour that they opened any, the newest first; with the
    region of one of them, whose holidays count."""
    hour = hour_of(ViewLog.at).label("hour")
    counted = func.count(ViewLog.case_id.distinct()).label("cases"), func.min(Case.region).label("region")
    lines = (
        select(hour, ViewLog.person_id, ViewLog.role, *counted)
        .join(Case, Case.id == ViewLog.case_id)
        .where(_within(actor, days))
        .group_by(hour, ViewLog.person_id, ViewLog.role)
        .subquery()
    )
    statement = select(lines, Person.name).join(Person, Person.id == lines.c.person_id)
    return db.session.execute(statement.order_by(lines.c.hour.desc(), Person.name).limit(MOST_HOURS)).all()


def openings_in(actor: Actor, days: Days, pairs: Sequence[Pair]) -> Sequence[AnyRow]:
    """Each case that was opened in one of these pairs of hours, and when, oldest first; asked only where there are some."""
    people = {each.person_id for pair in pairs for each in pair}
    which = {each.hour for pair in pairs for each in pair}
    columns = (ViewLog.person_id, ViewLog.role, ViewLog.case_id, ViewLog.at, hour_of(ViewLog.at).label("hour"))
    asked = (ViewLog.case_id.is_not(None), ViewLog.person_id.in_(people), hour_of(ViewLog.at).in_(which))
    found = select(*columns).where(_within(actor, days), *asked).order_by(ViewLog.at, ViewLog.id)
    return db.session.execute(found).all() if pairs else []


def taken_or_not_theirs(actor: Actor, days: Days, *, after: int = 0) -> Sequence[AnyRow]:
    """A page of what the actor's own people printed or took away, and of cases that they opened and were not named on; the
    newest first, and one more. The number of a case is for whoever may see it."""
    was_taken = or_(ViewLog.page.in_(TAKEN), ViewLog.page.startswith(TAKEN_BEGIN))
    number = case((policy.visible(actor), Case.number)).label("number")
    said = ViewLog.page.label("what"), null().label("whom"), null().label("became")
    columns = (ViewLog.id, ViewLog.at, *said, ViewLog.role, Person.name, number, was_taken.label("was_taken"))
    statement = (
        select(*columns)
        .join(Person, Person.id == ViewLog.person_id)
        .outerjoin(Case, Case.id == ViewLog.case_id)
        .where(_within(actor, days), or_(was_taken, _is_not_theirs()))
    )
    if after:
        last = select(Last.at).where(Last.id == after, Last.organisation_id == actor.organisation_id).scalar_subquery()
        statement = statement.where(tuple_(ViewLog.at, ViewLog.id) < tuple_(last, literal(after)))
    return db.session.execute(statement.order_by(ViewLog.at.desc(), ViewLog.id.desc()).limit(PAGE + 1)).all()


def _within(actor: Actor, days: Days) -> ColumnElement[bool]:
    here = ViewLog.organisation_id == actor.organisation_id
    return and_(here, ViewLog.at >= days.begins, ViewLog.at < days.ends)


def _is_not_theirs() -> ColumnElement[bool]:
    """Whatever a case manager or a contact opened of a case, whoever has it; leads and office support open any case of theirs, as
    it is they who give cases out."""
    then = (Named.since <= ViewLog.at, or_(Named.until.is_(None), Named.until > ViewLog.at))
    mine = exists().where(Named.case_id == ViewLog.case_id, Named.person_id == ViewLog.person_id, *then)
    looks_at_own = ViewLog.role.in_((Role.CASE_MANAGER, Role.PRIMARY_CONTACT))
    return and_(ViewLog.case_id.is_not(None), looks_at_own, ~mine)
