"""Sets letters: starts `engine.py` when it is first needed, hands documents over, and starts it anew when it is lost.

The engine gets an environment of its own, without any secret and with no other fonts than ours."""

import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from app.core.pdf.child import Child, Lost, Parts
from app.core.pdf.frames import Head

ENGINE = Path(__file__).with_name("engine.py")
FONTS = Path(__file__).parents[3] / "fonts"
BUILT = ("public-sans-400.ttf", "public-sans-700.ttf")
SECONDS = 30.0
"""A document may take, or a start."""
FONT_SETTINGS = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
    "<fontconfig><dir>{}</dir><cachedir>/dev/null</cachedir></fontconfig>"
)
"""Nothing else is looked for, and nothing is remembered from one start to the next."""
PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
LACKING = re.compile(r"\.notdef glyph .*\(U\+([0-9A-F]+)\)", re.DOTALL)

NOT_SET = "The letter could not be set: {}. Try again; if it fails again, report the case number."
NO_START = (
    "The letter could not be set: the program that sets letters does not start. Tell whoever runs the portal: "
    "“flask doctor” says what it lacks. Then try again."
)
NO_FONTS = (
    "The letter could not be set: the fonts of letters are not there. Tell whoever runs the portal: “flask doctor” "
    "says how to build them. Then try again."
)
BROKE_OFF = "the program that sets letters broke off, or took too long"
REASONS = {
    "broken": "something in it is not understood",
    "malformed": "its text is not well formed",
    "outside": "it refers to something outside itself",
    "picture": "a picture in it cannot be read",
}


class PressFailed(Exception):
    """Why a letter was not set, in plain words. `may_pass` where the next try may well succeed. `said` is what the
    engine had to say: it may quote the letter, and is never logged."""

    def __init__(self, words: str, said: str, *, may_pass: bool = False) -> None:
        super().__init__(words)
        self.said = said
        self.may_pass = may_pass


@dataclass(frozen=True)
class Picture:
    """A page; its size in pixels."""

    width: int
    height: int
    png: bytes


@dataclass(frozen=True)
class Rendered:
    """A PDF, its pages as pictures where they were asked for, and what its bytes depend on."""

    pdf: bytes
    page_count: int
    pictures: tuple[Picture, ...]
    versions: dict[str, str]


class Press:
    """One engine and a lock: any thread may hand it a letter. `program` is what to start instead."""

    def __init__(self, program: Sequence[str] | None = None, *, seconds: float = SECONDS) -> None:
        self._program = program or [sys.executable, "-I", str(ENGINE), str(FONTS)]
        self._seconds = seconds
        self._lock = Lock()
        self._child: Child | None = None
        self._versions: dict[str, str] = {}

    def render(self, html: str, css: str, assets: Mapping[str, bytes], *, pictures: bool) -> Rendered:
        """The PDF of well-formed XHTML that refers to nothing but `asset:NAME`. Raises `PressFailed`."""
        head = {"assets": [f"asset:{name}" for name in assets], "pictures": pictures}
        parts = [html.encode(), css.encode(), *assets.values()]
        with self._lock:
            child = self._running() or self._started()
            try:
                answer, given = child.ask(head, parts)
                if answer["is_last"]:
                    self._end()
                return self._rendered(answer, given)
            except (Lost, LookupError, TypeError, ValueError) as lost:
                self._end()
                raise PressFailed(NOT_SET.format(BROKE_OFF), str(lost), may_pass=True) from lost

    def close(self) -> None:
        """Waits for the letter at hand."""
        with self._lock:
            self._end()

    def _running(self) -> Child | None:
        """The child, unless it ended while nothing was asked of it."""
        if self._child and self._child.has_ended:
            self._end()
        return self._child

    def _started(self) -> Child:
        if not all((FONTS / name).exists() for name in BUILT):
            raise PressFailed(NO_FONTS, "")
        with tempfile.TemporaryDirectory() as folder:
            fonts = Path(folder) / "fonts.conf"
            fonts.write_text(FONT_SETTINGS.format(FONTS))
            try:
                child = self._child = Child(self._program, _environment(fonts), self._seconds)
                self._versions = child.greeting()["versions"]
            except (Lost, LookupError, OSError) as lost:
                self._end()
                raise PressFailed(NO_START, str(lost)) from lost
        return child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child:
            child.end()

    def _rendered(self, answer: Head, given: Parts) -> Rendered:
        if fault := answer.get("fault"):
            raise PressFailed(NOT_SET.format(_reason(fault, answer["said"])), answer["said"])
        pdf, *drawn = given
        sizes = answer["pictures"]
        pages = tuple(Picture(width, height, png) for (width, height), png in zip(sizes, drawn, strict=True))
        return Rendered(pdf, answer["pages"], pages, self._versions)


def _environment(fonts: Path) -> dict[str, str]:
    """Without PATH: looking for libraries is over sooner."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed_on, "FONTCONFIG_FILE": str(fonts), "LC_ALL": "C.UTF-8"}


def _reason(fault: str, said: str) -> str:
    if lacking := LACKING.search(said):
        return f"its font lacks the character {chr(int(lacking[1], 16))} (U+{lacking[1]})"
    return REASONS.get(fault, "something in it would be left out")
