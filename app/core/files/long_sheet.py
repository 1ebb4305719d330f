"""A program of its own: reads the spreadsheet at its input, and writes the rows of its first sheet that says something, as CSV,
from the first row of the sheet on. Of a formula it takes what the sheet last showed; it computes nothing.

It runs apart from the portal so that a hostile sheet ends only this; it imports nothing of the portal."""

import csv
import io
import os
import re
import resource
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MOST_MEMORY = 1_500 * 1024**2
MOST_SECONDS = 60
"""Of computing: a sheet of a million rows takes a few."""
TOO_LONG, TOO_WIDE = 3, 4
PIECE = 1024**2
_UNSEEN = re.compile("[\x00-\x1f\x7f\ufeff\ud800-\udfff]+")


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(most_rows: int, most_columns: int) -> int:
    with CalamineWorkbook.from_filelike(_input()) as book:
        for about in book.sheets_metadata:
            if about.typ is SheetTypeEnum.WorkSheet and about.visible is SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_name(about.name)
                if sheet.total_height > most_rows:
                    return TOO_LONG
                if any(_says_something(row) for row in sheet.iter_rows()):
                    return _write(sheet, most_columns)
    return 0


def _input() -> io.BytesIO:
    """All of it, wherever whoever handed it over has read to."""
    held, at = io.BytesIO(), 0
    while piece := os.pread(sys.stdin.fileno(), PIECE, at):
        at += held.write(piece)
    held.seek(0)
    return held


def _write(sheet: CalamineSheet, most_columns: int) -> int:
    if sheet.total_width > most_columns:
        return TOO_WIDE
    with open(sys.stdout.fileno(), "w", PIECE, encoding="utf-8", newline="", closefd=False) as out:
        csv.writer(out, lineterminator="\n").writerows([_as_shown(cell) for cell in row] for row in sheet.iter_rows())
    return 0


def _says_something(row: list[Any]) -> bool:
    return any(cell != "" for cell in row)


def _as_shown(cell: Any) -> str:
    """A day without its midnight, a whole number without its point; one line."""
    if isinstance(cell, str):
        return cell if cell.isprintable() else _UNSEEN.sub(" ", cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == cell.min.time() else f"{cell:%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


if __name__ == "__main__":
    limit()
    sys.exit(read(int(sys.argv[1]), int(sys.argv[2])))
