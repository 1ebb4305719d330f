"""The rows of a text whose columns are parted by tabs, semicolons or commas, one after the other; and those of nothing else."""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader, TextIOWrapper
from itertools import islice

from app.core.files import texts, unfit
from app.core.files.spool import PIECE, Spool
from app.core.files.tables import SAID_SEPARATOR, SEPARATORS
from app.core.files.unfit import Unfit

SAMPLE, SAMPLED = 64 * 1024, 50
"""Characters and rows by which it is found what parts them."""
NOTHING = f'{SEPARATORS} "\r\n'


def rows_of(file: Spool) -> Iterator[tuple[int, list[str]]]:
    """Each with the number of the line it begins in; of a text that was judged to be one. Raises `Unfit`, also midway."""
    encoding, narrowest, last = texts.encoding_of(file), sys.maxsize, sys.maxsize
    for line, cells in _parted(file, encoding):
        if cells:
            narrowest, last = min(narrowest, last), len(cells)
        yield line, cells
    if last < narrowest < sys.maxsize and not _ends_with_a_line(file):
        raise Unfit(unfit.CUT_OFF)


def _parted(file: Spool, encoding: str) -> Iterator[tuple[int, list[str]]]:
    with _text_of(file, encoding) as text:
        separator, is_said = _separator_of(text.read(SAMPLE))
    line = int(is_said)
    with _text_of(file, encoding) as text:
        reader = csv.reader(islice(text, line, None), delimiter=separator, strict=True)
        try:
            for cells in reader:
                yield line + 1, cells if reader.line_num + is_said == line + 1 else [_one_line(cell) for cell in cells]
                line = reader.line_num + is_said
        except csv.Error as error:
            raise Unfit(unfit.odd_quotation(line + 1)) from error


@contextmanager
def _text_of(file: Spool, encoding: str) -> Iterator[TextIOWrapper]:
    """From its start. The file stays open."""
    file.seek(0)
    buffered = BufferedReader(file, PIECE)
    text = TextIOWrapper(buffered, encoding, newline="")
    try:
        yield text
    finally:
        text.detach()
        buffered.detach()


def _separator_of(sample: str) -> tuple[str, bool]:
    """What parts the first rows most alike; and whether a line before them says it."""
    if (said := SAID_SEPARATOR.match(sample)) and said[1] in SEPARATORS:
        return said[1], True
    lines = sample.splitlines(keepends=True)
    whole = lines[:-1] if len(sample) == SAMPLE and len(lines) > 1 else lines
    ways = {separator: list(islice(csv.reader(whole, delimiter=separator), SAMPLED)) for separator in SEPARATORS}
    best = max(ways, key=lambda separator: _evenness(ways[separator]))
    if not any(len(row) > 1 for row in ways[best]):
        raise Unfit(unfit.ONE_COLUMN if sample.strip(NOTHING) else unfit.EMPTY)
    return best, False


def _evenness(rows: Iterable[Sequence[str]]) -> tuple[float, int]:
    """How many of the rows have the most usual number of columns, where that is more than one; and that."""
    lengths = Counter(len(row) for row in rows if any(row))
    columns, count = max(lengths.items(), key=lambda item: item[1], default=(1, 0))
    return (count / sum(lengths.values()) if columns > 1 else 0.0), columns


def _one_line(cell: str) -> str:
    return " ".join(cell.split())


def _ends_with_a_line(file: Spool) -> bool:
    """In UTF-16 a character has two bytes."""
    file.seek(max(0, file.size - 2))
    return file.read(2).strip(b"\0").endswith((b"\n", b"\r"))
