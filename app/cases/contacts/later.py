"""Whom a school that waits to see a case names as its contact, for when it does (CASE-3, CASE-10)."""

from datetime import date

from app.cases.contacts import tells  # noqa: F401  (registers whom these events tell)
from app.cases.contacts.asking import ask_for_role_of, need_no_role, parts_of, person_of
from app.cases.contacts.rules import BEGUN, ENDED, Whom
from app.cases.models import Case, CasePerson, Part
from app.cases.parts import name_person
from app.core import clock, events
from app.core.db import db
from app.core.untold import still_to_tell, tell_nobody
from app.people.queries import Actor


def name_for_later(case: Case, whom: Whom, *, at_school: int, from_on: date, by: Actor) -> None:
    """A school that waits to see the case names its contact: beside the primary one, from the day on which it sees the case.
    They and whoever sent the request are told then."""
    person, since = person_of(whom), max(clock.begin_of(from_on), clock.now())
    known = [
        row for row in parts_of(case, person.id) if row.organisation_id == at_school and row.part is not Part.COVER
    ]
    if known:
        ask_for_role_of(known[0], person, whom.name, by=by)
        return
    named = name_person(case, person.id, Part.SECONDARY_CONTACT, organisation_id=at_school, by=by, since=since)
    ask_for_role_of(named, person, whom.name, by=by)
    events.record(BEGUN, by=by, on=named, about=case, after=since)


def name_no_more(case: Case, named: CasePerson, *, by: Actor) -> None:
    """The request that named them is taken back; where they wait to be a contact, nobody is told that they are."""
    tell_nobody(still_to_tell(named, clock.now()))
    named.since, named.until = min(named.since, clock.now()), clock.now()
    db.session.flush()
    events.record(ENDED, by=by, on=named, about=case)
    need_no_role(named, by=by)
