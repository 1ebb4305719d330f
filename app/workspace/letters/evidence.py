"""What a letter is evidence of (L8): its record on paper, and whether a file is the letter that was sent."""

import json
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Unseen
from app.core.files.keeping import measure
from app.core.seen import View
from app.core.web.answers import show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.core.web.taken import NOTHING_CHOSEN
from app.core.web.uploads import taken
from app.core.web.writes import Sent
from app.letters.evidence import actions  # noqa: F401  (registers what flags letters)
from app.letters.evidence.policy import can_check_letters
from app.letters.evidence.queries import ladder_version, letter_of_file
from app.letters.facts import thawed
from app.letters.languages import words_of
from app.letters.policy import can_see_letters
from app.letters.queries import LetterOfCase, letter_for
from app.letters.rules import came_back_of, sending_of
from app.letters.versions.queries import step_written
from app.people.queries import Actor
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.letters.ladder import address_of, told
from app.workspace.letters.letter import ADDRESS, here

CHECK = "/letters/check"


def asker(actor: Actor) -> Actor:
    return actor


@bp.get(f"{ADDRESS}/record")
@needs(can_see_letters, on=letter_for, log="letter record")
def letter_record(found: LetterOfCase) -> Response:
    """One sheet to print; of a preview there is none."""
    if found.letter.made_at is None:
        raise Unseen
    facts = thawed(found.letter.facts)
    return show_case(
        "workspace/letters/record.html",
        head=found.head,
        facts=told(facts),
        ladder_version=ladder_version(found.letter),
        made_with=json.loads(found.letter.versions or "{}"),
        printed_at=clock.now(),
        languages=words_of(found.letter.languages),
        **of_letter(found),
    )


@bp.get(CHECK)
@needs(can_check_letters, on=asker)
def check(_actor: Actor) -> Response:
    return show("workspace/letters/check.html", form=OnceForm(), found=None, is_asked=False)


@bp.post(CHECK)
@needs(can_check_letters, on=asker, sent=Sent.LOOKS, keeping=measure)
def set_check(actor: Actor) -> Response:
    """By the digest of its bytes; nothing of the file is kept. What is not ours, changed, or not for this person has one answer."""
    form = OnceForm(request.form)
    files = taken()
    if form.validate() and not files:
        form.form_errors.append(NOTHING_CHOSEN)
    form.form_errors += [file.refusal for file in files if file.refusal]
    if form.errors:
        return show("workspace/letters/check.html", status=422, form=form, found=None, is_asked=False)
    found = letter_of_file(actor, files[0].sha256)
    g.view = View("letter check", found.case_id if found else None)
    values = of_letter(found) if found else {}
    return show("workspace/letters/check.html", form=form, found=found, is_asked=True, **values)


def of_letter(found: LetterOfCase) -> dict[str, Any]:
    """What both pages say of it."""
    letter = found.letter
    return {
        "letter": letter,
        "record": found.record,
        "here": here(found) if letter.case_id else f"{address_of(found.head)}school/{letter.public_id}/letter.pdf",
        "number": found.head.number,
        "step": step_written(letter, clock.nz(letter.asked_at).date()),
        "to": thawed(letter.facts).values.get("caregiver_name", ""),
        "sent": sending_of(letter),
        "came_back": came_back_of(letter),
    }
