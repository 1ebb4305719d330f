"""One letter: looked at while it is a preview, made, and kept as it is (LET-6, L2, L8)."""

import json
from dataclasses import dataclass
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.statuses.queries import talked_with_school
from app.core import clock
from app.core.errors import Conflict, Refused, Unseen
from app.core.web.answers import as_it_was, done
from app.core.web.downloads import picture, send
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.core.web.parts import is_part_request
from app.letters.dossiers import basis_of
from app.letters.emails.queries import by_email, is_leaving
from app.letters.facts import Facts, changes, differences, thawed
from app.letters.gathering import gathered
from app.letters.languages import words_of
from app.letters.making import make_letter, try_again
from app.letters.models import Letter, Method
from app.letters.policy import can_see_letters, can_write_letters
from app.letters.queries import LetterOfCase, PageOfLetter, letter_for, page_for, pages_of, wait_for
from app.letters.rules import came_back_of, sending_of
from app.letters.signing.policy import can_sign, is_author
from app.letters.versions.queries import step_written
from app.letters.wording import Incomplete, Wording
from app.letters.wordings.keeping import written_with
from app.students.models import LettersBy
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.letters.forms import SigningForm, UnsignedForm
from app.workspace.letters.ladder import address_of, remedies, told


@dataclass(frozen=True)
class Signing:
    """What the page of a formal warning offers before it is made."""

    form: SigningForm
    back: UnsignedForm
    talked: str
    """The contact with the school that is recorded, in words (CASE-4)."""
    is_asked: bool
    can_sign: bool
    is_alone: bool
    """Whoever reads this wrote it, and leads the service alone (CASE-20)."""


ADDRESS = "/cases/<number>/letters/<public_id>"
MADE = "The letter is made, and kept as it is. Print it and send it; then say here how it was sent."
NOT_NAMED = "The caregiver, who is not named with the student any more"


@bp.get(ADDRESS)
@needs(can_see_letters, on=letter_for, log="letter")
def letter(found: LetterOfCase) -> Response:
    """A preview that is not there yet is waited for a moment; then the page asks again by itself, unlogged."""
    is_poll, is_waiting = is_part_request(), found.letter.next_try_at is not None
    if is_poll:
        g.view = None
    if is_poll and (is_waiting or is_leaving(found.letter.id)):
        return as_it_was()
    if is_waiting:
        wait_for(found.letter.id)
    return letter_page(anew(found) if is_waiting else found, OnceForm())


@bp.post(f"{ADDRESS}/again")
@needs(can_write_letters, on=letter_for)
def again(found: LetterOfCase) -> Response:
    """A preview that failed is set once more."""
    form = OnceForm(request.form)
    if not form.validate():
        return letter_page(found, form, status=422)
    try_again(found, by=g.actor)
    return done("", here(found))


@bp.post(f"{ADDRESS}/making")
@needs(can_write_letters, on=letter_for)
def making(found: LetterOfCase) -> Response:
    """What was looked at is kept; where it would say something else today, the page says what."""
    form = OnceForm(request.form)
    if not form.validate():
        return letter_page(found, form, status=422)
    try:
        make_letter(found, by=g.actor)
    except (Conflict, Refused) as why:
        form.form_errors.append(str(why))
        return letter_page(anew(found), form, status=409 if isinstance(why, Conflict) else 422)
    return done(MADE, here(found))


@bp.get(f"{ADDRESS}/letter.pdf")
@needs(can_see_letters, on=letter_for, log="letter")
def letter_pdf(found: LetterOfCase) -> Response:
    """The PDF as it is kept; a preview has none."""
    if found.letter.made_at is None:
        raise Unseen
    return send(found.record.StoredFile, inline="in-place" in request.args)


@bp.get(f"{ADDRESS}/pages/<int(max=999):page>")
@needs(can_see_letters, on=page_for)
def letter_picture(found: PageOfLetter) -> Response:
    return picture(found.png)


def letter_page(found: LetterOfCase, form: OnceForm, *, status: int = 200) -> Response:
    written, facts = found.letter, thawed(found.letter.facts)
    return show_case(
        "workspace/letters/letter.html",
        "workspace/letters/_letter.html",
        status=status,
        head=found.head,
        form=form,
        letter=written,
        languages=words_of(written.languages),
        record=found.record,
        here=here(found),
        step=step_written(written, clock.nz(written.asked_at).date()),
        **_said(written, facts),
        pages=pages_of(written.id) if written.rendered_at and not written.made_at else (),
        changed=_changes(found, facts) if written.made_at else _other(found, facts) if status == 409 else (),
        signing=_signing(found, form),
        can_write=can_write_letters(g.actor, found.head),
        **_way_of(found),
    )


def _way_of(found: LetterOfCase) -> dict[str, Any]:
    """How it was sent and what came back; and its way by e-mail, where its caregiver chose that, or it went so."""
    written = found.letter
    is_mailed = found.record.letters_by is LettersBy.EMAIL or written.method is Method.EMAIL
    email = by_email(written) if written.made_at and is_mailed else None
    mend = remedies(found.head, email.way.Caregiver) if email else {}
    return {"sent": sending_of(written), "came_back": came_back_of(written), "email": email, "mend": mend}


def _said(written: Letter, facts: Facts) -> dict[str, Any]:
    """What it says, of what, and what it was set with."""
    return {
        "to": facts.values.get("caregiver_name", ""),
        "facts": told(facts),
        "values": facts.values,
        "weeks": facts.weeks,
        "wording": _wording(written, facts),
        "versions": ", ".join(f"{name} {version}" for name, version in json.loads(written.versions or "{}").items()),
    }


def _signing(found: LetterOfCase, form: OnceForm) -> Signing | None:
    """Of a formal warning that is a preview: who may do what with it now (LET-2)."""
    letter = found.letter
    if not letter.is_formal or letter.made_at or not letter.rendered_at:
        return None
    can, is_asked = can_sign(g.actor, found), letter.sign_asked_at is not None
    is_alone = can and is_author(g.actor, found)
    talked = "" if is_asked else talked_with_school(found.head.id, found.head.region)
    ours = form if isinstance(form, SigningForm) else SigningForm()
    back = form if isinstance(form, UnsignedForm) else UnsignedForm()
    return Signing(ours, back, talked, is_asked, can_sign=can and (is_asked or is_alone), is_alone=is_alone)


def _changes(found: LetterOfCase, then: Facts) -> list[str]:
    """What the letter would say otherwise today, by its label (L8). One that was voided is not compared any more."""
    if found.letter.voided_at:
        return []
    basis = basis_of(found)
    return changes(then, gathered(basis, clock.today())) if basis else [NOT_NAMED]


def _other(found: LetterOfCase, then: Facts) -> list[str]:
    """What keeps a preview from being made as it is, by its label; where no fact does, its text."""
    basis = basis_of(found)
    return differences(then, gathered(basis, clock.today())) or ["The text"] if basis else [NOT_NAMED]


def _wording(written: Letter, facts: Facts) -> Wording | None:
    """What the letter says, block by block; nothing of one from before texts were kept, where its text is another now."""
    found = written_with(written.wording, written.purpose, written.step, clock.nz(written.asked_at).date())
    try:
        return found.filled(facts) if found else None
    except Incomplete:
        return None


def anew(found: LetterOfCase) -> LetterOfCase:
    now = letter_for(g.actor, found.head.number, found.letter.public_id)
    if now is None:
        raise Unseen
    return now


def here(found: LetterOfCase) -> str:
    return f"{address_of(found.head)}{found.letter.public_id}"
