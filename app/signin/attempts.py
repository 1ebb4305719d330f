"""Sign-ins under way: kept in the signed session cookie, each good for one answer, a few at a time (several windows)."""

import time
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass
from typing import Any

from app.core.security import random_token

AT_ONCE = 5
LASTS = 15 * 60  # seconds
NAME = "attempts"

Session = MutableMapping[str, Any]


@dataclass(frozen=True)
class Attempt:
    """What only this browser knows of a sign-in it began, and where it wanted to go."""

    state: str
    nonce: str
    verifier: str
    next: str
    is_shared: bool
    begun_at: int


def begin(session: Session, *, next_path: str, is_shared: bool) -> Attempt:
    attempt = Attempt(random_token(), random_token(), random_token(), next_path, is_shared, int(time.time()))
    session[NAME] = [*session.get(NAME, []), asdict(attempt)][-AT_ONCE:]
    return attempt


def take(session: Session, state: str) -> Attempt | None:
    """The attempt with this state, once; None when this browser began none, or too long ago."""
    begun = session.get(NAME, [])
    found = next((entry for entry in begun if state and entry["state"] == state), None)
    if found is None:
        return None
    session[NAME] = [entry for entry in begun if entry is not found]
    return Attempt(**found) if time.time() - found["begun_at"] <= LASTS else None


def keep_only(session: Session) -> None:
    """Empty the session but for the attempts of other windows."""
    others = session.get(NAME, [])
    session.clear()
    if others:
        session[NAME] = others
