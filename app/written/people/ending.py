"""End a role: what follows is said before, and what is left is handed on in the same act."""

from collections.abc import Sequence

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import SelectField

from app.core.db import AnyRow
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.people.models import RoleHeld, Source
from app.people.roles.policy import can_give
from app.people.roles.queries import role_here
from app.people.rules import LABELS
from app.referrals.leaving.actions import end_and_hand_on
from app.referrals.leaving.queries import heirs_at, owned_by
from app.referrals.leaving.rules import Heirs, Owned
from app.written.places import people_address

CHOOSE = "Choose who takes it over"


class EndingForm(OnceForm):
    """Who gets what is left."""

    school_heir = SelectField("Who takes over at the school?", validate_choice=False)
    case_heir = SelectField("Who gets the cases?", validate_choice=False)


@needs(can_give, on=role_here)
def ending(held: RoleHeld) -> Response:
    """Asked once more, with everything that ends with it."""
    return _page(held, EndingForm())


@needs(can_give, on=role_here)
def end(held: RoleHeld) -> Response:
    """What is owned by now is what counts, not what the page said."""
    form = EndingForm(request.form)
    owned, able = _owned(held), _able(held)
    ids = {person.public_id: person.id for person in able}
    heirs = Heirs(ids.get(form.school_heir.data or ""), ids.get(form.case_heir.data or ""))
    is_right = form.validate()
    if owned.at_school and able and not heirs.at_school:
        form.school_heir.errors = [CHOOSE]
    if owned.managed and form.case_heir.data and not heirs.cases:
        form.case_heir.errors = ["Choose somebody from the list, or the queue"]
    if not is_right or form.school_heir.errors or form.case_heir.errors:
        return _page(held, form, status=422)
    person, role, is_own = (held.person.name, LABELS[held.role], held.person_id == g.actor.person_id)
    end_and_hand_on(held, heirs, by=g.actor)
    return done(f"{person} is {role} no more, and is told. {_left(owned, heirs)}".strip(), _next(is_own=is_own))


def _left(owned: Owned, heirs: Heirs) -> str:
    """What became of what they had."""
    if owned.managed and not heirs.cases:
        return "Their cases are back in the queue."
    return "What they had to do was handed on." if heirs.cases or heirs.at_school else ""


def _next(*, is_own: bool) -> str:
    """Whoever ended their own role sees this page no more."""
    return "/account" if is_own else people_address()


def _owned(held: RoleHeld) -> Owned:
    return owned_by(held.person_id, held.organisation_id, ending=held.role)


def _able(held: RoleHeld) -> Sequence[AnyRow]:
    return heirs_at(held.organisation_id, g.actor.organisation_kind, but=held.person_id)


def _page(held: RoleHeld, form: EndingForm, *, status: int = 200) -> Response:
    able = [(person.public_id, person.name) for person in _able(held)]
    form.school_heir.choices = [("", "Choose somebody"), *able]
    form.case_heir.choices = [("", "Nobody yet: back to the queue"), *able]
    return show(
        "written/role_ending.html",
        status=status,
        form=form,
        held=held,
        owned=_owned(held),
        has_heirs=bool(able),
        is_claimed=held.source is Source.CLAIM,
        here=people_address(),
    )
