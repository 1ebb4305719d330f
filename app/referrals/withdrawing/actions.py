"""A request that nobody has taken up is withdrawn: it ends, and what it alone had set is put back (REQ-1)."""

from datetime import datetime

from sqlalchemy import func, select

from app.cases import actions as cases
from app.cases.arrivals.joining import act_no_more
from app.cases.contacts.actions import let_go, name_in_request
from app.cases.contacts.later import name_no_more
from app.cases.contacts.queries import had_role
from app.cases.contacts.rules import Whom
from app.cases.entries import Audience, EntryKind
from app.cases.models import Case, CasePerson, Part, Status, StatusChange
from app.cases.naming import plays
from app.cases.parts import work_again
from app.cases.queries import case_to_change
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict
from app.core.text import nfc
from app.people.models import Person
from app.people.queries import Actor
from app.referrals import tells  # noqa: F401  (registers whom these events tell)
from app.referrals.models import Answer, Outcome, Referral, State
from app.referrals.present_contact import named_beside
from app.referrals.queries import contacts_of
from app.referrals.requests import Request
from app.referrals.saving import locked
from app.students.queries import is_enrolled, is_on_roll

TAKEN_UP = "Somebody took this request up meanwhile. Talk with them: the case page says who it is."
DECLINED = "The service declined this request meanwhile: the page of the request says why."
CLOSED = "The case is closed, so the request cannot be withdrawn any more."
NOT_ANY_MORE = "This request cannot be withdrawn any more, and nothing was changed."
"""To a school whose student has left: how the case stands is not theirs to know (CASE-10)."""
ENDED = (State.WITHDRAWN, State.DECLINED)
BY_SCHOOL = "withdrawn_by_school"


def withdraw(request: Request, why: str, *, by: Actor) -> bool:
    """The request ends, and its case with it where it was there for nothing else. Once the student has left, nothing but the
    request ends, and no other school reads of it. False where it had ended so already; raises `Conflict` where somebody took
    it up meanwhile, or the case is closed: that takes a service's corrections only (CASE-2)."""
    case = case_to_change(request.referral.case_id or 0)
    referral = locked(request)
    if referral.state is State.WITHDRAWN:
        return False
    is_here, is_last = is_on_roll(by, referral.student_id), ends_with(referral, by)
    _refuse(referral, case, is_here=is_here)
    referral.state, referral.ended_why = State.WITHDRAWN, nfc(why)
    referral.ended_at, referral.ended_by_id = clock.now(), by.person_id
    told = f"{by.organisation_name} withdrew its request: {why}"
    if is_here:
        told = " ".join([told, *_put_back(case, request, by)])
    if is_last:
        if named := _named_by(request, case):
            let_go(named, by=by)
        _close(case, why, told, by)
    else:
        audience = Audience.SHARED if is_here else Audience.SERVICE
        cases.add_entry(case.id, EntryKind.STATUS, body=told, audience=audience, by=by)
    _name_no_more(case, referral, by)
    events.record("referral.withdrawn", by=by, on=referral, about=case)
    return True


def _refuse(referral: Referral, case: Case, *, is_here: bool) -> None:
    """Raises `Conflict` once the request has ended or was taken up, or the case is closed."""
    if referral.state is not State.SUBMITTED:
        raise Conflict(DECLINED if referral.state is State.DECLINED else TAKEN_UP)
    if case.status is Status.CLOSED:
        raise Conflict(CLOSED if is_here else NOT_ANY_MORE)


def is_with_service(referral: Referral) -> bool:
    """In triage a case has none, that would be told."""
    return db.session.get_one(Case, referral.case_id).service_id is not None


def ends_with(referral: Referral, by: Actor) -> bool:
    """Is the case there for this request alone: begun or opened again by it, worked by nobody, joined by no other since, of a
    student who is still at the school?"""
    case = db.session.get_one(Case, referral.case_id)
    if referral.outcome not in {Outcome.NEW, Outcome.REOPENED} or case.status not in {Status.TRIAGE, Status.QUEUE}:
        return False
    return not _is_joined_since(referral) and is_on_roll(by, referral.student_id)


def _close(case: Case, why: str, told: str, by: Actor) -> None:
    """As it had closed before, if it had: by that reason and on that day, with the service and the case manager it closed with."""
    reason, closed_at = case.close_reason, _closed_at(case)
    if closed_at:
        _give_back(case, closed_at, by)
        case.school_id = _school_before(case, closed_at) or case.school_id
    cases.close_case(case, reason or BY_SCHOOL, by=by, why=why, with_it=told, told_as=("request_withdrawn",))
    case.status_at = closed_at or case.status_at


def _closed_at(case: Case) -> datetime | None:
    """When it had closed last."""
    closed = select(StatusChange.at).where(StatusChange.case_id == case.id, StatusChange.became == Status.CLOSED)
    return db.session.scalar(closed.order_by(StatusChange.id.desc()).limit(1))


def _give_back(case: Case, closed_at: datetime, by: Actor) -> None:
    managed = (CasePerson.case_id == case.id, CasePerson.part == Part.MANAGER, CasePerson.until >= closed_at)
    former = db.session.scalar(select(CasePerson).where(*managed).order_by(CasePerson.id.desc()).limit(1))
    if former:
        work_again(case, former)
        if former.organisation_id != case.service_id:
            cases.move_to(case, former.organisation_id, case.region, by=by)
        db.session.flush()


def _is_joined_since(referral: Referral) -> bool:
    others = select(Referral.id).where(Referral.case_id == referral.case_id, Referral.id != referral.id)
    since = others.where(Referral.submitted_at >= referral.submitted_at, Referral.state.not_in(ENDED))
    return db.session.scalar(since.limit(1)) is not None


def _put_back(case: Case, request: Request, by: Actor) -> list[str]:
    """What this request alone had set: how urgent the case is, and whom to talk with. In words, for the timeline."""
    referral = request.referral
    if not _is_joined_since(referral):
        _bring_back_contact(case, request, by)
        if was_id := _school_before(case, referral.submitted_at or clock.now()):
            act_no_more(case, by.organisation_id, was_id)
    return [said] if (said := _calm(case, request)) else []


def _school_before(case: Case, at: datetime) -> int | None:
    """Whose case it was then: where the primary contact was."""
    primary = (CasePerson.case_id == case.id, CasePerson.part == Part.PRIMARY_CONTACT, CasePerson.since < at)
    return db.session.scalar(select(CasePerson.organisation_id).where(*primary).order_by(CasePerson.id.desc()).limit(1))


def _calm(case: Case, request: Request) -> str:
    """As urgent as another request of this round says, or not at all."""
    if case.urgency or case.urgent_why != request.texts.get("urgent_why"):
        return ""
    begins = select(func.max(Referral.id)).where(
        Referral.case_id == case.id, Referral.outcome.in_({Outcome.NEW, Outcome.REOPENED})
    )
    others = select(Answer.text).join(Referral, Referral.id == Answer.referral_id)
    said = others.where(
        Referral.case_id == case.id,
        Referral.id >= begins.scalar_subquery(),
        Referral.state.not_in(ENDED),
        Answer.field == "urgent_why",
        Answer.text != "",
    )
    if why := db.session.scalar(said.order_by(Referral.id.desc()).limit(1)):
        cases.mark_urgent(case, why)
        return ""
    cases.clear_urgency(case)
    return "The case is not urgent any more."


def _bring_back_contact(case: Case, request: Request, by: Actor) -> None:
    """Whom this request replaced, unless somebody was named since; where the student is still at their school, and they hold
    a role there, or wait for their first one."""
    former = db.session.get(CasePerson, request.referral.replaced_id or 0)
    if former is None or not _is_last_change(former):
        return
    person, school_id = db.session.get_one(Person, former.person_id), former.organisation_id
    is_there = select(is_enrolled(school_id, case.student_id))
    may_be = person.public_id in contacts_of(school_id) or not had_role(person.id, school_id)
    if may_be and db.session.scalar(is_there):
        case.school_id = school_id
        name_in_request(case, Whom(person_id=person.id), at_school=school_id, by=by)


def _name_no_more(case: Case, referral: Referral, by: Actor) -> None:
    """Whom this request alone of its school's named beside the primary contact of another one."""
    named = named_beside(referral)
    of_school = (Referral.case_id == case.id, Referral.school_id == referral.school_id, Referral.id != referral.id)
    others = db.session.scalars(select(Referral).where(*of_school, Referral.state.not_in({*ENDED, State.DRAFT}))).all()
    if named and not any(named_beside(other) is named for other in others):
        name_no_more(case, named, by=by)


def _is_last_change(former: CasePerson) -> bool:
    """Is whoever came next the primary contact still?"""
    primary = (CasePerson.case_id == former.case_id, CasePerson.part == Part.PRIMARY_CONTACT)
    since = select(CasePerson.until).where(*primary, CasePerson.id > former.id)
    return db.session.scalars(since).all() == [None]


def _named_by(request: Request, case: Case) -> CasePerson | None:
    """Who is the primary contact since this request named them, whom nobody else has named in their place."""
    now = plays(CasePerson, Part.PRIMARY_CONTACT, case.id)
    named, sent_at = db.session.scalar(select(CasePerson).where(now)), request.referral.submitted_at
    if named is None or sent_at is None or named.since < sent_at:
        return None
    person, said = db.session.get_one(Person, named.person_id), request.texts
    chosen, written = said.get("primary_contact"), said.get("contact_email", "").lower()
    return named if (person.public_id == chosen if chosen else person.email == written) else None
