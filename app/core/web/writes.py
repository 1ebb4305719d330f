"""What a POST needs after its sender is known: text that can be kept, a token of this person, a key of its own."""

from collections.abc import Iterable
from itertools import chain

from flask import current_app, g, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.core import once
from app.core.db import begin_write
from app.core.security import csrf_person

OUT_OF_DATE = "The page was out of date. Nothing was done; reload the page, and send it again."
SOMEBODY_ELSE = (
    "Somebody else is signed in now in this browser, so nothing was done. Sign out, sign in as yourself, and send it "
    "again."
)
NOT_A_TEXT = "What was sent holds a character that no text has. Nothing was done."


def admit_write() -> Response | None:
    """An answer at once, or the view goes on within a writing transaction."""
    form = request.form
    refuse_nul(texts(form))
    owner = csrf_person(current_app.secret_key, request.headers.get("X-CSRF-Token") or form.get("csrf_token", ""))  # type: ignore[arg-type]
    if owner is None:
        raise BadRequest(OUT_OF_DATE)
    if owner != g.actor.person_id:
        raise BadRequest(SOMEBODY_ELSE)
    key = form.get("once", "")[:64]
    if not key and not request.path.startswith("/account/"):
        raise BadRequest(OUT_OF_DATE)
    begin_write()
    return _answer_of_earlier(key) if key else None


def refuse_nul(found: Iterable[str]) -> None:
    """PostgreSQL keeps no NUL and SQLite does: refused on both, so that neither shows an error of its own."""
    if any("\0" in text for text in found):
        raise BadRequest(NOT_A_TEXT)


def texts(sent: MultiDict[str, str]) -> Iterable[str]:
    """Every name and every text that was sent."""
    return chain.from_iterable(sent.items(multi=True))


def _answer_of_earlier(key: str) -> Response | None:
    """The same form again: its first answer. The same key with other content: the form is refused (`web.forms`), and
    `done` keeps nothing."""
    content = once.content_digest(request.path, request.form.items(multi=True))
    earlier = once.claim(key, person_id=g.actor.person_id, content=content)
    if earlier and earlier.is_same and earlier.answer:
        return redirect(earlier.answer, 303)
    g.has_other_content = earlier is not None
    g.once = key
    return None
