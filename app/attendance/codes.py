"""What a mark of half a day says (`lists/attendance_codes.csv`, ATT-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from app.core.lists import is_valid_on, rows

CODES = Path(__file__).parent / "lists" / "attendance_codes.csv"
UNKNOWN, APPROVED, HOLIDAY, EXAM_LEAVE = "?", "J", "G", "X"
NO_MARK = "."
"""Of a half-day without a mark, where marks are kept beside each other. No code is this."""


class Category(StrEnum):
    """What a half-day with this code is."""

    PRESENT = "present"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
    NOT_COUNTED = "not_counted"


@dataclass(frozen=True)
class Code:
    """One code, as it holds on a day."""

    letter: str
    meaning: str
    category: Category
    is_absent: bool
    """Does it add half a day to the days absent (ATT-2)?"""
    is_rated: bool
    """Does it stand in the rate at all?"""
    is_on_site: bool


PROVISIONAL, CONFIRMED = "Half-day marks of the school, provisional", "Half-day marks of the school, confirmed"
"""From where days absent are, where they are counted from marks."""


@dataclass(frozen=True)
class MarkedTerm:
    """What marks of a term say besides: never the Ministry’s figure (ATT-2)."""

    term: int
    """20264 is term 4 of 2026."""
    rate: str
    band: str
    step: str
    unmarked: int
    """Half-days without a mark, which count neither as absent nor as present."""
    is_confirmed: bool = False
    unknown: Sequence[date] = ()
    """Days with a `?` that nobody has replaced for more than three school days (LET-4)."""


@lru_cache(4096)
def codes_on(day: date) -> Mapping[str, Code]:
    """By their letters, those that hold on a day."""
    held = (row for row in rows(CODES) if is_valid_on(row, day))
    return MappingProxyType(
        {
            row["code"]: Code(
                row["code"],
                row["meaning"],
                Category(row["category"]),
                row["counts_star"] == "yes",
                row["counts_rate"] == "yes",
                row["on_site"] == "yes",
            )
            for row in held
        }
    )
