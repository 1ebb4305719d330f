"""What a view says and hands on of the files that came with a form."""

from flask import request

from app.core.files.stored import Kept
from app.core.web.uploads import taken

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


def in_short(name: str) -> str:
    """Its beginning and its end."""
    return name if len(name) <= LONGEST_NAMED else f"{name[: LONGEST_NAMED - 16]}…{name[-15:]}"


def has_files() -> bool:
    """Does this form bring files, or name some that were uploaded before?"""
    return bool(kept() or request.form.getlist("file"))
