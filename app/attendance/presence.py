"""Whether a student is at a school, and the last day they were, without asking the database (LET-5)."""

from dataclasses import dataclass
from datetime import date

NOT_YET = "This day is still to come"
TOLD_BEFORE = "Nobody can have told of a later day"
LONGEST_SOURCE = 200
"""Characters."""


@dataclass(frozen=True)
class LastDay:
    """The last day at school, who said so, and when; at which school, where that is known."""

    on: date
    source: str
    told_on: date
    school_name: str = ""
    school_id: int | None = None


@dataclass(frozen=True)
class Presence:
    """What the roll says, and what somebody told last."""

    enrolled_at: str = ""
    """The school where the student is on the roll today; empty where there is none."""
    by_roll: LastDay | None = None
    told: LastDay | None = None

    @property
    def last(self) -> LastDay | None:
        """The later of both: a student who was at school after the roll ended was there."""
        known = [each for each in (self.by_roll, self.told) if each]
        return max(known, key=lambda each: each.on, default=None)


NOTHING_KNOWN = Presence()


def fault_of(last: LastDay, today: date) -> dict[str, str]:
    """What is wrong with what was told: field → words."""
    found = {}
    if last.on > today:
        found["last_on"] = NOT_YET
    if last.told_on > today:
        found["told_on"] = NOT_YET
    elif last.told_on < last.on:
        found["told_on"] = TOLD_BEFORE
    if not last.source.strip():
        found["source"] = "Say who told you, and how"
    elif len(last.source) > LONGEST_SOURCE:
        found["source"] = f"Make this shorter, {LONGEST_SOURCE} characters at most"
    return found
