"""Tables that people take away, as CSV and for Excel. What somebody typed is text in them and never anything else: neither a
formula nor an address, whichever program opens the file and by whichever mark it parts the columns."""

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook

Cell = str | int | float | date | None
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
"""Characters that Excel takes."""
WIDEST = 40
BEGINNINGS = frozenset("=+-@|")
"""What a formula begins with in one spreadsheet or another; full-width and small forms of them count too."""
BREAKS = re.compile(r"([;\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029])")
"""Where a program that parts the columns otherwise sees the next cell begin."""
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing."""
UNSEEN = frozenset("CZM")
"""Categories of characters that do not show, or not by themselves."""
AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Sheet:
    """A table with a name and one line of headings."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def harmless(text: str) -> str:
    """The text, with an apostrophe before whatever could begin a formula: at its beginning, also behind what cannot be seen,
    and wherever another cell could be seen to begin."""
    parts = BREAKS.split(text)
    safe = "".join(f"'{part}" if _first(part) in BEGINNINGS else part for part in parts)
    is_broken_at_once = len(parts) > 1 and parts[1] != ";" and not _first(parts[0])
    return f"'{safe}" if is_broken_at_once else safe


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with its mark, lines ended as Excel ends them, every text in quotation marks."""
    written = StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([harmless(each) for each in sheet.headings])
    writer.writerows([_in_csv(cell) for cell in row] for row in sheet.rows)
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(*sheets: Sheet) -> bytes:
    """Numbers and days stay what they are. All of it is made in memory: no table of names lies on the disk."""
    into = BytesIO()
    with Workbook(into, AS_TEXT) as book:
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "d mmm yyyy", "align": "left"})
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.name), sheet, bold, day)
    return into.getvalue()


def _fill(page: Any, sheet: Sheet, bold: Any, day: Any) -> None:
    for column, heading in enumerate(sheet.headings):
        page.set_column(column, column, min(WIDEST, max(len(heading) + 2, 12)))
        page.write_string(0, column, harmless(heading), bold)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _put(page, number, column, cell, day)
    page.freeze_panes(1, 0)


def _put(page: Any, row: int, column: int, cell: Cell, day: Any) -> None:
    if isinstance(cell, date):
        page.write_datetime(row, column, cell, day)
    elif isinstance(cell, str):
        page.write_string(row, column, harmless(cell)[:LONGEST_CELL])
    elif cell is not None:
        page.write_number(row, column, cell)


def _in_csv(cell: Cell) -> str | int | float:
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell or "") if isinstance(cell, str | None) else cell


def _first(text: str) -> str:
    """The first character that shows, in its usual form; nothing where none does."""
    for each in text:
        if each not in FILLERS and unicodedata.category(each)[0] not in UNSEEN:
            return unicodedata.normalize("NFKC", each)
    return ""
