"""How the access log is read by people: one look that took several clicks is one line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.core.db import AnyRow

ONE_LOOK = timedelta(minutes=5)
"""Between one opening and the next."""


@dataclass(frozen=True)
class Line:
    """The newest of some openings of one page by one person, when the oldest was, and how many they are."""

    row: AnyRow
    since: Any
    times: int = 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def gathered(rows: Sequence[AnyRow]) -> list[Line]:
    """Newest first, as they come. What changed something is always a line of its own: its name has a full stop."""
    lines: list[Line] = []
    for row in rows:
        if lines and _is_same_look(lines[-1], row):
            lines[-1] = replace(lines[-1], since=row.at, times=lines[-1].times + 1)
        else:
            lines.append(Line(row, row.at))
    return lines


def _is_same_look(line: Line, row: AnyRow) -> bool:
    same = (line.person_id, line.organisation_id, line.role, line.what)
    is_opening = "." not in row.what
    return (
        is_opening
        and same == (row.person_id, row.organisation_id, row.role, row.what)
        and line.since - row.at <= ONE_LOOK
    )
