"""What is said of giving cases out, without asking the database (CASE-9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from app.calendars.regions import regions
from app.cases.rules import Limits, first_due
from app.core.figures import counted

GIVEN, TAKEN = "cases.given", "cases.taken"
MOST_AT_ONCE = 100
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Given:
    """A case has another manager."""

    name: str
    tasks: int
    """So many were to be done by somebody who works it no more, and are for whoever has it now."""


@dataclass
class Outcome:
    """What became of several cases that were to be given to somebody: their numbers."""

    name: str
    """Of who was to have them."""
    given: list[str] = field(default_factory=list)
    case_ids: list[int] = field(default_factory=list)
    """Of those."""
    theirs: list[str] = field(default_factory=list)
    """They had them already."""
    gone: list[str] = field(default_factory=list)
    """Closed, elsewhere, or with somebody else meanwhile."""

    def said(self) -> str:
        """In sentences, for whoever gave them."""
        name = self.name
        told = [f"{name} has {counted(len(self.given), 'case')} more now, and is told once."] if self.given else []
        if self.theirs:
            told.append(f"{name} had {_listed(self.theirs)} already.")
        if self.gone:
            told.append(f"Not given: {_listed(self.gone)}. Somebody else has it, or it is not in your service’s hands.")
        return " ".join(told) or "Nothing was given."


@dataclass(frozen=True)
class Load:
    """What somebody has: open, in transition and paused cases."""

    open: int
    transition: int
    paused: int

    def __str__(self) -> str:
        more = [f"{self.transition} in transition"] if self.transition else []
        more += [f"{self.paused} on hold"] if self.paused else []
        return ", ".join([f"{self.open} open", *more])


@lru_cache(8)
def begun_by(due_by: date, limits: Limits) -> Mapping[date, list[str]]:
    """The last day on which a contract clock began whose first limit ends by then; and in which regions that is so."""
    found: dict[date, list[str]] = {}
    for region in regions():
        found.setdefault(_last_start(due_by, region.code, limits), []).append(region.code)
    return found


def _last_start(due_by: date, region: str, limits: Limits) -> date:
    day = due_by
    while first_due(day, region, limits) > due_by:
        day -= ONE_DAY
    return day


def _listed(numbers: list[str]) -> str:
    return ", ".join(numbers)
