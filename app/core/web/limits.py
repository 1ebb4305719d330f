"""Rate limits: by person where somebody is signed in, else by address (a school shares one)."""

from flask import Flask, g, request
from flask_limiter import Limiter

SIGNED_IN_WRITES = "120 per minute"
SIGN_IN_TRIES = "60 per minute"


def who() -> str:
    """Whose tries are counted together."""
    actor = getattr(g, "actor", None)
    return f"person {actor.person_id}" if actor else f"address {request.remote_addr}"


limiter = Limiter(key_func=who, storage_uri="memory://", headers_enabled=False)
limit_sign_in = limiter.limit(SIGN_IN_TRIES)


def set_up(app: Flask) -> None:
    """Memory per process: with several processes each counts by itself (docs: Redis for exact limits)."""
    app.config.setdefault("RATELIMIT_APPLICATION", SIGNED_IN_WRITES)
    app.config.setdefault("RATELIMIT_APPLICATION_EXEMPT_WHEN", None)
    limiter.init_app(app)


@limiter.request_filter
def _is_read() -> bool:
    return request.method in {"GET", "HEAD"} and not request.path.startswith("/sign-in")
