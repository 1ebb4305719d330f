"""What must be true of a token besides its signature."""

import time
from collections.abc import Mapping
from threading import Lock
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from app.signin.failures import SignInFailed

LEEWAY = 30  # seconds that clocks may differ
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPES = {"logout+jwt", "application/logout+jwt", "jwt", ""}
LOGOUT_LASTS = 120  # seconds in which a logout token must arrive
LONGEST_SUBJECT = 255

Claims = dict[str, Any]


def checked_identity(token: jwt.Token, *, issuer: str, client_id: str, nonce: str) -> Claims:
    """The claims of an ID token meant for us, from this issuer, for this very sign-in, now."""
    claims = token.claims
    _check(
        claims,
        iss={"essential": True, "value": issuer},
        sub={"essential": True},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    _check_audience(claims, client_id)
    if len(claims["sub"]) > LONGEST_SUBJECT:
        raise SignInFailed("untrusted: sub is too long")
    return claims


def checked_logout(token: jwt.Token, *, issuer: str, client_id: str) -> Claims:
    """The claims of a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6)."""
    claims = token.claims
    if str(token.header.get("typ", "")).lower() not in LOGOUT_TYPES:
        raise SignInFailed("untrusted: typ is not a logout token's")
    _check(
        claims,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        iat={"essential": True},
        jti={"essential": True},
        events={"essential": True},
    )
    _check_audience(claims, client_id)
    _check_logout(claims)
    return claims


class Replays:
    """The logout tokens this process has carried out while they could still be accepted."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: dict[str, float] = {}

    def refuse_second(self, jti: str) -> None:
        with self._lock:
            if self._seen.get(jti, 0) > time.monotonic():
                raise SignInFailed("untrusted: logout token replayed")

    def remember(self, jti: str) -> None:
        """Only once it has been carried out: the sign-in server tries again what failed."""
        now = time.monotonic()
        with self._lock:
            self._seen = {name: until for name, until in self._seen.items() if until > now}
            self._seen[jti] = now + LOGOUT_LASTS + 2 * LEEWAY


def _check(claims: Mapping[str, Any], **options: Any) -> None:
    try:
        jwt.JWTClaimsRegistry(leeway=LEEWAY, **options).validate(dict(claims))
    except JoseError as error:
        raise SignInFailed(f"untrusted: {error.error} {getattr(error, 'claim', '')}".strip()) from error


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """For us; where it is for others too, given to us (azp)."""
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if client_id not in audience:
        raise SignInFailed("untrusted: aud")
    if (len(audience) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise SignInFailed("untrusted: azp")


def _check_logout(claims: Mapping[str, Any]) -> None:
    events = claims["events"]
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise SignInFailed("untrusted: events")
    if "nonce" in claims:
        raise SignInFailed("untrusted: nonce in a logout token")
    if time.time() - claims["iat"] > LOGOUT_LASTS + LEEWAY:
        raise SignInFailed("untrusted: logout token is old")
    named = [claims[name] for name in ("sid", "sub") if name in claims]
    if not named or not all(isinstance(name, str) and name for name in named):
        raise SignInFailed("untrusted: neither sid nor sub")
