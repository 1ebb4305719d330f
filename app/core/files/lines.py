"""A table of many rows, one after the other as they stand in a CSV or Excel file: a million take no more room here than one."""

import csv
import subprocess
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path

from app.core.files import kinds, names, separated, unfit
from app.core.files.kinds import KINDS, Kind
from app.core.files.pictures import Allowance
from app.core.files.spool import Spool
from app.core.files.store import StoreFailed, the_store
from app.core.files.stored import Kept
from app.core.files.unfit import Unfit

Line = tuple[int, Sequence[str]]
"""Its number in the file, from 1 on, and its cells, without empty ones at the end."""
MOST_BYTES = 60 * 1024**2
MOST_UNPACKED = 1024**3
MOST_COLUMNS = 500
MOST_ROWS = 1_200_000
TABLES = (KINDS["csv"], KINDS["txt"], KINDS["xlsx"])
PROGRAM = Path(__file__).with_name("long_sheet.py")
TOO_LONG, TOO_WIDE = 3, 4
INSTEAD = {
    unfit.ARCHIVE: unfit.NOT_A_TABLE,
    unfit.BURSTING: unfit.BURSTING_TABLE,
    unfit.HAS_MACROS: unfit.TABLE_WITH_MACROS,
    unfit.OLDER_OFFICE: unfit.OLDER_TABLE,
    unfit.OTHER: unfit.NOT_A_TABLE,
    unfit.OTHER_PICTURE: unfit.NOT_A_TABLE,
}
"""What is said of a file that was to be a table."""


def lines_of(file: Spool, sent_as: str) -> Iterator[Line]:
    """The rows that say something, from the start of a file of which no more than `MOST_BYTES` were taken. Raises `Unfit` at the
    first row or any later one: as long as not all are read nothing may be kept of them. Never within a transaction."""
    count = 0
    for line, cells in _rows_of(file, sent_as):
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        count += 1
        if len(cells) > MOST_COLUMNS:
            raise Unfit(unfit.too_many_columns(MOST_COLUMNS))
        if count > MOST_ROWS:
            raise Unfit(unfit.too_many_rows(MOST_ROWS))
        yield line, cells
    if not count:
        raise Unfit(unfit.EMPTY)


def keep_table(spool: Spool, sent_as: str, _allowance: Allowance) -> Kept:
    """A table of many rows as it came, to be read by the worker (`lines_of`); it may be larger than other files. Raises
    `Unfit`."""
    kind = kind_of(spool, sent_as)
    try:
        name = kinds.name_for(names.cleaned(sent_as), kind)
        return Kept(the_store().put(spool), name, kind.media, spool.size, spool.sha256, spool.sha256)
    except StoreFailed as failure:
        raise Unfit(unfit.NO_ROOM if failure.has_no_room else unfit.NO_STORE) from failure
    except OSError as failure:
        raise Unfit(unfit.NO_ROOM) from failure


def kind_of(file: Spool, sent_as: str) -> Kind:
    """CSV, text or Excel, before anything of it is read. Raises `Unfit`."""
    _refuse_what_did_not_arrive(file)
    try:
        kind = kinds.judge(file, names.cleaned(sent_as), MOST_UNPACKED)
    except Unfit as reason:
        raise Unfit(INSTEAD.get(str(reason), str(reason))) from reason
    if kind not in TABLES:
        raise Unfit(unfit.NOT_A_TABLE)
    return kind


def _rows_of(file: Spool, sent_as: str) -> Iterator[tuple[int, list[str]]]:
    return _of_sheet(file) if kind_of(file, sent_as) is KINDS["xlsx"] else separated.rows_of(file)


def _refuse_what_did_not_arrive(file: Spool) -> None:
    if file.has_no_room:
        raise Unfit(unfit.NO_ROOM)
    if file.is_too_large or file.size > MOST_BYTES:
        raise Unfit(unfit.larger_than(MOST_BYTES // 1024**2))
    if not file.size:
        raise Unfit(unfit.EMPTY)


def _of_sheet(file: Spool) -> Iterator[tuple[int, list[str]]]:
    """Read in a process of its own that cannot take much memory or time; it hands on row by row."""
    with subprocess.Popen(  # noqa: S603 (our own program; the sheet comes by its input)
        [sys.executable, "-I", str(PROGRAM), str(MOST_ROWS), str(MOST_COLUMNS)],
        stdin=file.on_disk(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as program:
        try:
            with TextIOWrapper(program.stdout, "utf-8", newline="") as text:  # type: ignore[type-var]
                yield from enumerate(csv.reader(text), 1)
            program.wait()
        except csv.Error as error:
            raise Unfit(unfit.BROKEN) from error
        finally:
            program.kill()
    _refuse_what_was_not_read(program.returncode)


def _refuse_what_was_not_read(code: int) -> None:
    """What the program says, or how it was ended."""
    if code == TOO_LONG:
        raise Unfit(unfit.too_many_rows(MOST_ROWS))
    if code == TOO_WIDE:
        raise Unfit(unfit.too_many_columns(MOST_COLUMNS))
    if code:
        raise Unfit(unfit.TOO_LARGE_A_SHEET if code < 0 else unfit.BROKEN)
