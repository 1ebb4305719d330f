"""Compound files (those of older office programs and of Outlook): what stands at their root says which they are."""

import struct
from collections.abc import Iterator

from app.core.files import unfit
from app.core.files.spool import Spool
from app.core.files.unfit import Unfit

MOST_SECTORS = 2_048
"""Of the list of streams: over 60,000 of them."""
ENTRY_BYTES = 128
NONE = 0xFFFFFFFA
"""This number of a sector or an entry, and any above, means that there is none."""
NO_ENTRY = 0xFFFFFFFF
MESSAGE = {"__properties_version1.0", "__nameid_version1.0"}


def ending(file: Spool) -> str:
    """Msg. Raises `Unfit` for all other compound files."""
    try:
        names = set(_Reading(file).root_names())
    except (struct.error, IndexError) as error:
        raise Unfit(unfit.BROKEN) from error
    if names >= MESSAGE:
        return "msg"
    raise Unfit(unfit.LOCKED if "EncryptedPackage" in names else unfit.OLDER_OFFICE)


class _Reading:
    """The sectors of one file, as far as its list of streams needs them."""

    def __init__(self, file: Spool) -> None:
        self._file = file
        head = self._read(0, 512)
        self._sector_bytes = 1 << struct.unpack_from("<H", head, 30)[0]
        if self._sector_bytes not in {512, 4096}:
            raise Unfit(unfit.BROKEN)
        self._first = struct.unpack_from("<L", head, 48)[0]
        self._tables = self._table_sectors(head)

    def root_names(self) -> Iterator[str]:
        """What stands directly below the root entry."""
        entries = b"".join(self._sector(number) for number in self._chain(self._first))
        waiting = [self._entry(entries, 0)[3]]
        seen: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number >= NONE or number in seen:
                continue
            seen.add(number)
            name, left, right, _ = self._entry(entries, number)
            waiting += [left, right]
            yield name

    def _table_sectors(self, head: bytes) -> list[int]:
        """The sectors of the allocation table: 109 in the head, further ones in a chain of their own."""
        found = list(struct.unpack_from("<109L", head, 76))
        more = struct.unpack_from("<L", head, 68)[0]
        for _ in range(MOST_SECTORS):
            if more >= NONE:
                break
            *listed, more = struct.unpack(f"<{self._sector_bytes // 4}L", self._sector(more))
            found += listed
        return [number for number in found if number < NONE]

    def _chain(self, number: int) -> Iterator[int]:
        per_sector = self._sector_bytes // 4
        for _ in range(MOST_SECTORS):
            if number >= NONE:
                return
            yield number
            table = self._sector(self._tables[number // per_sector])
            number = struct.unpack_from("<L", table, 4 * (number % per_sector))[0]
        raise Unfit(unfit.BROKEN)

    @staticmethod
    def _entry(entries: bytes, number: int) -> tuple[str, int, int, int]:
        """Name, left and right sibling, first child."""
        at = number * ENTRY_BYTES
        length = min(64, struct.unpack_from("<H", entries, at + 64)[0])
        name = entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        left, right, child = struct.unpack_from("<3L", entries, at + 68)
        return name, left, right, child

    def _sector(self, number: int) -> bytes:
        return self._read((number + 1) * self._sector_bytes, self._sector_bytes)

    def _read(self, at: int, length: int) -> bytes:
        """Raises `Unfit` beyond the file's end."""
        if at + length > self._file.size:
            raise Unfit(unfit.BROKEN)
        self._file.seek(at)
        return self._file.read(length)
