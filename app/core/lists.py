"""Lists that a ministry may change: CSV files beside the capability that owns them, with validity dates."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

Row = dict[str, str]


@cache
def rows(path: Path) -> tuple[Row, ...]:
    """Every row of a list; “-” and empty both read as empty."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple({name: "" if text == "-" else text for name, text in row.items()} for row in csv.DictReader(file))


def is_valid_on(row: Row, day: date) -> bool:
    """`valid_from` and `valid_to` include both days; empty is open-ended."""
    return row.get("valid_from", "") <= day.isoformat() and (row.get("valid_to") or "9999") >= day.isoformat()
