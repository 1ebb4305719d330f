"""A letter goes by e-mail to a caregiver who chose that: what will happen, sending it, and calling it off (LET-7)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Refused
from app.core.web.answers import done, elsewhere
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.emails.actions import call_off, send_by_email
from app.letters.emails.queries import by_email
from app.letters.policy import can_write_letters
from app.letters.queries import LetterOfCase, letter_for
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.letters.letter import ADDRESS, anew, here, letter_page

ON_ITS_WAY = "The letter is on its way. Once the mail server has taken it, it stands here as sent."
CALLED_OFF = "It does not go by e-mail. Print it and send it, or send it by e-mail again."


@bp.get(f"{ADDRESS}/email")
@needs(can_write_letters, on=letter_for, log="letter")
def letter_by_email(found: LetterOfCase) -> Response:
    """To whom, from whom, and what the mail says; the letter's own page says why one cannot leave so."""
    now = by_email(found.letter)
    return _page(found, OnceForm()) if now.can_leave else elsewhere(here(found))


@bp.post(f"{ADDRESS}/email")
@needs(can_write_letters, on=letter_for)
def send_letter_by_email(found: LetterOfCase) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return letter_page(found, form, status=422)
    try:
        send_by_email(found, by=g.actor)
    except (Conflict, Refused) as why:
        return _not_done(found, form, why)
    return done(ON_ITS_WAY, here(found))


@bp.post(f"{ADDRESS}/email/off")
@needs(can_write_letters, on=letter_for)
def call_email_off(found: LetterOfCase) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return letter_page(found, form, status=422)
    try:
        call_off(found, by=g.actor)
    except Conflict as why:
        return _not_done(found, form, why)
    return done(CALLED_OFF, here(found))


def _not_done(found: LetterOfCase, form: OnceForm, why: Conflict | Refused) -> Response:
    form.form_errors.append(str(why))
    return letter_page(anew(found), form, status=409 if isinstance(why, Conflict) else 422)


def _page(found: LetterOfCase, form: OnceForm) -> Response:
    return show_case(
        "workspace/letters/email.html",
        head=found.head,
        form=form,
        letter=found.letter,
        here=here(found),
        way=by_email(found.letter).way,
    )
