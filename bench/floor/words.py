"""Words that the pages share: times as people say them, ages, tags, and the school-meeting clock."""

from datetime import UTC, date, datetime
from functools import lru_cache
from html import escape
from zoneinfo import ZoneInfo

from app.cases.models import Status
from app.cases.rules import (
    ENGAGEMENT,
    SCHOOL_MEETING,
    FirstMeeting,
    Limits,
    clock_line,
    contract_clock,
    first_due,
    status_words,
)

NZ = ZoneInfo("Pacific/Auckland")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
COLOURS = {
    "triage": " govuk-tag--purple",
    "queue": " govuk-tag--yellow",
    "open": "",
    "transition": " govuk-tag--teal",
    "paused": " govuk-tag--grey",
    "closed": " govuk-tag--grey",
}
SAID = {status.value: status_words(status) for status in Status}
URGENT = ' <strong class="govuk-tag govuk-tag--red">Urgent</strong>'
OVERDUE = '<strong class="govuk-tag govuk-tag--orange">Overdue</strong> '


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return datetime.now(NZ).date()


def clocktime(at: datetime) -> str:
    local = at.astimezone(NZ)
    return f"{local.hour % 12 or 12}:{local.minute:02} {'am' if local.hour < 12 else 'pm'}"


def nzdate(local: date) -> str:
    year = "" if local.year == today().year else f" {local.year}"
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}{year}"


def nztime(at: datetime) -> str:
    local = at.astimezone(NZ)
    return f"{nzdate(local)}, {local.hour % 12 or 12}:{local.minute:02} {'am' if local.hour < 12 else 'pm'}"


def age(born_on: date) -> int:
    on = today()
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def tag(status: str) -> str:
    return f'<strong class="govuk-tag{COLOURS[status]}">{SAID[status].label}</strong>'


@lru_cache(10_000)
def meeting_line(started_on: date, due_on: date, region: str, on: date) -> str:
    """The portal's own arithmetic, done once for each start, region and day."""
    return escape(clock_line(contract_clock(started_on, region, on), due_on))


@lru_cache(10_000)
def engagement_line(started_on: date, engaged_on: date | None, region: str) -> str:
    """The same of student and whānau, also where they were met."""
    due_on = first_due(started_on, region, ENGAGEMENT)
    return escape(FirstMeeting(started_on, region, due_on, engaged_on, ENGAGEMENT).line)


def overdue(due_on: date, on: date) -> str:
    return OVERDUE if on > due_on else ""


@lru_cache(10_000)
def meeting_days(started_on: date, region: str, on: date, limits: Limits = SCHOOL_MEETING) -> str:
    clock = contract_clock(started_on, region, on, limits)
    return "".join(
        f"<li>{DAYS[each.date.weekday()]} {each.date.day} {MONTHS[each.date.month - 1]}: {escape(said)}</li>"
        for each in clock.days
        if each.date <= clock.due_on
        for said in [f"day {each.number}" if each.number else f"not counted, {each.why_not}"]
    )
