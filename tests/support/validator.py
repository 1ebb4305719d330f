"""Every differently shaped page that a test was given, looked at by the Nu HTML checker when all tests are through."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from itertools import islice
from pathlib import Path

from scripts.parts import ROOT
from tests.support.markup import parsed

PAGES = "TEST_PAGES"
CHECKER = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
QUICK = ("-Xss2m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""It runs for seconds only: to make its code the fastest costs more than it gives."""
QUICK = ("-Xss2m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""It runs for seconds only: to make its code the fastest costs more than it gives."""
MOST = 600
NAMES_TO_KEEP = ("id", "for", "type", "role", "aria-describedby", "aria-labelledby", "href", "rel")


def begin() -> None:
    """A folder for this run; its workers find it by the environment."""
    folder = ROOT / "var" / "pages" / str(os.getpid())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[PAGES] = str(folder)


def end() -> None:
    """Pages with errors stay, to be looked at."""
    shutil.rmtree(os.environ[PAGES], ignore_errors=True)


def keep(html: str, name: str) -> None:
    """Keep the page unless one of the same shape is kept."""
    file = Path(os.environ[PAGES]) / f"{re.sub('[^a-z]+', '-', name.lower()).strip('-') or 'home'}-{_shape(html)}.html"
    if not file.exists():
        file.write_text(html)


def errors() -> list[str]:
    """What is wrong with the pages kept, a line for each finding."""
    pages = list(islice(sorted(Path(os.environ[PAGES]).glob("*.html")), MOST))
    if not pages:
        return []
    if not CHECKER.exists():
        return ["The HTML checker is not there: run `python3 scripts/setup.py test`."]
    command = [
        "java",
        *QUICK,
        "-jar",
        str(CHECKER),
        "--errors-only",
        "--format",
        "json",
        "--stdout",
        *map(str, pages),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        messages = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError):
        return [f"The HTML checker failed: {done.stderr or done.stdout}"]
    return [_line(message) for message in messages]


def _line(message: dict[str, str]) -> str:
    page = message.get("url", "").rpartition("/var/")[2]
    return f"var/{page}:{message.get('lastLine', '?')}: {message['message']} {message.get('extract', '')!r}"


def _shape(html: str) -> str:
    """Elements with their attributes, without texts, tokens and numbers."""
    outline = [
        (element.tag, *(f"{name}={element.get(name) if name in NAMES_TO_KEEP else ''}" for name in element.attributes))
        for element in parsed(html).elements
    ]
    return hashlib.sha256(re.sub(r"[0-9]+", "#", repr(outline)).encode()).hexdigest()[:10]
