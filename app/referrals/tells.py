"""Whom a request tells when it is submitted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from app.cases.arrivals.rules import SECOND_SCHOOL
from app.cases.contacts.tells import themselves
from app.cases.models import Case, Status
from app.cases.places import places_on_cases
from app.cases.tells import holders_told, told_of
from app.core import events
from app.core.db import db
from app.core.events import Channel, Outbox, Told
from app.core.told import Place, Row, finds
from app.people.models import Kind, Role
from app.people.queries import Actor, roles_of
from app.people.rules import ROLES_OF
from app.referrals import policy
from app.referrals.models import LikelyMatch, Outcome, Referral
from app.referrals.present_contact import is_to_be_contact, named_beside

JOINED = "referral.joined"
ASKED_TOO = "referral.second_school"
DECLINED = "referral.declined"
LISTED = "request_declined"
"""What `notifications.csv` calls it."""


@dataclass(frozen=True)
class AskedToo:
    """A request, and the schools that see its case besides the one that asked."""

    id: int
    schools: tuple[int, ...]
    __tablename__ = Referral.__tablename__


@events.tells("referral.submitted")
def referral_submitted(referral: Referral, by: Actor, about: Case) -> Iterable[Told]:
    """REQ-9: submitter and primary contact get the reference; the service learns what there is to do."""
    submitter = Told(by.person_id, by.role, by.organisation_id, Channel.APP_EMAIL)
    if about.service_id is None:
        return [submitter, *_of_both(referral, about, by), *_investigators("request_without_service")]
    return [submitter, *_of_both(referral, about, by)]


@events.tells(ASKED_TOO)
def second_school_asked(asked: AskedToo, by: Actor, about: Case) -> Iterable[Told]:
    """At each of the other schools who leads attendance, or does so in the place of a lead; and the contact, who stays it."""
    told = [one for one in told_of(about.id, SECOND_SCHOOL, by=by) if one.organisation_id in asked.schools]
    for school_id in asked.schools:
        leads = holders_told(Role.ATTENDANCE_LEAD, SECOND_SCHOOL, school_id)
        told += leads or holders_told(Role.OFFICE_SUPPORT, SECOND_SCHOOL, school_id)
    return {one.person_id: one for one in reversed(told) if one.person_id != by.person_id}.values()


@events.tells(JOINED)
def referral_joined(referral: Referral, by: Actor, about: Case) -> Iterable[Told]:
    """Whoever sent it has had another number until now (REQ-9); the service that has the case learns as of any other request."""
    told = _of_both(referral, about, by)
    return [*_sender(referral), *(one for one in told if one.person_id != referral.submitted_by_id)]


@events.tells(DECLINED)
def referral_declined(referral: Referral, by: events.By, about: Case) -> Iterable[Told]:
    """Whoever sent it, and the contact where that is one of the same school: another school learns nothing of it."""
    told = [one for one in told_of(about.id, LISTED, by=by) if one.organisation_id == referral.school_id]
    return [*_sender(referral), *(one for one in told if one.person_id != referral.submitted_by_id)]


@events.tells("referral.withdrawn")
def referral_withdrawn(referral: Referral, by: Actor, about: Case) -> Iterable[Told]:
    return told_of(about.id, "request_withdrawn", by=by)


@events.tells("match.found")
def match_found(match: LikelyMatch, by: events.By, about: Case) -> Iterable[Told]:
    """The leads of the service that has this one of the two; while it is in triage the investigators."""
    return told_of(about.id, "likely_match", by=by) if about.service_id else _investigators("likely_match")


def _of_both(referral: Referral, case: Case, by: Actor) -> list[Told]:
    """At the school that asked its contact, also one who is to be one once the school sees the case; and the service that has
    it. Another school is told otherwise."""
    listed = ["request_submitted", *([_service_event(referral, case)] if case.service_id else [])]
    told = [
        one for one in told_of(case.id, *listed, by=by) if one.organisation_id in {referral.school_id, case.service_id}
    ]
    named = named_beside(referral) if case.school_id != referral.school_id else None
    return [*told, *(themselves(named, by) if named else [])]


def _sender(referral: Referral) -> list[Told]:
    """Whoever sent it, in a role that they hold at the school now."""
    held = [each for each in roles_of(referral.submitted_by_id or 0) if each.organisation_id == referral.school_id]
    at_school = [each for each in held if each.role in ROLES_OF[Kind.SCHOOL]]
    return [Told(each.person_id, each.role, each.organisation_id, Channel.APP_EMAIL) for each in at_school[:1]]


def _investigators(listed: str) -> list[Told]:
    """REQ-6: no service covers the catchment; the case waits with the investigators. As `notifications.csv` says, or they chose."""
    return holders_told(Role.INVESTIGATOR, listed)


def _service_event(referral: Referral, case: Case) -> str:
    if case.status is Status.QUEUE and case.urgency == 0:
        return "urgent_case_in_queue"
    if referral.outcome is Outcome.JOINED:
        return "school_added_in_queue" if case.status is Status.QUEUE else "school_added"
    return "request_moved_case" if referral.outcome is Outcome.MOVED else "case_in_queue"


@finds("referral.submitted")
@finds(JOINED)
def places_of_requests(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The page of the case; to whoever sent it for another contact, and may not open that, or is its contact once their school
    sees the case, the reference of what was sent (REQ-9)."""
    found = dict(places_on_cases(reader, those))
    rest = [row.id for row in those if row.id not in found]
    is_theirs = or_(Referral.submitted_by_id == reader.person_id, is_to_be_contact(reader))
    sent = (
        select(Outbox.id, Case.number, Referral.public_id, policy.visible(reader).label("is_open"))
        .join(Case, Case.id == Outbox.case_id)
        .join(Referral, Referral.id == Outbox.thing_id)
        .where(Outbox.id.in_(rest), is_theirs)
    )
    for row in db.session.execute(sent) if rest else ():
        found[row.id] = Place(f"/portal/referrals/{row.public_id}/submitted" if row.is_open else "", row.number)
    return found


@finds(DECLINED)
def places_of_declined(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The request, which says why; to a contact who may not open that, the case."""
    theirs = (
        select(Outbox.id, Case.number, Referral.public_id)
        .join(Case, Case.id == Outbox.case_id)
        .join(Referral, Referral.id == Outbox.thing_id)
        .where(Outbox.id.in_([row.id for row in those]), policy.visible(reader))
    )
    found = dict(places_on_cases(reader, those))
    for row in db.session.execute(theirs):
        found[row.id] = Place(f"/portal/referrals/{row.public_id}/submitted", row.number)
    return found
