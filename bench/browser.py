"""A browser as far as a server sees one: a connection that is kept, a cookie, pages asked for compressed."""

import gzip
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Self
from urllib.parse import urlencode

PATIENCE = 60.0
QUIET = 1.5
"""Seconds; after two the server closes a connection."""


@dataclass(frozen=True)
class Question:
    """A page that is asked for; or a form that is sent."""

    path: str
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    seconds: float
    status: int
    body: bytes
    is_compressed: bool

    @property
    def text(self) -> str:
        return (gzip.decompress(self.body) if self.is_compressed else self.body).decode()


class Browser:
    """Of one person, at one server."""

    def __init__(self, port: int, origin: str, cookie: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._asked_at = 0.0
        self._headers = {"Host": origin.partition("//")[2], "Cookie": cookie, "Accept-Encoding": "gzip"}
        self._posting = {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, question: Question) -> Answer:
        """Until the last byte is there."""
        method, body, headers = "GET", None, self._headers
        if question.form:
            method, body, headers = "POST", urlencode(question.form).encode(), headers | self._posting
        self._connect()
        began = time.perf_counter()
        self._connection.request(method, question.path, body, headers)
        answer = self._connection.getresponse()
        came = answer.read()
        self._asked_at = time.perf_counter()
        is_compressed = answer.getheader("Content-Encoding") == "gzip"
        return Answer(self._asked_at - began, answer.status, came, is_compressed)

    def _connect(self) -> None:
        """Anew after a pause, before the server closes what was kept; never within the time that is taken."""
        if time.perf_counter() - self._asked_at > QUIET:
            self._connection.close()
        if self._connection.sock is None:
            self._connection.connect()
