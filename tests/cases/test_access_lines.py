"""The access log as it is read: one look is one line, a change always is."""

from collections import namedtuple
from datetime import UTC, datetime, timedelta
from typing import Any

from app.cases.access.rules import gathered

Row = namedtuple("Row", "at what person_id role organisation_id")  # noqa: PYI024 (a row as the database gives it)
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def row(minutes_before: int, what: str = "case", person: int = 1) -> Any:
    return Row(NOON - timedelta(minutes=minutes_before), what, person, "attendance_lead", 1)


def test_openings_of_one_look_are_one_line_and_changes_are_not() -> None:
    rows = [
        row(0),
        row(4),
        row(8),
        row(14),
        row(15, person=2),
        row(16),
        row(17, "comment.added"),
        row(17, "comment.added"),
    ]
    assert [(line.at, line.times) for line in gathered(rows)] == [
        (NOON, 3),
        (row(14).at, 1),
        (row(15).at, 1),
        (row(16).at, 1),
        (row(17).at, 1),
        (row(17).at, 1),
    ]
