"""What a line of schools' terms and closed days says."""

from datetime import date
from typing import NamedTuple

from app.attendance.calendars.models import CalendarEntryKind
from app.attendance.calendars.rules import LONGEST_WHY, ClosureFacts
from app.calendars.school_calendar import Half
from app.imports.columns import Columns, Faulty, Row

CALENDAR = Columns(("school", "kind", "from", "to"), ("year", "term", "half", "why"))
YEARS, TERMS = range(2000, 2100), range(1, 5)
KINDS = {kind.value: kind for kind in CalendarEntryKind}
HALVES = {"": None, **{half.value: half for half in Half}}


class Term(NamedTuple):
    """The days of one term of a school."""

    year: int
    number: int
    days: tuple[date, date]


def term_of(row: Row) -> Term:
    """Raises `Faulty`."""
    from_on, to_on = row.needed_day("from"), row.needed_day("to")
    year = row.number("year", YEARS) if row["year"] else from_on.year
    return Term(year, row.number("term", TERMS), (from_on, to_on))


def closure_of(row: Row) -> ClosureFacts:
    """Raises `Faulty`."""
    if row["term"]:
        raise Faulty("“term” is filled, but it is no term that is told")
    half = HALVES[row.one_of("half", HALVES)]
    from_on = row.needed_day("from")
    kind = KINDS[row.one_of("kind", KINDS)]
    return ClosureFacts(from_on, row.day("to") or from_on, kind, half, row.text("why", LONGEST_WHY))
