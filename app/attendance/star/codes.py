"""What a school does when a student passes a step (`lists/star_responses.csv`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.lists import is_valid_on, rows

RESPONSES = Path(__file__).parent / "lists" / "star_responses.csv"
NO_ACTION = "no_action"


@dataclass(frozen=True)
class Kind:
    """One kind of thing that a school does."""

    code: str
    label: str
    asks_why: bool
    """It says nothing without a note."""


def kinds_on(day: date) -> Mapping[str, Kind]:
    """By their codes, those that may be recorded on a day."""
    return {row["code"]: _kind(row) for row in rows(RESPONSES) if is_valid_on(row, day)}


def label_of(code: str) -> str:
    """Also of one that is in the list no more."""
    return next((row["label"] for row in rows(RESPONSES) if row["code"] == code), code)


def _kind(row: Mapping[str, str]) -> Kind:
    return Kind(row["code"], row["label"], row["asks_why"] == "yes")
