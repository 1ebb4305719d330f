"""The conversation with the sign-in server: authorization code with PKCE, logout there and from there."""

from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from app.settings import Settings
from app.signin.attempts import Attempt
from app.signin.failures import SignInFailed
from app.signin.server import TIMEOUT, IssuerServer
from app.signin.tokens import Claims, Replays, checked_identity, checked_logout

CALLBACK = "/sign-in/callback"
SIGNED_OUT = "/signed-out"


class SignInServer:
    """The portal's side, as one client of the server named in the settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.issuer = settings.oidc_issuer
        self.client_id = settings.oidc_client_id
        self.server = IssuerServer(self.issuer)
        self.replays = Replays()

    def authorization_address(self, attempt: Attempt) -> str:
        """Where the browser is sent."""
        address, _ = self._session().create_authorization_url(
            self.server.endpoint("authorization_endpoint"),
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
        return str(address)

    def claims_for(self, code: str, attempt: Attempt, wanted: frozenset[str]) -> Claims:
        """Exchange the code, check the ID token, and ask the server for wanted claims the token does not carry."""
        session = self._session()
        token = self._token(session, code, attempt)
        claims = checked_identity(
            self.server.decode(str(token.get("id_token") or "")),
            issuer=self.issuer,
            client_id=self.client_id,
            nonce=attempt.nonce,
        )
        if wanted <= claims.keys() or "userinfo_endpoint" not in self.server.metadata:
            return claims
        return {**self._more(session, claims["sub"]), **claims}

    def logout_claims(self, token: str) -> Claims:
        """The claims of a back-channel logout token; refused once `replays` remembers it."""
        claims = checked_logout(self.server.decode(token), issuer=self.issuer, client_id=self.client_id)
        self.replays.refuse_second(claims["jti"])
        return claims

    def end_session_address(self) -> str | None:
        """Where the browser ends its session at the sign-in server too; None where it has no such place."""
        try:
            address = self.server.metadata.get("end_session_endpoint")
        except SignInFailed:
            return None
        if not isinstance(address, str):
            return None
        after = {"client_id": self.client_id, "post_logout_redirect_uri": self.settings.address(SIGNED_OUT)}
        return f"{address}{'&' if '?' in address else '?'}{urlencode(after)}"

    def check_callback_issuer(self, given: str | None) -> None:
        """Mix-up defence (RFC 9207): an `iss` beside the code must be ours, and be there where it was promised."""
        is_promised = self.server.metadata.get("authorization_response_iss_parameter_supported") is True
        if (given is None and is_promised) or (given is not None and given != self.issuer):
            raise SignInFailed("untrusted: iss beside the code")

    def _session(self) -> OAuth2Session:
        methods = self.server.metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        session = OAuth2Session(
            self.client_id,
            self.settings.oidc_client_secret,
            scope=self.settings.oidc_scopes,
            redirect_uri=self.settings.address(CALLBACK),
            code_challenge_method="S256",
            token_endpoint_auth_method=(
                "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
            ),
        )
        session.register_compliance_hook("access_token_response", _only_success)
        return session

    def _token(self, session: OAuth2Session, code: str, attempt: Attempt) -> dict[str, Any]:
        address = self.server.endpoint("token_endpoint")
        try:
            token = session.fetch_token(
                address, code=code, code_verifier=attempt.verifier, timeout=TIMEOUT, allow_redirects=False
            )
        except AuthlibBaseError as error:
            raise SignInFailed(f"refused: {error.error}") from error
        except (requests.RequestException, ValueError) as error:
            raise SignInFailed(f"unreachable: {type(error).__name__}") from error
        if not isinstance(token, dict):
            raise SignInFailed("refused: no token")
        return token

    def _more(self, session: OAuth2Session, subject: str) -> Claims:
        """What the server tells about the person besides; it must be the same person."""
        try:
            answer = session.get(self.server.endpoint("userinfo_endpoint"), timeout=TIMEOUT, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, AuthlibBaseError, ValueError) as error:
            raise SignInFailed(f"unreachable: userinfo {type(error).__name__}") from error
        if not isinstance(found, dict) or found.get("sub") != subject:
            raise SignInFailed("untrusted: userinfo has another sub")
        return found


def _only_success(answer: requests.Response) -> requests.Response:
    """A token counts only with status 200; Authlib would also take one that comes with a 400."""
    if answer.status_code >= 500:
        raise SignInFailed(f"unreachable: status {answer.status_code}")
    if answer.status_code != 200:
        raise SignInFailed(f"refused: status {answer.status_code}")
    return answer
