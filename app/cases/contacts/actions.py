"""Contacts are named, replaced, covered, and end (CASE-3)."""

from datetime import date, datetime

from sqlalchemy import select

from app.cases.actions import tell_both
from app.cases.contacts import tells  # noqa: F401  (registers whom these events tell)
from app.cases.contacts.asking import (
    ask_for_role_of,
    is_left_behind,
    is_still,
    need_no_role,
    parts_of,
    person_of,
    primary_of,
    school_of,
)
from app.cases.contacts.queries import holds_role_at_school, left_without_contact
from app.cases.contacts.rules import ADDED, CHANGED, COVERED, ENDED, MISSING, REPLACED, Whom
from app.cases.files.tells import Itself
from app.cases.models import Case, CasePerson, Part
from app.cases.parts import end_part, name_person
from app.cases.queries import CaseHead, case_to_change
from app.cases.rules import fault_of_cover
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.noticing import look_then_tell
from app.core.text import nfc
from app.people.models import Person
from app.people.queries import Actor
from app.people.role_requests.queries import name_at

NO_ROLE = "Only somebody with a role at your school can stand in."


def change_primary(head: CaseHead, whom: Whom, *, best_times: str, instead_of: str, by: Actor) -> bool:
    """The primary contact is somebody else from now on, or is reached otherwise. False where all is so already.
    `instead_of`: the public id of who it was when this was asked for; raises `Conflict` where that is no longer so."""
    case = case_to_change(head.case_id)
    person, was = person_of(whom), primary_of(case)
    was = None if was and is_left_behind(was) else was
    if was and is_still(was, person.id, by):
        ask_for_role_of(was, person, whom.name, by=by)
        return _keep_reach(was, person, best_times, whom.phone)
    _refuse_overtaken(was, instead_of)
    named, former = _replace(case, person, whom.name, school_of(case, by), by=by)
    _keep_reach(named, person, best_times, whom.phone)
    _tell_of(case, named, former, by=by)
    return True


def name_in_request(case: Case, whom: Whom, *, at_school: int, by: Actor) -> CasePerson | None:
    """A request names its contact. Who it is already keeps their times; whoever was it before is told, as is the new one,
    and is returned. In a case that had none nobody is told of more than the request."""
    was = primary_of(case)
    here = was if was and was.organisation_id == at_school else None
    if here and here.person_id == whom.person_id:
        return None
    person = person_of(whom)
    if here and here.person_id == person.id:
        ask_for_role_of(here, person, whom.name, by=by)
        return None
    named, former = _replace(case, person, whom.name, at_school, by=by)
    if former:
        _tell_of(case, named, former, by=by)
    return former


def let_go(named: CasePerson, *, by: Actor) -> None:
    """The case closes with the request that named its contact: where they are one nowhere else, no role is asked for."""
    need_no_role(named, by=by, but=named.case_id)


def add_secondary(head: CaseHead, whom: Whom, *, by: Actor) -> bool:
    """One more contact, who sees the case and is told of it. False where they are one already, perhaps by another name."""
    case, person = case_to_change(head.case_id), person_of(whom)
    for row in parts_of(case, person.id):
        if row.part is not Part.COVER:
            ask_for_role_of(row, person, whom.name, by=by)
            return False
    named = _name(case, person, Part.SECONDARY_CONTACT, whom.name, school_of(case, by), by=by)
    tell_both(case, f"Another contact: {name_at(person.id, named.organisation_id)}", by=by)
    events.record(ADDED, by=by, on=named, about=case)
    return True


def cover_contact(head: CaseHead, person_id: int, first: date, last: date, *, by: Actor) -> None:
    """Somebody of the school stands in from the first day to the end of the last one; it ends by itself."""
    refuse_faulty(fault_of_cover(first, last, clock.today()))
    if not holds_role_at_school(person_id, by.organisation_id):
        raise Refused(NO_ROLE)
    case, name = case_to_change(head.case_id), db.session.get_one(Person, person_id).name
    since, until = max(clock.begin_of(first), clock.now()), clock.end_of(last)
    _refuse_double(case, person_id, name, since, until)
    named = name_person(case, person_id, Part.COVER, organisation_id=by.organisation_id, by=by)
    named.since, named.until = since, until
    db.session.flush()
    tell_both(case, f"{name} stands in for the school’s contact, {first:%-d %B} to {last:%-d %B}", by=by)
    events.record(COVERED, by=by, on=named, about=case)


def end_contact(head: CaseHead, person_id: int, *, by: Actor) -> bool:
    """They are no other contact and no cover any more. False where they were not."""
    case = case_to_change(head.case_id)
    ended = _end(case, person_id, by=by)
    if ended:
        tell_both(case, f"No contact any more: {name_at(person_id, ended[0].organisation_id)}", by=by)
        need_no_role(ended[0], by=by)
    return bool(ended)


def ask_for_missing() -> None:
    """CASE-3: where the role of a primary contact has ended, and nobody was named in their place, the school's leads and the
    case manager are asked for a new one, once."""
    look_then_tell(left_without_contact(), CasePerson, _ask_instead_of)


def _ask_instead_of(named: CasePerson) -> None:
    case = db.session.get_one(Case, named.case_id)
    events.record(MISSING, by=Itself(named.organisation_id), on=named, about=case)


def _refuse_overtaken(was: CasePerson | None, instead_of: str) -> None:
    now = db.session.get_one(Person, was.person_id) if was else None
    if instead_of != (now.public_id if now else ""):
        name = name_at(was.person_id, was.organisation_id) if was else "Nobody"
        raise Conflict(f"{name} was made the primary contact meanwhile.")


def _refuse_double(case: Case, person_id: int, name: str, since: datetime, until: datetime) -> None:
    was = primary_of(case)
    if was and was.person_id == person_id:
        raise Refused(f"{name} is the primary contact. Choose somebody else to stand in.")
    covers = [row for row in parts_of(case, person_id) if row.part is Part.COVER]
    if any(row.since < until and row.until and row.until > since for row in covers):
        raise Refused(f"{name} stands in on some of these days already.")


def _replace(
    case: Case, person: Person, typed: str, school_id: int, *, by: Actor
) -> tuple[CasePerson, CasePerson | None]:
    """Exactly one, and no other contact besides; the new one, and whoever it was, unless the student has left their school."""
    former = end_part(case, Part.PRIMARY_CONTACT)
    _end(case, person.id, by=by)
    named = _name(case, person, Part.PRIMARY_CONTACT, typed, school_id, by=by)
    if former:
        need_no_role(former, by=by)
        if former.organisation_id != school_id:
            _end_cover(case, former.organisation_id, by=by)
    return named, former if former and not is_left_behind(former) else None


def _end_cover(case: Case, school_id: int, *, by: Actor) -> None:
    """Who stands in for a contact of this school stands in for nobody, now that the contact is at another one."""
    covers = select(CasePerson).where(CasePerson.case_id == case.id, CasePerson.organisation_id == school_id)
    still = covers.where(CasePerson.part == Part.COVER, CasePerson.until > clock.now())
    for cover in db.session.scalars(still.with_for_update()).all():
        cover.until, cover.since = clock.now(), min(cover.since, clock.now())
        events.record(ENDED, by=by, on=cover, about=case)


def _tell_of(case: Case, named: CasePerson, former: CasePerson | None, *, by: Actor) -> None:
    tell_both(case, f"Primary contact: {name_at(named.person_id, named.organisation_id)}", by=by)
    events.record(CHANGED, by=by, on=named, about=case)
    if former:
        events.record(REPLACED, by=by, on=former, about=case)


def _keep_reach(named: CasePerson, person: Person, best_times: str, phone: str | None) -> bool:
    """Their phone only where they work there: nobody writes into the account of a stranger."""
    is_new = named.best_times != nfc(best_times)
    named.best_times = nfc(best_times)
    if phone is not None and phone != person.phone and holds_role_at_school(person.id, named.organisation_id):
        person.phone, is_new = phone, True
    db.session.flush()
    return is_new


def _name(case: Case, person: Person, part: Part, typed: str, school_id: int, *, by: Actor) -> CasePerson:
    named = name_person(case, person.id, part, organisation_id=school_id, by=by)
    ask_for_role_of(named, person, typed, by=by)
    return named


def _end(case: Case, person_id: int, *, by: Actor) -> list[CasePerson]:
    ended = [row for row in parts_of(case, person_id) if row.part is not Part.PRIMARY_CONTACT]
    for row in ended:
        row.until = clock.now()
        events.record(ENDED, by=by, on=row, about=case)
    db.session.flush()
    return ended
