"""What a view says and hands on of the files that came with a form."""

from flask import g, request

from app.core import once
from app.core.files.stored import Kept
from app.core.security import digest
from app.core.web.uploads import marks, taken

MOST_NAMED = 5
LONGEST_NAMED = 60
NOTHING_CHOSEN = "Choose a file first."


def kept() -> list[Kept]:
    """Those that are safely in the store, for the action that hangs them on something."""
    return [upload.kept for upload in taken() if upload.kept]


def refusals() -> list[str]:
    """Of each that was not taken its name and why, as sentences; few and short enough to be told on the next page, by
    way of a cookie."""
    refused = [upload for upload in taken() if not upload.kept]
    told = [f"“{in_short(upload.name)}” was not added. {upload.refusal}" for upload in refused[:MOST_NAMED]]
    more = len(refused) - len(told)
    return [*told, f"{more} more {'was' if more == 1 else 'were'} not added."] if more else told


def not_put_anywhere() -> list[str]:
    """Where what they belong to ended meanwhile: each file's name."""
    names = [in_short(upload.name) for upload in taken()]
    more = len(names) - MOST_NAMED
    return [*names[:MOST_NAMED], f"{more} more"] if more > 0 else names


def to_choose_again() -> list[str]:
    """Of a form that is shown again: a browser puts words back into it, never files."""
    names = not_put_anywhere()
    if len(names) == 1:
        return [f"“{names[0]}” was not added: choose it again."]
    return [f"Files were not added: choose them again. {', '.join(names)}."] if names else []


def came_before() -> bool:
    """Did these same files come with this same form before, and were put where they belong, while of the form itself
    something was left to choose? Noted within the transaction."""
    earlier = once.claim(_key(), person_id=g.actor.person_id, content=_key())
    return earlier is not None and earlier.is_same


def came_in_vain() -> None:
    """They could not be put there: sent again they are new."""
    once.release(_key())


def _key() -> str:
    """Of this form with these files."""
    files = once.content_digest(request.path, marks())
    return digest(f"files {request.form.get('once', '')} {files}")


def in_short(name: str) -> str:
    """Its beginning and its end."""
    return name if len(name) <= LONGEST_NAMED else f"{name[: LONGEST_NAMED - 16]}…{name[-15:]}"


def has_files() -> bool:
    """Does this form bring files, or name some that were uploaded before?"""
    return bool(kept() or request.form.getlist("file"))
