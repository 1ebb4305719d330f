"""The answer that is a file (SHARE-6): a download, or opened in place where that is safe."""

import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from flask import Response, current_app, request
from werkzeug.exceptions import Gone, ServiceUnavailable

from app.core.errors import Refused
from app.core.files.store import Missing, StoreFailed, the_store
from app.core.files.stored import OPENS, Scan, StoredFile

IN_PLACE = frozenset({"application/pdf", "image/jpeg", "image/png"})
NO_STORE = "The file cannot be fetched just now. Nothing was lost: try again in a few minutes."
NOT_OPEN = {
    Scan.PENDING: "This file is still being checked for viruses. It opens when that is done: try again in a minute.",
    Scan.INFECTED: "A virus was found in this file, so it was deleted. Ask whoever added it for a clean one.",
    Scan.FAILED: (
        "This file could not be checked for viruses, so it does not open. Ask whoever added it for a smaller one, or "
        "for a PDF."
    ),
}


def send(file: StoredFile, *, inline: bool = False) -> Response:
    """The file, in pieces. Whether this person may have it was asked before."""
    if file.scan not in OPENS:
        raise Refused(NOT_OPEN[file.scan])
    is_in_place = inline and file.media in IN_PLACE
    pieces = _pieces(file.key)
    answer = Response(pieces, direct_passthrough=True)
    answer.headers["Content-Type"] = file.media
    answer.headers["Content-Length"] = str(file.size)
    answer.headers["Content-Disposition"] = disposition("inline" if is_in_place else "attachment", file.name)
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Content-Security-Policy"] = _policy(file.media)
    return answer


def picture(png: bytes) -> Response:
    """A picture of our own making, for a page of ours."""
    answer = Response(png, content_type="image/png")
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def take_away(content: bytes, name: str, media: str) -> Response:
    """A file of our own making, to be kept by whoever asked for it; never opened in place."""
    answer = Response(content, content_type=media)
    answer.headers["Content-Disposition"] = disposition("attachment", name)
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Content-Security-Policy"] = _policy(media)
    return answer


def _pieces(key: str) -> Iterator[bytes] | None:
    """None where only the headers are asked for. An object that is not there is a page that says so."""
    try:
        if request.method == "GET":
            return the_store().read(key)
        if not the_store().has(key):
            raise Gone
    except Missing:
        current_app.logger.error("an object is missing from the store")  # noqa: TRY400 (where does not matter)
        raise Gone from None
    except StoreFailed:
        current_app.logger.error("the store does not answer")  # noqa: TRY400
        raise ServiceUnavailable(NO_STORE) from None
    return None


def disposition(how: str, name: str) -> str:
    """With the name as it is (RFC 5987), and without macrons for programs that cannot read that."""
    letters = "".join(each for each in unicodedata.normalize("NFD", name) if not unicodedata.combining(each))
    plain = "".join(each if each.isascii() and each not in '"\\%' else "_" for each in letters)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _policy(media: str) -> str:
    sandbox = "" if media == "application/pdf" else "; sandbox"
    return f"default-src 'none'; frame-ancestors 'none'{sandbox}"
