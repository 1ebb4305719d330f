"""The floor's own WSGI program: gunicorn serves it as it serves the portal."""

import hashlib
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from bench.floor import case, comment, lists, queue, search, work
from bench.floor.frame import Who, signed_in

Environ = dict[str, Any]
Answer = tuple[str, list[tuple[str, str]], bytes]
LISTS = {
    "/portal/": lists.school_home,
    "/workspace/": work.my_work,
    "/workspace/queue/": queue.queue,
    "/workspace/cases/": lists.cases,
    "/portal/cases/": lists.cases,
    "/search": search.found,
}


def app(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    status, headers, body = _answer(environ)
    start_response(status, [*headers, ("Content-Length", str(len(body)))])
    return [body]


def _answer(environ: Environ) -> Answer:
    if environ["PATH_INFO"] == "/readyz":
        return _html("ready")
    token = SimpleCookie(environ.get("HTTP_COOKIE", ""))["token"].value
    who = signed_in(hashlib.sha256(token.encode()).hexdigest())
    if who is None:
        return "401 Unauthorized", [], b""
    if environ["REQUEST_METHOD"] == "POST":
        form = parse_qs(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode())
        return "303 See Other", [("Location", comment.add(who, _number(environ), form))], b""
    return _html(_page(who, environ))


def _page(who: Who, environ: Environ) -> str:
    path = environ["PATH_INFO"]
    if shown := LISTS.get(path):
        return shown(who, parse_qs(environ["QUERY_STRING"]))
    return case.page_of(who, _number(environ))


def _number(environ: Environ) -> str:
    """In /workspace/cases/<number>/…, its third part."""
    return str(environ["PATH_INFO"].split("/")[3])


def _html(text: str) -> Answer:
    return "200 OK", [("Content-Type", "text/html; charset=utf-8")], text.encode()
