"""Exports of half-day marks, invented: a long list, as CSV or as an Excel sheet; each turn says something else of some half-days."""

import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from app.core import clock
from tests.support.sheets import parts, row

CODES = "PPPPPPPPPPPPPPPPPPPLMTJ?"
Row = tuple[str, date, str, str]
HEADINGS = ("NSN", "Date", "Half day", "Code")
SHEET = "xl/worksheets/sheet1.xml"


def number_of(student: int) -> str:
    return str(800_000_000 + student)


def write(path: Path, ending: str, students: int, weeks: int, turn: int) -> None:
    rows = _rows(students, weeks, turn)
    if ending == "csv":
        _write_text(path, rows)
    else:
        _write_sheet(path, rows)


def _rows(students: int, weeks: int, turn: int) -> Iterator[Row]:
    today = clock.today()
    last = today - timedelta(days=today.weekday() + 7)
    days = [last - timedelta(days=7 * week - day) for week in range(weeks) for day in range(5)]
    for student in range(students):
        for number, day in enumerate(days):
            for half, name in enumerate(("AM", "PM")):
                code = CODES[(student * 7 + number * 3 + half + turn * (number % 5 == 0)) % len(CODES)]
                yield number_of(student), day, name, code


def _write_text(path: Path, rows: Iterator[Row]) -> None:
    with path.open("w") as file:
        file.write(f"{','.join(HEADINGS)}\n")
        file.writelines(f"{who},{day:%d/%m/%Y},{half},{code}\n" for who, day, half, code in rows)


def _write_sheet(path: Path, rows: Iterator[Row]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packing:
        for name, part in parts("").items():
            if name != SHEET:
                packing.writestr(name, part)
        head, tail = parts("|")[SHEET].split("|")
        with packing.open(SHEET, "w") as sheet:
            sheet.write((head + row(1, HEADINGS)).encode())
            for number, cells in enumerate(rows, 2):
                sheet.write(row(number, cells).encode())
            sheet.write(tail.encode())
