"""How a program and its parent talk: four bytes that say how long the head is, the head as JSON, then the parts whose
sizes it names. The parent imports this, the engine runs it as a file."""

import json
import struct
from collections.abc import Sequence
from typing import IO, Any

LENGTH = struct.Struct(">I")
LONGEST_HEAD = 1024**2
MOST_BYTES = 100 * 1024**2
Head = dict[str, Any]


def write(target: IO[bytes], head: Head, parts: Sequence[bytes]) -> None:
    said = json.dumps({**head, "sizes": [len(part) for part in parts]}).encode()
    target.write(b"".join([LENGTH.pack(len(said)), said, *parts]))
    target.flush()


def read(source: IO[bytes]) -> tuple[Head, list[bytes]]:
    """Raises `EOFError` where the other side has gone, and ValueError, LookupError or TypeError for nonsense."""
    length: int = LENGTH.unpack(_exactly(source, LENGTH.size))[0]
    if length > LONGEST_HEAD:
        raise ValueError("no head is as long as that")
    head = json.loads(_exactly(source, length))
    sizes = [int(size) for size in head["sizes"]]
    if min(sizes, default=0) < 0 or sum(sizes) > MOST_BYTES:
        raise ValueError("no parts are as long as that")
    return head, [_exactly(source, size) for size in sizes]


def _exactly(source: IO[bytes], size: int) -> bytes:
    found = source.read(size)
    if len(found) < size:
        raise EOFError
    return found
