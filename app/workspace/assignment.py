"""Give a case to a case manager, seeing everyone's load (P1, CASE-9)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField

from app.cases import policy
from app.cases.assignment.actions import assign
from app.cases.assignment.queries import case_managers_with_load
from app.cases.queries import CaseHead, case_for, safety_notes_for
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.gates import needs
from app.referrals.actions import take_up
from app.workspace.blueprint import bp


class AssignForm(OnceForm):
    """One of the service's case managers."""

    case_manager = RadioField(
        "Who takes this case?", validators=[Required("Choose a case manager")], validate_choice=False
    )


@bp.get("/cases/<number>/assignment")
@needs(policy.can_assign, on=case_for, log="assignment")
def assignment(head: CaseHead) -> Response:
    return _page(head, AssignForm())


@bp.post("/cases/<number>/assignment")
@needs(policy.can_assign, on=case_for)
def set_assignment(head: CaseHead) -> Response:
    form = AssignForm(request.form)
    people = {person.public_id: person for person in case_managers_with_load(g.actor)}
    chosen = people.get(form.case_manager.data or "")
    if not form.validate() or chosen is None:
        form.case_manager.errors = form.case_manager.errors or ["Choose a case manager from the list"]
        return _page(head, form, status=422)
    assign(head.case_id, to=chosen.id, by=g.actor)
    take_up(head.case_id)
    message = f"{chosen.name} has the case {head.number} now. Case manager and school contact are told."
    return done(message, f"/workspace/cases/{head.number}/")


def _page(head: CaseHead, form: AssignForm, *, status: int = 200) -> Response:
    people = case_managers_with_load(g.actor)
    form.case_manager.choices = {person.public_id: f"{person.name}, {_load(person.load)}" for person in people}
    notes = safety_notes_for(g.actor, [head.case_id]).get(head.case_id, [])
    return show("workspace/assignment.html", status=status, case=head, form=form, safety_notes=notes)


def _load(count: int) -> str:
    return "1 case now" if count == 1 else f"{count} cases now"
