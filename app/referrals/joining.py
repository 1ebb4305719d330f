"""REQ-7: the case that a request joins, reopens, moves or begins."""

from app.cases import actions as cases
from app.cases.arrivals.joining import act_for_school
from app.cases.arrivals.queries import schools_that_see, sees_from
from app.cases.contacts.actions import name_in_request
from app.cases.contacts.later import name_for_later
from app.cases.contacts.rules import Whom
from app.cases.models import Case, CaseKind, Status
from app.cases.moves.actions import move_case
from app.cases.parts import end_manager, manager_of
from app.cases.transfers.actions import ask_by_request
from app.cases.transfers.queries import is_asked_by_school
from app.core import clock, events
from app.core.figures import counted, the_figures
from app.people.queries import Actor
from app.referrals.models import Outcome, Referral
from app.referrals.routing import Route, latest_case, reopens, route_of
from app.referrals.tells import ASKED_TOO, AskedToo

TOLD_AS = ("request_submitted", "school_added")
"""What sending a request tells them already who would be told of the status."""


def case_of(referral: Referral, by: Actor, *, choice: str) -> tuple[Case, Outcome]:
    """REQ-7: join the open case, reopen one closed lately, else begin a new one. The caller holds the student, so that of two at
    once the second finds the first one's case. `choice`: which service is asked, where the school has a choice (REQ-6)."""
    case = latest_case(referral.student_id)
    if case is not None and (outcome := join(case, referral, by, choice=choice)):
        return case, outcome
    route = route_of(referral.school_id, choice)
    new = cases.open_case(
        student_id=referral.student_id,
        school_id=referral.school_id,
        service_id=route.service_id,
        region=route.region,
        kind=CaseKind.CA,
        by=by,
    )
    return new, Outcome.NEW


def join(case: Case, referral: Referral, by: Actor, *, choice: str) -> Outcome | None:
    """The request goes on in the student's last case: that is joined, or opens again where it had closed by no more than so long
    before the request was sent. None where it closed too long before, or for good."""
    if case.status is not Status.CLOSED:
        return _join(case, referral, route_of(referral.school_id, choice), by)
    if reopens(case, clock.nz(referral.submitted_at or clock.now()).date()):
        return _reopen(case, referral, route_of(referral.school_id, choice), by)
    return None


def name_contact(case: Case, whom: Whom, *, at_school: int, by: Actor) -> int | None:
    """Whom the request names is the case's primary contact, and the id of whoever was it is given; where the school waits to see
    the case, they are a contact beside that one once it does (CASE-10)."""
    if case.school_id != at_school:
        name_for_later(case, whom, at_school=at_school, from_on=sees_from(case, at_school), by=by)
        return None
    former = name_in_request(case, whom, at_school=at_school, by=by)
    return former.id if former else None


def tell_other_schools(referral: Referral, case: Case, *, by: Actor) -> None:
    """The student is at more than one school, and the case is another one's too: that one learns that a second one asked."""
    others = tuple(each for each in schools_that_see(case) if each != referral.school_id)
    if others:
        events.record(ASKED_TOO, by=by, on=AskedToo(referral.id, others), about=case)


def _join(case: Case, referral: Referral, route: Route, by: Actor) -> Outcome:
    """An open case is joined, by the school that acts now; another service's moves there, with new clocks. A notice's stays
    with its manager until a transfer is accepted, as does that of a school which waits to see it (CASE-10)."""
    was_notice = _turn(case)
    acts = act_for_school(case, referral.school_id)
    if route.service_id and case.service_id != route.service_id:
        if not case.service_id or (acts and not (was_notice or is_asked_by_school(case))):
            move_case(case, route.service_id, route.region, by=by, why="The request names another service.")
            return Outcome.MOVED
        ask_by_request(case, route.service_id, by=by)
    if case.status in {Status.TRANSITION, Status.PAUSED}:
        becomes = Status.OPEN if manager_of(case.id) else Status.QUEUE
        cases.change_status(case, becomes, by=by, why="The school asked for support again.", told_as=TOLD_AS)
    return Outcome.JOINED


def _turn(case: Case) -> bool:
    """A request turns a notice's case into one of attendance. Was it a notice's?"""
    was_notice = case.kind is CaseKind.NEN
    case.kind = CaseKind.CA
    return was_notice


def _reopen(case: Case, referral: Referral, route: Route, by: Actor) -> Outcome:
    _turn(case)
    act_for_school(case, referral.school_id)
    cases.move_to(case, route.service_id, route.region, by=by)
    end_manager(case, by=by)
    cases.clear_urgency(case)
    becomes = Status.QUEUE if route.service_id else Status.TRIAGE
    months = counted(the_figures().reopen_months, "month")
    cases.change_status(case, becomes, by=by, why=f"The school asked again within {months}.", told_as=TOLD_AS)
    return Outcome.REOPENED
