"""Files that came with a form: judged and put into the store before the writing transaction begins."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g

from app.core.files.stored import Kept


@dataclass(frozen=True)
class Upload:
    """A file as it was sent: either its object is in the store, or there is a reason why not, in plain words."""

    name: str
    kept: Kept | None
    refusal: str = ""


def take_in() -> None:
    """Every file of this form."""
    g.uploads = []


def taken() -> list[Upload]:
    """What `take_in` made of the files of this form, in their order."""
    found: list[Upload] = g.get("uploads", [])
    return found


def marks() -> Iterable[tuple[str, str]]:
    """What tells these files from others: a form with other files is another form."""
    return [("file", upload.kept.arrived_sha256 if upload.kept else upload.name) for upload in taken()]
