"""Regions by the code of their anniversary day; a region without its own keeps its neighbour's."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LISTS = Path(__file__).parent / "lists"


@dataclass(frozen=True)
class Region:
    code: str
    name: str
    te_reo: str
    """Empty where we are not sure of it."""
    library: str
    """The subdivision of the library `holidays` whose days count here, its own or its neighbour's."""

    @property
    def follows(self) -> str:
        """The code of the neighbour whose anniversary day it keeps, having none of its own; or nothing."""
        return self.library if self.library != self.code and self.library in {each.code for each in regions()} else ""


@cache
def regions() -> tuple[Region, ...]:
    """All of them, from north to south."""
    with (LISTS / "regions.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(Region(**row) for row in csv.DictReader(lines))


@cache
def region_for(code: str) -> Region:
    for region in regions():
        if region.code == code:
            return region
    raise ValueError(f"no region {code!r}: use a code of app/calendars/lists/regions.csv")
