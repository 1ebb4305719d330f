"""What a file is, is said by its content; what is hostile is refused, each in words that name the remedy."""

import struct
import zlib
from collections.abc import Callable, Iterator

import pytest

from app.core.files import archives, kinds, unfit
from app.core.files.spool import Spool
from app.core.files.unfit import Unfit
from tests.support import samples

ZIP = samples.archive({"a.txt": b"a"})
MESSAGE = ("__nameid_version1.0", "__properties_version1.0")


@pytest.fixture
def judged() -> Iterator[Callable[..., str]]:
    """The name a file is kept under."""
    spools = []

    def judge(content: bytes, name: str) -> str:
        spool = Spool()
        spools.append(spool)
        spool.write(content)
        return kinds.name_for(name, kinds.judge(spool, name))

    yield judge
    for spool in spools:
        spool.close()


Judged = Callable[[bytes, str], str]


@pytest.mark.parametrize("name", samples.EACH)
def test_each_kind_is_known_by_its_content(judged: Judged, name: str) -> None:
    made = samples.EACH[name]()
    ending = name.rpartition(".")[2]
    assert judged(made, name) == name
    as_text = ending in {"csv", "eml"}
    assert judged(made, "unnamed") == f"unnamed.{'txt' if as_text else ending}"
    wrong = "pdf" if ending != "pdf" else "jpg"
    assert judged(made, f"thing.{wrong}") == f"thing.{'txt' if as_text else ending}"


@pytest.mark.parametrize(
    ("content", "name", "becomes"),
    [
        (samples.png(), "photo.jpg", "photo.png"),
        (samples.jpeg(), "photo.JPEG", "photo.JPEG"),
        (samples.pdf(), "report.v2", "report.v2.pdf"),
        (samples.pdf(), "letter.exe.pdf", "letter.exe.pdf"),
        (samples.office("docx"), "plan.doc", "plan.docx"),
        (b"\xef\xbb\xbf" + samples.pdf(), "letter.pdf", "letter.pdf"),
        ("Tēnā koe".encode("utf-16"), "note.txt", "note.txt"),
        ("M\xe4ori \x96 dash".encode("latin-1"), "note.txt", "note.txt"),
        (b"no headers here", "mail.eml", "mail.txt"),
        (b"BMX tracks", "bikes", "bikes.txt"),
    ],
)
def test_the_name_is_made_to_agree(judged: Judged, content: bytes, name: str, becomes: str) -> None:
    assert judged(content, name) == becomes


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (samples.pdf(), "letter.pdf.exe", unfit.IS_PROGRAM),
        (b"alert(1)", "script.js", unfit.IS_PROGRAM),
        (b"Kia ora", "page.html", unfit.IS_WEB_PAGE),
        (b"  <!DOCTYPE html><p>x", "note.txt", unfit.IS_WEB_PAGE),
        (b"\xef\xbb\xbf<svg onload='x'/>", "photo.png", unfit.IS_WEB_PAGE),
        (b"<html><script>x</script>", "mail.eml", unfit.IS_WEB_PAGE),
        (b"#!/bin/sh\nrm -rf x", "note.txt", unfit.IS_WEB_PAGE),
        (b"MZ\x90\0" + bytes(600), "letter.pdf", unfit.IS_PROGRAM),
        (b"\x7fELF\x02\x01\x01" + bytes(600), "letter.txt", unfit.IS_PROGRAM),
        (b"MZ\x90\0" + bytes(200) + samples.pdf(), "letter.pdf", unfit.BROKEN),
        (b"GIF89a/*\0*/=1;alert(1)//" + samples.pdf(), "letter.pdf", unfit.BROKEN),
        (samples.gif(), "photo.gif", unfit.OTHER_PICTURE),
        (b"GIF89a=1;alert(1)", "photo.jpg", unfit.OTHER_PICTURE),
        (samples.jpeg() + ZIP, "photo.jpg", unfit.HIDES_ARCHIVE),
        (samples.png() + ZIP, "photo.png", unfit.HIDES_ARCHIVE),
        (samples.pdf() + ZIP, "letter.pdf", unfit.HIDES_ARCHIVE),
        (samples.outlook() + ZIP, "mail.msg", unfit.HIDES_ARCHIVE),
        (samples.png_that_claims(60_000, 60_000), "photo.png", unfit.TOO_MANY_PIXELS),
        (b"\xff\xd8\xff\xe0junk", "photo.jpg", unfit.BROKEN),
        (ZIP, "plan.docx", unfit.ARCHIVE),
        (ZIP, "files.zip", unfit.ARCHIVE),
        (b"Rar!\x1a\x07\x01\0" + bytes(100), "files.rar", unfit.ARCHIVE),
        (b"\x1f\x8b\x08\0" + bytes(100), "files.gz", unfit.ARCHIVE),
        (b"\0\0\0\x18ftypmp42" + bytes(100), "film.mp4", unfit.NO_VIDEO),
        (b"\0\0\0\x1cftypavif" + bytes(100), "photo.avif", unfit.OTHER_PICTURE),
        (b"{\\rtf1\\ansi Kia ora}", "letter.rtf", unfit.OLDER_OFFICE),
        (samples.compound("WordDocument", "1Table"), "letter.doc", unfit.OLDER_OFFICE),
        (samples.compound("EncryptedPackage", "EncryptionInfo"), "letter.docx", unfit.LOCKED),
        (samples.outlook()[:700], "mail.msg", unfit.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000, "mail.msg", unfit.BROKEN),
        (bytes(5000), "letter.pdf", unfit.OTHER),
        (b"words\x1b[2Jmore", "note.txt", unfit.OTHER),
    ],
)
def test_what_is_not_kept(judged: Judged, content: bytes, name: str, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        judged(content, name)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (samples.office("docx", {"word/vbaProject.bin": b"x"}), unfit.HAS_MACROS),
        (samples.office("xlsx", {"xl/macrosheets/sheet1.xml": b"<x/>"}), unfit.HAS_MACROS),
        (
            samples.office("docx", types="<x ContentType='application/vnd.ms-word.document.macroEnabled'/>"),
            unfit.HAS_MACROS,
        ),
        (samples.open_document("odt", {"Basic/Standard/Module1.xml": b"<x/>"}), unfit.HAS_MACROS),
        (samples.open_document("ods", {"Scripts/python/x.py": b"x"}), unfit.HAS_MACROS),
        (samples.open_document("odt", {"META-INF/manifest.xml": b"<x><encryption-data/></x>"}), unfit.LOCKED),
        (samples.office("docx", {"word/media/x.png": b"MZ" + bytes(50)}), unfit.IS_PROGRAM),
        (samples.office("docx", {"word/media/more.zip": ZIP}), unfit.ARCHIVE),
        (samples.office("docx", {"word/media/photo.png": ZIP}), unfit.ARCHIVE),
        (samples.office("docx")[:-40], unfit.BROKEN),
        (samples.archive({"mimetype": b"application/vnd.oasis.opendocument.presentation"}), unfit.OTHER),
        (samples.office("docx", {f"x/{number}": b"" for number in range(archives.MOST_MEMBERS)}), unfit.BURSTING),
        (samples.office("docx", {"word/x.xml": bytes(archives.SURELY_FINE * 2)}), unfit.BURSTING),
    ],
)
def test_an_office_file_that_is_not_kept(judged: Judged, content: bytes, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        judged(content, "plan.docx")
    assert str(refused.value) == why


def test_an_office_file_may_hold_another(judged: Judged) -> None:
    inside = {"word/embeddings/Sheet1.xlsx": samples.office("xlsx"), "word/media/image1.jpeg": samples.jpeg()}
    assert judged(samples.office("docx", inside), "plan.docx") == "plan.docx"
    empty_library = {"Basic/script-lc.xml": b"<x/>", "Basic/Standard/script-lb.xml": b"<x/>"}
    assert judged(samples.open_document("odt", empty_library), "plan.odt") == "plan.odt"


def test_a_member_that_holds_more_than_it_declares_is_found(judged: Judged) -> None:
    made = bytearray(samples.office("docx", {"zz.xml": b"0" * 5_000_000}))
    listed = made.rindex(b"PK\x01\x02")
    struct.pack_into("<L", made, listed + 16, zlib.crc32(b"0" * 10))
    struct.pack_into("<L", made, listed + 24, 10)
    with pytest.raises(Unfit, match="unpack to far more"):
        judged(bytes(made), "plan.docx")


def test_members_that_share_their_bytes_are_found(judged: Judged) -> None:
    made = bytearray(samples.office("docx", {"aa.xml": b"0" * 1000, "bb.xml": b"0" * 1000}))
    last = made.rindex(b"PK\x01\x02")
    before = made.rindex(b"PK\x01\x02", 0, last)
    made[last + 42 : last + 46] = made[before + 42 : before + 46]
    with pytest.raises(Unfit):
        judged(bytes(made), "plan.docx")


def test_a_list_of_members_that_would_fill_the_memory_is_not_read(judged: Judged) -> None:
    made = bytearray(samples.office("docx"))
    at = made.rindex(archives.END_MARK)
    struct.pack_into("<L", made, at + 12, archives.LONGEST_LIST + 1)
    with pytest.raises(Unfit, match="unpack to far more"):
        judged(bytes(made), "plan.docx")


def test_a_locked_archive_is_told_from_a_broken_one(judged: Judged) -> None:
    made = bytearray(samples.office("docx"))
    listed = made.index(b"PK\x01\x02")
    struct.pack_into("<H", made, listed + 8, 1)
    with pytest.raises(Unfit, match="password"):
        judged(bytes(made), "plan.docx")


def test_a_pdf_that_bursts_is_kept_unopened(judged: Judged) -> None:
    """Nothing of it is unpacked here, so it does no harm here; the reader's program is for it to guard."""
    assert judged(samples.bursting_pdf(), "letter.pdf") == "letter.pdf"


@pytest.mark.parametrize(
    "why", [text for text in vars(unfit).values() if isinstance(text, str) and text.startswith("It ")]
)
def test_each_reason_says_what_to_do(why: str) -> None:
    assert why.endswith(".")
    assert why.count(".") >= 2
