"""Chances and names that follow from the seed alone: the same in every process and on every machine."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
SHORT, LONG = 9, 32
"""Bytes of a public id, and of a token."""


def chance(seed: int, *what: object) -> Random:
    """Another one for each thing, whatever was drawn for others."""
    return Random("/".join(map(str, (seed, *what))))  # noqa: S311 - the same every time is what it is for


class Names:
    """Public ids and tokens that look random."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def public_id(self, *what: object) -> str:
        return self._text(SHORT, what)

    def token(self, *what: object) -> str:
        return self._text(LONG, what)

    def _text(self, length: int, what: tuple[object, ...]) -> str:
        key = "/".join(map(str, (self._seed, *what)))
        return urlsafe_b64encode(blake2b(key.encode(), digest_size=length).digest()).decode().rstrip("=")


class Urn(Generic[Thing]):
    """Draws things, some more often than others."""

    def __init__(self, things: Sequence[tuple[Thing, float]]) -> None:
        self._things = [thing for thing, _ in things]
        self._upto = list(accumulate(weight for _, weight in things))

    def draw(self, by: Random) -> Thing:
        return by.choices(self._things, cum_weights=self._upto)[0]
