"""What that was done stops which clock of the contract (CASE-8)."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from app.core.lists import rows

EVENT_KINDS = Path(__file__).parent / "meetings" / "lists" / "event_kinds.csv"
SCHOOL_MEETING, ENGAGEMENT, SCHOOL_CONTACT = "counts_school_meeting", "counts_engagement", "counts_school_contact"


@cache
def counting(clock_column: str) -> Collection[tuple[str, str]]:
    """Kind and mode of done events that count. Where nobody said how, it counts if every way of that kind does."""
    found = set()
    for row in rows(EVENT_KINDS):
        counted = set(row[clock_column].split("|")) - {"", "-"}
        found |= {(row["kind"], mode) for mode in counted}
        if counted == set(row["modes"].split("|")):
            found.add((row["kind"], ""))
    return frozenset(found)
