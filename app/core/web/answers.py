"""The answers a view gives: `show` a page (or the part of it that was asked for), `done`, `kept` where the page stays open
with what was saved of it, and `as_it_was` where it waits for something."""

import gzip
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, flash, g, get_flashed_messages, redirect, render_template, request
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from app.core import clock, once, seen
from app.core.db import db, is_anything_due
from app.core.errors import Conflict
from app.core.security import csrf_token, random_token
from app.core.unread import COUNTED_TO
from app.core.web import assets, errors, words
from app.core.web.forms import OTHER_CONTENT
from app.core.web.parts import SAFE, is_part_request
from app.core.web.writes import Sent, drop_kept

TOUCH_EVERY = timedelta(minutes=1)
REFUSED = frozenset({409, 422})


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation: its words, address, whether this page belongs to it, and a count."""

    label: str
    url: str
    is_current: bool
    count: int = 0
    """Counted as far as `COUNTED_TO`."""

    @property
    def how_many(self) -> str:
        return str(self.count) if self.count < COUNTED_TO else f"{COUNTED_TO - 1}+"


Nav = Callable[[Any], list[NavItem]]


def set_up(app: Flask, navs: Mapping[Any, Nav], touch: Callable[[int, datetime], None]) -> None:
    app.extensions["navs"] = navs
    app.extensions["touch"] = touch
    app.context_processor(_context)
    assets.set_up(app)
    words.set_up(app)
    app.after_request(_log_view)


def show(page: str, part: str = "", *, status: int = 200, **values: Any) -> Response:
    """The page; or, when htmx asks, only its part. A refused form is shown with status 422."""
    if request.method not in SAFE:
        db.session.rollback()
    is_part = bool(part) and is_part_request()
    g.is_part = is_part
    html = render_template(part if is_part else page, **values)
    return Response(html, status=status, content_type="text/html; charset=utf-8")


def done(message: str, url: str, *, undo: str = "") -> Response:
    """The write is kept: remember the once-only key, commit, say so, and lead on. Nothing else commits. `undo`: the address
    that takes it back, offered beside the message.
    Raises `Conflict` where the same key was used before with other content, also for a view without a `OnceForm`."""
    if getattr(g, "has_other_content", False):
        raise Conflict(OTHER_CONTENT, "This was sent before")
    if key := getattr(g, "once", ""):
        once.remember(key, url, person_id=g.actor.person_id)
    if request.method not in SAFE and getattr(g, "actor", None):
        drop_kept()
    if touch := _touch_when_due():
        touch(clock.now())
    db.session.commit()
    if message:
        flash({"said": message, "undo": undo} if undo else message)  # type: ignore[arg-type]
    current_app.extensions["jobs"].wake(is_due=is_anything_due())
    return redirect(url, 303)


def kept(message: str, url: str, page: str, part: str = "", *, is_all: bool = True, **values: Any) -> Response:
    """What could be taken is kept and the page stays open: to a page that saves by itself its part. Else: when that was
    all of it, on to the address; when not, the page again, and the form's key stays unused for what is left.
    `values` are plain: nothing is read between the commit and the answer."""
    is_part = bool(part) and is_part_request()
    if is_all and not is_part:
        return done(message, url)
    if key := getattr(g, "once", ""):
        once.release(key)
    if is_all:
        drop_kept()
    now, touch = clock.now(), _touch_when_due()
    if touch:
        touch(now)
    db.session.commit()
    response = show(page, part, status=200 if is_part else 409, **values)
    if idle := g.actor.idle_until:
        response.headers["X-Idle-Until"] = (idle + (now - g.actor.last_seen_at if touch else timedelta())).isoformat()
    return response


def as_it_was() -> Response:
    """To a page that asks again and again: nothing is new, so nothing on it is touched."""
    g.is_part = True
    return Response(status=204)


def elsewhere(url: str) -> Response:
    """Nothing was done; what was asked for stands at another address."""
    return redirect(url, 303)


def _context() -> dict[str, Any]:
    actor = getattr(g, "actor", None)
    settings = current_app.extensions["settings"]
    return {
        "actor": actor,
        "nav": [] if getattr(g, "is_part", False) else _nav(actor),
        "signed_in_until": actor.signed_in_until if actor else None,
        "notices": get_flashed_messages,
        "demonstration": settings.demonstration or None,
        "csrf_token": csrf_token(settings.secret_key, actor.person_id) if actor else "",
        "new_once": random_token,
        "now": clock.now(),
        "is_part": getattr(g, "is_part", False),
        "settings": settings,
    }


def _nav(actor: Any) -> list[NavItem]:
    nav = current_app.extensions["navs"].get(actor.organisation_kind) if actor else None
    return nav(actor) if nav else []


def _touch_when_due() -> Callable[[datetime], None] | None:
    """Notes that the person is here, where that was last noted over a minute ago."""
    actor = getattr(g, "actor", None)
    if actor is None or actor.last_seen_at is None or clock.now() - actor.last_seen_at <= TOUCH_EVERY:
        return None
    touch = current_app.extensions["touch"]
    return lambda at: touch(actor.sign_in_id, at)


def _log_view(response: Response) -> Response:
    """After a GET: end its transaction, then write what a GET may write, before the first byte leaves."""
    actor = getattr(g, "actor", None)
    if actor is None:
        return response
    if request.method not in SAFE and not _is_looked_at():
        return _note_refused(response)
    if getattr(g, "is_part", False) and getattr(g, "view", None) is None:
        return response
    db.session.rollback()
    view = getattr(g, "view", None) if response.status_code == 200 else None
    try:
        seen.write(actor, view, _touch_when_due(), has_unread=bool(actor.unread))
    except DBAPIError:
        return errors.page(503)
    return response


def _is_looked_at() -> bool:
    """A POST whose answer is only looked at, and shows what is logged."""
    return g.get("sent") is Sent.LOOKS and g.get("view") is not None


def _note_refused(response: Response) -> Response:
    """Who sent a form that was refused, or whose answer is only looked at, is still here. What was typed is shown again
    whether or not that can be noted."""
    if response.status_code in REFUSED or g.get("sent") is Sent.LOOKS:
        db.session.rollback()
        with suppress(DBAPIError):
            seen.write(g.actor, None, _touch_when_due())
    return response


def compress(response: Response) -> Response:
    """Gzip for pages where the browser takes it; a page is small, so level 6 costs well under a millisecond."""
    accepts = "gzip" in request.headers.get("Accept-Encoding", "")
    if not accepts or response.is_streamed or "Content-Encoding" in response.headers:
        return response
    if response.mimetype == "text/html" and len(response.get_data()) > 500:
        response.set_data(gzip.compress(response.get_data(), 6))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response
