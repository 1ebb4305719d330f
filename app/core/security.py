"""Tokens: random ones for addresses and sign-ins, signed ones against forged forms."""

import hashlib
import secrets

from itsdangerous import BadSignature, URLSafeTimedSerializer


def random_token() -> str:
    """A token nobody can guess (256 bits)."""
    return secrets.token_urlsafe(32)


def public_id() -> str:
    """A short random name for addresses, where a number would tell how many there are (72 bits)."""
    return secrets.token_urlsafe(9)


def digest(text: str) -> str:
    """What is kept of a secret token: its SHA-256, so that a read database signs nobody in."""
    return hashlib.sha256(text.encode()).hexdigest()


def csrf_token(secret: str, person_id: int) -> str:
    """The token a form carries: it belongs to the person, without a time limit."""
    return _csrf(secret).dumps(person_id)


def csrf_person(secret: str, token: str) -> int | None:
    """Whose token this is; None for one that is not ours."""
    try:
        person_id: int = _csrf(secret).loads(token)
    except BadSignature:
        return None
    return person_id


def _csrf(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="csrf")
