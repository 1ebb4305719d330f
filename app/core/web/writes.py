"""What a POST needs after its sender is known: text that can be kept, a token of this person, a key of its own."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import chain

from flask import current_app, g, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.core import kept, once
from app.core.db import begin_write, db
from app.core.security import csrf_person, digest
from app.core.web import uploads

OUT_OF_DATE = "The page was out of date. Nothing was done; reload the page, and send it again."
SOMEBODY_ELSE = (
    "Somebody else is signed in now in this browser, so nothing was done. Sign out, sign in as yourself, and send it "
    "again."
)
TECHNICAL = frozenset(
    {"csrf_token", "once", "kept", "page", "turn", "loaded", "unsure", "version", "window", "adopted"}
)
"""Fields that nobody typed."""
NOT_A_TEXT = "What was sent holds a character that no text has. Nothing was done."


class Sent(StrEnum):
    """What a POST carries: a form that is carried out once; one that says the same however often it arrives, so it needs
    no key; a once-only form with files, which go into the store before the writing transaction begins, or with one long
    table; or a form whose answer is only looked at: its files are read, nothing is kept, and no writing transaction begins."""

    ONCE = "once"
    REPEATS = "repeats"
    FILES = "files"
    TABLE = "table"
    LOOKS = "looks"

    @property
    def keeps_files(self) -> bool:
        return self in {Sent.FILES, Sent.TABLE}

    @property
    def may_have_files(self) -> bool:
        return self.keeps_files or self is Sent.LOOKS


def admit_write(sent: Sent) -> Response | None:
    """An answer at once, or the view goes on: within a writing transaction, but for files (`web.guards`)."""
    g.sent = sent
    form = request.form
    refuse_nul(texts(form))
    owner = token_owner()
    if owner is None:
        raise BadRequest(OUT_OF_DATE)
    if owner != g.actor.person_id:
        raise BadRequest(SOMEBODY_ELSE)
    if sent is not Sent.REPEATS and not _key() and not request.path.startswith("/account/"):
        raise BadRequest(OUT_OF_DATE)
    if sent.may_have_files:
        return None
    return open_write(is_once=sent is Sent.ONCE)


def token_owner() -> int | None:
    """Whose page the form stood on; None where it was no page of ours."""
    token = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    return csrf_person(current_app.secret_key, token)  # type: ignore[arg-type]


def open_write(*, is_once: bool = True) -> Response | None:
    """The writing transaction; and the answer of an earlier form with the same key, if there was one."""
    begin_write()
    return _answer_of_earlier(_key()) if is_once and _key() else None


def _key() -> str:
    return request.form.get("once", "")[:64]


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
    content = once.content_digest(request.path, chain(request.form.items(multi=True), uploads.marks()))
    earlier = once.claim(key, person_id=g.actor.person_id, content=content)
    if earlier and earlier.is_same and earlier.answer:
        if drop_kept():
            db.session.commit()
        return redirect(earlier.answer, 303)
    g.has_other_content = earlier is not None
    g.once = key
    return None


def drop_kept() -> bool:
    """What was kept of this form is sent now; it is not offered again. From the page that offers it only that one goes:
    the same page may have kept further words since."""
    if not g.actor.kept:
        return False
    offered = request.form.get("kept", "")
    keys = () if offered else kept_keys(request.form, g.get("sent", Sent.ONCE))
    return kept.drop(g.actor.person_id, public_id=offered, keys=keys)


def kept_keys(form: MultiDict[str, str], sent: Sent) -> list[str]:
    """Under which key a form is kept, and then those of earlier ones that it takes the place of. What a page saves by
    itself never takes the place of what its button sent, unless the page has a token, and its saves an order."""
    if page := form.get("page"):
        return [page[:64]]
    own = form.get("once") or digest(request.path)
    saves = digest(f"saves {own}")
    return [saves] if sent is Sent.REPEATS else [own[:64], saves]
