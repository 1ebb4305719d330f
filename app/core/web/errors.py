"""Errors as pages: what happened, whether anything was lost, what to do. Each cause is translated here, once."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.core.db import db
from app.core.errors import Conflict, Refused, Unseen
from app.core.figures import the_figures
from app.core.web import echo, outages
from app.core.web.parts import is_part_request, is_part_sent, told

TEXTS = {
    400: ("This could not be done", ["Nothing was changed. Reload the page, and try again."]),
    403: ("You may not do this", []),
    404: (
        "Page not found",
        ["Either there is nothing at this address, or it is not open to the role you work in now."],
    ),
    405: ("Page not found", ["This address does not answer to that kind of request. Nothing was changed."]),
    410: ("This file is gone", ["It was deleted, or lost from the store. Ask whoever added it to send it again."]),
    413: (
        "That is too much at once",
        [
            "Nothing was kept of it, and nothing you saved before was lost.",
            "One form may carry {0.form_megabytes} MB of files: {0.most_files} at most, of {0.file_megabytes} MB each.",
            "Its text may have 1 MB. Send it in several steps.",
        ],
    ),
    421: ("This is not the portal’s address", []),
    429: ("Too many tries", ["Nothing was lost. Wait a minute, then try again."]),
    500: ("Something went wrong here", ["Nothing you saved before was lost. The error has been noted; try again."]),
    503: ("The portal is busy or its database cannot be reached", [outages.NOT_SHOWN]),
}
STAYS = frozenset({400, 403, 404, 409, 410, 413, 429, 500, 503})
"""Where htmx sent a form, its page stays as it is."""
NOT_SENT = ("Not saved", ["What you sent belongs to something that is gone, or not open to you any more."])
STILL_HERE = "What you typed is still here; copy it before you leave this page."


OtherRole = Callable[[Any, frozenset[str], tuple[str, ...]], Any]
"""Which of this person's other roles is one of these, and may open the same page."""
SamePage = Callable[[Any, str], tuple[str, str] | None]
"""What this person has instead of a page of somebody else's: words and address."""


def set_up(app: Flask, other_role: OtherRole, same_page: SamePage) -> None:
    app.extensions["other_role"], app.extensions["same_page"] = other_role, same_page
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Unseen, lambda error: page(404))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Conflict, lambda error: page(409, str(error), heading=error.heading))
    app.register_error_handler(OperationalError, _database_gone)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, *sentences: str, heading: str = "", roles: frozenset[str] = frozenset()) -> Response:
    """An error page. It fills the window also when htmx asked for a part; where htmx sent a form, the page stays,
    with what was typed; else what was typed stands here."""
    db.session.rollback()
    usual, default = usual_words(status)
    if status in STAYS and is_part_sent():
        usual, default = NOT_SENT if status == 404 else (usual, default)
        return told(status, " ".join([f"{heading or usual}.", *(sentences or default), STILL_HERE]))
    told_before: dict[str, list[str]] = (
        {"notices": []} if status == 421 else {}
    )  # what was to be told is for the portal's own address
    html = render_template(
        "errors/page.html",
        heading=heading or usual,
        paragraphs=list(sentences) or default,
        link=_way_out(status),
        again=outages.again(status),
        typed=echo.typed(status),
        error_number=_error_number(status),
        other=_other_role(roles),
        **told_before,
    )
    headers = {"HX-Retarget": "body", "HX-Reswap": "innerHTML"} if is_part_request() else {}
    return Response(html, status=status, headers=headers, content_type="text/html; charset=utf-8")


def usual_words(status: int) -> tuple[str, list[str]]:
    """Heading and sentences, with the figures as they are set."""
    heading, sentences = TEXTS.get(status, TEXTS[500])
    return heading, [sentence.format(the_figures()) for sentence in sentences]


def _error_number(status: int) -> str:
    """What whoever runs the portal finds this in the log by."""
    g.has_failed = status in {500, 503}
    return g.get("request_id", "") if g.has_failed else ""


def _way_out(status: int) -> tuple[str, str]:
    if status == 421:
        address = current_app.extensions["settings"].public_url
        return ("Go to the portal", f"{address}/")
    actor = g.get("actor")
    instead = current_app.extensions["same_page"](actor, request.path) if status == 404 and actor else None
    return instead or ("Go to your first page", "/")


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    own_words = type(error).description != error.description and status in {400, 503}
    if status == 421:
        g.actor = None
        return page(421, f"The portal’s address is {current_app.extensions['settings'].public_url}.")
    return page(status, *([error.description] if own_words and error.description else []))


def _refused(error: Refused) -> Response:
    return page(403, *[sentence for sentence in (error.why, error.who_can) if sentence], roles=error.roles)


def _other_role(roles: frozenset[str]) -> Any:
    """One that opens the page that was asked for; what was sent is not sent again by it."""
    kinds: tuple[str, ...] = g.get("other_audience", ())
    if request.method != "GET" or not (roles or kinds) or not g.actor.has_other_roles:
        return None
    return current_app.extensions["other_role"](g.actor, roles, kinds)


def _database_gone(error: OperationalError) -> Response:
    current_app.logger.error("database", extra={"cause": outages.kind(error)})
    heading, sentences = outages.words(error)
    return page(503, *sentences, heading=heading)


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("unexpected error", exc_info=error)
    return page(500)
