"""One letter of a school: looked at while it is a preview, made, and kept as it is (LET-6, L2, L8)."""

import json

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Conflict, Refused, Unseen
from app.core.web.answers import as_it_was, done
from app.core.web.downloads import picture, send
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.core.web.parts import is_part_request
from app.letters.evidence.gathering import since_made
from app.letters.facts import Facts, differences, thawed
from app.letters.fields import Incomplete
from app.letters.making import try_again
from app.letters.models import Letter
from app.letters.queries import pages_of, wait_for
from app.letters.rules import came_back_of, sending_of
from app.letters.school.finding import PageOfSchoolLetter, SchoolLetter, letter_for, page_for
from app.letters.school.gathering import gathered
from app.letters.school.making import dossier_as_asked, make_letter
from app.letters.school.policy import can_record, can_see_letters, can_write_letters
from app.letters.versions.queries import step_written
from app.letters.wording import Wording
from app.letters.wordings.keeping import written_with
from app.portal.blueprint import bp
from app.portal.letters.places import LETTERS, letters_address, show_student, told

ADDRESS = f"{LETTERS}/<letter>"
MADE = "The letter is made, and kept as it is. Print it and send it; then say here how it was sent."


@bp.get(ADDRESS)
@needs(can_see_letters, on=letter_for, log="school letter")
def school_letter(found: SchoolLetter) -> Response:
    """A preview that is not there yet is waited for a moment; then the page asks again by itself, unlogged."""
    is_poll = is_part_request()
    if is_poll:
        g.view = None
    if found.letter.next_try_at is None:
        return letter_page(found, OnceForm())
    if is_poll:
        return as_it_was()
    wait_for(found.letter.id)
    return letter_page(anew(found), OnceForm())


@bp.post(f"{ADDRESS}/again")
@needs(can_write_letters, on=letter_for)
def set_school_letter_again(found: SchoolLetter) -> Response:
    """A preview that failed is set once more."""
    form = OnceForm(request.form)
    if not form.validate():
        return letter_page(found, form, status=422)
    try_again(found, by=g.actor)
    return done("", here(found))


@bp.post(f"{ADDRESS}/making")
@needs(can_write_letters, on=letter_for)
def make_school_letter(found: SchoolLetter) -> Response:
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
@needs(can_see_letters, on=letter_for, log="school letter")
def school_letter_pdf(found: SchoolLetter) -> Response:
    """The PDF as it is kept; a preview has none."""
    if found.letter.made_at is None:
        raise Unseen
    return send(found.record.StoredFile, inline="in-place" in request.args)


@bp.get(f"{ADDRESS}/pages/<int(max=999):page>")
@needs(can_see_letters, on=page_for)
def school_letter_picture(found: PageOfSchoolLetter) -> Response:
    return picture(found.png)


def letter_page(found: SchoolLetter, form: OnceForm, *, status: int = 200) -> Response:
    written, facts, since = found.letter, thawed(found.letter.facts), since_made(found)
    return show_student(
        "portal/letters/letter.html",
        "portal/letters/_letter.html",
        head=found.head,
        status=status,
        form=form,
        letter=written,
        record=found.record,
        here=here(found),
        step=step_written(written, clock.nz(written.asked_at).date()),
        name=name_of(written),
        to=facts.values.get("caregiver_name", ""),
        facts=told(facts),
        weeks=facts.weeks,
        values=facts.values,
        wording=_wording(written, facts),
        pages=pages_of(written.id) if written.rendered_at and not written.made_at else (),
        changed=[label for label, _, _ in since] if written.made_at else _other(found, facts) if status == 409 else (),
        compared=since,
        sent=sending_of(written),
        came_back=came_back_of(written),
        versions=", ".join(f"{name} {version}" for name, version in json.loads(written.versions or "{}").items()),
        **_may(found),
    )


def _may(found: SchoolLetter) -> dict[str, bool]:
    return {"can_write": can_write_letters(g.actor, found), "can_record": can_record(g.actor, found)}


def name_of(letter: Letter) -> str:
    """As pages call it."""
    return "Letter on a holiday" if letter.purpose == "holiday" else f"Letter {letter.step}"


def _other(found: SchoolLetter, then: Facts) -> list[str]:
    """What keeps a preview from being made as it is, by its label; where no fact does, its text."""
    try:
        dossier = dossier_as_asked(found)
    except Conflict as why:
        return [str(why)]
    return differences(then, gathered(dossier, clock.today())) or ["The text"]


def _wording(written: Letter, facts: Facts) -> Wording | None:
    """What the letter says, block by block."""
    found = written_with(written.wording, written.purpose, written.step, clock.nz(written.asked_at).date())
    try:
        return found.filled(facts) if found else None
    except Incomplete:
        return None


def anew(found: SchoolLetter) -> SchoolLetter:
    now = letter_for(g.actor, found.head.public_id, found.letter.public_id)
    if now is None:
        raise Unseen
    return now


def here(found: SchoolLetter) -> str:
    return f"{letters_address(found.head)}{found.letter.public_id}"
