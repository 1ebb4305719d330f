"""Tables that people take away: read back as they were, and never more than text."""

import csv
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from app.core.sheets import LONGEST_CELL, Cell, Sheet, as_csv, as_xlsx, harmless

LEADING = ("", " ", "\u00a0", "\u200b", "\ufeff", "\u200e\u202e", "\u2060", "\u3164", "\u034f", "\u3000\u200d")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "|calc", "＝1+1", "＋1", "－1", "＠A1", "﹦1", "｜calc")
HARMLESS = ("Hēmi Whānau", "Te Rangi-Smith", "O’Brien; Tau", "a = b", "x@example.nz", "‘Okusitino", "", "1 + 1", "鈴木")
HOSTILE = '=HYPERLINK("http://example.nz","x")'


@pytest.mark.parametrize("leading", LEADING)
def test_what_could_begin_a_formula_is_marked_as_text_whatever_stands_unseen_before_it(leading: str) -> None:
    assert [harmless(leading + formula) for formula in FORMULAS] == [f"'{leading}{formula}" for formula in FORMULAS]


def test_text_that_begins_with_a_break_is_marked_and_so_is_each_cell_that_another_program_would_see_in_it() -> None:
    assert [harmless(f"{each}a") for each in ("\t", "\r", "\n", "\u200b\t")] == ["'\ta", "'\ra", "'\na", "'\u200b\ta"]
    assert harmless("\t=1") == "'\t'=1"
    assert harmless("Tau;=1\n\u200b+1;x\t@y") == "Tau;'=1\n'\u200b+1;x\t'@y"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_exactly_as_it_is(text: str) -> None:
    assert harmless(text) == text


def a_sheet() -> Sheet:
    rows: list[list[Cell]] = [
        ["Hēmi Whānau", 3, 41.5, date(2026, 3, 3)],
        [HOSTILE, -2, None, None],
        ["http://x.nz", 0, None, None],
    ]
    return Sheet("Cases", ["Student", "Days", "Rate", "Since"], rows)


def test_csv_is_what_excel_reads_with_macrons() -> None:
    written = as_csv(a_sheet())
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == written.count(b"\n") == 4
    read = list(csv.reader(StringIO(written.decode("utf-8-sig"), newline="")))
    assert read[1] == ["Hēmi Whānau", "3", "41.5", "2026-03-03"]
    assert read[2] == [f"'{HOSTILE}", "-2", "", ""]


def test_in_excel_numbers_and_days_are_what_they_are_and_texts_are_only_text() -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(as_xlsx(a_sheet(), Sheet("About", ["As of"], [["today"]]))))
    assert book.sheet_names == ["Cases", "About"]
    rows = book.get_sheet_by_name("Cases").to_python()
    assert rows[1] == ["Hēmi Whānau", 3.0, 41.5, date(2026, 3, 3)]
    assert rows[2] == [f"'{HOSTILE}", -2.0, "", ""]
    assert rows[3][0] == "http://x.nz"


def test_no_cell_of_a_workbook_is_a_formula_or_an_address() -> None:
    texts = ["=1+1", "{=1}", "http://x.nz", "mailto:a@b.nz", "_x0041_", "\x01", "12", "x" * (LONGEST_CELL + 9)]
    made = as_xlsx(Sheet("Cases", texts, [texts]))
    with ZipFile(BytesIO(made)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in parts.namelist() if "rels" in name and "sheet1" in name]
    assert "<f>" not in page
    assert "hyperlink" not in page
    (_, read) = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0).to_python()
    assert read[1:5] == texts[1:5]
    assert read[6:] == ["12", "x" * LONGEST_CELL]
