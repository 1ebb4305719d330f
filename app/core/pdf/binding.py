"""Puts PDF files together for one print: starts `binder.py`, hands the files over one after the other, and takes what came of
them piece by piece. So neither side ever holds all of it, but the binder the pages themselves."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from app.core.pdf.child import Child, Lost

BINDER = Path(__file__).with_name("binder.py")
SECONDS = 60.0
"""A file may take, or giving back."""


class BindingFailed(Exception):
    """The files were not put together; what the program said is never logged."""


def bind(files: Iterable[bytes], into: IO[bytes]) -> None:
    """Each file begins on a right-hand page. Raises `BindingFailed`."""
    try:
        child = Child([sys.executable, "-I", str(BINDER)], {"LC_ALL": "C.UTF-8"}, SECONDS)
    except OSError as error:
        raise BindingFailed(str(error)) from error
    try:
        for file in files:
            _asked(child, "add", [file])
        for piece in _pieces(child):
            into.write(piece)
        into.seek(0)
    except Lost as lost:
        raise BindingFailed(str(lost)) from lost
    finally:
        child.end()


def _pieces(child: Child) -> Iterator[bytes]:
    while piece := _asked(child, "give", [])[0]:
        yield piece


def _asked(child: Child, what: str, parts: list[bytes]) -> list[bytes]:
    head, given = child.ask({"what": what}, parts)
    if fault := head.get("fault"):
        raise BindingFailed(str(fault))
    return given
