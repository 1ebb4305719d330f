"""Give a case to a case manager, seeing everyone's load (P1, CASE-9)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField

from app.cases import policy
from app.cases.assignment.actions import assign
from app.cases.assignment.queries import case_managers_with_load
from app.cases.assignment.rules import Given
from app.cases.queries import CaseHead, case_for
from app.core.errors import Conflict, Refused
from app.core.figures import counted
from app.core.web.answers import done
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs
from app.referrals.actions import take_up
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case

HAD_IT = "; had this case before"


class AssignForm(OnceForm):
    """One of the service's case managers, and who had the case when the page was opened."""

    case_manager = RadioField(
        "Who takes this case?", validators=[Required("Choose a case manager")], validate_choice=False
    )
    has_now = HiddenField(default="")


@bp.get("/cases/<number>/assignment")
@needs(policy.can_assign, on=case_for, log="assignment")
def assignment(head: CaseHead) -> Response:
    return _page(head, AssignForm())


@bp.post("/cases/<number>/assignment")
@needs(policy.can_assign, on=case_for)
def set_assignment(head: CaseHead) -> Response:
    form = AssignForm(request.form)
    if not form.validate():
        return _page(head, form, status=422)
    try:
        given = assign(head.case_id, to=form.case_manager.data or "", by=g.actor, instead_of=form.has_now.data or "")
    except Refused:
        form.case_manager.errors = ["Choose a case manager from the list"]
        return _page(head, form, status=422)
    except Conflict as conflict:
        form.form_errors.append(f"{conflict} Look who has it now, then give it on if you still want to.")
        return _page(case_for(g.actor, head.number) or head, form, status=409)
    take_up(head.case_id)
    return done(_said(head.number, given), f"/workspace/cases/{head.number}/")


def _said(number: str, given: Given | None) -> str:
    if given is None:
        return f"They have the case {number} already. Nothing changed, and nobody was told."
    tasks = (
        f" {counted(given.tasks, 'task')} of it that somebody else was to do: {given.name} has them now."
        if given.tasks
        else ""
    )
    return f"{given.name} has the case {number} now. Case manager and school contact are told.{tasks}"


def _page(head: CaseHead, form: AssignForm, *, status: int = 200) -> Response:
    people = case_managers_with_load(g.actor, of_case=head.case_id)
    form.has_now.data = head.manager_public_id or ""
    form.case_manager.choices = {
        person.public_id: f"{person.name}: {person.has}{HAD_IT if person.had_it else ''}"
        for person in people
        if person.id != head.manager_id
    }
    return show_case("workspace/assignment.html", head=head, status=status, form=form)
