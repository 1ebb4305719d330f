"""A role ends, and what its holder still owned is handed on in the same act."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from app.cases import actions as cases
from app.cases import parts
from app.cases.assignment.actions import assign
from app.cases.contacts.rules import ENDED
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.queries import case_to_change
from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused
from app.people.models import Person, Role, RoleHeld
from app.people.queries import Actor, people_with
from app.people.roles.actions import end_given_role
from app.people.roles.rules import HANDED_ON, HandedOn
from app.referrals.actions import take_up
from app.referrals.leaving import tells  # noqa: F401  (registers whom these events tell)
from app.referrals.leaving.queries import BESIDE, cases_beside, cases_of, drafts_of, heirs_at, owned_by
from app.referrals.leaving.rules import CONTACT_HANDED_ON, DRAFT_HANDED_ON, Heirs, Owned
from app.referrals.models import Referral

NO_HEIR = "Choose somebody who holds a role here now."
ONE_NO_MORE = "Its case manager is one no more."


@dataclass(frozen=True)
class Leaver:
    """Whose role the sign-in server took away: what follows from it comes by itself, and is written down under their name."""

    person_id: int
    organisation_id: int
    role: str = "waharoa"


def end_and_hand_on(held: RoleHeld, heirs: Heirs, *, by: Actor) -> bool:
    """End the role; drafts, contacts and cases go to the heirs, cases without one back to the queue; what they were beside
    others ends. False where it had ended already; raises `Refused` where it cannot be ended by hand, or an heir holds no
    role here."""
    owned = owned_by(held.person_id, held.organisation_id, ending=held.role)
    if not end_given_role(held, by=by):
        return False
    _check(heirs, held, by)
    _hand_on(held, owned, heirs, by)
    return True


def leave_what_was_theirs(ended: RoleHeld) -> None:
    """The same for a role that the sign-in server took away just now: nobody was chosen, so cases go to the queue, and what is a
    school's waits for somebody who gives roles there."""
    owned = owned_by(ended.person_id, ended.organisation_id)
    if owned != Owned():
        _hand_on(ended, owned, Heirs(), Leaver(ended.person_id, ended.organisation_id))


def hand_on_what_was_left(former: RoleHeld, heirs: Heirs, *, by: Actor) -> bool:
    """What such a role left, to those who are chosen for it. False where nothing is left any more."""
    db.session.refresh(former, with_for_update=True)
    owned = owned_by(former.person_id, former.organisation_id)
    if owned == Owned():
        return False
    _check(heirs, former, by)
    _hand_on(former, owned, heirs, by)
    return True


def _hand_on(held: RoleHeld, owned: Owned, heirs: Heirs, by: events.By) -> None:
    told: set[int] = set()
    if owned.at_school and heirs.at_school:
        _hand_on_drafts(held, heirs.at_school, by)
        _hand_on_contacts(held, heirs.at_school, by)
        told.add(heirs.at_school)
    if owned.managed:
        told |= _hand_on_cases(held, heirs.cases, by)
    if owned.beside:
        _end_beside(held, by)
    events.record(HANDED_ON, by=by, on=HandedOn(held.id, held.organisation_id, frozenset(told)))


def _check(heirs: Heirs, held: RoleHeld, by: Actor) -> None:
    able = {person.id for person in heirs_at(by.organisation_id, by.organisation_kind, but=held.person_id)}
    if {heirs.at_school, heirs.cases} - able - {None}:
        raise Refused(NO_HEIR)


def _hand_on_drafts(held: RoleHeld, to: int, by: events.By) -> None:
    """As they are; that somebody else finishes them is no change of their text, so their time goes on."""
    ids = drafts_of(held.person_id, held.organisation_id)
    for draft in db.session.scalars(select(Referral).where(Referral.id.in_(ids)).with_for_update()):
        draft.owner_id = to
        events.record(DRAFT_HANDED_ON, by=by, on=draft)
    db.session.flush()


def _hand_on_contacts(held: RoleHeld, to: int, by: events.By) -> None:
    """CASE-3: exactly one, without a day in between."""
    name = db.session.get_one(Person, to).name
    for case in _cases(held, Part.PRIMARY_CONTACT):
        parts.end_part(case, Part.PRIMARY_CONTACT)
        named = parts.name_person(case, to, Part.PRIMARY_CONTACT, organisation_id=held.organisation_id, by=by)
        cases.tell_both(case, f"Primary contact: {name}", by=by)
        events.record(CONTACT_HANDED_ON, by=by, on=named, about=case)


def _end_beside(held: RoleHeld, by: events.By) -> None:
    """Other contacts and cover: a case can do without (CASE-3), and a role given again brings none of it back."""
    name = db.session.get_one(Person, held.person_id).name
    for case_id in db.session.scalars(cases_beside(held.person_id, held.organisation_id)).all():
        case = case_to_change(case_id)
        for named in _beside(case, held):
            named.until = clock.now()
            events.record(ENDED, by=by, on=named, about=case)
        db.session.flush()
        cases.tell_both(case, f"No contact and no cover any more: {name}", by=by)


def _beside(case: Case, held: RoleHeld) -> Sequence[CasePerson]:
    theirs = select(CasePerson).where(
        CasePerson.case_id == case.id,
        CasePerson.person_id == held.person_id,
        CasePerson.organisation_id == held.organisation_id,
        CasePerson.part.in_(BESIDE),
        or_(CasePerson.until.is_(None), CasePerson.until > clock.now()),
    )
    return db.session.scalars(theirs).all()


def _hand_on_cases(held: RoleHeld, to: int | None, by: events.By) -> set[int]:
    """To the one who was chosen; else to the queue, and whoever gives cases out is told (CASE-9)."""
    for case in _cases(held, Part.MANAGER):
        if to:
            assign(case.id, to=to, by=by)
            take_up(case.id)
        else:
            _back_to_queue(case, by)
    return {to} if to else {lead.id for lead in people_with(held.organisation_id, Role.WORKFLOW_LEAD)}


def _back_to_queue(case: Case, by: events.By) -> None:
    """What is on hold stays so, and goes there when its day comes (CASE-2)."""
    parts.end_manager(case, by=by)
    if case.status not in {Status.QUEUE, Status.PAUSED}:
        cases.change_status(case, Status.QUEUE, by=by, why=ONE_NO_MORE)


def _cases(held: RoleHeld, part: Part) -> list[Case]:
    ids = db.session.scalars(cases_of(held.person_id, held.organisation_id, part)).all()
    return [case_to_change(case_id) for case_id in ids]
