"""What somebody typed into a form that cannot be taken: shown to them again on the error page, to be copied."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from flask import Flask, current_app, g, request
from werkzeug.exceptions import HTTPException

from app.core.files import names
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


def in_words(fields: Iterable[tuple[str, str]]) -> Sequence[Said]:
    """These fields, as they are called."""
    found: Sequence[Said] = current_app.extensions["typed_words"](fields)
    return found


def typed(status: int) -> Sequence[Said]:
    """What was sent, and nothing else, where its token says that it stood on a page of ours: whose page it was does not
    matter, for this browser has just shown it. What has no such token is not repeated under our name: no page of ours is
    without one, as another `SECRET_KEY` ends every sign-in too."""
    if request.method in SAFE or status not in LOST_OTHERWISE or g.get("actor") is None:
        return []
    try:
        sent = [] if token_owner() is None else [*_texts(), *_files()]
    except (HTTPException, OSError):
        return []
    return in_words(sent) if has_text(sent) else []


def _texts() -> Iterable[tuple[str, str]]:
    return ((name, text.replace("\0", "")) for name, text in request.form.items(multi=True))


def _files() -> Iterable[tuple[str, str]]:
    """By name, as they have to be chosen again."""
    chosen = (file.filename for _, file in request.files.items(multi=True))
    return (("files", names.cleaned(name)) for name in chosen if name)


def has_text(fields: Iterable[tuple[str, str]]) -> bool:
    return any(text.strip() for name, text in fields if name not in TECHNICAL)
