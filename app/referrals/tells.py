"""Whom a request tells when it is submitted."""

from collections.abc import Iterable

from app.cases.models import Case, Status
from app.cases.tells import told_of
from app.core import events
from app.core.events import Channel, Told
from app.people.models import Role
from app.people.queries import Actor, holders_of
from app.referrals.models import Outcome, Referral


@events.tells("referral.submitted")
def referral_submitted(referral: Referral, by: Actor, about: Case) -> Iterable[Told]:
    """REQ-9: submitter and primary contact get the reference; the service learns what there is to do."""
    submitter = Told(by.person_id, by.role, by.organisation_id, Channel.APP_EMAIL)
    if about.service_id is None:
        return [submitter, *told_of(about.id, "request_submitted", by=by), *_investigators()]
    return [submitter, *told_of(about.id, "request_submitted", _service_event(referral, about), by=by)]


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
