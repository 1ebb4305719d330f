"""Rate limits: by person where somebody is signed in, else by address (a school shares one)."""

from flask import Flask, g, request
from flask_limiter import Limiter

from app.addresses import MEMORY
from app.core.web.guards import declared_rule, declared_sent
from app.core.web.tries import SHARED
from app.core.web.writes import Sent
from app.settings import Settings

TRIES = "120 per minute"
"""Of whatever changes something, and of every page of the sign-in; forms with files apart from the others."""
SAVES = "300 per minute"
"""Of what pages save by themselves while somebody types: one page up to forty times, and once more for each field left."""


def who() -> str:
    """Whose tries are counted together; of a person by what they send, so that what a page saves or uploads by itself
    never stands in the way of a button."""
    actor = getattr(g, "actor", None)
    return f"person {actor.person_id} {declared_sent()}" if actor else f"address {request.remote_addr}"


def how_many() -> str:
    return SAVES if g.get("actor") and declared_sent() is Sent.REPEATS else TRIES


limiter = Limiter(key_func=who, headers_enabled=False)


def set_up(app: Flask, settings: Settings) -> None:
    """In memory each process counts by itself. In Redis all count together, those of another portal apart from them."""
    if settings.limits == MEMORY:
        app.config["RATELIMIT_STORAGE_URI"] = "memory://"
    else:
        app.config["RATELIMIT_STORAGE_URI"] = SHARED
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"address": settings.limits, "prefix": f"waharoa {settings.host}"}
    app.config.setdefault("RATELIMIT_APPLICATION", how_many)
    limiter.init_app(app)


@limiter.request_filter
def _is_machine() -> bool:
    """The sign-in server ends many sign-ins at once from one address, each with a token it has signed."""
    return declared_rule() == "open to machines"


@limiter.request_filter
def _is_read() -> bool:
    return request.method in {"GET", "HEAD"} and not request.path.startswith("/sign-in")
