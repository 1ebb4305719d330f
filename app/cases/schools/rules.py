"""Which of the schools of a service are looked for."""

from collections.abc import Sequence
from itertools import dropwhile
from typing import Protocol, TypeVar

from app.core.text import words

PAGE = 25


class Listed(Protocol):
    """A school in the list of a service."""

    @property
    def number(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def catchment(self) -> str: ...


Row = TypeVar("Row", bound=Listed)


def narrowed(schools: Sequence[Row], *, name: str = "", catchment: str = "") -> list[Row]:
    """Those whose name holds each word that was typed, from its beginning, with or without macrons; of one catchment or all."""
    sought = words(name)
    return [
        school
        for school in schools
        if (not catchment or school.catchment == catchment) and all(_holds(school.name, word) for word in sought)
    ]


def page_after(schools: Sequence[Row], number: str) -> list[Row]:
    """A page of them and one more, after the school of this number; after one that is not among them comes nothing."""
    rest = list(dropwhile(lambda school: school.number != number, schools))[1:] if number else list(schools)
    return rest[: PAGE + 1]


def _holds(name: str, word: str) -> bool:
    return any(each.startswith(word) for each in words(name))
