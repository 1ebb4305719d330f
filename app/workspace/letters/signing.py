"""A formal warning waits for a workflow lead, who signs it off or sends it back (LET-2)."""

from collections.abc import Callable

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Refused
from app.core.web.answers import done
from app.core.web.guards import needs
from app.letters.policy import can_write_letters
from app.letters.queries import LetterOfCase, letter_for
from app.letters.signing.actions import NO_CONTACT, ask_to_sign, send_back, sign_off
from app.letters.signing.policy import can_sign
from app.workspace.blueprint import bp
from app.workspace.letters.forms import SigningForm, UnsignedForm
from app.workspace.letters.letter import PAGES, here, letter_page
from app.workspace.letters.places import ADDRESS

ASKED = "The workflow leads are told. Until one of them signs it off, the letter is not made."
SIGNED = "Signed off and made. It is kept as it is; whoever wrote it is told. Record here how it was sent."


@bp.post(f"{ADDRESS}/sign-off/asked")
@needs(can_write_letters, on=letter_for)
def ask_sign_off(found: LetterOfCase) -> Response:
    """With why nobody spoke with the school, where that is so (CASE-4)."""
    return _carried_out(found, ask_to_sign, ASKED)


@bp.post(f"{ADDRESS}/sign-off")
@needs(can_sign, on=letter_for)
def set_sign_off(found: LetterOfCase) -> Response:
    """It is made in the same act, as it was looked at."""
    return _carried_out(found, sign_off, SIGNED)


@bp.post(f"{ADDRESS}/sign-off/refused")
@needs(can_sign, on=letter_for)
def refuse_sign_off(found: LetterOfCase) -> Response:
    form = UnsignedForm(request.form)
    if not form.validate():
        return letter_page(found, form, status=422)
    send_back(found, (form.not_signed_why.data or "").strip(), by=g.actor)
    return done("Sent back. Whoever wrote it is told, and reads why.", here(found))


def _carried_out(found: LetterOfCase, act: Callable[..., None], told: str) -> Response:
    form = SigningForm(request.form)
    if not form.validate():
        return letter_page(found, form, status=422)
    try:
        act(found, no_contact_why=form.why, by=g.actor)
    except (Conflict, Refused) as why:
        return _said(found, form, why)
    return done(told, here(found))


def _said(found: LetterOfCase, form: SigningForm, why: Conflict | Refused) -> Response:
    """Beside the box it is about, else above."""
    if str(why) == NO_CONTACT:
        form.no_contact_why.errors = [NO_CONTACT]
    else:
        form.form_errors.append(str(why))
    return letter_page(PAGES.anew(found), form, status=409 if isinstance(why, Conflict) else 422)
