"""Contacts are named, replaced, covered, and end (CASE-3)."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select

from app.cases.actions import end_part, name_person, tell_both
from app.cases.contacts import tells  # noqa: F401  (registers whom these events tell)
from app.cases.contacts.queries import holds_role_at_school, left_without_contact
from app.cases.contacts.rules import ADDED, CHANGED, COVERED, ENDED, MISSING, REPLACED, Whom, begin_of, fault_of_cover
from app.cases.files.tells import Itself
from app.cases.models import Case, CasePerson, Part
from app.cases.queries import CaseHead, case_to_change
from app.core import clock, events
from app.core.db import begin_write, db
from app.core.errors import Conflict, Refused
from app.core.text import nfc
from app.people.actions import add_person
from app.people.models import Kind, Person, Role
from app.people.queries import Actor, person_by_email
from app.people.role_requests.actions import ask_for_role

ENDED_PERSON = "The access of this person to the portal was ended, so they cannot be named. Name somebody else."
MOST_AT_ONCE = 100
NO_ROLE = "Only somebody with a role at your school can stand in."


def change_primary(head: CaseHead, whom: Whom, *, best_times: str, instead_of: str, by: Actor) -> bool:
    """The primary contact is somebody else from now on, or is reached at other times. False where both are so already.
    `instead_of`: the public id of who it was when this was asked for; raises `Conflict` where that is no longer so."""
    case = case_to_change(head.case_id)
    person, was = _person(whom), _primary(case)
    if was and was.person_id == person.id:
        return _keep_times(was, best_times)
    _refuse_overtaken(was, instead_of)
    former = end_part(case, Part.PRIMARY_CONTACT)
    _end(case, person.id, by=by)
    named = _name(case, person, Part.PRIMARY_CONTACT, by=by)
    _keep_times(named, best_times)
    tell_both(case, f"Primary contact: {person.name}", by=by)
    events.record(CHANGED, by=by, on=named, about=case)
    if former:
        events.record(REPLACED, by=by, on=former, about=case)
    return True


def add_secondary(head: CaseHead, whom: Whom, *, by: Actor) -> bool:
    """One more contact, who sees the case and is told of it. False where they are one already."""
    case, person = case_to_change(head.case_id), _person(whom)
    if any(row.part is not Part.COVER for row in _named(case, person.id)):
        return False
    named = _name(case, person, Part.SECONDARY_CONTACT, by=by)
    tell_both(case, f"Another contact: {person.name}", by=by)
    events.record(ADDED, by=by, on=named, about=case)
    return True


def cover_contact(head: CaseHead, person_id: int, first: date, last: date, *, by: Actor) -> None:
    """Somebody of the school stands in from the first day to the end of the last one; it ends by itself."""
    if fault := fault_of_cover(first, last, clock.today()):
        raise Refused(f"{fault}.")
    if not holds_role_at_school(person_id, by.organisation_id):
        raise Refused(NO_ROLE)
    case = case_to_change(head.case_id)
    named = name_person(case, person_id, Part.COVER, organisation_id=by.organisation_id, by=by)
    named.since, named.until = max(begin_of(first), clock.now()), begin_of(last + timedelta(days=1))
    db.session.flush()
    name = db.session.get_one(Person, person_id).name
    tell_both(case, f"{name} stands in for the school’s contact, {first:%-d %B} to {last:%-d %B}", by=by)
    events.record(COVERED, by=by, on=named, about=case)


def end_contact(head: CaseHead, person_id: int, *, by: Actor) -> bool:
    """They are no other contact and no cover any more. False where they were not."""
    case = case_to_change(head.case_id)
    ended = _end(case, person_id, by=by)
    if ended:
        tell_both(case, f"No contact any more: {db.session.get_one(Person, person_id).name}", by=by)
    return bool(ended)


def ask_for_missing() -> None:
    """CASE-3: where the role of a primary contact has ended, and nobody was named in their place, the school's leads and the
    case manager are asked for a new one, once."""
    begin_write()
    for named in left_without_contact(MOST_AT_ONCE):
        case = db.session.get_one(Case, named.case_id)
        events.record(MISSING, by=Itself(named.organisation_id), on=named, about=case)
    db.session.commit()


def _person(whom: Whom) -> Person:
    known = db.session.get(Person, whom.person_id) if whom.person_id else person_by_email(whom.email)
    person = known or add_person(name=whom.name, email=whom.email)
    if person.ended_at:
        raise Refused(ENDED_PERSON)
    return person


def _primary(case: Case) -> CasePerson | None:
    statement = select(CasePerson).where(CasePerson.case_id == case.id, CasePerson.until.is_(None))
    return db.session.scalar(statement.where(CasePerson.part == Part.PRIMARY_CONTACT))


def _refuse_overtaken(was: CasePerson | None, instead_of: str) -> None:
    now = db.session.get_one(Person, was.person_id) if was else None
    if instead_of != (now.public_id if now else ""):
        raise Conflict(f"{now.name if now else 'Nobody'} was made the primary contact meanwhile.")


def _keep_times(named: CasePerson, best_times: str) -> bool:
    is_new = named.best_times != nfc(best_times)
    named.best_times = nfc(best_times)
    db.session.flush()
    return is_new


def _name(case: Case, person: Person, part: Part, *, by: Actor) -> CasePerson:
    """At the school: the actor's, or for a service the one that asked. Who has no role there sees nothing before an
    authoriser there gives one."""
    school_id = by.organisation_id if by.organisation_kind is Kind.SCHOOL else case.school_id
    named = name_person(case, person.id, part, organisation_id=school_id, by=by)
    if not holds_role_at_school(person.id, school_id):
        ask_for_role(person, school_id, Role.PRIMARY_CONTACT, why=f"Named a contact of case {case.number}", by=by)
    return named


def _named(case: Case, person_id: int) -> Sequence[CasePerson]:
    """In which parts at a school, now or later."""
    statement = select(CasePerson).where(
        CasePerson.case_id == case.id,
        CasePerson.person_id == person_id,
        CasePerson.part.in_((Part.PRIMARY_CONTACT, Part.SECONDARY_CONTACT, Part.COVER)),
        CasePerson.organisation_id != (case.service_id or 0),
        or_(CasePerson.until.is_(None), CasePerson.until > clock.now()),
    )
    return db.session.scalars(statement.with_for_update()).all()


def _end(case: Case, person_id: int, *, by: Actor) -> list[CasePerson]:
    ended = [row for row in _named(case, person_id) if row.part is not Part.PRIMARY_CONTACT]
    for row in ended:
        row.until = clock.now()
        events.record(ENDED, by=by, on=row, about=case)
    db.session.flush()
    return ended
