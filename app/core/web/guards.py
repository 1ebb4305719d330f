"""Every view declares its rule here, or the app does not start."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, current_app, g, request
from werkzeug.wrappers import Response

from app.core.db import db
from app.core.errors import Refused, Unseen
from app.core.files.keeping import keep
from app.core.seen import View
from app.core.web.uploads import Keeping, take_in
from app.core.web.writes import Sent, open_write

OTHER_ROLE = "If another of your roles includes it, choose that role under your account (your name, at the top)."
ViewFunction = Callable[..., Any]
Rule = Callable[[Any, Any], bool]
"""May this person do it with this thing?"""


def open_to_all(view: ViewFunction) -> ViewFunction:
    """No sign-in needed: sign-in pages, health, static files. A POST must still come from our own pages."""
    view.rule = "open to all"  # type: ignore[attr-defined]
    return view


def open_to_machines(view: ViewFunction) -> ViewFunction:
    """Called by another server that proves itself in its own way; no browser, so no origin."""
    view.rule = "open to machines"  # type: ignore[attr-defined]
    return view


def open_to(*roles: str, sent: Sent = Sent.ONCE) -> Callable[[ViewFunction], ViewFunction]:
    """The role is enough; without roles: everybody who is signed in. Others are refused with 403. `sent` says what a POST
    carries."""

    def guard(view: ViewFunction) -> ViewFunction:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if roles and g.actor.role not in roles:
                who_can = f"It is open to whoever is {' or '.join(role.replace('_', ' ') for role in roles)}."
                who_can = f"{who_can} {OTHER_ROLE}" if g.actor.has_other_roles else who_can
                raise Refused("Your role does not include this page.", who_can, roles=frozenset(roles))
            return view(**arguments)

        guarded.rule = f"open to {', '.join(roles) or 'everybody signed in'}"  # type: ignore[attr-defined]
        guarded.sent = sent  # type: ignore[attr-defined]
        return guarded

    return guard


def needs(
    can: Rule, *, on: Callable[..., Any], log: str = "", sent: Sent = Sent.ONCE, keeping: Keeping = keep
) -> Callable[[Callable[[Any], Response]], ViewFunction]:
    """Load the record once, through what this person may see (else 404), ask the rule (else 403), and hand the record
    to the view. `on` is called with the actor and the address's arguments; `log` names the page in the view log; `sent`
    says what a POST carries, `keeping` what becomes of its files."""

    def guard(view: Callable[[Any], Response]) -> ViewFunction:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if sent.may_have_files:
                _take_files(can, on, arguments, keeping)
            if sent.keeps_files and (earlier := open_write()):
                return earlier
            thing = _found(can, on, arguments)
            if log:
                g.view = View(log, thing.case_id)
            return view(thing)

        guarded.rule = can.__name__  # type: ignore[attr-defined]
        guarded.sent = sent  # type: ignore[attr-defined]
        return guarded

    return guard


def audience(blueprint: Blueprint, *kinds: str) -> Blueprint:
    """Only people of these kinds of organisation; to all others its addresses do not exist."""
    blueprint.kinds = kinds  # type: ignore[attr-defined]
    return blueprint


def refuse_unguarded(app: Flask) -> None:
    """Raises `RuntimeError` at start for a route without a declared rule."""
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, "rule") and name != "static"]
    if bare:
        raise RuntimeError(f"routes without a rule: {', '.join(sorted(bare))}")


def declared_rule() -> str:
    """The rule of the view that was asked for, in words."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "rule", "")


def declared_sent() -> Sent:
    """What the view that was asked for is sent."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "sent", Sent.ONCE)


def _found(can: Rule, on: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    thing = on(g.actor, **arguments)
    if thing is None:
        raise Unseen
    if not can(g.actor, thing):
        raise Refused(_why(can))
    return thing


def _take_files(can: Rule, on: Callable[..., Any], arguments: dict[str, Any], keeping: Keeping) -> None:
    """Where files came, who may send them is asked before they go into the store, outside of any transaction. Then the
    writing one begins, and the view's own question is asked within it."""
    if any(file.filename for file in request.files.values()):
        _found(can, on, arguments)
        db.session.rollback()
    take_in(keeping)


def _why(can: Rule) -> str:
    return (can.__doc__ or "You may see this but not change it.").strip().split("\n")[0]
