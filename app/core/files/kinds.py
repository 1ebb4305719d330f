"""What a file is, by its content (SHARE-6)."""

from dataclasses import dataclass

from app.core.files.spool import Spool


class Unfit(Exception):
    """The file is not kept; why, and what to do instead, in plain words."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is kept."""

    endings: tuple[str, ...]
    media: str


PDF = Kind(("pdf",), "application/pdf")
JPEG = Kind(("jpg", "jpeg", "jpe", "jfif"), "image/jpeg")
PNG = Kind(("png",), "image/png")
TEXT = Kind(("txt",), "text/plain")
KINDS = (PDF, JPEG, PNG, TEXT)
ENDINGS = frozenset(ending for kind in KINDS for ending in kind.endings)


def judge(file: Spool, name: str) -> Kind:
    """The kind of this content. Raises `Unfit`."""
    file.seek(0)
    head = file.read(512)
    for start, kind in ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG)):
        if head.startswith(start):
            return kind
    try:
        head.decode()
    except UnicodeDecodeError:
        raise Unfit("It is not of a kind that is kept here.") from None
    return TEXT
