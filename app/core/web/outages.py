"""What cannot be kept just now: said in plain words, and what was typed stays on the page, to be sent again."""

from typing import Any, NamedTuple

from flask import request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

NOT_NOW = frozenset({429, 500, 503})
NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "DiskFull")
NOT_SAVED = (
    "What you sent may not have been saved. Send it again in a minute: however often it is sent, it is done once. "
    "What was saved before is safe."
)
NOT_SHOWN = "Nothing that was saved is lost. Try again in a minute."
FULL = (
    "What you sent was not saved. What was saved before is safe.",
    "Tell whoever runs the portal that they have to make room; then send it again.",
)


class Again(NamedTuple):
    """A form as it was sent, with its once-only key."""

    address: str
    fields: list[tuple[str, str]]
    has_files: bool


def words(error: OperationalError) -> tuple[str, tuple[str, ...]]:
    """Heading and sentences."""
    if kind(error) in NO_ROOM:
        return "There is no room left to save anything", FULL
    sentence = NOT_SHOWN if request.method in {"GET", "HEAD"} else NOT_SAVED
    return "The portal is busy or its database cannot be reached", (sentence,)


def kind(error: OperationalError) -> str:
    """What the database calls it."""
    cause: Any = error.orig
    return getattr(cause, "sqlite_errorname", "") or type(cause).__name__


def again(status: int) -> Again | None:
    """The form that could not be carried out now; its files have to be chosen again."""
    if request.method != "POST" or status not in NOT_NOW:
        return None
    try:
        fields = list(request.form.items(multi=True))
        has_files = any(file.filename for file in request.files.values())
    except (HTTPException, OSError):
        return None
    if not any(name == "csrf_token" for name, _ in fields):
        return None
    return Again(request.full_path.rstrip("?"), fields, has_files)
