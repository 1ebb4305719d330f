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
from app.referrals.leaving.actions import end_and_hand_on, hand_on_what_was_left
from app.referrals.leaving.queries import heirs_at, left_by, owned_by
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
    form, owned = EndingForm(request.form), _owned(held)
    heirs = _heirs(form, held, owned)
    if heirs is None:
        return _page(held, form, status=422)
    person, role, is_own = held.person.name, LABELS[held.role], held.person_id == g.actor.person_id
    end_and_hand_on(held, heirs, by=g.actor)
    return done(f"{person} is {role} no more, and is told. {_left(owned, heirs)}".strip(), _next(is_own=is_own))


@needs(can_give, on=left_by)
def left(former: RoleHeld) -> Response:
    """What somebody still has whose role the sign-in server took away."""
    return _page(former, EndingForm())


@needs(can_give, on=left_by)
def hand_on(former: RoleHeld) -> Response:
    form, owned = EndingForm(request.form), _owned(former)
    heirs = _heirs(form, former, owned)
    if heirs is None:
        return _page(former, form, status=422)
    is_new = hand_on_what_was_left(former, heirs, by=g.actor)
    said = _left(owned, heirs) if is_new else "Nothing was left to be handed on."
    return done(said or "It stays as it is.", f"{people_address()}?former=yes")


def _heirs(form: EndingForm, held: RoleHeld, owned: Owned) -> Heirs | None:
    """Who was chosen; none where the form is not right."""
    able = _able(held)
    ids = {person.public_id: person.id for person in able}
    heirs = Heirs(ids.get(form.school_heir.data or ""), ids.get(form.case_heir.data or ""))
    is_right = form.validate()
    if owned.at_school and able and not heirs.at_school:
        form.school_heir.errors = [CHOOSE]
    if owned.managed and form.case_heir.data and not heirs.cases:
        form.case_heir.errors = ["Choose somebody from the list, or the queue"]
    return heirs if is_right and not form.school_heir.errors and not form.case_heir.errors else None


def _left(owned: Owned, heirs: Heirs) -> str:
    """What became of what they had."""
    if owned.managed and not heirs.cases:
        return "Their cases are back in the queue."
    if heirs.cases or heirs.at_school:
        return "What they had to do was handed on."
    return "Where they were a contact beside others, or stood in, that has ended." if owned.beside else ""


def _next(*, is_own: bool) -> str:
    """Whoever ended their own role sees this page no more."""
    return "/account" if is_own else people_address()


def _owned(held: RoleHeld) -> Owned:
    ending = None if held.ended_at else held.role
    return owned_by(held.person_id, held.organisation_id, ending=ending)


def _able(held: RoleHeld) -> Sequence[AnyRow]:
    return heirs_at(held.organisation_id, g.actor.organisation_kind, but=held.person_id)


def _page(held: RoleHeld, form: EndingForm, *, status: int = 200) -> Response:
    able = [(person.public_id, person.name) for person in _able(held)]
    form.school_heir.choices = [("", "Choose somebody"), *able]
    form.case_heir.choices = [("", "Nobody yet: back to the queue"), *able]
    return show(
        "written/role_left.html" if held.ended_at else "written/role_ending.html",
        status=status,
        form=form,
        held=held,
        owned=_owned(held),
        has_heirs=bool(able),
        is_claimed=held.source is Source.CLAIM,
        here=people_address(),
    )
