"""Tokens: random ones for addresses and sign-ins, signed ones against forged forms; and a seal on what is kept."""

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

NONCE = 12  # bytes


def random_token() -> str:
    """A token nobody can guess (256 bits)."""
    return secrets.token_urlsafe(32)


def public_id() -> str:
    """A short random name for addresses, where a number would tell how many there are (72 bits)."""
    return secrets.token_urlsafe(9)


def random_key() -> str:
    """The key of an object in the store: nobody can guess it, and a folder holds few of them."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}"


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


def seal(secret: str, text: str, *, about: str) -> bytes:
    """Encrypted with a key made from the portal's secret: who reads the database reads nothing. `about` is no part of
    it, and must be the same to unseal it."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(_sealing_key(secret)).encrypt(nonce, text.encode(), about.encode())


def unseal(secret: str, sealed: bytes, *, about: str) -> str | None:
    """The text; None where anything of it, what it is about or the secret was changed."""
    try:
        return AESGCM(_sealing_key(secret)).decrypt(sealed[:NONCE], sealed[NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def _sealing_key(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"waharoa: kept forms").derive(secret.encode())


def link_code(secret: str, row_id: int) -> str:
    """What a mail's link names what it is about by: it tells nothing, and nobody can make one up."""
    code = _links(secret).dumps(row_id)
    return code if isinstance(code, str) else code.decode()


def row_of_link(secret: str, code: str) -> int | None:
    """None for one that is not ours."""
    try:
        row_id = _links(secret).loads(code)
    except BadSignature:
        return None
    return row_id if isinstance(row_id, int) else None


def _links(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="link of a mail")
