"""What can be asked of a school's list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.cases.models import Status

IN_ORDER = (Status.OPEN, Status.TRANSITION, Status.PAUSED, Status.QUEUE, Status.TRIAGE, Status.CLOSED)
"""Where a school has most to do comes first."""
NOT_CLOSED = IN_ORDER[:-1]


class Sort(StrEnum):
    """In which order cases come. All but the first go by status, and within each by this."""

    FIRST = "first"
    """Urgent ones first, then by what is due, of whatever status: for the first page."""
    DUE = "due"
    NEWEST = "newest"
    NAME = "name"


@dataclass(frozen=True)
class Wanted:
    """Which cases, and in which order."""

    statuses: tuple[Status, ...] = NOT_CLOSED
    is_mine: bool = False
    """Those that one is a contact of."""
    is_new: bool = False
    """Those where something has come since one looked (S6)."""
    year_level: int | None = None
    manager: str = ""
    """The public id of who has it."""
    sort: Sort = Sort.DUE


@dataclass(frozen=True)
class Choices:
    """What can be chosen of: what is offered leads to something."""

    managers: Mapping[str, str]
    """Public id → name, by name."""
    years: Sequence[int]
