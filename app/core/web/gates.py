"""Who gets in: every request passes `admit` in a fixed order.

Order of a POST: host → address → own origin → sign-in → the audience's gate → size and body → CSRF → once-only key
(`web.writes`) → (then, in `web.guards`) record → rule → the view."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, abort, current_app, g, redirect, render_template, request, session
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.core.errors import Unseen
from app.core.figures import counted, the_figures
from app.core.web import keeping
from app.core.web.guards import declared_rule, declared_sent
from app.core.web.parts import SAFE, is_part_request, is_part_sent, told
from app.core.web.writes import SOMEBODY_ELSE, admit_write, refuse_nul, texts, token_owner

SIGNED_OUT = (
    "You are signed out. What you typed is still here: copy it, sign in again in a new window, then send again."
)
KEPT = (
    "You are signed out. What you typed is still here, and is kept for {}: sign in again in a new window, and "
    "you will be asked whether to send it."
)
LONGEST_BACK = 2000
"""Characters of an address that the sign-in page leads back to: within another address it is up to three times as long."""
LoadActor = Callable[[str], Any]


def set_up(app: Flask, load_actor: LoadActor, load_former: keeping.LoadFormer) -> None:
    app.extensions["load_actor"] = load_actor
    keeping.set_up(app, load_former)
    app.before_request(admit)


def admit() -> Response | None:
    """Everything that stands between a request and its view."""
    _refuse_other_host()
    refuse_nul([request.path, *texts(request.args)])
    rule = declared_rule()
    if rule == "open to machines" or request.endpoint is None:
        return None
    if request.method not in SAFE:
        _refuse_foreign_origin()
    g.actor = _actor()
    if rule == "open to all":
        refuse_nul(texts(request.form))
        return None
    if g.actor is None:
        return _to_sign_in()
    _refuse_other_audience()
    return None if request.method in SAFE else admit_write(declared_sent())


def _refuse_other_host() -> None:
    settings = current_app.extensions["settings"]
    if (
        request.host != settings.host
        and declared_rule() != "open to machines"
        and request.path not in {"/healthz", "/readyz"}
    ):
        g.wrong_host = True
        abort(421)


def _refuse_foreign_origin() -> None:
    own = current_app.extensions["settings"].public_url
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if (origin is not None and origin != own) or (site is not None and site not in {"same-origin", "none"}):
        raise BadRequest("This was sent from another site, so nothing was done.")
    if origin is None and site is None:
        _refuse_foreign_referrer(own)


def _refuse_foreign_referrer(own: str) -> None:
    came_from = urlsplit(request.headers.get("Referer", ""))
    if f"{came_from.scheme}://{came_from.netloc}" != own:
        raise BadRequest("Your browser did not say where this came from, so nothing was done.")


def _actor() -> Any:
    token = session.get("token")
    return current_app.extensions["load_actor"](token) if token else None


def _to_sign_in() -> Response:
    """A page leads to the sign-in page and back. What was sent is kept where its sender is known, and a page that can
    stay as it is does; else a page keeps it that is shown in its place."""
    if request.method in SAFE:
        return _asked_again()
    is_kept = keeping.keep_sent()
    if is_part_sent():
        return told(401, _kept() if is_kept else SIGNED_OUT)
    if is_kept:
        return _sign_in_page(keeping.came_from(), kept="y")
    if again := keeping.to_send_again():
        return Response(render_template("errors/signed_out.html", again=again), status=401, mimetype="text/html")
    return _sign_in_page(keeping.came_from(), unsaved="y")


def _kept() -> str:
    return KEPT.format(counted(the_figures().kept_minutes, "minute"))


def _asked_again() -> Response:
    if is_part_request():
        return Response(status=401, headers={"HX-Redirect": "/sign-in"})
    asked = request.full_path.rstrip("?")
    return _sign_in_page(asked if len(asked) <= LONGEST_BACK else request.path)


def _sign_in_page(page: str, **more: str) -> Response:
    """It leads back to this page."""
    asked = ({"next": page} if page not in {"", "/"} else {}) | more
    return redirect("/sign-in" + (f"?{urlencode(asked, safe='/')}" if asked else ""), 303)


def _refuse_other_audience() -> None:
    """To this person the address does not exist. Who sends another one's form is told that, whatever its address: with
    scripts the page stays, and its words with it."""
    blueprint = current_app.blueprints.get(request.blueprint or "")
    kinds = getattr(blueprint, "kinds", None)
    if kinds is None or g.actor.organisation_kind in kinds:
        return
    if request.method not in SAFE and token_owner() not in {None, g.actor.person_id}:
        raise BadRequest(SOMEBODY_ELSE)
    g.other_audience = kinds
    raise Unseen
