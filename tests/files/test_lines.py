"""Tables of many rows, read one after the other: in each encoding, with each separator, and never half without a word."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.files import unfit
from app.core.files.lines import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, lines_of
from app.core.files.spool import Spool
from app.core.files.unfit import Unfit
from tests.support import samples, sheets

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
SEPARATORS = (",", ";", "\t")
ENDS = ("\n", "\r\n", "\r")
ROWS = (
    ("NSN", "Whānau", "Date", "Code"),
    ("123456789", "Tūmanako, Mère", "3/11/2026", "P"),
    ("123456780", "", "", "M"),
)


def read(content: bytes, name: str = "marks.csv") -> list[tuple[int, list[str]]]:
    with Spool(largest=MOST_BYTES) as spool:
        spool.write(content)
        return [(line, list(cells)) for line, cells in lines_of(spool, name)]


def written(rows: Sequence[Sequence[str]], separator: str = ",", end: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("end", ENDS)
def test_each_way_of_saving_gives_the_same_rows(encoding: str, separator: str, end: str) -> None:
    rows = (
        [[cell.replace("ā", "a").replace("ū", "u") for cell in row] for row in ROWS] if encoding == "cp1252" else ROWS
    )
    assert read(written(rows, separator, end).encode(encoding)) == [(n, list(row)) for n, row in enumerate(rows, 1)]


def test_a_sheet_gives_the_same_rows_with_their_numbers_in_it() -> None:
    rows = [*ROWS[:1], ["", "", "", ""], *ROWS[1:]]
    found = read(sheets.of_rows(rows, first=3), "marks.xlsx")
    assert found == [(3, list(ROWS[0])), (5, list(ROWS[1])), (6, list(ROWS[2]))]


def test_days_numbers_and_formulas_of_a_sheet() -> None:
    formulas = '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>UPPER("p")</f><v>P</v></c><c r="C2"><f>NOW()</f></c></row>'
    cells = sheets.row(1, ["123456789", date(2026, 11, 3), "P"]) + formulas
    assert read(sheets.sheet(cells), "marks.xlsx") == [(1, ["123456789", "2026-11-03", "P"]), (2, ["2", "P"])]


def test_lines_are_counted_as_in_the_file() -> None:
    text = 'sep=;\n\nNSN;Note\n1;"two\nlines"\n;;\n2;x\n'
    assert read(text.encode()) == [(3, ["NSN", "Note"]), (4, ["1", "two lines"]), (7, ["2", "x"])]


def test_a_comma_in_a_cell_parts_nothing_where_semicolons_do() -> None:
    assert read(b"NSN;Name;Code\n1;Smith, Ana, Dr;P\n2;Ng, May;M")[1] == (2, ["1", "Smith, Ana, Dr", "P"])


FAR_APART = sheets.row(1, ["x"]) + f'<row r="1048576">{sheets.told("XFD1048576", "y")}</row>'
UNFIT: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "m.csv", unfit.EMPTY),
    "only separators": (b"\n\n , ,\n", "m.csv", unfit.EMPTY),
    "another separator": (b"NSN|Date|Code\n1|3/11/2026|P\n", "m.csv", unfit.ONE_COLUMN),
    "cut off": (b"NSN,Date,Code\n1,3/11/2026,P\n2,3/11", "m.csv", unfit.CUT_OFF),
    "cut off in quotes": (b'NSN,Date,Code\n1,3/11/2026,P\n2,"3/11', "m.csv", unfit.odd_quotation(3)),
    "odd quotes": (b'NSN,Date\n1,"a"b\n2,c\n', "m.csv", unfit.odd_quotation(2)),
    "wide": (b"NSN" + b",x" * 10_000 + b"\n", "m.csv", unfit.too_many_columns(MOST_COLUMNS)),
    "wide sheet": (sheets.of_rows([["x"] * 10_000]), "m.xlsx", unfit.too_many_columns(MOST_COLUMNS)),
    "long": (b"a,b\n" * (MOST_ROWS + 1), "m.csv", unfit.too_many_rows(MOST_ROWS)),
    "large": (b"a" * (MOST_BYTES + 1), "m.csv", unfit.larger_than(60)),
    "far apart": (sheets.sheet(FAR_APART), "m.xlsx", unfit.TOO_LARGE_A_SHEET),
    "empty sheet": (sheets.sheet(""), "m.xlsx", unfit.EMPTY),
    "broken sheet": (sheets.sheet("<row r='1'><c r='A1'"), "m.xlsx", unfit.BROKEN),
    "half a sheet": (sheets.of_rows(ROWS)[:-30], "m.xlsx", unfit.BROKEN),
    "bomb": (sheets.sheet(" " * 20 * 1024**2), "m.xlsx", unfit.BURSTING_TABLE),
    "macros": (samples.office("xlsx", {"xl/vbaProject.bin": b"x"}), "m.xlsx", unfit.TABLE_WITH_MACROS),
    "macros by name": (sheets.of_rows(ROWS), "m.xlsm", unfit.TABLE_WITH_MACROS),
    "locked": (samples.compound("EncryptedPackage", "EncryptionInfo"), "m.xlsx", unfit.LOCKED),
    "older": (samples.compound("Workbook"), "m.xls", unfit.OLDER_TABLE),
    "open document": (samples.open_document("ods"), "m.ods", unfit.NOT_A_TABLE),
    "pdf": (samples.pdf(), "m.csv", unfit.NOT_A_TABLE),
    "web page": (b"<html><table><tr><td>NSN", "m.xls", unfit.IS_WEB_PAGE),
    "program": (b"a,b\n1,2", "m.exe", unfit.IS_PROGRAM),
    "archive": (samples.archive({"m.csv": b"a,b\n1,2"}), "m.zip", unfit.NOT_A_TABLE),
    "picture": (samples.gif(), "m.csv", unfit.NOT_A_TABLE),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_what_cannot_be_read_ends_in_one_plain_message(kind: str) -> None:
    content, name, why = UNFIT[kind]
    with pytest.raises(Unfit) as refused:
        read(content, name)
    assert str(refused.value) == why


def test_a_disk_that_was_full_is_said() -> None:
    with Spool() as spool:
        spool.write(b"a,b")
        spool.has_no_room = True
        with pytest.raises(Unfit, match="no room"):
            next(lines_of(spool, "m.csv"))


def test_a_file_is_read_again_from_its_start_and_left_midway_without_harm() -> None:
    for name, content in (("m.csv", written(ROWS).encode()), ("m.xlsx", sheets.of_rows(ROWS))):
        with Spool() as spool:
            spool.write(content)
            left = lines_of(spool, name)
            assert next(left) == (1, list(ROWS[0]))
            del left
            assert len(list(lines_of(spool, name))) == len(ROWS)


def test_a_table_of_exactly_as_many_columns_as_are_read() -> None:
    assert len(read(b",".join([b"x"] * MOST_COLUMNS) + b",,\n")[0][1]) == MOST_COLUMNS


def judged(content: bytes, name: str) -> list[tuple[int, list[str]]] | None:
    """Rows, or none where it was refused; no other end is known."""
    try:
        found = read(content, name)
    except Unfit:
        return None
    assert all(cells and cells[-1].strip() and len(cells) <= MOST_COLUMNS for _, cells in found)
    assert [line for line, _ in found] == sorted({line for line, _ in found})
    return found


@given(
    content=st.binary(max_size=600) | st.text(st.sampled_from('a1ā",;\t\r\n \0\u2028'), max_size=200).map(str.encode)
)
def test_any_bytes_are_rows_or_are_refused(content: bytes) -> None:
    judged(content, "m.csv")


CELL = st.text(st.sampled_from("aé1\"',; .-/=+"), max_size=6).map(str.strip)
TABLE = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(
    rows=TABLE, encoding=st.sampled_from(ENCODINGS), separator=st.sampled_from(SEPARATORS), end=st.sampled_from(ENDS)
)
def test_however_a_table_is_saved_its_rows_are_the_same(
    rows: list[list[str]], encoding: str, separator: str, end: str
) -> None:
    headed = [[f"Column {number}" for number, _ in enumerate(rows[0])], *rows]
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(headed)
    said = [(line, cells) for line, row in enumerate(headed, 1) if (cells := trimmed(row))]
    assert judged(text.getvalue().encode(encoding), "m.csv") == said


def trimmed(row: Sequence[str]) -> list[str]:
    said = [number for number, cell in enumerate(row, 1) if cell]
    return list(row[: max(said, default=0)])


WHOLE = {
    "m.csv": written(ROWS, ";", "\r\n").encode("utf-8-sig"),
    "w.csv": written(ROWS, "\t").encode("utf-16"),
    "m.xlsx": sheets.of_rows(ROWS),
}


@pytest.mark.parametrize("name", ["m.csv", "w.csv"])
def test_a_text_cut_off_anywhere_gives_whole_lines_or_is_refused(name: str) -> None:
    """What is cut off within the last cell of a line, or at its end, looks whole; nothing else passes."""
    content = WHOLE[name]
    for length in range(len(content)):
        if (found := judged(content[:length], name)) and len(found) > 1:
            width = len(ROWS[0])
            padded = [(cells + [""] * width)[: width - 1] for _, cells in found]
            assert padded == [list(row[: width - 1]) for row in ROWS[: len(found)]]


@given(st.data())
@settings(max_examples=40)
def test_a_sheet_cut_off_or_garbled_anywhere_is_rows_or_is_refused(data: st.DataObject) -> None:
    content = bytearray(WHOLE["m.xlsx"])
    if data.draw(st.booleans()):
        assert judged(bytes(content[: data.draw(st.integers(0, len(content) - 1))]), "m.xlsx") is None
        return
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    judged(bytes(content), "m.xlsx")
