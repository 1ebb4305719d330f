"""The texts of letters: data, in our own words, checked when they are read (LET-8, LET-9)."""

from dataclasses import dataclass
from datetime import date

from app.letters.models import Purpose


@dataclass(frozen=True)
class Wording:
    """The text of one step of a ladder; `digest` is the SHA-256 of it and of the law passages that hold on the day."""

    title: str
    digest: str


def wording_for(purpose: Purpose, step: int, day: date) -> Wording:
    raise NotImplementedError
