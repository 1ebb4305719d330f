"""Whom what happens to a case tells: `lists/notifications.csv` says which groups, one statement who is in them."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    exists,
    false,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.cases import places  # noqa: F401  (registers where it stands)
from app.cases.entries import Audience, Entry
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.naming import AmongOthers, in_force, is_seen_at
from app.cases.rules import LISTS, listed_channel
from app.core import events
from app.core.db import AnySelect, db
from app.core.events import Channel, Told
from app.core.lists import rows
from app.people.models import Kind, Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.rules import ROLES_OF
from app.people.telling.models import TellingChoice
from app.people.telling.queries import holders_as_chosen
from app.people.telling.rules import channel_for, stronger
from app.students.models import Enrolment

PARTS = {
    "primary_contact": (Part.PRIMARY_CONTACT, Part.COVER),
    "secondary_contacts": (Part.SECONDARY_CONTACT,),
    "case_manager": (Part.MANAGER, Part.COVER),
}
SIDE = {"case_manager": Kind.SERVICE}
"""Where they hold their role: a school has cover too."""
Held = aliased(RoleHeld)
OF_CASE: Any = bindparam("of_case", type_=Integer)
_SCHOOLS = select(Enrolment.school_id).join(Case, Case.student_id == Enrolment.student_id).where(Case.id == OF_CASE)
"""Where the student ever was: whoever holds a role anywhere else is not looked at."""
HOLDERS: dict[str, tuple[Role, InstrumentedAttribute[Any]]] = {
    "workflow_leads": (Role.WORKFLOW_LEAD, Case.service_id),
    "attendance_leads": (Role.ATTENDANCE_LEAD, Case.school_id),
}


@events.tells("case.assigned")
def case_assigned(named: CasePerson | AmongOthers, by: events.By, about: Any) -> Iterable[Told]:
    return of_school(named, told_of(about.id, "case_assigned", by=by))


@events.tells("case.taken_from")
def case_taken_from(former: CasePerson | AmongOthers, by: events.By, about: Any) -> Iterable[Told]:
    """The former case manager is told by mail and in the app that somebody else has the case now."""
    if isinstance(former, AmongOthers) or former.person_id == by.person_id:
        return []
    return [Told(former.person_id, Role.CASE_MANAGER, former.organisation_id, Channel.APP_EMAIL)]


@events.tells("comment.added")
@events.tells("meeting.recorded")
@events.tells("comment.audience_changed")
def comment_shared(entry: Entry, by: Actor, about: Any) -> Iterable[Told]:
    """A service's shared comment tells the school; a school's the case manager, in the queue the leads."""
    if entry.audience is not Audience.SHARED:
        return []
    if by.organisation_kind is Kind.SERVICE:
        return told_of(entry.case_id, "service_shared", by=by)
    is_queued = about.status is Status.QUEUE
    return told_of(entry.case_id, "school_added_in_queue" if is_queued else "school_added", by=by)


def of_school(named: CasePerson | AmongOthers, told: Iterable[Told]) -> list[Told]:
    """Of many at once only the school is told of each."""
    here = named.named.organisation_id if isinstance(named, AmongOthers) else None
    return [each for each in told if each.organisation_id != here]


def holders_told(role: Role, listed: str, organisation_id: int | None = None) -> list[Told]:
    """Everyone with this role, there or anywhere, as `notifications.csv` says or as they chose."""
    channel = listed_channel(listed)
    return [
        Told(row.person_id, role, row.organisation_id, channel_for(channel, row.how))
        for row in holders_as_chosen(role, listed, organisation_id)
    ]


def told_of(case_id: int, *listed: str, by: events.By, but_for: Collection[str] = ()) -> list[Told]:
    """Everyone the list names for these events, each once by the strongest channel, never the one who did it, nor whom another
    of these (`but_for`) tells already; where it may be muted, as each of them chose."""
    statement = _people((*listed, *sorted(but_for)))
    rows = db.session.execute(statement, {"of_case": case_id}).all() if statement is not None else []
    known = {by.person_id, *(row.person_id for row in rows if row.event in but_for)}
    told: dict[int, Told] = {}
    for row in rows:
        channel, so_far = channel_for(row.listed, row.how), told.get(row.person_id)
        if row.person_id not in known and (so_far is None or stronger(channel, so_far.channel) is not so_far.channel):
            told[row.person_id] = Told(row.person_id, row.role, row.organisation_id, channel)
    return list(told.values())


@cache
def _people(listed: tuple[str, ...]) -> Any:
    """Person, role and organisation of everyone in the groups that are listed and that a case can resolve, by which channel
    and as they chose; only those who hold a role there now. None where there is no such group."""
    groups = [
        (group, row)
        for row in rows(LISTS / "notifications.csv")
        if row["event"] in listed
        for group in row["to"].split("|")
        if group in PARTS or group in HOLDERS
    ]
    people = [_named(*each) if each[0] in PARTS else _holders(*each) for each in groups]
    people += [_in_their_place(row) for group, row in groups if group == "primary_contact"]
    return union_all(*people) if people else None


def _named(group: str, row: Mapping[str, str]) -> AnySelect:
    """At a school only where the student is: who is left behind may not see the case any more (CASE-10)."""
    is_there = true() if group in SIDE else is_seen_at(RoleHeld.organisation_id)
    return (
        _held(row)
        .join(
            CasePerson,
            and_(
                CasePerson.person_id == RoleHeld.person_id,
                CasePerson.organisation_id == RoleHeld.organisation_id,
                CasePerson.case_id == OF_CASE,
                CasePerson.part.in_(PARTS[group]),
                *in_force(),
            ),
        )
        .join(Case, Case.id == CasePerson.case_id)
        .where(RoleHeld.role.in_(ROLES_OF[SIDE.get(group, Kind.SCHOOL)]), is_there)
    )


def _in_their_place(row: Mapping[str, str]) -> AnySelect:
    """CASE-3: the leads, while nobody who is the primary contact holds a role at a school where the student is."""
    holds = and_(Held.person_id == CasePerson.person_id, Held.organisation_id == CasePerson.organisation_id)
    contact = (CasePerson.case_id == OF_CASE, CasePerson.part == Part.PRIMARY_CONTACT, *in_force())
    contacts = select(CasePerson.id).join(Held, and_(holds, Held.ended_at.is_(None))).where(*contact)
    known = contacts.where(Held.role.in_(ROLES_OF[Kind.SCHOOL]), is_seen_at(Held.organisation_id))
    return _holders("attendance_leads", row).where(~known.correlate(Case).exists())


def _holders(group: str, row: Mapping[str, str]) -> AnySelect:
    """At a school that sees the case: the one that acts for it, else wherever the student is now (CASE-10)."""
    role, organisation = HOLDERS[group]
    there = organisation == RoleHeld.organisation_id
    if role is Role.ATTENDANCE_LEAD:
        is_left = ~is_seen_at(Case.school_id)
        there = and_(RoleHeld.organisation_id.in_(_SCHOOLS), is_seen_at(RoleHeld.organisation_id), or_(there, is_left))
    holders = _held(row).join(Case, there)
    return holders.where(Case.id == OF_CASE, or_(RoleHeld.role == role, _stands_in(role)))


def _stands_in(role: Role) -> ColumnElement[bool]:
    """Office support, where the school has no attendance lead."""
    if role is not Role.ATTENDANCE_LEAD:
        return false()
    lead = aliased(RoleHeld)
    leads = exists().where(lead.organisation_id == RoleHeld.organisation_id, lead.role == role, lead.ended_at.is_(None))
    return and_(RoleHeld.role == Role.OFFICE_SUPPORT, ~leads)


def _held(row: Mapping[str, str]) -> AnySelect:
    may_choose = and_(
        TellingChoice.person_id == RoleHeld.person_id,
        TellingChoice.event == row["event"],
        true() if row["can_mute"] == "yes" else false(),
    )
    of_row = literal(row["event"]).label("event"), literal(row["channel"]).label("listed")
    columns = (RoleHeld.person_id, RoleHeld.organisation_id, RoleHeld.role, *of_row)
    return (
        select(*columns, TellingChoice.how)
        .join(Person, Person.id == RoleHeld.person_id)
        .outerjoin(TellingChoice, may_choose)
        .where(
            RoleHeld.ended_at.is_(None),
            RoleHeld.role != Role.DELEGATED_AUTHORISER,  # may not see the case, and would be told in that role
            Person.ended_at.is_(None),
        )
    )
