"""Files that came with a form: judged and put into the store before the writing transaction begins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import g, request
from werkzeug.datastructures import FileStorage

from app.core.files import names
from app.core.files.keeping import keep
from app.core.files.pictures import Allowance
from app.core.files.scanning import first_scan as first_scan  # noqa: PLC0414 (views take it from here)
from app.core.files.spool import Spool
from app.core.files.stored import Kept
from app.core.files.tables import Table
from app.core.files.unfit import Unfit


@dataclass(frozen=True)
class Upload:
    """A file as it was sent: its object is in the store, or it was read as a table and not kept, or there is a reason why
    neither, in plain words. `name` can be shown; `field` is the field of the form that it came in."""

    name: str
    kept: Kept | None
    refusal: str = ""
    field: str = ""
    sha256: str = ""
    table: Table | None = None


Keeping = Callable[[Spool, str, Allowance], Kept | Table | None]
"""How a file is judged, prepared and put into the store (`files.keeping`), or read (`files.tables`), or only measured."""


def take_in(keeping: Keeping = keep) -> None:
    """Every file of this form."""
    allowance = Allowance()
    files = request.files.items(multi=True)
    g.uploads = [_taken(field, file, keeping, allowance) for field, file in files if file.filename]


def taken() -> list[Upload]:
    """What `take_in` made of the files of this form, in their order."""
    found: list[Upload] = g.get("uploads", [])
    return found


def marks() -> Iterable[tuple[str, str]]:
    """What tells these files from others: a form with other files is another form."""
    return [("file", f"{upload.field} {upload.name} {upload.sha256}") for upload in taken()]


def _taken(field: str, file: FileStorage, keeping: Keeping, allowance: Allowance) -> Upload:
    spool: Spool = file.stream  # type: ignore[assignment]
    name = names.cleaned(file.filename or "")
    try:
        kept = keeping(spool, name, allowance)
    except Unfit as reason:
        return Upload(name, None, str(reason), field, spool.sha256)
    finally:
        spool.close()
    if not isinstance(kept, Kept):
        return Upload(name, None, "", field, spool.sha256, kept)
    return Upload(kept.name, kept, "", field, spool.sha256)
