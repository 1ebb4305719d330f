"""One's own account: roles and where each came from, another role, one's phone and sign-ins, staying signed in."""

from datetime import timedelta

from flask import Blueprint, g, request
from werkzeug.wrappers import Response
from wtforms import TelField
from wtforms.validators import ValidationError

from app.core import clock
from app.core.errors import Unseen
from app.core.reach import NO_PHONE, fault_of_phone
from app.core.text import one_line
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to
from app.core.web.parts import own_path
from app.people import actions, queries
from app.people.models import Person, RoleHeld
from app.people.rules import ACCOUNT, LABELS, PEOPLE, home
from app.people.sign_ins import sign_ins_of
from app.signin.leaving import leave_everywhere
from app.signin.oidc import SIGNED_OUT

account = Blueprint("account", __name__, url_prefix="/account")


class PhoneForm(OnceForm):
    """How colleagues ring; empty where nobody is to."""

    phone = TelField("Your phone at work", filters=[one_line])

    def validate_phone(self, field: TelField) -> None:
        if len(field.data) > Person.phone.type.length or fault_of_phone(field.data):
            raise ValidationError(NO_PHONE)


@account.get("")
@open_to()
def mine() -> Response:
    return _page()


@account.post("/phone")
@open_to()
def set_phone() -> Response:
    form = PhoneForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    is_new = actions.change_own_phone(form.phone.data, by=g.actor)
    return done("Your phone is kept, as colleagues see it." if is_new else "That is your phone already.", "/account")


def _page(form: PhoneForm | None = None, *, status: int = 200) -> Response:
    roles = queries.roles_of(g.actor.person_id)
    phone = next((held.person.phone for held in roles), "")
    return show(
        "signin/account.html",
        status=status,
        roles=roles,
        form=form or PhoneForm(data={"phone": phone}),
        sign_ins=sign_ins_of(g.actor.person_id),
        labels=LABELS,
        has_pages=g.actor.home != ACCOUNT,
        people_page=PEOPLE.get(g.actor.organisation_kind, ""),
    )


@account.post("/role")
@open_to()
def switch() -> Response:
    """Work in another of one's roles (A3), on the page that asked for it."""
    held = _own_role(request.form.get("role", ""))
    actions.switch_role(g.actor.sign_in_id, held)
    wanted = own_path(request.form.get("next", "")) or home(held.role, held.organisation.kind)
    return done(f"You now work as {LABELS[held.role]} of {held.organisation.name}.", wanted)


@account.post("/sign-out-everywhere")
@open_to()
def sign_out_everywhere() -> Response:
    actions.end_sign_ins_of(g.actor.person_id)
    done("", SIGNED_OUT)
    return leave_everywhere()


@account.post("/stay")
@open_to()
def stay() -> Response:
    """Somebody is there: the idle limit begins anew. The absolute limit stays."""
    now = clock.now()
    actions.touch_sign_in(g.actor.sign_in_id, now)
    done("", "/account")
    idle = g.actor.idle_until - g.actor.last_seen_at if g.actor.idle_until else timedelta()
    return Response(status=204, headers={"X-Idle-Until": (now + idle).isoformat()})


def _own_role(number: str) -> RoleHeld:
    held = next((held for held in queries.roles_of(g.actor.person_id) if str(held.id) == number), None)
    if held is None:
        raise Unseen
    return held
