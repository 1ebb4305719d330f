"""What a file is, by its content and never by what its sender calls it (SHARE-6)."""

from dataclasses import dataclass

import filetype

from app.core.files import archives, compounds, endings, names, pictures, texts, unfit
from app.core.files.spool import Spool
from app.core.files.unfit import Unfit

HEAD_BYTES = 1024
OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Kind:
    """A kind of file that is kept."""

    endings: tuple[str, ...]
    media: str


KINDS = {
    kind.endings[0]: kind
    for kind in (
        Kind(("pdf",), "application/pdf"),
        Kind(("docx",), f"{OPEN_XML}wordprocessingml.document"),
        Kind(("xlsx",), f"{OPEN_XML}spreadsheetml.sheet"),
        Kind(("pptx",), f"{OPEN_XML}presentationml.presentation"),
        Kind(("odt",), f"{OPEN_DOCUMENT}text"),
        Kind(("ods",), f"{OPEN_DOCUMENT}spreadsheet"),
        Kind(("txt", "text", "md", "log"), "text/plain"),
        Kind(("csv",), "text/csv"),
        Kind(("jpg", "jpeg", "jpe", "jfif"), "image/jpeg"),
        Kind(("png",), "image/png"),
        Kind(("heic", "heif"), "image/heic"),
        Kind(("webp",), "image/webp"),
        Kind(("eml",), "message/rfc822"),
        Kind(("msg",), "application/vnd.ms-outlook"),
    )
}
DRAWING = Kind(("svg",), "image/svg+xml")
"""Kept only as letters print it, made safe (`files.vectors`)."""
KEPT_ENDINGS = frozenset(ending for kind in KINDS.values() for ending in kind.endings)
REFUSED_BY_NAME = (
    (endings.CARRIED_OUT, unfit.IS_PROGRAM),
    (endings.WEB_PAGES, unfit.IS_WEB_PAGE),
    (endings.WITH_MACROS, unfit.HAS_MACROS),
)
SIGNATURES = {
    b"\xff\xd8\xff": "jpg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"PK\x03\x04": "zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "compound",
}
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
NOT_KEPT = {
    "image": unfit.OTHER_PICTURE,
    "video": unfit.NO_VIDEO,
    "audio": unfit.NO_VIDEO,
    "application/x-msdownload": unfit.IS_PROGRAM,
    "application/x-executable": unfit.IS_PROGRAM,
    "application/zip": unfit.ARCHIVE,
    "application/x-rar-compressed": unfit.ARCHIVE,
    "application/x-7z-compressed": unfit.ARCHIVE,
    "application/gzip": unfit.ARCHIVE,
    "application/x-tar": unfit.ARCHIVE,
}


def judge(file: Spool, name: str, most_unpacked: int = archives.MOST_UNPACKED) -> Kind:
    """The kind of this content. Raises `Unfit`, also for a name that makes a computer carry out what is in the file."""
    ending = names.ending_of(name)
    for refused, reason in REFUSED_BY_NAME:
        if ending in refused:
            raise Unfit(reason)
    file.seek(0)
    return KINDS[_ending_by_content(file, file.read(HEAD_BYTES), ending, most_unpacked)]


def name_for(name: str, kind: Kind) -> str:
    """The name with an ending that says what the file is."""
    return names.with_ending(name, kind.endings, KEPT_ENDINGS | endings.MISLEADING)


def _ending_by_content(file: Spool, head: bytes, ending: str, most_unpacked: int) -> str:
    found = next((each for start, each in SIGNATURES.items() if head.startswith(start)), "") or _by_longer_look(head)
    if found == "zip":
        return archives.ending(file, most_unpacked)
    if not found:
        return _text(file, head, ending)
    archives.refuse_tail(file)
    if found == "compound":
        return compounds.ending(file)
    if found in {"jpg", "png"}:
        pictures.refuse_too_many_pixels(file, found)
    return found


def _by_longer_look(head: bytes) -> str:
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ").startswith(b"%PDF-"):
        return "pdf"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return "heic" if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS else ""


def _text(file: Spool, head: bytes, ending: str) -> str:
    """Programs and pictures are no text; what they are is only looked up to say it."""
    found = texts.ending(file, head, ending)
    if found:
        return found
    if b"%PDF-" in head:
        raise Unfit(unfit.BROKEN)
    media = filetype.guess_mime(head) or ""
    raise Unfit(NOT_KEPT.get(media) or NOT_KEPT.get(media.partition("/")[0]) or unfit.OTHER)
