"""What Authlib's server half asks of a provider: one client, codes that are used once, S256 and a nonce or nothing."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode, UserInfo
from authlib.oidc.rpinitiated import EndSessionEndpoint, EndSessionRequest
from joserfc.jwk import KeySet, RSAKey

from demo.people import DemoPerson

CODE_SECONDS = 60
SCOPES = ("openid", "email", "profile")


@dataclass(frozen=True)
class Client(ClientMixin):
    """The portal, the only client there is."""

    client_id: str
    secret: str
    callback: str
    after_sign_out: str

    @property
    def client_metadata(self) -> dict[str, list[str]]:
        return {"post_logout_redirect_uris": [self.after_sign_out]}

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.callback

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(word for word in (scope or "").split() if word in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.callback

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):
    """A code on its way through the browser."""

    person: DemoPerson
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    made_at: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.made_at

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Server(AuthorizationServer):
    """The provider's memory: its key, the codes not yet used, the tokens it gave. All of it ends with the process."""

    def __init__(self, client: Client, issuer: str) -> None:
        super().__init__()
        self.client = client
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, auto_kid=True)
        self.codes: dict[str, Code] = {}
        self.access: dict[str, DemoPerson] = {}
        self.register_grant(CodeGrant, [StrictChallenge(required=True), IdToken(require_nonce=True)])
        self.register_endpoint(EndSession)

    def query_client(self, client_id: str) -> Client | None:
        return self.client if client_id == self.client.client_id else None

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        self.access[token["access_token"]] = request.user

    def jwks(self) -> dict[str, Any]:
        return {"keys": [{**self.key.as_dict(private=False), "use": "sig", "alg": "RS256"}]}


class CodeGrant(AuthorizationCodeGrant):
    """Codes live a minute and are gone at the first try, right or wrong."""

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        sent = request.payload.data
        self.server.codes[code] = Code(
            person=request.user,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            nonce=sent["nonce"],
            code_challenge=sent["code_challenge"],
            code_challenge_method=sent["code_challenge_method"],
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        found: Code | None = self.server.codes.pop(code, None)
        return found if found and time.time() - found.made_at <= CODE_SECONDS else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Nothing is left to delete: asking for a code takes it."""

    def authenticate_user(self, authorization_code: Code) -> DemoPerson:
        return authorization_code.person


class StrictChallenge(CodeChallenge):
    """PKCE with S256, always."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        if grant.request.payload.data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with S256 is required.")
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):
    """Who the person is, and the claim their roles come from."""

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return False

    def get_client_claims(self, client: Client) -> dict[str, str]:
        return {"iss": self.server.issuer, "aud": client.client_id}

    def get_encode_header(self, client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": self.server.key.kid}

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        key: RSAKey = self.server.key
        return key

    def generate_user_info(self, user: DemoPerson, scope: str) -> UserInfo:
        return user_info(user)

    def __call__(self, grant: CodeGrant) -> None:
        self.server = grant.server
        super().__call__(grant)


class EndSession(EndSessionEndpoint):
    """Signing out leads back to the portal; there is no session to end here."""

    def get_server_jwks(self) -> KeySet:
        return KeySet([self.server.key])

    def is_post_logout_redirect_uri_legitimate(self, *_: object) -> bool:
        return True

    def end_session(self, end_session_request: EndSessionRequest) -> None:
        """The browser holds nothing but the name last chosen, which the page forgets."""


def user_info(person: DemoPerson) -> UserInfo:
    return UserInfo(
        sub=person.subject,
        name=person.name,
        email=person.email,
        email_verified=True,
        waharoa_roles=person.claim,
    )
