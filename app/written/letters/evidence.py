"""What a letter is evidence of (L8): its record on paper, and whether a file is the letter that was sent."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Unseen
from app.core.seen import View
from app.core.web.answers import show
from app.core.web.forms import OnceForm
from app.core.web.taken import NOTHING_CHOSEN
from app.core.web.uploads import taken
from app.letters.evidence.queries import ladder_version
from app.letters.facts import thawed
from app.letters.versions.queries import step_written
from app.people.queries import Actor
from app.written.letters.said import made_with, said_in

Look = Callable[[Actor, str], tuple[Mapping[str, Any], int | None] | None]
"""The letter that was made with a file of this digest, for whoever may see it, as its page shows it; and its case."""


def record_of(found: Any) -> dict[str, Any]:
    """One sheet to print; of a preview there is none."""
    letter = found.letter
    if letter.made_at is None:
        raise Unseen
    return {
        "letter": letter,
        "record": found.record,
        "step": step_written(letter, clock.nz(letter.asked_at).date()),
        "ladder_version": ladder_version(letter),
        "made_with": made_with(letter),
        "printed_at": clock.now(),
        **said_in(letter, thawed(letter.facts)),
    }


def asker(actor: Actor) -> Actor:
    return actor


def check_page() -> Response:
    return _page(OnceForm(), None)


def looked_at(actor: Actor, look: Look) -> Response:
    """By the digest of its bytes; nothing of the file is kept. What is not ours, changed, or not for this person has one answer."""
    form = OnceForm(request.form)
    files = taken()
    if form.validate() and not files:
        form.form_errors.append(NOTHING_CHOSEN)
    form.form_errors += [file.refusal for file in files if file.refusal]
    if form.errors:
        return _page(form, None, status=422)
    values, case_id = look(actor, files[0].sha256) or (None, None)
    g.view = View("letter check", case_id)
    return _page(form, values, is_asked=True)


def _page(form: OnceForm, letter: Mapping[str, Any] | None, *, is_asked: bool = False, status: int = 200) -> Response:
    values = {"letter": None, **(letter or {}), "is_asked": is_asked, "check": f"/{request.blueprint}/letters/check"}
    return show("written/letters/check.html", status=status, form=form, **values)
