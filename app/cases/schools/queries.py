"""What a service knows of its schools: who leads attendance there, how many cases it has open, and when it last met the
school; and the cases that somebody may open (P19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, select, true, tuple_

from app.cases import policy
from app.cases.clocks import as_known
from app.cases.entries import Audience, Entry, Meeting
from app.cases.listing import NOT_CLOSED, ORDER, PAGE, SHOWN
from app.cases.models import Case
from app.cases.naming import is_at_service
from app.cases.queries import CaseHead
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.people.catchments.queries import SERVED
from app.people.models import Organisation, Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.rules import ROLES_OF
from app.people.shapes import HERE, asked_by, like

LOOKED_BACK = timedelta(days=366)
"""How far back a last contact is looked for."""


@dataclass(frozen=True)
class Contact:
    """An attendance lead, and how they are reached."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True)
class KnownOfSchool:
    """Of the service's open cases their number alone: which they are is asked case by case."""

    leads: tuple[Contact, ...]
    open_cases: int
    met_on: date | None


@dataclass(frozen=True)
class SchoolOfService:
    """A school that the actor's service serves."""

    row: AnyRow
    known: KnownOfSchool


def school_for(actor: Actor, number: str) -> SchoolOfService | None:
    """One of them, for who works cases there."""
    if actor.role not in ROLES_OF[actor.organisation_kind]:
        return None
    statement = _known(like(actor), is_one=True)
    rows = db.session.execute(statement, asked_by(actor, number=number, since=_since())).all()
    return SchoolOfService(rows[0], _folded(rows)) if rows else None


def known_of(actor: Actor, school_ids: Sequence[int]) -> dict[int, KnownOfSchool]:
    """One statement for a whole list."""
    if not school_ids:
        return {}
    found: dict[int, list[AnyRow]] = {}
    asked = asked_by(actor, school_ids=school_ids, since=_since())
    for row in db.session.execute(_known(like(actor)), asked):
        found.setdefault(row.id, []).append(row)
    return {school_id: _folded(rows) for school_id, rows in found.items()}


def cases_at(actor: Actor, school_id: int, *, after: str = "") -> list[CaseHead]:
    """A page of the open cases of that school that this person may see, and one more."""
    asked = asked_by(actor, school_id=school_id, after=after)
    return [CaseHead(row) for row in db.session.execute(_cases(like(actor), is_after=bool(after)), asked)]


def _since() -> date:
    return clock.today() - LOOKED_BACK


def _folded(rows: Sequence[AnyRow]) -> KnownOfSchool:
    leads = tuple(Contact(row.lead, row.lead_phone, row.lead_email) for row in rows if row.lead)
    return KnownOfSchool(leads, rows[0].open_cases or 0, rows[0].met_on)


@cache
def _known(actor: Actor, *, is_one: bool = False) -> AnySelect:
    one = select(Organisation.id).where(Organisation.number == bindparam("number")).correlate(None)
    of_these: Any = one if is_one else bindparam("school_ids", expanding=True)
    opened = select(Case.school_id, func.count().label("open_cases")).where(
        Case.service_id == HERE, Case.status.in_(NOT_CLOSED), Case.school_id.in_(of_these)
    )
    cases, met = opened.group_by(Case.school_id).subquery(), _met(actor).subquery()
    lead = (RoleHeld.organisation_id == Organisation.id, RoleHeld.role == Role.ATTENDANCE_LEAD)
    who = (Person.name.label("lead"), Person.phone.label("lead_phone"), Person.email.label("lead_email"))
    return (
        SERVED.add_columns(cases.c.open_cases, met.c.met_on, *who)
        .outerjoin(cases, cases.c.school_id == Organisation.id)
        .outerjoin(met, met.c.school_id == Organisation.id)
        .outerjoin(RoleHeld, and_(*lead, RoleHeld.ended_at.is_(None)))
        .outerjoin(Person, and_(Person.id == RoleHeld.person_id, Person.ended_at.is_(None)))
        .where(Organisation.id.in_(of_these))
        .order_by(Organisation.id, Person.name, Person.id)
    )


def _met(actor: Actor) -> AnySelect:
    """The last day on which the service met somebody of the school. Of what is restricted only the leads read a day (SHARE-3)."""
    done = (
        select(Meeting.school_id, func.max(Meeting.happened_on).label("met_on"))
        .join(Case, Case.id == Meeting.case_id)
        .join(Entry, Entry.id == Meeting.entry_id)
        .where(Case.service_id == HERE, Meeting.happened_on >= bindparam("since"), Meeting.is_done, Meeting.with_school)
        .where(Entry.organisation_id == HERE, Entry.retracted_at.is_(None))
    )
    if actor.role is not Role.WORKFLOW_LEAD:
        done = done.where(Entry.audience != Audience.RESTRICTED)
    return done.group_by(Meeting.school_id)


@cache
def _cases(actor: Actor, *, is_after: bool) -> AnySelect:
    here = (Case.school_id == bindparam("school_id"), Case.status.in_(NOT_CLOSED))
    seen = (*here, policy.visible(actor), is_at_service(actor))
    last = select(*ORDER).where(Case.number == bindparam("after"), *seen).correlate(None).scalar_subquery()
    is_later = tuple_(*ORDER) > last if is_after else true()
    return as_known(SHOWN, actor).where(*seen, is_later).order_by(*ORDER).limit(PAGE + 1)
