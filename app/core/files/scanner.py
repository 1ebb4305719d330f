"""Asking clamd about a file (INSTREAM): clean, infected, or why it gave no answer."""

import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from enum import StrEnum

from app.addresses import host_and_port

CONNECT_SECONDS = 5
ANSWER_SECONDS = 120
LONGEST_ANSWER = 4096
PIECE = 64 * 1024


class Answer(StrEnum):
    """Of the scanner, about one file. Too large for it: that will not change by asking again."""

    CLEAN = "clean"
    INFECTED = "infected"
    TOO_LARGE = "too large"
    UNCLEAR = "unclear"


class Unanswered(Exception):
    """The scanner cannot be reached, or stopped talking."""


def ask(address: str, pieces: Iterable[bytes]) -> Answer:
    """What the scanner says of these bytes. Raises `Unanswered`."""
    try:
        with closing(_connected(address)) as line:
            _send(line, pieces)
            return _meaning(_answer(line))
    except OSError as error:
        raise Unanswered(str(error)) from error


def is_there(address: str) -> bool:
    """Does the scanner answer at all?"""
    try:
        with closing(_connected(address)) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except OSError:
        return False


def _connected(address: str) -> socket.socket:
    if address.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(address.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
    else:
        line = socket.create_connection(host_and_port(address), timeout=CONNECT_SECONDS)
    line.settimeout(ANSWER_SECONDS)
    return line


def _send(line: socket.socket, pieces: Iterable[bytes]) -> None:
    """A scanner that has had enough answers and hangs up while we still send: its answer is what counts."""
    try:
        line.sendall(b"zINSTREAM\0")
        for piece in pieces:
            for at in range(0, len(piece), PIECE):
                part = piece[at : at + PIECE]
                line.sendall(struct.pack(">L", len(part)) + part)
        line.sendall(struct.pack(">L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
        said += more
    if not said:
        raise ConnectionResetError("it hung up without an answer")
    return said.rstrip(b"\0").decode(errors="replace").strip()


def _meaning(said: str) -> Answer:
    if said.endswith(": OK"):
        return Answer.CLEAN
    if said.endswith(" FOUND"):
        return Answer.INFECTED
    return Answer.TOO_LARGE if "size limit exceeded" in said else Answer.UNCLEAR
