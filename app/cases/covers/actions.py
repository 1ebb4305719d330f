"""Somebody stands in for a case manager: on a case, or on all they have and are given meanwhile (P12, CASE-9)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import select

from app.cases.actions import manager_of, name_person, tell_both
from app.cases.covers import tells  # noqa: F401  (registers whom these events tell)
from app.cases.covers.queries import cases_held, covers_to_carry_on
from app.cases.covers.rules import (
    CARRIED_ON,
    COVERED,
    COVERED_WITH_OTHERS,
    ENDED,
    ENDED_TOGETHER,
    STANDS_IN,
    STOOD_IN_FOR,
    in_words,
)
from app.cases.models import Case, CasePerson, Part
from app.cases.naming import AmongOthers, Several
from app.cases.queries import CaseHead, case_to_change
from app.cases.rules import fault_of_cover
from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused, refuse_faulty
from app.people.models import Person, Role
from app.people.queries import holds_role

NO_MANAGER = "Only a case manager of this service can stand in."
NOBODY_HAS_IT = "Nobody has this case, so nobody can stand in. Give it to a case manager instead."
HAS_NONE = "{name} has no case now that somebody could stand in on."


@dataclass(frozen=True)
class Days:
    """From the first day to the end of the last."""

    first: date
    last: date

    @cached_property
    def since(self) -> datetime:
        """The same moment for all the cases that are covered at once."""
        return max(clock.begin_of(self.first), clock.now())

    @property
    def until(self) -> datetime:
        return clock.end_of(self.last)


def cover_case(head: CaseHead, person_id: int, days: Days, *, by: events.By) -> None:
    """Raises `Refused` where that cannot be."""
    _check(person_id, days, by)
    case = case_to_change(head.case_id)
    manager = manager_of(case.id)
    if manager is None:
        raise Refused(NOBODY_HAS_IT)
    named = _cover(case, manager, person_id, days, by)
    if named is None:
        raise Refused(_double(person_id, manager))
    events.record(COVERED, by=by, on=named, about=case)


def cover_caseload(covered_id: int, person_id: int, days: Days, *, by: events.By) -> int:
    """Of how many cases; those on which they stand in on these days already stay as they are. Whoever it concerns at the service
    is told once. Raises `Refused` where that cannot be."""
    _check(person_id, days, by)
    covered = db.session.get_one(Person, covered_id)
    ids = cases_held(covered_id, by.organisation_id)
    if not ids:
        raise Refused(HAS_NONE.format(name=covered.name))
    if covered_id == person_id:
        raise Refused(_double(person_id, covered))
    all_named = []
    for case in (case_to_change(case_id) for case_id in ids):
        if named := _cover(case, covered, person_id, days, by):
            events.record(COVERED_WITH_OTHERS, by=by, on=AmongOthers(named), about=case)
            all_named.append(named)
    if all_named:
        _tell_once(all_named[0], covered_id, by)
    return len(all_named)


def cover_also(manager: CasePerson, *, by: events.By) -> None:
    """Somebody was given this case while another one stands in on all they have."""
    case, covered = db.session.get_one(Case, manager.case_id), db.session.get_one(Person, manager.person_id)
    for row in covers_to_carry_on(manager.person_id, manager.organisation_id):
        days = Days(clock.nz(row.since).date(), clock.nz(row.until - timedelta(microseconds=1)).date())
        if named := _cover(case, covered, row.person_id, days, by):
            events.record(CARRIED_ON, by=by, on=named, about=case)


def end_cover(case_id: int, person_id: int, *, by: events.By) -> bool:
    """They do not stand in on this case any more, nor later. False where they did not."""
    case, rows = _end(case_id, person_id, clock.now(), by)
    for row in rows:
        events.record(ENDED, by=by, on=row, about=case)
    return bool(rows)


def end_caseload_cover(covered_id: int, person_id: int, *, by: events.By) -> int:
    """On all that this case manager has; of how many cases. Both are told once."""
    at, ended = clock.now(), []
    for case_id in cases_held(covered_id, by.organisation_id):
        case, rows = _end(case_id, person_id, at, by)
        for row in rows:
            events.record(ENDED, by=by, on=AmongOthers(row), about=case)
        ended.extend(rows[:1])
    for told in (person_id, covered_id) if ended else ():
        events.record(ENDED_TOGETHER, by=by, on=Several(ended[0].id, told, by.organisation_id))
    return len(ended)


def _end(case_id: int, person_id: int, at: datetime, by: events.By) -> tuple[Case, list[CasePerson]]:
    case = case_to_change(case_id)
    rows = _covers(case.id, person_id, by)
    for row in rows:
        row.until = at
    db.session.flush()
    if rows:
        tell_both(case, f"{db.session.get_one(Person, person_id).name} stands in no more", by=by)
    return case, rows


def _check(person_id: int, days: Days, by: events.By) -> None:
    refuse_faulty(fault_of_cover(days.first, days.last, clock.today()))
    if not holds_role(person_id, by.organisation_id, Role.CASE_MANAGER):
        raise Refused(NO_MANAGER)


def _cover(case: Case, covered: Person, person_id: int, days: Days, by: events.By) -> CasePerson | None:
    """None where they have the case themselves, or stand in on some of these days already."""
    since, until = days.since, days.until
    there = _covers(case.id, person_id, by)
    is_double = any(row.since < until and row.until and row.until > since for row in there)
    if covered.id == person_id or is_double:
        return None
    named = name_person(case, person_id, Part.COVER, organisation_id=by.organisation_id, by=by)
    named.since, named.until = since, until
    db.session.flush()
    name = db.session.get_one(Person, person_id).name
    tell_both(case, in_words(name, covered.name, days.first, days.last), by=by)
    return named


def _covers(case_id: int, person_id: int, by: events.By) -> list[CasePerson]:
    """On which days, now or later."""
    theirs = (CasePerson.person_id == person_id, CasePerson.organisation_id == by.organisation_id)
    statement = select(CasePerson).where(CasePerson.case_id == case_id, CasePerson.part == Part.COVER, *theirs)
    return list(db.session.scalars(statement.where(CasePerson.until > clock.now())))


def _tell_once(first: CasePerson, covered_id: int, by: events.By) -> None:
    for event, person_id in ((STANDS_IN, first.person_id), (STOOD_IN_FOR, covered_id)):
        events.record(event, by=by, on=Several(first.id, person_id, by.organisation_id))


def _double(person_id: int, covered: Person) -> str:
    if person_id == covered.id:
        return f"{covered.name} has the case. Choose somebody else to stand in."
    return "They stand in on some of these days already."
