"""Files to upload, made here: one of each kind that is kept, and hostile ones. Nothing of the kind lies in the repository."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import pillow_heif
from PIL import Image

EAST_OF_WELLINGTON = {1: "S", 2: (41.0, 17.0, 0.0), 3: "E", 4: (174.0, 47.0, 0.0), 29: "2026:03:03"}
GPS = 0x8825
ORIENTATION = 0x0112
MAIN_PARTS = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
}
ODF = {"odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet"}


def pdf(body: bytes = b"Kia ora") -> bytes:
    """One page that says something."""
    content = b"BT /F1 24 Tf 40 100 Td (" + body + b") Tj ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R "
            b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def bursting_pdf(times: int = 100) -> bytes:
    """One whose stream unpacks to this many megabytes."""
    packed = zlib.compress(b"0" * 1024**2 * times, 9)
    head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    return pdf() + b"9 0 obj\n" + head + packed + b"\nendstream\nendobj\n%%EOF\n"


def jpeg(*, gps: bool = False, size: tuple[int, int] = (60, 40), xmp: bytes = b"") -> bytes:
    """Red left, blue right; with GPS as a phone writes it, among other things that a phone notes."""
    exif = Image.Exif()
    exif[0x010F] = "A phone"
    if gps:
        exif[GPS] = EAST_OF_WELLINGTON
        exif[0xA5A5] = 7  # something that stands behind the GPS entry
    made = io.BytesIO()
    two_colours(size).save(made, "JPEG", exif=exif, **({"xmp": xmp} if xmp else {}))
    return made.getvalue()


def two_colours(size: tuple[int, int] = (60, 40)) -> Image.Image:
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    return picture


def png(size: tuple[int, int] = (60, 40)) -> bytes:
    made = io.BytesIO()
    two_colours(size).save(made, "PNG")
    return made.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    head = struct.pack(">2L5B", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\0")) + _chunk(b"IEND", b"")


def gif() -> bytes:
    made = io.BytesIO()
    two_colours().save(made, "GIF")
    return made.getvalue()


def webp(size: tuple[int, int] = (60, 40), *, orientation: int = 1, gps: bool = False) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "A phone"
    if gps:
        exif[GPS] = EAST_OF_WELLINGTON
    made = io.BytesIO()
    two_colours(size).save(made, "WEBP", exif=exif, lossless=True)
    return made.getvalue()


def heic(size: tuple[int, int] = (128, 64), *, orientation: int = 1) -> bytes:
    """As a phone makes it: with GPS, and turned by a note in it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[GPS] = EAST_OF_WELLINGTON
    made = io.BytesIO()
    found = pillow_heif.from_pillow(two_colours(size))
    found.save(made, quality=90, exif=exif.tobytes())
    return made.getvalue()


def archive(members: Mapping[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as packing:
        for name, content in members.items():
            packing.writestr(name, content)
    return made.getvalue()


def office(kind: str = "docx", more: Mapping[str, bytes] | None = None, types: str = "") -> bytes:
    """A docx, xlsx or pptx, with further members."""
    part, media = MAIN_PARTS[kind]
    declared = f'<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{media}"/>'
    head = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    members = {
        "[Content_Types].xml": f"{head}{declared}{types}</Types>".encode(),
        "_rels/.rels": b"<Relationships/>",
        part: b"<document>Kia ora</document>",
    }
    return archive({**members, **(more or {})})


def open_document(kind: str = "odt", more: Mapping[str, bytes] | None = None) -> bytes:
    members = {"mimetype": ODF[kind].encode(), "META-INF/manifest.xml": b"<manifest/>", "content.xml": b"<content/>"}
    return archive({**members, **(more or {})})


def mail() -> bytes:
    return (
        b"From: a@example.nz\r\nTo: b@example.nz\r\nSubject: Hui\r\nDate: Tue, 3 Mar 2026 09:00:00 +1300\r\n\r\nHi\r\n"
    )


def compound(*names: str) -> bytes:
    """A compound file with these names at its root, each to the right of the one before."""
    entries = [_entry("Root Entry", 5, right=0xFFFFFFFF, child=1 if names else 0xFFFFFFFF)]
    for number, name in enumerate(names, 1):
        entries.append(_entry(name, 2, right=number + 1 if number < len(names) else 0xFFFFFFFF))
    listed = b"".join(entries).ljust(1024, b"\0")
    table = struct.pack("<3L", 0xFFFFFFFD, 2, 0xFFFFFFFE) + b"\xff" * 500
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9L", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<L", 0) + b"\xff" * 432
    return head + table + listed


def outlook() -> bytes:
    return compound("__nameid_version1.0", "__properties_version1.0", "__substg1.0_0037001F")


def eicar() -> bytes:
    """The harmless test virus, put together here so that no scanner finds it in the repository."""
    return rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE" + b"!$H+H*"


EACH = {
    "letter.pdf": pdf,
    "plan.docx": lambda: office("docx"),
    "marks.xlsx": lambda: office("xlsx"),
    "hui.pptx": lambda: office("pptx"),
    "plan.odt": lambda: open_document("odt"),
    "marks.ods": lambda: open_document("ods"),
    "note.txt": "Kia ora, whānau".encode,
    "list.csv": lambda: b"a,b\r\n1,2\r\n",
    "photo.jpg": jpeg,
    "photo.png": png,
    "phone.heic": heic,
    "phone.webp": webp,
    "mail.eml": mail,
    "mail.msg": outlook,
}
"""A name and a maker for each kind that is kept."""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def _entry(name: str, kind: int, *, right: int, child: int = 0xFFFFFFFF) -> bytes:
    encoded = name.encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
    return (head + struct.pack("<3L", 0xFFFFFFFF, right, child)).ljust(128, b"\0")
