"""Signing in: the page, and the way to the sign-in server and back."""

from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, current_app, g, redirect, request, session
from werkzeug.wrappers import Response

from app.core.db import begin_write, db
from app.core.kept import is_any_kept
from app.core.web.answers import done, show
from app.core.web.guards import open_to_all
from app.core.web.parts import own_path
from app.people import actions
from app.people.models import RoleHeld
from app.people.rules import home
from app.people.sign_in_log.actions import note_turned_away
from app.people.telling.queries import role_for
from app.signin import attempts
from app.signin.arrivals import Turned, arrive
from app.signin.attempts import Attempt
from app.signin.extension import limits, log, rules, server
from app.signin.failures import SignInFailed, words
from app.signin.oidc import CALLBACK
from app.signin.tokens import Claims
from app.signin.turned import PAGE, remember

signin = Blueprint("signin", __name__)
PROFILE = frozenset({"email", "email_verified", "name"})


@signin.get("/sign-in")
@open_to_all
def sign_in() -> Response:
    next_path = own_path(request.args.get("next", ""))
    if g.actor:
        return redirect(next_path or g.actor.home, 303)
    was_unsaved, is_kept = "unsaved" in request.args, "kept" in request.args
    return show("signin/sign_in.html", next_path=next_path, was_unsaved=was_unsaved, is_kept=is_kept)


@signin.post("/sign-in")
@open_to_all
def start() -> Response:
    """Off to the sign-in server, with a state, a nonce and a PKCE verifier that only this browser knows."""
    next_path = own_path(request.form.get("next", ""))
    attempt = attempts.begin(session, next_path=next_path, is_shared=request.form.get("shared") == "y")
    try:
        return redirect(server().authorization_address(attempt), 303)
    except SignInFailed as failure:
        return _failed(failure)


@signin.get(CALLBACK)
@open_to_all
def callback() -> Response:
    """Back from the sign-in server: the one GET that changes something, and only for an attempt of this browser."""
    attempt = attempts.take(session, request.args.get("state", ""))
    if attempt is None:
        return _failed(SignInFailed("attempt"))
    try:
        known = rules()
        claims = _claims(attempt, known.claims)
        begin_write()
        wanted = partial(role_for, path=attempt.next, secret=current_app.extensions["settings"].secret_key)
        arrived = arrive(claims, issuer=server().issuer, rules=known, log=current_app.logger, role_for=wanted)
    except SignInFailed as failure:
        return _failed(failure)
    if g.actor:
        actions.end_sign_in(g.actor.sign_in_id)
    return _turn_away(arrived) if isinstance(arrived, Turned) else _let_in(arrived, attempt, claims)


def _claims(attempt: Attempt, asked_by_rules: frozenset[str]) -> Claims:
    """What the sign-in server vouches for; asked for outside any transaction."""
    db.session.rollback()
    if error := request.args.get("error"):
        raise SignInFailed("cancelled" if error == "access_denied" else "refused: error beside the state")
    server().check_callback_issuer(request.args.get("iss"))
    return server().claims_for(request.args.get("code", ""), attempt, PROFILE | asked_by_rules)


def _let_in(held: RoleHeld, attempt: Attempt, claims: Claims) -> Response:
    """A new sign-in and a new cookie, which holds nothing from before but the sign-ins begun in other windows."""
    sid = claims.get("sid", "")
    token = actions.start_sign_in(
        held,
        limits=limits(),
        issuer=server().issuer,
        issuer_sid=sid[:255] if isinstance(sid, str) else "",
        is_shared_computer=attempt.is_shared,
    )
    answer = done("", _first_page(held, attempt.next))
    attempts.keep_only(session)
    session["token"] = token
    return answer


def _first_page(held: RoleHeld, wanted: str) -> str:
    """Where they wanted to go; what was kept of them is offered before."""
    if is_any_kept(held.person_id):
        return "/kept/" + (f"?{urlencode({'next': wanted}, safe='/')}" if wanted else "")
    return wanted or home(held.role, held.organisation.kind)


def _turn_away(turned: Turned) -> Response:
    """What is known of the person by now is kept; a page says why they are not in, and who can help."""
    current_app.logger.info("sign-in turned away", extra={"cause": turned.cause.value})
    if turned.account:
        note_turned_away(turned.account, turned.cause)
    answer = done("", PAGE)
    session.clear()
    remember(turned)
    return answer


def _failed(failure: SignInFailed) -> Response:
    db.session.rollback()
    log(failure)
    happened, remedy = words(failure)
    status = 502 if failure.kind == "unreachable" else 400
    return show("signin/failed.html", status=status, happened=happened, remedy=remedy)
