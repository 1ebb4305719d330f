"""A program of its own: reads the spreadsheet at its input, and writes the rows of its first sheet that says something, as
JSON. Of a formula it takes what the sheet last showed; it computes nothing.

It runs apart from the portal so that a hostile sheet ends only this (two cells a million rows apart are read as all that
lies between them); it imports nothing of the portal."""

import json
import resource
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MOST_MEMORY = 768 * 1024**2
MOST_SECONDS = 10
MOST_COLUMNS = 50
TOO_MANY = 3


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(most_rows: int) -> int:
    with CalamineWorkbook.from_filelike(sys.stdin.buffer) as book:
        for about in book.sheets_metadata:
            if about.typ is SheetTypeEnum.WorkSheet and about.visible is SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_name(about.name)
                if sheet.height > most_rows:
                    return TOO_MANY
                rows = [[_as_shown(cell) for cell in row[:MOST_COLUMNS]] for row in sheet.to_python()]
                if any(map(any, rows)):
                    json.dump(rows, sys.stdout)
                    return 0
    json.dump([], sys.stdout)
    return 0


def _as_shown(cell: Any) -> str:
    """A day without its midnight, a whole number without its point."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == cell.min.time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


if __name__ == "__main__":
    limit()
    sys.exit(read(int(sys.argv[1])))
