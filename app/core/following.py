"""What else becomes of an event, in the same transaction: where a room above keeps something that rests on what a room below has
changed."""

from collections.abc import Callable
from typing import Any

Follower = Callable[[Any, Any], None]
"""Given what happened (`events.Happened`), and who did it."""
_followers: dict[str, list[Follower]] = {}


def follows(*events: str) -> Callable[[Follower], Follower]:
    """Register what follows these events."""

    def register(follower: Follower) -> Follower:
        for event in events:
            _followers.setdefault(event, []).append(follower)
        return follower

    return register


def let_follow(happened: Any, *, by: Any) -> None:
    """Of each event that is recorded, and of what stands in no log too."""
    for follow in _followers.get(happened.event, ()):
        follow(happened, by)
