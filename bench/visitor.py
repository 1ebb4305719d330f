"""A visitor whose browser costs next to nothing: each request timed, each answer looked at, forms sent as a browser would."""

import gzip
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlencode

PATIENCE = 60.0
ALWAYS = {
    "Accept": "text/html",
    "Accept-Encoding": "gzip, deflate, br",
    "Connection": "close",
    "Sec-Fetch-Site": "same-origin",
}
EDGE = "--edge-of-a-field-of-this-form"
Note = Callable[[str, float, str], None]


class Unexpected(Exception):
    """The answer is not the one that was due; the text says what it is instead."""


@dataclass
class Form:
    """What a browser would send of it."""

    action: str = ""
    saves: str = ""
    values: dict[str, str] = field(default_factory=dict)
    has_files: bool = False

    def body(self) -> tuple[str, str]:
        """Its media type, and what it says; a form that may bring files comes in parts, also without any."""
        if not self.has_files:
            return "application/x-www-form-urlencoded", urlencode(self.values)
        parts = [
            f'{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
            for name, text in self.values.items()
        ]
        return f"multipart/form-data; boundary={EDGE[2:]}", f"{''.join(parts)}{EDGE}--\r\n"


@dataclass(frozen=True)
class Page:
    path: str
    html: str

    def links(self, pattern: str) -> list[str]:
        """The addresses on it that are like this, each once."""
        return list(dict.fromkeys(re.findall(f'href="({pattern})"', self.html)))

    def forms(self, action: str) -> list[Form]:
        """Those whose address is like this."""
        found = re.finditer(rf'<form [^>]*action="({action})".*?</form>', self.html, re.DOTALL)
        return [_Fields(each[0]).form for each in found]


@dataclass(frozen=True)
class Asked:
    """One request, and the answer that is due."""

    kind: str
    path: str
    marker: str
    form: Form | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Visitor:
    """`note` is told of each request: its kind, its seconds, and what was wrong with its answer."""

    port: int
    cookie: str
    note: Note = lambda kind, seconds, fault: None
    _cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._cookies.update([_pair(self.cookie)])

    def read(self, kind: str, path: str, marker: str = "</html>") -> Page:
        """The page; raises `Unexpected` where it is not there or lacks the marker."""
        return Page(path, self._ask(Asked(kind, path, marker))[1])

    def send(self, kind: str, form: Form, marker: str = "</html>", **values: str) -> Page:
        """Press its button, and read the page that this leads to."""
        filled = replace(form, values={**form.values, **values})
        location, _ = self._ask(Asked(kind, form.action, "", filled, status=303))
        return self.read(f"after {kind}", location, marker)

    def save(self, kind: str, form: Form, marker: str, **values: str) -> None:
        """What the page's own script sends while somebody types."""
        form.values |= {**values, "turn": str(int(form.values.get("turn") or 0) + 1)}
        typed = replace(form, has_files=False)
        _, html = self._ask(Asked(kind, form.saves, marker, typed, headers={"HX-Request": "true"}))
        form.values |= _Fields(html).form.values

    def _ask(self, asked: Asked) -> tuple[str, str]:
        """Where it leads and what it says."""
        began, fault = time.perf_counter(), ""
        try:
            answer, html = self._fetch(asked)
            fault = _fault(asked, answer.status, html)
        except (OSError, HTTPException) as error:
            fault = type(error).__name__
        self.note(asked.kind, time.perf_counter() - began, fault)
        if fault:
            raise Unexpected(f"{asked.path}: {fault}")
        return answer.headers.get("Location", ""), html

    def _fetch(self, asked: Asked) -> tuple[HTTPResponse, str]:
        """On a connection of its own, as after a pause: the portal keeps one open for two seconds."""
        headers, body = self._headers() | asked.headers, None
        if asked.form:
            headers["Content-Type"], body = asked.form.body()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("POST" if body else "GET", asked.path, body.encode() if body else None, headers)
            answer = connection.getresponse()
            came = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self._cookies.update([_pair(line)])
        is_packed = answer.headers.get("Content-Encoding") == "gzip"
        return answer, (gzip.decompress(came) if is_packed else came).decode(errors="replace")

    def _headers(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={text}" for name, text in self._cookies.items())
        return {**ALWAYS, "Host": f"localhost:{self.port}", "Cookie": cookie}


def _fault(asked: Asked, status: int, html: str) -> str:
    if status != asked.status:
        return str(status)
    return "" if asked.marker in html else f"lacks “{asked.marker}”"


def _pair(cookie: str) -> tuple[str, str]:
    name, _, text = cookie.partition(";")[0].partition("=")
    return name, text


class _Fields(HTMLParser):
    """The fields of one form or part, filled as they stand; no buttons, no files."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.form = Form()
        self._name = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.form = Form(
                given.get("action", ""), given.get("data-saves", ""), {}, "multipart" in given.get("enctype", "")
            )
        elif tag == "input" and name and _is_sent(given):
            self.form.values[name] = given.get("value", "")
        elif tag in {"textarea", "select"}:
            self._name, self.form.values[name] = name, ""
        elif tag == "option" and "selected" in given:
            self.form.values[self._name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self._name = ""

    def handle_data(self, data: str) -> None:
        if self._name and self.lasttag == "textarea":
            self.form.values[self._name] += data.removeprefix("\n")


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type", "text")
    return kind not in {"file", "submit", "button"} and (kind not in {"checkbox", "radio"} or "checked" in given)
