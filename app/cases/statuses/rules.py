"""What a case can become from where it stands, what each change demands, and what follows from it (CASE-2, CASE-4 to CASE-7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.calendars.working_days import is_working_day
from app.cases.models import Status
from app.cases.rules import can_become
from app.cases.statuses.reasons import SIXTEEN
from app.core import clock

STILL_TALKED_WITH = 10
"""Working days for which a contact with the school counts (CASE-4)."""
SCHOOL_AGE = 6
MONTHS_TO_PLAN = 15 * 12 + 6


class Change(StrEnum):
    """What a service can do by hand with the status of a case."""

    TRANSITION = "transition"
    EXTENSION = "extension"
    OPEN = "open"
    PAUSE = "pause"
    CLOSING = "closing"
    DECLINE = "decline"


BECOMES = {
    Change.TRANSITION: Status.TRANSITION,
    Change.OPEN: Status.OPEN,
    Change.PAUSE: Status.PAUSED,
    Change.CLOSING: Status.CLOSED,
    Change.DECLINE: Status.CLOSED,
}


@dataclass(frozen=True)
class ChangeWords:
    """How a change is called, and what happens then."""

    title: str
    follows: str


WORDS: Mapping[Change, ChangeWords] = {
    Change.TRANSITION: ChangeWords(
        "Step back: transition",
        "The school leads the support from now on and can call you. The case asks for a decision when the end that you "
        "expect has passed.",
    ),
    Change.EXTENSION: ChangeWords(
        "Expect another end",
        "The case stays in transition until the new day. The school reads the day on the timeline.",
    ),
    Change.OPEN: ChangeWords(
        "Open it again", "The case manager works with the school, the student and the whānau again."
    ),
    Change.PAUSE: ChangeWords(
        "Put on hold until the sixth birthday",
        "The case stays in the lists. It opens again by itself on the sixth birthday, or when the student is enrolled, and "
        "by hand at any time. Case manager and workflow leads are told then.",
    ),
    Change.CLOSING: ChangeWords(
        "Close the case",
        "Both sides can still read it. If the school asks again within some months, it opens again with its history.",
    ),
    Change.DECLINE: ChangeWords(
        "Decline the request",
        "The request ends. Where the case is there for it alone, the case closes as declined. The school reads the ground "
        "and why.",
    ),
}
REOPENED = ChangeWords(
    "Open the closed case again",
    "New working days to meet the school begin today. Whoever had the case when it closed has it again; where "
    "nobody had, it waits in the queue.",
)


def possible(status: Status, born_on: date, today: date, *, has_request: bool) -> list[Change]:
    """CASE-2: in the order in which they are offered. A case on hold goes on before anything else becomes of it, and what is
    checked by the Ministry is the Ministry's."""
    offered = [change for change in Change if change in BECOMES and can_become(status, BECOMES[change])]
    without: set[Change] = set()
    if status in {Status.TRIAGE, Status.PAUSED, Status.CLOSED}:
        without = set(Change) - ({Change.OPEN} if status is not Status.TRIAGE else set())
    if status is Status.QUEUE:
        without = {Change.OPEN}  # by giving it to somebody
    if status is Status.TRANSITION:
        offered.insert(0, Change.EXTENSION)
        without = {Change.DECLINE}
    if today >= birthday(born_on, SCHOOL_AGE):
        without = {*without, Change.PAUSE}
    if not has_request:
        without = {*without, Change.DECLINE}
    return [change for change in offered if change not in without]


def birthday(born_on: date, age: int) -> date:
    """Whoever was born on 29 February has it on 1 March where there is no such day."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def sixteen_is_near(born_on: date, today: date) -> date | None:
    """CASE-5: since when it is to be planned what comes at sixteen: from 15 years and 6 months on, until the birthday."""
    since = clock.add_months(born_on, MONTHS_TO_PLAN)
    return since if since <= today < birthday(born_on, SIXTEEN) else None


def age_on(day: date, born_on: date) -> int:
    years = day.year - born_on.year
    return years if birthday(born_on, years) <= day else years - 1


def talked_since(today: date, region: str) -> date:
    """The first day on which a contact with the school still counts, today included (CASE-4)."""
    day, left = today, STILL_TALKED_WITH
    while True:
        left -= is_working_day(day, region)
        if not left:
            return day
        day -= timedelta(days=1)
