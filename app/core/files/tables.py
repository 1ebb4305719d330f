"""A table as people have it: copied out of a spreadsheet, or a CSV or Excel file. Only its texts are read; no file of it is
kept."""

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from app.core.files import kinds, names, texts, unfit
from app.core.files.keeping import refuse_what_did_not_arrive
from app.core.files.kinds import KINDS
from app.core.files.pictures import Allowance
from app.core.files.spool import Spool
from app.core.files.unfit import Unfit
from app.core.text import nfc

MOST_BYTES = 2 * 1024**2
MOST_ROWS = 2_000
MOST_COLUMNS = 50
MOST_CHARACTERS = 300_000
SECONDS = 15
TOO_MANY = 3
PROGRAM = Path(__file__).with_name("sheet.py")
SEPARATORS = "\t;,"
SAID_SEPARATOR = re.compile(r"\s*sep=(.)\s*(?:\r?\n|$)", re.IGNORECASE)
"""How Excel notes it in a first line of its own."""
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff]")
_BREAKS = re.compile(r"\s*[\r\n\v\f\u2028\u2029]+\s*")


@dataclass(frozen=True)
class Table:
    """Rows of texts, all of the same length, none of them empty."""

    rows: tuple[tuple[str, ...], ...]


def read_file(spool: Spool, sent_as: str, allowance: Allowance) -> Table:
    """A CSV or Excel file as a table. Raises `Unfit`. Never within a transaction."""
    refuse_what_did_not_arrive(spool)
    if spool.size > MOST_BYTES:
        raise Unfit(unfit.too_many_rows(MOST_ROWS))
    kind = kinds.judge(spool, names.cleaned(sent_as))
    if kind in {KINDS["csv"], KINDS["txt"]}:
        return read_text(texts.decoded(spool))
    if kind is KINDS["xlsx"]:
        return _table(_sheet(spool))
    raise Unfit(unfit.NOT_A_TABLE)


def read_text(text: str) -> Table:
    """Columns parted by tabs, semicolons or commas, whichever parts the rows most alike. Raises `Unfit`."""
    said = SAID_SEPARATOR.match(text)
    text = text[said.end() :] if said else text
    if text.count("\n") > MOST_ROWS * 2 or len(text) > MOST_BYTES:
        raise Unfit(unfit.too_many_rows(MOST_ROWS))
    ways = [_parted(text, separator) for separator in (said[1] if said else SEPARATORS)]
    return _table(max(ways, key=_evenness))


def as_text(table: Table) -> str:
    """The same table as a text that is read as the same."""
    written = StringIO()
    csv.writer(written, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(table.rows)
    return written.getvalue()


def _parted(text: str, separator: str) -> list[list[str]]:
    """A quotation mark without its fellow is a mark like any other."""
    mark = None if text.count('"') % 2 else '"'
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=separator, quotechar=mark))
    except csv.Error as error:
        raise Unfit(unfit.BROKEN) from error


def _evenness(rows: Iterable[Sequence[str]]) -> float:
    """How many of the rows have the most usual number of columns, where that is more than one."""
    lengths = Counter(len(row) for row in rows if any(row))
    columns, count = max(lengths.items(), key=lambda item: item[1], default=(1, 0))
    return count / sum(lengths.values()) if columns > 1 else 0.5


def _sheet(spool: Spool) -> list[list[str]]:
    """Read in a process of its own that cannot take much memory or time."""
    spool.seek(0)
    try:
        done = subprocess.run(  # noqa: S603 (our own program; the sheet comes by its input)
            [sys.executable, "-I", str(PROGRAM), str(MOST_ROWS)],
            input=spool.read(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unfit(unfit.too_many_rows(MOST_ROWS)) from error
    if done.returncode == TOO_MANY or done.returncode < 0:
        raise Unfit(unfit.too_many_rows(MOST_ROWS))
    if done.returncode:
        raise Unfit(unfit.BROKEN)
    found: list[list[str]] = json.loads(done.stdout)
    return found


def _table(rows: Iterable[Sequence[str]]) -> Table:
    clean = [[_clean(cell) for cell in row[:MOST_COLUMNS]] for row in rows]
    said = [row for row in clean if any(row)]
    if not said:
        raise Unfit(unfit.EMPTY)
    if len(said) > MOST_ROWS or sum(len(cell) for row in said for cell in row) > MOST_CHARACTERS:
        raise Unfit(unfit.too_many_rows(MOST_ROWS))
    used = [column for column in range(max(map(len, said))) if any(any(row[column : column + 1]) for row in said)]
    return Table(tuple(tuple(row[column] if column < len(row) else "" for column in used) for row in said))


def _clean(cell: str) -> str:
    """One line of text, without what cannot be seen or kept."""
    return nfc(_BREAKS.sub(" ", _UNSEEN.sub("", cell)).encode(errors="replace").decode().strip())
