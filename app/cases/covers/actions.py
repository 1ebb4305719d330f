"""Somebody stands in for a case manager: on a case, or on all they have and are given meanwhile (P12, CASE-9)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import select

from app.cases.actions import tell_both_of_each
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
from app.cases.parts import Whom, case_managers_among, cases_to_change, manager_of, name_on_each
from app.cases.queries import CaseHead, case_to_change
from app.cases.rules import fault_of_cover
from app.cases.tasks.actions import let_go
from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused, refuse_faulty
from app.core.events import Happened
from app.people.models import Person

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


def cover_case(head: CaseHead, who: Whom, days: Days, *, by: events.By) -> Person:
    """Who stands in; raises `Refused` where that cannot be."""
    cover = _checked(who, days, by)
    case = case_to_change(head.case_id)
    manager = manager_of(case.id)
    if manager is None:
        raise Refused(NOBODY_HAS_IT)
    named = _cover([case], manager, cover, days, by)
    if not named:
        raise Refused(_double(cover.id, manager))
    events.record(COVERED, by=by, on=named[0], about=case)
    return cover


def cover_caseload(covered_id: int, person_id: int, days: Days, *, by: events.By) -> int:
    """Of how many cases; those on which they stand in on these days already stay as they are. Whoever it concerns at the service
    is told once. Raises `Refused` where that cannot be."""
    cover = _checked(person_id, days, by)
    covered = db.session.get_one(Person, covered_id)
    cases = {case.id: case for case in cases_to_change(cases_held(covered_id, by.organisation_id))}
    if not cases:
        raise Refused(HAS_NONE.format(name=covered.name))
    if covered_id == person_id:
        raise Refused(_double(person_id, covered))
    if named := _cover(list(cases.values()), covered, cover, days, by):
        of_cases = [Happened(COVERED_WITH_OTHERS, AmongOthers(row), cases[row.case_id]) for row in named]
        events.record_all(*of_cases, *_told_once(named[0], covered_id, by), by=by)
    return len(named)


def cover_also(cases: Sequence[Case], covered: Person, *, by: events.By) -> None:
    """Somebody was given these cases while another one stands in on all they have."""
    by_id = {case.id: case for case in cases}
    for row in covers_to_carry_on(covered.id, by.organisation_id):
        days = Days(clock.nz(row.since).date(), clock.nz(row.until - timedelta(microseconds=1)).date())
        named = _cover(cases, covered, db.session.get_one(Person, row.person_id), days, by)
        events.record_all(*(Happened(CARRIED_ON, one, by_id[one.case_id]) for one in named), by=by)


def end_cover(case_id: int, person_id: int, *, by: events.By) -> bool:
    """They do not stand in on this case any more, nor later. False where they did not."""
    cases = {case_id: case_to_change(case_id)}
    rows = _end(cases, person_id, by)
    events.record_all(*(Happened(ENDED, row, cases[case_id]) for row in rows), by=by)
    return bool(rows)


def end_caseload_cover(covered_id: int, person_id: int, *, by: events.By) -> int:
    """On all that this case manager has; of how many cases. Both are told once."""
    cases = {case.id: case for case in cases_to_change(cases_held(covered_id, by.organisation_id))}
    rows = _end(cases, person_id, by)
    if rows:
        both = [Several(rows[0].id, told, by.organisation_id) for told in (person_id, covered_id)]
        of_cases = [Happened(ENDED, AmongOthers(row), cases[row.case_id]) for row in rows]
        events.record_all(*of_cases, *(Happened(ENDED_TOGETHER, several) for several in both), by=by)
    return len({row.case_id for row in rows})


def _end(cases: Mapping[int, Case], person_id: int, by: events.By) -> list[CasePerson]:
    rows = _covers(cases, person_id, by)
    now = clock.now()
    for row in rows:
        row.until = now
    db.session.flush()
    if rows:
        concerned = [cases[case_id] for case_id in dict.fromkeys(row.case_id for row in rows)]
        tell_both_of_each(concerned, f"{db.session.get_one(Person, person_id).name} stands in no more", by=by)
        let_go(concerned, by=by)
    return rows


def _checked(who: Whom, days: Days, by: events.By) -> Person:
    """Who stands in, where they may."""
    refuse_faulty(fault_of_cover(days.first, days.last, clock.today()))
    able = case_managers_among([who], by.organisation_id)
    if who not in able:
        raise Refused(NO_MANAGER)
    return able[who]


def _cover(cases: Sequence[Case], covered: Person, cover: Person, days: Days, by: events.By) -> list[CasePerson]:
    """But for those that they have themselves, or on which they stand in on some of these days already."""
    since, until = days.since, days.until
    there = _covers([case.id for case in cases], cover.id, by)
    double = {row.case_id for row in there if row.since < until and row.until and row.until > since}
    free = [case for case in cases if case.id not in double]
    if covered.id == cover.id or not free:
        return []
    when = {"since": since, "until": until}
    named = name_on_each(free, cover.id, Part.COVER, organisation_id=by.organisation_id, by=by, **when)
    tell_both_of_each(free, in_words(cover.name, covered.name, days.first, days.last), by=by)
    return named


def _covers(case_ids: Collection[int], person_id: int, by: events.By) -> list[CasePerson]:
    """On which days, now or later."""
    theirs = (CasePerson.person_id == person_id, CasePerson.organisation_id == by.organisation_id)
    statement = select(CasePerson).where(CasePerson.case_id.in_(case_ids), CasePerson.part == Part.COVER, *theirs)
    in_order = statement.where(CasePerson.until > clock.now()).order_by(CasePerson.case_id, CasePerson.id)
    return list(db.session.scalars(in_order))


def _told_once(first: CasePerson, covered_id: int, by: events.By) -> list[Happened]:
    both = ((STANDS_IN, first.person_id), (STOOD_IN_FOR, covered_id))
    return [Happened(event, Several(first.id, person_id, by.organisation_id)) for event, person_id in both]


def _double(person_id: int, covered: Person) -> str:
    if person_id == covered.id:
        return f"{covered.name} has the case. Choose somebody else to stand in."
    return "They stand in on some of these days already."
