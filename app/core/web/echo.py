"""What somebody typed into a form that cannot be taken: shown to them again on the error page, to be copied."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from flask import Flask, current_app, g, request
from werkzeug.exceptions import HTTPException

from app.core.web.parts import SAFE
from app.core.web.writes import TECHNICAL, token_owner

LOST_OTHERWISE = frozenset({400, 403, 404, 409, 410})
"""Where the form cannot be sent again as it is."""


class Said(Protocol):
    """A field in words: its label (none where only the text is known), and what was typed."""

    @property
    def label(self) -> str: ...
    @property
    def text(self) -> str: ...


Words = Callable[[Iterable[tuple[str, str]]], Sequence[Said]]


def set_up(app: Flask, words: Words) -> None:
    """Who knows the forms says what their fields are called."""
    app.extensions["typed_words"] = words


def typed(status: int) -> Sequence[Said]:
    """The sender's own words, and nothing else: only where the form's token says that it is they who sent it."""
    if request.method in SAFE or status not in LOST_OTHERWISE:
        return []
    actor = g.get("actor")
    try:
        if actor is None or token_owner() != actor.person_id:
            return []
        sent = [(name, text.replace("\0", "")) for name, text in request.form.items(multi=True)]
    except (HTTPException, OSError):
        return []
    found: Sequence[Said] = current_app.extensions["typed_words"](sent) if has_text(sent) else []
    return found


def has_text(fields: Iterable[tuple[str, str]]) -> bool:
    return any(text.strip() for name, text in fields if name not in TECHNICAL)
