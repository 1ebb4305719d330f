"""What kind of request this is: reading or changing, for a page or for a part of one."""

from urllib.parse import quote, urlsplit

from flask import request
from werkzeug.wrappers import Response

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_PATH = 300


def is_part_request() -> bool:
    """Does htmx ask for one part of a page?"""
    headers = request.headers
    return "HX-Request" in headers and "HX-Boosted" not in headers and "HX-History-Restore-Request" not in headers


def is_part_sent() -> bool:
    """Did htmx send a form of a page that stays open, with what was typed into it?"""
    return request.method not in SAFE and is_part_request()


def told(status: int, text: str) -> Response:
    """The page stays as it is, with what was typed; its script says this text (`static/js/line.js`)."""
    headers = {"X-Tell": quote(text), "HX-Reswap": "none"}
    return Response(status=status, headers=headers, content_type="text/html; charset=utf-8")


def own_path(path: str) -> str:
    """The path if it is one of ours, else nothing: never an address elsewhere, however it is written."""
    is_plain = path.isprintable() and "\\" not in path and len(path) <= LONGEST_PATH
    if not is_plain or not path.startswith("/") or path.startswith("//"):
        return ""
    try:
        parts = urlsplit(path)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else path
