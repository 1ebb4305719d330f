"""What kind of request this is: reading or changing, for a page or for a part of one."""

from urllib.parse import quote

from flask import request
from werkzeug.wrappers import Response

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


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
