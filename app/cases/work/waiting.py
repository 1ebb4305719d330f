"""What of a case waits for the word of a workflow lead: a pause, and what rooms above say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.cases.pauses.models import Pause
from app.cases.pauses.queries import IS_ASKED, asked_of
from app.cases.work.lines import Why
from app.people.queries import Actor
from app.people.shapes import HERE


@dataclass(frozen=True)
class Waiting:
    """Cases that wait for a lead: which, since when, and what is to be done."""

    name: str
    """Of the column that says since when."""
    cases: Any
    """A select of their ids at the service of whoever asks (`HERE`), from an index of its own."""
    since: Callable[[Actor], Any]
    """Since when a Case waits for this person; null where it does not."""
    why: Why
    what: str
    said: str
    page: str


_waiting = [
    Waiting(
        name="pause_asked_at",
        cases=select(Pause.case_id).where(Pause.service_id == HERE, IS_ASKED),
        since=asked_of,
        why=Why.PAUSE,
        what="Approve or refuse a pause",
        said="It was asked for",
        page="pause",
    )
]


def waits_for_leads(waiting: Waiting) -> None:
    """A room above registers what of its own a lead is to do."""
    _waiting.append(waiting)


def all_waiting() -> Sequence[Waiting]:
    return _waiting
