"""Exports as schools save them, one of each shape, in each encoding, with each separator and as Excel sheets: the same weeks."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from app.attendance.marks.columns import shape_of
from app.attendance.marks.days import FIRST_DAY_OF_EXCEL, day_of
from app.attendance.marks.rules import Mark, Refusal, Weeks, marks_of
from app.core.files.lines import MOST_BYTES, lines_of
from app.core.files.spool import Spool
from tests.support import sheets

FOLDER = Path(__file__).parent / "files"
NAMES = sorted(path.name for path in FOLDER.glob("*.csv"))
UNTIL = date(2026, 11, 20)
MONDAYS = (date(2026, 11, 2), date(2026, 11, 9))
MERE, MAY = ("PPPPPMMMPP", "PPTTP?PPLP"), ("..JJPPPPPP", "PPPPPPPP..")
OWN_NUMBERS = {"long_two_codes.csv", "wide_by_half_day.csv"}
"""Of the school; in the others stand NSNs."""


def expected(name: str) -> dict[tuple[str, date], str]:
    mere, may = ("S1042", "S0077") if name in OWN_NUMBERS else ("123456789", "987654321")
    return {
        (who, monday): week
        for who, weeks in ((mere, MERE), (may, MAY))
        for monday, week in zip(MONDAYS, weeks, strict=True)
    }


def golden(name: str) -> list[list[str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def texts(encoding: str, separator: str, end: str) -> Callable[[list[list[str]]], bytes]:
    def made(rows: list[list[str]]) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
        return text.getvalue().encode(encoding)

    return made


def sheet(rows: list[list[str]]) -> bytes:
    """Days as Excel keeps them, headings too."""
    return sheets.of_rows([[day_of(cell) or cell for cell in row] for row in rows])


def serials(rows: list[list[str]]) -> bytes:
    """Days as numbers that nobody has formatted."""
    return sheets.of_rows(
        [[str((day - FIRST_DAY_OF_EXCEL).days) if (day := day_of(cell)) else cell for cell in row] for row in rows]
    )


def without_macrons(rows: list[list[str]]) -> bytes:
    return texts("cp1252", ",", "\r\n")([[cell.replace("ū", "u") for cell in row] for row in rows])


WAYS: Mapping[str, tuple[str, Callable[[list[list[str]]], bytes]]] = {
    "utf-8, comma": ("marks.csv", texts("utf-8", ",", "\n")),
    "utf-8 with a mark, semicolon": ("marks.csv", texts("utf-8-sig", ";", "\r\n")),
    "utf-16, tab, as Excel’s Unicode text": ("marks.txt", texts("utf-16", "\t", "\r\n")),
    "Windows-1252": ("marks.csv", without_macrons),
    "Excel": ("marks.xlsx", sheet),
    "Excel, days as numbers": ("marks.xlsx", serials),
}


def weeks_in(content: bytes, name: str) -> dict[tuple[str, date], str]:
    with Spool(largest=MOST_BYTES) as spool:
        spool.write(content)
        rows = list(lines_of(spool, name))
    shape = shape_of(rows[0][1], [row for _, row in rows[1:50]])
    assert not shape.fault
    weeks = Weeks(UNTIL)
    for found in marks_of(rows[1:], shape):
        assert isinstance(found, Mark), found
        assert weeks.take(found) is None
    return {(who, monday): week for who, monday, week in weeks.each()}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_each_shape_in_each_way_of_saving_says_the_same(name: str, way: str) -> None:
    sent_as, made = WAYS[way]
    assert weeks_in(made(golden(name)), sent_as) == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_each_shape_as_it_lies_there(name: str) -> None:
    assert weeks_in((FOLDER / name).read_bytes(), name) == expected(name)


def test_there_is_a_file_of_every_shape() -> None:
    assert len(NAMES) == 5


def test_a_comma_too_many_shifts_no_mark_to_another_day() -> None:
    rows = golden("wide_by_day.csv")
    shape = shape_of(rows[0], rows[1:])
    shifted = [rows[1][0], *rows[1][1].split(","), *rows[1][2:]]
    found = list(marks_of([(2, shifted)], shape))
    assert [type(each) for each in found] == [Refusal]
    assert "more cells than there are headings" in str(found[0])
