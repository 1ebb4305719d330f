"""What the sign-in server says about itself: its discovery document and its keys, fetched when needed and kept."""

import time
from threading import Lock
from typing import Any

import requests
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from app.signin.failures import SignInFailed

TIMEOUT = (5, 10)  # seconds, to connect and to read
KEPT_SECONDS = 3600
BETWEEN_REFETCHES = 10  # seconds; so that forged tokens cannot make us ask all day
ALGORITHMS = ("RS256", "PS256", "ES256")
KINDS_OF_KEY = {"RSA", "EC"}


class IssuerServer:
    """The server named by OIDC_ISSUER."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._lock = Lock()
        self._metadata: dict[str, Any] = {}
        self._metadata_until = 0.0
        self._keys: KeySet | None = None
        self._refetched_at = -float(BETWEEN_REFETCHES)

    @property
    def metadata(self) -> dict[str, Any]:
        """The discovery document; an issuer in it that is not the one we were told is refused."""
        if time.monotonic() >= self._metadata_until:
            found = self._fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.issuer:
                raise SignInFailed("untrusted: issuer in discovery differs from OIDC_ISSUER")
            with self._lock:
                self._metadata, self._keys = found, None
                self._metadata_until = time.monotonic() + KEPT_SECONDS
        return self._metadata

    def endpoint(self, name: str) -> str:
        address = self.metadata.get(name)
        if not isinstance(address, str):
            raise SignInFailed(f"refused: discovery has no {name}")
        return address

    def decode(self, token: str) -> jwt.Token:
        """The token, its signature checked by one of the allowed algorithms; a key not known yet is asked for once."""
        try:
            try:
                return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
            except InvalidKeyIdError:
                self._forget_keys()
                return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError) as error:
            raise SignInFailed(f"untrusted: {type(error).__name__}") from error

    def _key_set(self) -> KeySet:
        if self._keys is None:
            found = self._fetch(self.endpoint("jwks_uri")).get("keys")
            self._keys = KeySet.import_key_set({"keys": _usable(found)})
        return self._keys

    def _forget_keys(self) -> None:
        with self._lock:
            if time.monotonic() - self._refetched_at >= BETWEEN_REFETCHES:
                self._refetched_at = time.monotonic()
                self._keys = None

    def _fetch(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise SignInFailed(f"unreachable: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise SignInFailed("unreachable: no JSON object")
        return found


def _usable(keys: Any) -> list[dict[str, Any]]:
    """Public signing keys of the kinds we verify with."""
    if not isinstance(keys, list):
        raise SignInFailed("unreachable: no keys")
    return [
        key
        for key in keys
        if isinstance(key, dict) and key.get("kty") in KINDS_OF_KEY and key.get("use", "sig") == "sig"
    ]
