"""The status of a case: what it can become, what that demands, and what it was (CASE-2)."""

from collections.abc import Sequence

from flask import g
from werkzeug.wrappers import Response

from app.cases.models import Status
from app.cases.parts import manager_of
from app.cases.policy import can_change, can_work
from app.cases.queries import CaseHead, case_for
from app.cases.statuses.actions import Asked, all_questions, change_by_hand, demands_of
from app.cases.statuses.demands import in_words
from app.cases.statuses.queries import changes_of, known_of
from app.cases.statuses.questions import Lacking
from app.cases.statuses.reasons import OTHER_NUMBER, Reason, reasons, reasons_for
from app.cases.statuses.rules import REOPENED, WORDS, Change, ChangeWords, age_on, possible
from app.cases.tasks.queries import ended_with_case, open_tasks
from app.core import clock
from app.core.db import AnyRow
from app.core.errors import Refused
from app.core.figures import counted
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.referrals.declining.queries import live_requests
from app.referrals.provisions.queries import provider_of
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.statuses.form import answers_of, form_of, mark, stands_still

NO_SUCH_CASE = "There is no other case with this number that you can open. Copy it from its page"


@bp.get("/cases/<number>/status")
@needs(can_work, on=case_for, log="status")
def status(head: CaseHead) -> Response:
    """What it can become now, and every change that there was."""
    can_become = possible_now(head, has_request=bool(live_requests(head.case_id)))
    return show_case(
        "workspace/status.html",
        head=head,
        changes=[(change, words_of(change, head)) for change in can_become],
        provider=provider_of(head) if can_change(g.actor, head) else None,
        past=[(change.row, in_words(change.facts)) for change in changes_of(head.case_id)],
    )


@bp.get("/cases/<number>/status/closing")
@needs(can_work, on=case_for, log="status")
def closing(head: CaseHead) -> Response:
    """Why it closes decides what is asked."""
    _refuse_unless(head, Change.CLOSING)
    return show_case(
        "workspace/status_closing.html",
        head=head,
        reasons=_reasons(head),
        follows=WORDS[Change.CLOSING].follows,
        tasks=_tasks(head, Change.CLOSING),
    )


class AskedOf:
    """A case, and what is to become of it, as an address names both."""

    def __init__(self, head: CaseHead, change: Change, reason: Reason | None = None) -> None:
        self.head, self.change, self.reason = head, change, reason
        self.case_id, self.status, self.is_own = head.case_id, head.status, head.is_own
        self.stands_in = head.stands_in

    @property
    def address(self) -> str:
        start = f"/workspace/cases/{self.head.number}/status/{self.change}"
        return f"{start}/{self.reason.code}" if self.reason else start


def change_for(actor: object, number: str, change: str) -> AskedOf | None:
    """One of the changes that have a form of their own."""
    head = case_for(g.actor, number)
    known = change in set(Change) - {Change.CLOSING, Change.DECLINE}
    return AskedOf(head, Change(change)) if head and known else None


def closing_for(actor: object, number: str, code: str) -> AskedOf | None:
    head = case_for(g.actor, number)
    return AskedOf(head, Change.CLOSING, reasons()[code]) if head and code in reasons() else None


@bp.get("/cases/<number>/status/<change>")
@needs(can_work, on=change_for, log="status")
def status_change(of: AskedOf) -> Response:
    return _page(of)


@bp.post("/cases/<number>/status/<change>")
@needs(can_work, on=change_for)
def set_status(of: AskedOf) -> Response:
    return _carry_out(of)


@bp.get("/cases/<number>/status/closing/<code>")
@needs(can_work, on=closing_for, log="status")
def closing_because(of: AskedOf) -> Response:
    return _page(of)


@bp.post("/cases/<number>/status/closing/<code>")
@needs(can_work, on=closing_for)
def close(of: AskedOf) -> Response:
    return _carry_out(of)


def possible_now(head: CaseHead, *, has_request: bool = False) -> list[Change]:
    return possible(head.status, head.born_on, clock.today(), has_request=has_request)


def words_of(change: Change, head: CaseHead) -> ChangeWords:
    return REOPENED if change is Change.OPEN and head.status is Status.CLOSED else WORDS[change]


def _reasons(head: CaseHead) -> list[Reason]:
    return reasons_for(g.actor.role, head.kind, head.status, age_on(clock.today(), head.born_on))


def _refuse_unless(head: CaseHead, change: Change, reason: Reason | None = None) -> None:
    if change not in possible_now(head) or (reason and reason not in _reasons(head)):
        raise Refused(f"A case that is “{head.words.label}” cannot be changed in this way by you now.")


def _page(of: AskedOf, form: OnceForm | None = None, *, status: int = 200) -> Response:
    _refuse_unless(of.head, of.change, of.reason)
    questions, talked = demands_of(of.head, of.change, of.reason)
    known = known_of(of.head, of.reason) if of.reason and form is None else {}
    return show_case(
        "workspace/status_change.html",
        head=of.head,
        status=status,
        form=form or form_of(questions, of.head.status, is_sent=False, known=known),
        questions=questions,
        talked=talked,
        of=of,
        is_filled=any(known.values()),
        words=words_of(of.change, of.head),
        tasks=_tasks(of.head, of.change),
    )


def _tasks(head: CaseHead, change: Change) -> Sequence[AnyRow]:
    """What ends with the case; or had ended with it, when it is opened again."""
    if change is Change.CLOSING and head.open_tasks:
        return open_tasks(g.actor, head)
    is_again = change is Change.OPEN and head.status is Status.CLOSED
    return ended_with_case(g.actor, head) if is_again else ()


def _of_tasks(of: AskedOf) -> str:
    if of.change is Change.CLOSING and of.head.open_tasks:
        return f" {counted(of.head.open_tasks, 'open task')} ended with it."
    is_again = of.change is Change.OPEN and of.head.status is Status.CLOSED
    return " Tasks that ended when it closed stay ended." if is_again else ""


def _carry_out(of: AskedOf) -> Response:
    form = form_of(all_questions(of.head, of.change, of.reason), of.head.status, is_sent=True)
    stands = stands_still(form, of.head)
    try:
        if not (form.validate() and _names_another(form, of.head)):
            return _lacks(of, form)
        change_by_hand(of.head, Asked(of.change, stands, answers_of(form), of.reason), by=g.actor)
    except Lacking:
        return _lacks(of, form)
    here = f"/workspace/cases/{of.head.number}"
    if of.change is Change.OPEN and g.actor.role == "workflow_lead" and manager_of(of.head.case_id) is None:
        said = "The case waits in the queue: nobody has it. Give it to somebody."
        return done(said + _of_tasks(of), f"{here}/assignment")
    said = "That is done, and stands on the timeline. Whoever follows the case is told."
    return done(said + _of_tasks(of), f"{here}/")


def _lacks(of: AskedOf, form: OnceForm) -> Response:
    _refuse_unless(of.head, of.change, of.reason)
    mark(form, demands_of(of.head, of.change, of.reason)[0])
    return _page(of, form, status=422)


def _names_another(form: OnceForm, head: CaseHead) -> bool:
    """A duplicate goes on in a case that whoever closes it can open."""
    if OTHER_NUMBER not in form:
        return True
    number = (form[OTHER_NUMBER].data or "").strip()
    if number == head.number or not case_for(g.actor, number):
        form[OTHER_NUMBER].errors = [NO_SUCH_CASE]
        return False
    return True
