"""Tables that people bring: copied out of a spreadsheet, as CSV or as an Excel file; what is hostile is refused in plain words."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask

from app.core.files import unfit
from app.core.files.pictures import Allowance
from app.core.files.spool import Spool
from app.core.files.tables import MOST_ROWS, Table, as_text, read_file, read_text
from app.core.files.unfit import Unfit
from tests.support import samples
from tests.support.figures import FIGURES
from tests.support.sheets import sheet, told

HEADED = (("Mahi", "Rā"), ("Waea ki te whānau; kāore i whakautu", "3/2/26"))


@pytest.fixture(autouse=True)
def figures() -> Iterator[None]:
    """The rules' own, without a portal and its database."""
    app = Flask(__name__)
    app.extensions["settings"] = SimpleNamespace(figures=FIGURES)
    with app.app_context():
        yield


def read(content: bytes, name: str) -> tuple[tuple[str, ...], ...]:
    spool = Spool(largest=25 * 1024**2)
    try:
        spool.write(content)
        return read_file(spool, name, Allowance()).rows
    finally:
        spool.close()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_macrons_are_right_in_every_way_of_saving(encoding: str) -> None:
    text = "".join(
        f'{what};"{when}"\r\n' if n else f"{what};{when}\r\n"
        for n, (what, when) in enumerate([("Mahi", "Rā"), ('"Waea ki te whānau; kāore i whakautu"', "3/2/26")])
    )
    data = text.encode(encoding)
    assert read((b"\xff\xfe" if encoding == "utf-16-le" else b"") + data, "star.csv") == HEADED


def test_what_old_windows_programs_write_is_read() -> None:
    assert read("Action;Date\nRang M\xe8re \x96 out;3/2/26\n".encode("latin-1"), "a.csv")[1] == (
        "Rang Mère – out",
        "3/2/26",
    )


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Action\tDate\nRang home, no answer\t3/2/26", (("Action", "Date"), ("Rang home, no answer", "3/2/26"))),
        ("a,b\n1,2\n\n , \n3,4", (("a", "b"), ("1", "2"), ("3", "4"))),
        ("sep=,\r\na;b,c", (("a;b", "c"),)),
        (
            "Rang home, no answer\nWrote, then rang, then met",
            (("Rang home, no answer",), ("Wrote, then rang, then met",)),
        ),
        ('He said "no\tMay', (('He said "no', "May"),)),
        ('"two\nlines"\tMay\x00', (("two lines", "May"),)),
        ("a\tb\nc", (("a", "b"), ("c", ""))),
        ("a,,b\n1,,2", (("a", "b"), ("1", "2"))),
    ],
)
def test_the_separator_is_found_out(text: str, rows: tuple[tuple[str, ...], ...]) -> None:
    table = read_text(text)
    assert table.rows == rows
    assert read_text(as_text(table)) == table


def test_a_sheet_is_read_as_it_shows_itself_and_computes_nothing() -> None:
    cells = (
        f'<row r="2">{told("B2", "Mahi")}{told("C2", "Rā")}{told("D2", "Times")}</row>'
        f'<row r="3">{told("B3", "Rang whānau")}<c r="C3" s="1"><v>46056</v></c><c r="D3"><v>3</v></c></row>'
        f'<row r="4"><c r="B4" t="str"><f>HYPERLINK("http://example.nz")</f><v>Wrote</v></c>'
        '<c r="C4" s="1"><f>TODAY()</f><v>46057</v></c><c r="D4"><f>1+1</f></c></row>'
    )
    assert read(sheet(cells), "star.xlsx") == (
        ("Mahi", "Rā", "Times"),
        ("Rang whānau", "2026-02-03", "3"),
        ("Wrote", "2026-02-04", ""),
    )


FAR_APART = f'<row r="1">{told("A1", "x")}</row><row r="1048576">{told("XFD1048576", "y")}</row>'
TEN_THOUSAND = "".join(f'<row r="{row}">{told(f"A{row}", "x")}</row>' for row in range(1, 10_001))


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (sheet(FAR_APART), "far.xlsx", unfit.too_many_rows(MOST_ROWS)),
        (sheet(TEN_THOUSAND), "long.xlsx", unfit.too_many_rows(MOST_ROWS)),
        (b"a,b\n" * 10_000, "long.csv", unfit.too_many_rows(MOST_ROWS)),
        (b"x" * 3 * 1024**2, "large.csv", unfit.too_many_rows(MOST_ROWS)),
        (sheet("<row r='1'><c r='A1'"), "broken.xlsx", unfit.BROKEN),
        (samples.EACH["marks.xlsx"](), "odd.xlsx", unfit.BROKEN),
        (samples.pdf(), "star.csv", unfit.NOT_A_TABLE),
        (b"MZ\x90\x00\x03" * 30, "star.xlsx", unfit.IS_PROGRAM),
        (b"a,b\n1,2", "star.exe", unfit.IS_PROGRAM),
        (b"<html><body>", "star.csv", unfit.IS_WEB_PAGE),
        (b"", "star.csv", unfit.EMPTY),
        (b" , ,\n,", "star.csv", unfit.EMPTY),
        (sheet(""), "star.xlsx", unfit.EMPTY),
    ],
)
def test_what_cannot_be_read_is_refused_in_plain_words(content: bytes, name: str, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        read(content, name)
    assert str(refused.value) == why


def test_a_table_keeps_no_row_without_a_word() -> None:
    assert read_text("\n\n a \n") == Table((("a",),))
