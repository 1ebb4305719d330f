"""What a comment may be, and how long sharing it can be undone."""

from datetime import datetime, timedelta

LONGEST = 10_000
TOO_LONG = f"This is longer than {LONGEST:,} characters. Shorten it, or add it in two parts."
LAST_MOMENT = timedelta(seconds=2)
"""Shorter before that, undoing could still be under way when it opens; it is refused."""
ASKED_AGAIN = timedelta(minutes=5)
"""For so long the same note, sent once more, is asked about first."""
TAKEN_BACK = "It was undone or retracted meanwhile. Nothing was changed."


def can_still_be_undone(opens_at: datetime, now: datetime) -> bool:
    return now < opens_at - LAST_MOMENT
