"""What a view says and hands on of the files that came with a form."""

from flask import request

from app.core.files.stored import Kept
from app.core.web.uploads import taken

NOTHING_CHOSEN = "Choose a file first."


def kept() -> list[Kept]:
    """Those that are safely in the store, for the action that hangs them on something."""
    return [upload.kept for upload in taken() if upload.kept]


def refusals() -> list[str]:
    """Of each that was not taken its name and why, as sentences."""
    return [f"“{upload.name}” was not added. {upload.refusal}" for upload in taken() if not upload.kept]


def has_files() -> bool:
    """Does this form bring files, or name some that were uploaded before?"""
    return bool(kept() or request.form.getlist("file"))
