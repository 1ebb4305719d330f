"""The other side of the first paint: the portal's own pages without style and script, nothing computed, served by the same
server with the same options."""

import gzip
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts import portal
from scripts.parts import Parts, free_ports

FOLDER = "PLAIN_PAGES"
STYLE_AND_SCRIPT = re.compile(r"<link [^>]*>\n?|<script [^>]*></script>\n?")


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The page of this name, compressed as the portal's are."""
    page = gzip.compress((Path(os.environ[FOLDER]) / Path(environ["PATH_INFO"]).name).read_bytes(), 6)
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Encoding", "gzip"),
        ("Cache-Control", "no-store"),
    ]
    start_response("200 OK", [*headers, ("Content-Length", str(len(page)))])
    return [page]


@contextmanager
def served(pages: Mapping[str, str]) -> Iterator[str]:
    """Where these pages are, each under its name."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_ports(1)[0]
        for page, html in {**pages, "readyz": "ready"}.items():
            (folder / page).write_text(STYLE_AND_SCRIPT.sub("", html), encoding="utf-8")
        parts, url = Parts(folder / "log"), f"http://localhost:{port}"
        environment = {**os.environ, FOLDER: name, "PORT": str(port)}
        try:
            parts.start("plain", [*portal.web_command(environment)[:-1], "bench.plain:app"], environment)
            portal.wait_until_ready(parts, f"http://127.0.0.1:{port}/readyz", url)
            yield url
        finally:
            parts.end()
