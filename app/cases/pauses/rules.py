"""When a pause that a lead approves ends at the latest, how often there may be one, and what it is called (CASE-7)."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from app.calendars.working_days import due_date, weekday_and_date
from app.cases.models import Status
from app.cases.pauses.models import PauseState
from app.cases.rules import can_become
from app.cases.statuses.reasons import SIXTEEN
from app.cases.statuses.rules import birthday
from app.core.lists import rows

ASKED, APPROVED, REFUSED, WITHDRAWN = "pause.asked", "pause.approved", "pause.refused", "pause.withdrawn"
OTHER = "other"
"""Of `lists/pause_reasons.csv`."""
LIST = Path(__file__).parent / "lists" / "pause_reasons.csv"
LONGEST = 2_000
STATE_WORDS = {
    PauseState.ASKED: "Asked for",
    PauseState.APPROVED: "Approved",
    PauseState.REFUSED: "Refused",
    PauseState.WITHDRAWN: "Withdrawn",
}
NO_WHY = "Say why, in a sentence"


@cache
def review_days() -> int:
    """Working days after which it is looked at again, at the latest."""
    return int(_row()["review_working_days"])


def can_pause(status: Status) -> bool:
    """CASE-2: from queue, open or transition."""
    return can_become(status, Status.PAUSED)


def latest_review(today: date, region: str, born_on: date) -> date:
    """The last day on which it may be looked at again; today where it cannot be put on hold at all."""
    last, sixteen = due_date(today, review_days(), region), birthday(born_on, SIXTEEN)
    return min(last, sixteen - timedelta(days=1)) if is_under_sixteen(born_on, today) else last


def is_under_sixteen(born_on: date, today: date) -> bool:
    return today < birthday(born_on, SIXTEEN)


def fault_of_review(review_on: date, today: date, region: str, born_on: date) -> str:
    """What is wrong with the day on which it is to be looked at again, or nothing."""
    if review_on <= today:
        return "Choose a day after today"
    sixteen = birthday(born_on, SIXTEEN)
    if today < sixteen <= review_on:
        return f"Choose a day before {weekday_and_date(sixteen)}: no pause goes across the sixteenth birthday"
    last = due_date(today, review_days(), region)
    if review_on > last:
        return f"Choose {weekday_and_date(last)} or an earlier day: {review_days()} working days are the most"
    return ""


def fault_of_why(why: str) -> str:
    if not why.strip():
        return NO_WHY
    return f"Make this shorter, {LONGEST:,} characters at most" if len(why) > LONGEST else ""


@cache
def _row() -> dict[str, str]:
    return next(row for row in rows(LIST) if row["code"] == OTHER)
