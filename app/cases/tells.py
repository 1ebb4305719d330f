"""Whom what happens to a case tells: `lists/notifications.csv` says which groups, one statement who is in them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.cases import policy
from app.cases.entries import Audience, Entry
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.naming import in_force, is_seen_at
from app.cases.rules import LISTS
from app.core import events
from app.core.db import AnySelect, db
from app.core.events import Channel, Outbox, Told
from app.core.lists import rows
from app.core.told import ANY_OF_A_CASE, Place, Row, finds
from app.people.models import Kind, Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.rules import HOMES, ROLES_OF
from app.people.telling.models import TellingChoice
from app.people.telling.rules import channel_for, stronger
from app.students.models import Student

PARTS = {
    "primary_contact": (Part.PRIMARY_CONTACT, Part.COVER),
    "secondary_contacts": (Part.SECONDARY_CONTACT,),
    "case_manager": (Part.MANAGER, Part.COVER),
}
SIDE = {"case_manager": Kind.SERVICE}
"""Where they hold their role: a school has cover too."""
Held = aliased(RoleHeld)
OF_CASE: Any = bindparam("of_case", type_=Integer)
HOLDERS: dict[str, tuple[Role, InstrumentedAttribute[Any]]] = {
    "workflow_leads": (Role.WORKFLOW_LEAD, Case.service_id),
    "attendance_leads": (Role.ATTENDANCE_LEAD, Case.school_id),
}


@events.tells("case.assigned")
def case_assigned(named: CasePerson, by: events.By, about: Any) -> Iterable[Told]:
    return told_of(named.case_id, "case_assigned", by=by)


@events.tells("case.taken_from")
def case_taken_from(former: CasePerson, by: events.By, about: Any) -> Iterable[Told]:
    """The former case manager is told by mail and in the app that somebody else has the case now."""
    if former.person_id == by.person_id:
        return []
    return [Told(former.person_id, Role.CASE_MANAGER, former.organisation_id, Channel.APP_EMAIL)]


@events.tells("comment.added")
@events.tells("comment.audience_changed")
def comment_shared(entry: Entry, by: Actor, about: Any) -> Iterable[Told]:
    """A service's shared comment tells the school; a school's the case manager, in the queue the leads."""
    if entry.audience is not Audience.SHARED:
        return []
    if by.organisation_kind is Kind.SERVICE:
        return told_of(entry.case_id, "service_shared", by=by)
    is_queued = about.status is Status.QUEUE
    return told_of(entry.case_id, "school_added_in_queue" if is_queued else "school_added", by=by)


@finds(ANY_OF_A_CASE)
def places_on_cases(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The page of the case and whose it is, where they may see it and the entry they were told of."""
    found = (
        _cases_of(those)
        .join(Student, Student.id == Case.student_id)
        .add_columns(func.coalesce(func.nullif(Student.preferred_name, ""), Student.legal_name).label("name"))
        .outerjoin(Entry, and_(Outbox.thing == Entry.__tablename__, Entry.id == Outbox.thing_id))
        .where(policy.visible(reader), or_(Entry.id.is_(None), policy.readable(reader)))
    )
    path = f"{start}cases/%s/" if (start := HOMES.get(reader.organisation_kind)) else "%.0s"
    return {row.id: Place(path % row.number, row.number, row.name) for row in db.session.execute(found)}


@finds("case.taken_from")
def lost_cases(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """Its number alone where they may no longer open it: one that went to another service they read on for a while."""
    numbers = {row.id: Place("", row.number) for row in db.session.execute(_cases_of(those))}
    return {**numbers, **places_on_cases(reader, those)}


def _cases_of(those: Sequence[Row]) -> AnySelect:
    numbered = select(Outbox.id, Case.number).join(Case, Case.id == Outbox.case_id)
    return numbered.where(Outbox.id.in_([row.id for row in those]))


def told_of(case_id: int, *listed: str, by: events.By) -> list[Told]:
    """Everyone the list names for these events, each once by the strongest channel, never the one who did it; where it may be
    muted, as each of them chose."""
    told: dict[int, Told] = {}
    for row in (
        db.session.execute(statement, {"of_case": case_id}) if (statement := _people(listed)) is not None else ()
    ):
        channel, known = channel_for(row.listed, row.how), told.get(row.person_id)
        if row.person_id != by.person_id and (known is None or stronger(channel, known.channel) is not known.channel):
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
        there = and_(is_seen_at(RoleHeld.organisation_id), or_(there, is_left))
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
    columns = (RoleHeld.person_id, RoleHeld.organisation_id, RoleHeld.role, literal(row["channel"]).label("listed"))
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
