"""Signing out: here, at the sign-in server, and when the sign-in server says that somebody left there."""

from flask import Blueprint, g, redirect, request, session
from werkzeug.wrappers import Response

from app.core.db import begin_write
from app.core.web.answers import done, show
from app.core.web.guards import open_to_all, open_to_machines
from app.people import actions, queries
from app.signin.extension import log, server
from app.signin.failures import SignInFailed
from app.signin.oidc import SIGNED_OUT
from app.signin.tokens import Claims

leaving = Blueprint("leaving", __name__)


@leaving.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    """End the row, empty the browser, and end the session at the sign-in server where that can be done."""
    if g.actor is None:
        return leave_everywhere() if "turned" in session else leave(SIGNED_OUT)
    begin_write()
    actions.end_sign_in(g.actor.sign_in_id)
    done("", SIGNED_OUT)
    return leave_everywhere()


@leaving.get(SIGNED_OUT)
@open_to_all
def signed_out() -> Response:
    return redirect("/", 303) if g.actor else show("signin/signed_out.html")


@leaving.post("/sign-in/back-channel-logout")
@open_to_machines
def back_channel_logout() -> tuple[dict[str, str], int]:
    """Somebody left at the sign-in server: their sign-ins here end too (by its session, or all of the person)."""
    try:
        claims = server().logout_claims(request.form.get("logout_token", ""))
    except SignInFailed as failure:
        log(failure)
        return {"error": "invalid_request"}, 400
    begin_write()
    _end_sign_ins(claims)
    done("", "/")
    server().replays.remember(claims["jti"])
    return {}, 200


def leave_everywhere() -> Response:
    """Nothing stays in this browser, and its session at the sign-in server ends too, where that can be done."""
    return leave(server().end_session_address() or SIGNED_OUT)


def leave(address: str) -> Response:
    """Nothing stays in this browser."""
    session.clear()
    answer = redirect(address, 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _end_sign_ins(claims: Claims) -> None:
    issuer = server().issuer
    if sid := claims.get("sid"):
        actions.end_sign_ins_at_issuer(issuer=issuer, sid=sid)
    elif person := queries.person_by_identity(issuer, claims["sub"]):
        actions.end_sign_ins_at_issuer(issuer=issuer, person_id=person.id)
