"""A role ends, and what its holder still owned is handed on in the same act."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from app.cases import actions as case_actions
from app.cases import parts
from app.cases.assignment.actions import able, give_together
from app.cases.contacts.rules import ENDED
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.naming import AmongOthers
from app.cases.tasks.actions import let_go
from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Happened
from app.core.noticing import look_then_tell
from app.people.models import Person, Role, RoleHeld
from app.people.queries import Actor, people_with
from app.people.roles.actions import end_given_role
from app.people.roles.rules import HANDED_ON, HandedOn
from app.referrals.actions import take_up
from app.referrals.leaving import tells  # noqa: F401  (registers whom these events tell)
from app.referrals.leaving.queries import BESIDE, cases_of, drafts_of, heirs_at, left_at_services, owned_by
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


def put_back_what_was_left() -> int:
    """The same for what somebody left at a service in any other way, or before that was done at once: nobody works it, so it
    goes to the queue. Of how many people."""
    return look_then_tell(left_at_services(), RoleHeld, _put_back)


def _put_back(former: RoleHeld) -> None:
    """Unless they came back meanwhile, or another role of theirs that ended has brought it there."""
    db.session.execute(select(Person.id).where(Person.id == former.person_id).with_for_update(key_share=True))
    leave_what_was_theirs(former)


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
    theirs = select(Referral).where(Referral.id.in_(ids)).order_by(Referral.id).with_for_update()
    drafts = db.session.scalars(theirs).all()
    for draft in drafts:
        draft.owner_id = to
    db.session.flush()
    events.record_all(*(Happened(DRAFT_HANDED_ON, draft) for draft in drafts), by=by)


def _hand_on_contacts(held: RoleHeld, to: int, by: events.By) -> None:
    """CASE-3: exactly one, without a day in between."""
    at = clock.now()
    cases = _ended(held, (Part.PRIMARY_CONTACT,), at)[1]
    named = parts.name_on_each(cases, to, Part.PRIMARY_CONTACT, organisation_id=held.organisation_id, by=by, since=at)
    case_actions.tell_both_of_each(cases, f"Primary contact: {_name(to)}", by=by)
    handed_on = zip(named, cases, strict=True)
    events.record_all(*(Happened(CONTACT_HANDED_ON, row, case) for row, case in handed_on), by=by)


def _end_beside(held: RoleHeld, by: events.By) -> None:
    """Other contacts and cover: a case can do without (CASE-3), and a role given again brings none of it back."""
    rows, cases = _ended(held, BESIDE, clock.now())
    by_id = {case.id: case for case in cases}
    events.record_all(*(Happened(ENDED, row, by_id[row.case_id]) for row in rows), by=by)
    case_actions.tell_both_of_each(cases, f"No contact and no cover any more: {_name(held.person_id)}", by=by)


def _hand_on_cases(held: RoleHeld, to: int | None, by: events.By) -> set[int]:
    """To the one who was chosen; else to the queue, and whoever gives cases out is told (CASE-9)."""
    ids = db.session.scalars(cases_of(held.person_id, held.organisation_id, Part.MANAGER)).all()
    if to is None:
        _back_to_queue(ids, held, by)
        return {lead.id for lead in people_with(held.organisation_id, Role.WORKFLOW_LEAD)}
    takers = dict.fromkeys(ids, able([to], by)[to])
    changed = give_together(takers, instead_of=held.person_id, at=clock.now(), by=by)
    take_up(*(each.named.case_id for each in changed))
    return {to}


def _back_to_queue(case_ids: Sequence[int], held: RoleHeld, by: events.By) -> None:
    """What is on hold stays so, and goes there when its day comes (CASE-2)."""
    cases, had = parts.cases_to_change(case_ids), parts.managers_of(case_ids)
    theirs = [case for case in cases if case.id in had and had[case.id][0].person_id == held.person_id]
    rows = [had[case.id][0] for case in theirs]
    parts.end_managers(rows, at=clock.now())
    taken = [Happened("case.taken_from", AmongOthers(row), case) for row, case in zip(rows, theirs, strict=True)]
    waits = [case for case in theirs if case.status not in {Status.QUEUE, Status.PAUSED}]
    if waits:
        case_actions.change_each(waits, Status.QUEUE, by=by, why=ONE_NO_MORE, also=taken)
    else:
        events.record_all(*taken, by=by)
    let_go(theirs, by=by)


def _ended(held: RoleHeld, of: Collection[Part], at: datetime) -> tuple[Sequence[CasePerson], Sequence[Case]]:
    """What they were on cases, now or later, and are no more; and those cases, which nobody else changes meanwhile."""
    named = select(CasePerson).where(
        CasePerson.person_id == held.person_id,
        CasePerson.organisation_id == held.organisation_id,
        CasePerson.part.in_(of),
        or_(CasePerson.until.is_(None), CasePerson.until > at),
    )
    open_ones = select(Case.id).where(Case.status != Status.CLOSED)
    theirs = named.where(CasePerson.case_id.in_(open_ones)).order_by(CasePerson.id)
    cases = parts.cases_to_change(db.session.scalars(theirs.with_only_columns(CasePerson.case_id)).all())
    rows = db.session.scalars(theirs.execution_options(populate_existing=True)).all()
    for row in rows:
        row.until = at
    db.session.flush()
    concerned = {row.case_id for row in rows}
    return rows, [case for case in cases if case.id in concerned]


def _name(person_id: int) -> str:
    return db.session.get_one(Person, person_id).name
