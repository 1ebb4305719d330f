"""A request is declined: by whom, after which talk with the school, on which ground, and why (CASE-6)."""

from flask import g
from werkzeug.wrappers import Response

from app.cases.policy import can_work
from app.cases.queries import CaseHead, case_for
from app.cases.statuses.actions import Asked
from app.cases.statuses.demands import decline_questions
from app.cases.statuses.questions import Lacking
from app.cases.statuses.rules import WORDS, Change, possible
from app.cases.tasks.queries import open_tasks
from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, elsewhere
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.referrals.declining import actions
from app.referrals.declining.queries import Asked as AskedBySchool
from app.referrals.declining.queries import live_requests, requests_of
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.statuses.form import answers_of, form_of, mark, stands_still


class Declining:
    """A case, and the request of a school on it, as an address names both."""

    def __init__(self, head: CaseHead, asked: AskedBySchool) -> None:
        self.head, self.asked = head, asked
        self.case_id, self.status, self.is_own = head.case_id, head.status, head.is_own
        self.stands_in = head.stands_in

    @property
    def address(self) -> str:
        return f"{_here(self.head)}/{self.asked.referral.public_id}"


def declining_for(actor: object, number: str, public_id: str) -> Declining | None:
    head = case_for(g.actor, number)
    found = [each for each in requests_of(head.case_id) if each.referral.public_id == public_id] if head else []
    return Declining(head, found[0]) if head and found else None


@bp.get("/cases/<number>/status/decline")
@needs(can_work, on=case_for, log="status")
def decline_which(head: CaseHead) -> Response:
    """Mostly there is one request only."""
    _refuse_unless_possible(head)
    requests = live_requests(head.case_id)
    if len(requests) == 1:
        return elsewhere(f"{_here(head)}/{requests[0].referral.public_id}")
    follows = WORDS[Change.DECLINE].follows
    return show_case("workspace/status_requests.html", head=head, requests=requests, follows=follows)


@bp.get("/cases/<number>/status/decline/<public_id>")
@needs(can_work, on=declining_for, log="status")
def declining(of: Declining) -> Response:
    _refuse_unless_possible(of.head)
    if not of.asked.is_live:
        raise Conflict(actions.ENDED.get(of.asked.referral.state, actions.ANSWERED), "It is not waiting any more")
    return _page(of)


@bp.post("/cases/<number>/status/decline/<public_id>")
@needs(can_work, on=declining_for)
def decline(of: Declining) -> Response:
    questions = decline_questions(decides=actions.decides(g.actor.role))
    form = form_of(questions, of.head.status, is_sent=True)
    asked = Asked(Change.DECLINE, stands_still(form, of.head), answers_of(form))
    try:
        if not form.validate():
            return _lacks(of, form)
        is_closed = actions.decline(of.head, of.asked.referral.public_id, asked, by=g.actor)
    except Lacking:
        return _lacks(of, form)
    rest = "The case is closed." if is_closed else "The case goes on."
    said = f"The request is declined, and the school is told why. {rest}"
    return done(said, f"/workspace/cases/{of.head.number}/")


def _lacks(of: Declining, form: OnceForm) -> Response:
    mark(form, actions.demands_of(of.head, of.asked, g.actor.role)[0])
    return _page(of, form, status=422)


def _page(of: Declining, form: OnceForm | None = None, *, status: int = 200) -> Response:
    """With whom they talked is filled in with the contact at the school."""
    questions, talked, waits = actions.demands_of(of.head, of.asked, g.actor.role)
    known = {"with_whom": of.head.contact_name or ""}
    return show_case(
        "workspace/status_decline.html",
        head=of.head,
        status=status,
        form=form or form_of(questions, of.head.status, is_sent=False, known=known),
        questions=questions,
        talked=talked,
        waits=waits,
        of=of,
        tasks=open_tasks(g.actor, of.head) if of.asked.ends_case and of.head.open_tasks else (),
    )


def _refuse_unless_possible(head: CaseHead) -> None:
    if Change.DECLINE not in possible(head.status, head.born_on, clock.today(), has_request=True):
        raise Refused(f"No request is declined while its case is “{head.words.label}”.")


def _here(head: CaseHead) -> str:
    return f"/workspace/cases/{head.number}/status/decline"
