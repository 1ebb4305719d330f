"""Rows of every table, gathered for some cases at a time and written in the order of time, as they would have come to be."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Integer, Table

from app.core.db import Base
from app.students.models import Tried

Row = dict[str, Any]
"""What refers to a row of the same sheet holds that row, until it has its id."""
Write = Callable[[Table, Sequence[Sequence[Any]]], None]
TABLES = (
    *("organisation", "catchment", "school", "person", "role_held", "student", "enrolment"),
    *("student_name_word", "student_detail_word", "caregiver"),
    *("attendance_case", "case_person", "status_change", "safety_note", "referral", "referral_answer"),
    *("entry", "entry_text", "entry_audience", "unsent", "audit", "outbox", "case_serial", "status_count"),
)
"""Whatever is referred to comes first."""
_DETAILS: Row = {
    f"{detail}_{what}": value
    for detail in ("phone", "email")
    for what, value in (("state", Tried.NOT_TRIED), ("source", ""), ("checked_on", None))
}
EMPTY: dict[str, Row] = {
    "student": {"merged_into_id": None, "needs_interpreter": None, "return_on": None, "return_said_by": ""},
    "enrolment": {"local_id": "", "known_at": None, "evidence": "", "recorded_by_id": None},
    "caregiver": {**_DETAILS, "letters_by": None, "letters_by_on": None},
    "referral": {"replaced_id": None, "service_id": None},
}
"""What is filled by nobody in this country."""
REFERRING = ("case_id", "referral_id", "entry_id", "thing_id")
"""To rows that get their ids here; others are known beforehand."""


class Sheet:
    """Ids go on from one writing to the next."""

    def __init__(self, write: Write) -> None:
        self.counts: Counter[str] = Counter()
        self._write = write
        self._last: Counter[str] = Counter()
        self._gone: dict[str, set[int]] = defaultdict(set)
        self._rows: dict[str, list[tuple[datetime, Row]]] = defaultdict(list)

    @property
    def last_ids(self) -> dict[str, int]:
        """Of each table that counts its rows."""
        return dict(self._last)

    def add(self, table: str, at: datetime, /, **values: Any) -> Row:
        """A row that came to be then; it may be changed until it is written."""
        values = EMPTY.get(table, {}) | values
        self._rows[table].append((at, values))
        return values

    def take_back(self, table: str, rows: Sequence[Row]) -> None:
        """They were deleted."""
        self._gone[table].update(map(id, rows))

    def write(self) -> None:
        """All that was gathered, in whole rows: a column that nobody filled is an error."""
        for name in TABLES:
            if rows := self._rows.pop(name, None):
                rows.sort(key=itemgetter(0))
                gone = self._gone.pop(name, ())
                self._write_table(Base.metadata.tables[name], [row for _, row in rows if id(row) not in gone])

    def _write_table(self, table: Table, rows: list[Row]) -> None:
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            for row in rows:
                self._last[table.name] = row.setdefault("id", self._last[table.name] + 1)
        for name in set(REFERRING) & set(table.c.keys()):
            for row in rows:
                if type(row[name]) is dict:
                    row[name] = row[name]["id"]
        self.counts[table.name] += len(rows)
        self._write(table, list(map(itemgetter(*table.c.keys()), rows)))
