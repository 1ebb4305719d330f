"""Who is in the groups of `lists/notifications.csv`, of one case or of several: one statement."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, false, literal, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.cases.models import Case, CasePerson, Part
from app.cases.naming import in_force, is_seen_at
from app.cases.rules import LISTS
from app.core.db import AnySelect
from app.core.lists import rows
from app.people.models import Kind, Person, Role, RoleHeld
from app.people.rules import ROLES_OF
from app.people.telling.models import TellingChoice
from app.students.models import Enrolment

PARTS = {
    "primary_contact": (Part.PRIMARY_CONTACT, Part.COVER),
    "secondary_contacts": (Part.SECONDARY_CONTACT,),
    "case_manager": (Part.MANAGER, Part.COVER),
}
SIDE = {"case_manager": Kind.SERVICE}
"""Where they hold their role: a school has cover too."""
Held = aliased(RoleHeld)
OF_CASES: Any = bindparam("of_cases", type_=Integer, expanding=True)
_SCHOOLS = select(Enrolment.school_id).join(Case, Case.student_id == Enrolment.student_id).where(Case.id.in_(OF_CASES))
"""Where the students ever were: whoever holds a role anywhere else is not looked at."""
HOLDERS: dict[str, tuple[Role, InstrumentedAttribute[Any]]] = {
    "workflow_leads": (Role.WORKFLOW_LEAD, Case.service_id),
    "attendance_leads": (Role.ATTENDANCE_LEAD, Case.school_id),
}


@cache
def people_of(listed: tuple[str, ...]) -> Any:
    """Case, person, role and organisation of everyone in the groups that are listed and that a case can resolve, by which channel
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
                CasePerson.case_id.in_(OF_CASES),
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
    contact = (CasePerson.case_id == Case.id, CasePerson.part == Part.PRIMARY_CONTACT, *in_force())
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
    return holders.where(Case.id.in_(OF_CASES), or_(RoleHeld.role == role, _stands_in(role)))


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
    columns = (Case.id.label("case_id"), RoleHeld.person_id, RoleHeld.organisation_id, RoleHeld.role, *of_row)
    return (
        select(*columns, TellingChoice.how)
        .select_from(RoleHeld)
        .join(Person, Person.id == RoleHeld.person_id)
        .outerjoin(TellingChoice, may_choose)
        .where(
            RoleHeld.ended_at.is_(None),
            RoleHeld.role != Role.DELEGATED_AUTHORISER,  # may not see the case, and would be told in that role
            Person.ended_at.is_(None),
        )
    )
