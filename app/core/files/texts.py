"""Text: letters and lines in UTF-8, UTF-16 or what Windows writes, without control characters."""

import codecs
import re

from app.core.files import unfit
from app.core.files.spool import Spool
from app.core.files.unfit import Unfit

PIECE = 64 * 1024
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_HEADER = re.compile(
    rb"^(from|to|date|subject|received|message-id|mime-version|return-path|delivered-to):", re.IGNORECASE | re.MULTILINE
)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_MARKUP = re.compile(
    r"<(!doctype|\?xml|\?php|!--|html|head|body|svg|script|iframe|style|a|img|meta|link)\b|#!|<%", re.IGNORECASE
)
FEWEST_HEADERS = 3
PICTURES = ("GIF8", "BM6", "%!PS")
RICH = "{\\rtf"


def ending(file: Spool, head: bytes, named: str) -> str:
    """txt, csv or eml; empty where it is no text. Raises `Unfit` for text that a browser or a computer carries out."""
    encodings = _encodings(head)
    if not any(_is_text(file, encoding) for encoding in encodings):
        return ""
    if named == "eml" and _is_mail(file):
        return "eml"
    _refuse_markup(head.decode(encodings[0], "replace"))
    return "csv" if named == "csv" else "txt"


def encoding_of(file: Spool) -> str:
    """Of a text that was judged to be one."""
    file.seek(0)
    encodings = _encodings(file.read(len(codecs.BOM_UTF8)))
    return next((encoding for encoding in encodings if _is_text(file, encoding)), encodings[-1])


def decoded(file: Spool) -> str:
    """All of a text that was judged to be one."""
    file.seek(0)
    data = file.read()
    marked = next((MARKS[mark] for mark in MARKS if data.startswith(mark)), "")
    try:
        return data.decode(marked or "utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _encodings(head: bytes) -> list[str]:
    """Those that it may have, the likelier one first."""
    return next(([MARKS[mark]] for mark in MARKS if head.startswith(mark)), ["utf-8", "cp1252"])


def _is_text(file: Spool, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(PIECE):
            if _CONTROL.search(decoder.decode(piece)):
                return False
        return not _CONTROL.search(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False


def _is_mail(file: Spool) -> bool:
    file.seek(0)
    headers = _BLANK_LINE.split(file.read(PIECE), maxsplit=1)[0]
    return len({found.lower() for found in _HEADER.findall(headers)}) >= FEWEST_HEADERS


def _refuse_markup(head: str) -> None:
    start = head.lstrip("\ufeff \t\r\n\f")
    if _MARKUP.match(start):
        raise Unfit(unfit.IS_WEB_PAGE)
    if start.startswith(PICTURES):
        raise Unfit(unfit.OTHER_PICTURE)
    if start.startswith(RICH):
        raise Unfit(unfit.OLDER_OFFICE)
