"""What rooms above show in the header of a case at a service, and in lists of its cases: a column each, which costs no statement
of its own."""

from typing import Any

from sqlalchemy import case

from app.attendance.drawing.queries import newest_sums
from app.cases.models import Case, Status
from app.core.hours import nz_day_of
from app.people.models import Kind
from app.people.queries import Actor

_columns: list[Any] = []
_listed: list[Any] = []


def readers_of(head: Any) -> str:
    """Who reads what a service shares on this case: every school that sees it, by name (SHARE-1). Where none does by now, the
    one that asked, or whichever comes."""
    *others, last = sorted((head.reading_schools or head.school_name).split("\n"))
    return f"{', '.join(others)} and {last}" if others else last


def shows_also(column: Any) -> None:
    """A room above registers a column about the Case."""
    _columns.append(column)


def shown_also(actor: Actor) -> list[Any]:
    """With what the newest marks add up to: at a school its own, else those of the case's school, of a closed case as they were
    by then."""
    is_school = actor.organisation_kind is Kind.SCHOOL
    closed_on = None if is_school else case((Case.status == Status.CLOSED, nz_day_of(Case.status_at)))
    sums = newest_sums(Case.student_id, actor.organisation_id if is_school else Case.school_id, closed_on)
    return [*(_columns if actor.organisation_kind is Kind.SERVICE else ()), sums.label("newest_sums")]


def lists_also(column: Any) -> None:
    """The same in lists."""
    _listed.append(column)


def listed_also(actor: Actor) -> list[Any]:
    return _listed if actor.organisation_kind is Kind.SERVICE else []
