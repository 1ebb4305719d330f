"""Pictures: of a JPEG only the place where it was taken is dropped, all else stays as it is, byte for byte; HEIC and
WebP become an upright JPEG, in a process of its own that cannot take much memory or time."""

import re
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from app.core.files import unfit
from app.core.files.spool import Spool
from app.core.files.unfit import Unfit

MOST_PIXELS = 200_000_000
SECONDS = 40
"""For all pictures of one form that are turned into JPEG: less than proxies wait for an answer."""
PROGRAM = Path(__file__).with_name("upright.py")
TOO_LARGE = 3
GPS = 0x8825
VALUE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_EXIF = re.compile(rb"\xff\xe1(..)Exif\x00\x00(?=II\*\x00|MM\x00\*)", re.DOTALL)
_XMP_PLACE = re.compile(
    rb"(?:\w+:GPS\w+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')|<(\w+:GPS\w+)(?:\s[^<>]*)?>[^<>]*</\1\s*>)", re.DOTALL
)
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_one_at_a_time = Lock()


class Allowance:
    """How long the pictures of one form may still take together, with their waiting for those of others."""

    def __init__(self) -> None:
        self.left = float(SECONDS)

    @contextmanager
    def turn(self) -> Iterator[float]:
        """Nobody else's picture is made upright meanwhile; so many seconds are left. Raises `Unfit` when there are none."""
        began = time.monotonic()
        if self.left <= 0 or not _one_at_a_time.acquire(timeout=self.left):
            self.left = 0.0
            raise Unfit(unfit.TOOK_TOO_LONG)
        try:
            yield self.left - (time.monotonic() - began)
        finally:
            _one_at_a_time.release()
            self.left -= time.monotonic() - began


def refuse_too_many_pixels(file: Spool, ending: str) -> None:
    """Nobody's computer shall burst on it. Raises `Unfit`, also for one without a size."""
    width, height = _png_size(file) if ending == "png" else _jpeg_size(file)
    if not width or not height:
        raise Unfit(unfit.BROKEN)
    if width * height > MOST_PIXELS:
        raise Unfit(unfit.TOO_MANY_PIXELS)


def without_place(file: Spool) -> Spool | None:
    """The same JPEG without its GPS block; none where it has none. Every byte of the picture itself stays."""
    file.seek(0)
    data = bytearray(file.read())
    before = bytes(data)
    for found in _EXIF.finditer(before):
        length = struct.unpack(">H", found[1])[0]
        _drop_gps(data, found.end(), min(len(data), found.start() + 2 + length))
    for packet in _XMP.finditer(before):
        for place in _XMP_PLACE.finditer(before, *packet.span()):
            data[place.start() : place.end()] = b" " * len(place[0])
    return None if data == before else _spooled(data)


def upright_jpeg(file: Spool, allowance: Allowance) -> Spool:
    """Raises `Unfit` where it cannot be read or is too large, or where those before it have taken the time."""
    return _made(file, allowance)


def for_print(file: Spool, allowance: Allowance) -> Spool:
    """A JPEG or PNG that is small and holds nothing but its pixels. Raises `Unfit`."""
    return _made(file, allowance, "for-print")


def _made(file: Spool, allowance: Allowance, *how: str) -> Spool:
    file.seek(0)
    with allowance.turn() as seconds:
        made = Spool()
        try:
            _remake(file, made, seconds, how)
        except Unfit:
            made.close()
            raise
    made.measure()
    return made


def _remake(file: Spool, made: Spool, seconds: float, how: tuple[str, ...]) -> None:
    command = [sys.executable, "-I", str(PROGRAM), *how]
    try:
        done = subprocess.run(  # noqa: S603 (our own program; the picture comes by its input)
            command,
            stdin=file.on_disk(),
            stdout=made.on_disk(),
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unfit(unfit.TOOK_TOO_LONG) from error
    if done.returncode:
        raise Unfit(unfit.TOO_MANY_PIXELS if done.returncode == TOO_LARGE else unfit.BROKEN)


def _drop_gps(data: bytearray, start: int, end: int) -> None:
    """In the Exif block between these: the entry that leads to the GPS block goes, and the block is overwritten."""
    order = "<" if data[start : start + 2] == b"II" else ">"
    block = bytes(data[start:end])
    try:
        at = struct.unpack_from(f"{order}L", block, 4)[0]
        count = struct.unpack_from(f"{order}H", block, at)[0]
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            if struct.unpack_from(f"{order}H", block, entry)[0] == GPS:
                last = at + 2 + 12 * count
                rest = block[entry + 12 : last + 4]
                data[start + entry : start + entry + len(rest)] = rest
                data[start + entry + len(rest) : start + last + 4] = bytes(12)
                struct.pack_into(f"{order}H", data, start + at, count - 1)
                for first, length in _gps_places(block, order, struct.unpack_from(f"{order}L", block, entry + 8)[0]):
                    if 0 <= first <= first + length <= len(block):
                        data[start + first : start + first + length] = bytes(length)
                return
    except struct.error:
        return


def _gps_places(block: bytes, order: str, at: int) -> Iterator[tuple[int, int]]:
    """Where the GPS block and its longer values stand, each with its length."""
    count = struct.unpack_from(f"{order}H", block, at)[0]
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        kind, many, value = struct.unpack_from(f"{order}HLL", block, entry + 2)
        length = VALUE_BYTES.get(kind, 0) * many
        if length > 4:
            yield value, length
    yield at, 2 + 12 * count + 4


def _spooled(data: bytes | bytearray) -> Spool:
    made = Spool()
    made.write(data)
    if made.has_no_room:
        raise OSError
    return made


def _png_size(file: Spool) -> tuple[int, int]:
    file.seek(16)
    head = file.read(8)
    width, height = struct.unpack(">2L", head) if len(head) == 8 else (0, 0)
    return width, height


def _jpeg_size(file: Spool) -> tuple[int, int]:
    """From the frame's head, behind the blocks before it."""
    at = 2
    while at + 9 < file.size:
        file.seek(at)
        mark, kind, length, _, height, width = struct.unpack(">BBHBHH", file.read(9))
        if mark != 0xFF:
            break
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            return width, height
        at += 1 if kind == 0xFF else 2 + length
    return 0, 0
