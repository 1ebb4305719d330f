"""When a school may ask again, and what is long ago (SHARE-4)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from app.calendars.regions import regions
from app.calendars.working_days import due_date, is_working_day
from app.core import clock

ASKED = "update.asked"
SILENT = "sharing.missed"
"""Nothing was shared for so long that the case manager is reminded."""
LONG_SILENT = "sharing.missed_for_long"
"""The same, so long that the leads are."""
LISTED = {SILENT: "nothing_shared_10_working_days", LONG_SILENT: "nothing_shared_20_working_days"}
ONE_DAY = timedelta(days=1)


def may_ask_from(asked_at: datetime, days: int, region: str) -> date:
    """The day on which so many working days have passed."""
    return due_date(clock.nz(asked_at).date(), days, region)


def silent_before(today: date, days: int) -> Mapping[datetime, list[str]]:
    """What was shared before this instant was shared at least so many working days ago; and in which regions that is so."""
    found: dict[datetime, list[str]] = {}
    for region in regions():
        found.setdefault(clock.end_of(_days_ago(today, days, region.code)), []).append(region.code)
    return found


def _days_ago(today: date, days: int, region: str) -> date:
    """The last day from which so many working days have been counted, today included."""
    day = today
    while days:
        days -= is_working_day(day, region)
        day -= ONE_DAY
    return day
