"""Whom a request tells when it is submitted."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.cases.models import Case, Status
from app.cases.tells import places_on_cases, told_of
from app.core import events
from app.core.db import db
from app.core.events import Channel, Outbox, Told
from app.core.told import Place, Row, finds
from app.people.models import Role
from app.people.queries import Actor, holders_of
from app.referrals import policy
from app.referrals.models import LikelyMatch, Outcome, Referral


@events.tells("referral.submitted")
def referral_submitted(referral: Referral, by: Actor, about: Case) -> Iterable[Told]:
    """REQ-9: submitter and primary contact get the reference; the service learns what there is to do."""
    submitter = Told(by.person_id, by.role, by.organisation_id, Channel.APP_EMAIL)
    if about.service_id is None:
        return [submitter, *told_of(about.id, "request_submitted", by=by), *_investigators()]
    return [submitter, *told_of(about.id, "request_submitted", _service_event(referral, about), by=by)]


@events.tells("referral.withdrawn")
def referral_withdrawn(referral: Referral, by: Actor, about: Case) -> Iterable[Told]:
    return told_of(about.id, "request_withdrawn", by=by)


@events.tells("match.found")
def match_found(match: LikelyMatch, by: events.By, about: Case) -> Iterable[Told]:
    """The leads of a service that has both cases; where two have them, nobody learns of the other’s."""
    has_both = db.session.get_one(Case, match.other_case_id).service_id == about.service_id
    return told_of(about.id, "likely_match", by=by) if has_both else []


def _investigators() -> Iterable[Told]:
    """REQ-6: no service covers the catchment; the case waits with the investigators."""
    for person in holders_of(Role.INVESTIGATOR):
        yield Told(person.person_id, Role.INVESTIGATOR, person.organisation_id, Channel.APP_EMAIL)


def _service_event(referral: Referral, case: Case) -> str:
    if case.status is Status.QUEUE and case.urgency == 0:
        return "urgent_case_in_queue"
    if referral.outcome is Outcome.JOINED:
        return "school_added_in_queue" if case.status is Status.QUEUE else "school_added"
    return "request_moved_case" if referral.outcome is Outcome.MOVED else "case_in_queue"


@finds("referral.submitted")
def places_of_requests(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The page of the case; to whoever sent it for another contact, and may not open that, the reference of what they sent
    (REQ-9)."""
    found = dict(places_on_cases(reader, those))
    rest = [row.id for row in those if row.id not in found]
    sent = (
        select(Outbox.id, Case.number, Referral.public_id, policy.visible(reader).label("is_open"))
        .join(Case, Case.id == Outbox.case_id)
        .join(Referral, Referral.id == Outbox.thing_id)
        .where(Outbox.id.in_(rest), Referral.submitted_by_id == reader.person_id)
    )
    for row in db.session.execute(sent) if rest else ():
        found[row.id] = Place(f"/portal/referrals/{row.public_id}/submitted" if row.is_open else "", row.number)
    return found
