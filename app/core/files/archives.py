"""Office files are zip archives: what is in them says which they are, and whether they are safe to keep.

Nothing is unpacked anywhere; every member is read through once, in pieces, against what the list of members declares."""

import struct
import zipfile
import zlib
from typing import IO, cast

from app.core.files import unfit
from app.core.files.spool import Spool
from app.core.files.unfit import Unfit

END = struct.Struct("<4s4H2LH")
END_MARK = b"PK\x05\x06"
LOCAL = struct.Struct("<4s5H3L2H")
WIDE_LOCATOR_BYTES, WIDE_MARK = 20, b"PK\x06\x07"
TAIL_BYTES = END.size + WIDE_LOCATOR_BYTES + 0xFFFF
MOST_MEMBERS = 5_000
LONGEST_LIST = 2 * 1024**2
MOST_UNPACKED = 300 * 1024**2
MOST_TIMES = 200
"""How many times larger than packed; more is a bomb, where it is over `SURELY_FINE` bytes."""
SURELY_FINE = 10 * 1024**2
LONGEST_PART = 1024**2
PIECE = 64 * 1024
ENCRYPTED = 1
MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
    b"presentationml.slideshow.main+xml": "pptx",
}
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
NO_MACROS_YET = frozenset({"script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml"})
EMBEDDED = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odg", ".odc", ".sldx")
NO_ARCHIVE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, NotImplementedError, EOFError)
"""What reading one that is broken raises."""


def ending(file: Spool, most_unpacked: int = MOST_UNPACKED) -> str:
    """docx, xlsx, pptx, odt or ods. Raises `Unfit`."""
    if _list_bytes(file) > LONGEST_LIST:
        raise Unfit(unfit.BURSTING)
    try:
        with zipfile.ZipFile(cast("IO[bytes]", file)) as archive:
            members = archive.infolist()
            _refuse_bursting(members, most_unpacked)
            found = _office_ending(archive)
            _refuse_macros(members)
            _refuse_hidden(file, members)
            return found
    except NO_ARCHIVE as error:
        raise Unfit(unfit.BROKEN) from error


def refuse_tail(file: Spool) -> None:
    """A picture or PDF that is an archive too, for programs that read it from its end."""
    if _end(file) is not None:
        raise Unfit(unfit.HIDES_ARCHIVE)


def _end(file: Spool) -> tuple[int, bytes] | None:
    """Where the archive's last record begins, and what stands before it; none where no archive ends here."""
    start = max(0, file.size - TAIL_BYTES)
    file.seek(start)
    tail = file.read(TAIL_BYTES)
    at = tail.rfind(END_MARK)
    if at < 0 or len(tail) - at < END.size or at + END.size + END.unpack_from(tail, at)[-1] != len(tail):
        return None
    return start + at, tail[max(0, at - WIDE_LOCATOR_BYTES) :]


def _list_bytes(file: Spool) -> int:
    """How long the list of members is, which zipfile reads at once. It ends where the last record begins."""
    found = _end(file)
    if found is None:
        raise Unfit(unfit.BROKEN)
    _, record = found
    if record.startswith(WIDE_MARK):
        return _wide_list_bytes(file, struct.unpack_from("<Q", record, 8)[0])
    return int(END.unpack_from(record, record.index(END_MARK))[5])


def _wide_list_bytes(file: Spool, at: int) -> int:
    file.seek(min(at, file.size))
    record = file.read(56)
    return int(struct.unpack_from("<Q", record, 40)[0]) if len(record) == 56 else LONGEST_LIST + 1


def _refuse_bursting(members: list[zipfile.ZipInfo], most_unpacked: int) -> None:
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    is_bomb = unpacked > SURELY_FINE and unpacked > MOST_TIMES * packed
    if len(members) > MOST_MEMBERS or unpacked > most_unpacked or is_bomb:
        raise Unfit(unfit.BURSTING)
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise Unfit(unfit.LOCKED)
    if not members or min(member.header_offset for member in members):
        raise Unfit(unfit.BROKEN)
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise Unfit(unfit.BROKEN)


def _office_ending(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names:
        found = OPEN_DOCUMENTS.get(_part(archive, "mimetype").strip())
        if "META-INF/manifest.xml" in names and b"encryption-data" in _part(archive, "META-INF/manifest.xml"):
            raise Unfit(unfit.LOCKED)
    elif "[Content_Types].xml" in names and "_rels/.rels" in names:
        types = _part(archive, "[Content_Types].xml").replace(b"\0", b"")  # it may be UTF-16
        if b"macroEnabled" in types:
            raise Unfit(unfit.HAS_MACROS)
        found = next((each for part, each in MAIN_PARTS.items() if part in types), None)
    else:
        raise Unfit(unfit.ARCHIVE)
    if found is None:
        raise Unfit(unfit.OTHER)
    return found


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(LONGEST_PART)


def _refuse_macros(members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        folder, _, name = member.filename.lower().rpartition("/")
        is_basic = folder.split("/")[0] in {"basic", "scripts"} and name and name not in NO_MACROS_YET
        if "vbaproject" in name or "macrosheets" in folder or is_basic:
            raise Unfit(unfit.HAS_MACROS)


def _refuse_hidden(file: Spool, members: list[zipfile.ZipInfo]) -> None:
    """Members that overlap, hold more than they declare, or are archives or programs themselves."""
    reached = 0
    for member in sorted(members, key=lambda each: each.header_offset):
        if member.header_offset < reached:
            raise Unfit(unfit.BURSTING)
        file.seek(member.header_offset)
        local = LOCAL.unpack(file.read(LOCAL.size))
        data_at = member.header_offset + LOCAL.size + local[9] + local[10]
        reached = data_at + member.compress_size
        _refuse_content(_start_of(file, member, data_at), member.filename.lower())


def _start_of(file: Spool, member: zipfile.ZipInfo, data_at: int) -> bytes:
    """The first bytes of a member, after all of it was counted."""
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Unfit(unfit.BROKEN)
    unpack = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == zipfile.ZIP_DEFLATED else None
    file.seek(data_at)
    left, count, start = member.compress_size, 0, b""
    while left > 0 and (packed := file.read(min(PIECE, left))):
        left -= len(packed)
        while packed:
            data = unpack.decompress(packed, PIECE) if unpack else packed
            packed = unpack.unconsumed_tail if unpack else b""
            start = start or data[:8]
            count += len(data)
            if count > member.file_size:
                raise Unfit(unfit.BURSTING)
    return start


def _refuse_content(start: bytes, name: str) -> None:
    if start.startswith((b"MZ", b"\x7fELF")):
        raise Unfit(unfit.IS_PROGRAM)
    is_archive = start.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"))
    if is_archive and not name.endswith(EMBEDDED):
        raise Unfit(unfit.ARCHIVE)
