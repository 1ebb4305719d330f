"""The queue, and giving cases of it out: one or many, seeing what everybody has (P1, CASE-9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import SelectField, SelectMultipleField

from app.cases.assignment.actions import assign_from_queue
from app.cases.assignment.queries import Able, case_managers_with_load, cases_among, queue_with_notes
from app.cases.assignment.rules import MOST_AT_ONCE
from app.cases.listing import PAGE
from app.core.errors import Refused
from app.core.seen import View
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs, open_to
from app.people.models import Role
from app.people.queries import Actor
from app.referrals.actions import take_up
from app.workspace.blueprint import bp

QUEUE = "/workspace/queue/"


class GiveForm(OnceForm):
    """Cases that were ticked, and who takes them."""

    case = SelectMultipleField("Cases to give", choices=[], validate_choice=False)
    case_manager = SelectField("To whom?", validators=[Required("Choose a case manager")], validate_choice=False)


@bp.get("/queue/")
@open_to(Role.WORKFLOW_LEAD)
def queue() -> Response:
    """Waiting for a case manager, urgent first, then by what is due first."""
    return _page(GiveForm())


@dataclass(frozen=True)
class Ticked:
    """Cases by their numbers, of which this person may see some."""

    numbers: Sequence[str]


def ticked(actor: Actor) -> Ticked | None:
    """What was ticked; None where nothing of it is this person's to see. No tick at all is for the page to say."""
    numbers = list(dict.fromkeys(request.form.getlist("case")))[:MOST_AT_ONCE]
    return Ticked(numbers) if not numbers or cases_among(actor, numbers) else None


def can_give_out(actor: Actor, cases: Ticked) -> bool:
    """Only a workflow lead gives cases out."""
    return actor.role is Role.WORKFLOW_LEAD


@bp.post("/queue/assignment")
@needs(can_give_out, on=ticked)
def give_cases(cases: Ticked) -> Response:
    """All that were ticked, to one person; of those that somebody else has meanwhile the answer says so."""
    form = GiveForm(request.form)
    is_valid = form.validate()
    form.case.errors = [] if cases.numbers else ["Tick the cases first"]
    if not is_valid or not cases.numbers:
        return _page(form, status=422)
    try:
        outcome = assign_from_queue(cases.numbers, to=form.case_manager.data or "", by=g.actor)
    except Refused:
        form.case_manager.errors = ["Choose a case manager from the list"]
        return _page(form, status=422)
    if outcome.case_ids:
        take_up(*outcome.case_ids)
    return done(outcome.said(), QUEUE)


def _page(form: GiveForm, *, status: int = 200) -> Response:
    found = queue_with_notes(g.actor, after=request.args.get("after", ""))
    people = case_managers_with_load(g.actor)
    form.case_manager.choices = {"": "Choose who takes them"} | {
        person.public_id: in_words(person) for person in people
    }
    g.view = View("queue", None)
    return show(
        "workspace/queue.html",
        status=status,
        cases=[head for head, _ in found[:PAGE]],
        notes={head.case_id: notes for head, notes in found},
        has_more=len(found) > PAGE,
        form=form,
        people=people,
        ticked=form.case.data or [],
    )


def in_words(person: Able) -> str:
    """As they stand in a list to choose from."""
    return f"{person.name}: {person.has}"
