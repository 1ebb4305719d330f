"""Excel files, made here: of cells as they stand in the file, or of rows of texts and days."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

from tests.support import samples

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FIRST_DAY_OF_EXCEL = date(1899, 12, 30)


def parts(cells: str) -> Mapping[str, str]:
    """Of a file of one sheet; style 1 is a date."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{LINKS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="STAR" sheetId="1" r:id="b"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="b" Type="{LINKS}'
        f'/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="c" Type="{LINKS}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
    }


def sheet(cells: str) -> bytes:
    return samples.archive(
        {name: f'<?xml version="1.0" encoding="UTF-8"?>{part}'.encode() for name, part in parts(cells).items()}
    )


def of_rows(rows: Iterable[Sequence[str | date]], first: int = 1) -> bytes:
    """From this row of the sheet on: texts as texts, digits as numbers, days as Excel keeps them."""
    return sheet("".join(row(number, cells) for number, cells in enumerate(rows, first)))


def row(number: int, cells: Sequence[str | date]) -> str:
    return f'<row r="{number}">{"".join(cell(f"{letters(n)}{number}", each) for n, each in enumerate(cells))}</row>'


def cell(at: str, said: str | date) -> str:
    if isinstance(said, date):
        return f'<c r="{at}" s="1"><v>{(said - FIRST_DAY_OF_EXCEL).days}</v></c>'
    if not said:
        return ""
    return f'<c r="{at}"><v>{said}</v></c>' if said.isascii() and said.isdigit() else told(at, escape(said))


def told(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def letters(column: int) -> str:
    """A, B … Z, AA."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
