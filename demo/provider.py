"""The demonstration's sign-in pages and endpoints (OpenID Connect), for the portal beside it only."""

from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from demo.grants import SCOPES, Server, user_info
from demo.people import by_organisation, person_for

provider = Blueprint("provider", __name__)
ASKED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)


def server() -> Server:
    found: Server = current_app.extensions["provider"]
    return found


@provider.get("/.well-known/openid-configuration")
def discovery() -> Response:
    issuer = server().issuer
    return jsonify(
        issuer=issuer,
        authorization_endpoint=f"{issuer}/authorize",
        token_endpoint=f"{issuer}/token",
        jwks_uri=f"{issuer}/jwks",
        userinfo_endpoint=f"{issuer}/userinfo",
        end_session_endpoint=f"{issuer}/sign-out",
        response_types_supported=["code"],
        grant_types_supported=["authorization_code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
        code_challenge_methods_supported=["S256"],
        token_endpoint_auth_methods_supported=["client_secret_basic", "client_secret_post"],
        scopes_supported=SCOPES,
    )


@provider.get("/jwks")
def jwks() -> Response:
    return jsonify(server().jwks())


@provider.get("/authorize")
def choose() -> tuple[str, int] | AnyResponse:
    """Offer the invented people; nobody is remembered as signed in, so each sign-in asks."""
    try:
        grant = server().get_consent_grant(end_user=None)
        grant.validate_no_multiple_request_parameter(grant.request)
    except OAuth2Error as error:
        return _refused(error)
    asked = {name: request.args[name] for name in ASKED if name in request.args}
    last = person_for(session.get("last", ""))
    return render_template("demo/choose.html", groups=by_organisation(), asked=asked, last=last), 200


@provider.post("/authorize")
def chosen() -> tuple[str, int] | AnyResponse:
    """One click on a person: a code for the portal."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(403)
    person = person_for(request.form.get("person", "")) or abort(400)
    try:
        grant = server().get_consent_grant(end_user=person)
    except OAuth2Error as error:
        return _refused(error)
    session["last"] = person.subject
    answer: AnyResponse = server().create_authorization_response(grant_user=person, grant=grant)
    return answer


@provider.post("/token")
def token() -> AnyResponse:
    answer: AnyResponse = server().create_token_response()
    return answer


@provider.get("/userinfo")
def userinfo() -> Response:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    person = server().access.get(given)
    if scheme.lower() != "bearer" or person is None:
        abort(Response(status=401, headers={"WWW-Authenticate": "Bearer"}))
    return jsonify(user_info(person))


@provider.route("/sign-out", methods=["GET", "POST"])
def sign_out() -> str | AnyResponse:
    session.clear()
    answer: AnyResponse | None = server().create_endpoint_response("end_session")
    return answer or render_template("demo/signed_out.html")


def _refused(error: Any) -> tuple[str, int]:
    """What the portal asked for is not in order: a page, never a redirect to an address nobody checked."""
    why = error.description or error.error
    return render_template("demo/refused.html", why=why), 400
