"""The press sets letters: the same bytes for the same letter, nothing missing in silence, and whatever happens to the
program that does it, there is an answer in plain words."""

import io
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from app.core.pdf.press import BROKE_OFF, BUILT, ENGINE, FONT_SETTINGS, FONTS, NO_START, Press, PressFailed, Rendered
from scripts.parts import ROOT
from tests.support import samples

CSS = (
    '@page { size: A4; margin: 25mm } html { font: 10pt/1.4 "Public Sans" } img { width: 20mm } b { font-weight: 700 }'
)
LOGO = '<img src="asset:logo" alt="Logo"/>'
TEXT = "<h1>Tēnā koe Māia</h1><p>Ākonga who attend <b>more than nine days</b> in every ten feel that they belong.</p>"
PATIENCE = 60.0
USUAL = [sys.executable, "-I", str(ENGINE), str(FONTS)]
WITH_SEED = ["/usr/bin/env", "PYTHONHASHSEED={}", sys.executable, "-P", str(ENGINE), str(FONTS)]
ANOTHER_DAY = """
import runpy, sys, time_machine
sys.argv = sys.argv[1:]
with time_machine.travel("2031-07-01 23:59:59 +0000"):
    runpy.run_path(sys.argv[0], run_name="__main__")
"""
SPEAKS = """
import json, os, struct, sys, time
def say(head, *parts):
    said = json.dumps({**head, "sizes": [len(part) for part in parts]}).encode()
    os.write(1, struct.pack(">I", len(said)) + said + b"".join(parts))
say({"versions": {}})
sys.stdin.buffer.read(4)
"""


def letter(body: str = TEXT) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" lang="en-NZ"><head><title>A letter</title></head>'
        f"<body>{body}</body></html>"
    )


def rendered(
    by: Press, body: str = LOGO + TEXT, css: str = CSS, *, logo: bytes = b"", pictures: bool = False
) -> Rendered:
    return by.render(letter(body), css, {"logo": logo or samples.png()}, pictures=pictures)


def failure(by: Press, body: str = TEXT, css: str = CSS, *, logo: bytes = b"") -> PressFailed:
    with pytest.raises(PressFailed) as failed:
        rendered(by, body, css, logo=logo)
    return failed.value


@contextmanager
def pressing(program: list[str], seconds: float = PATIENCE) -> Iterator[Press]:
    press = Press(program, seconds=seconds)
    try:
        yield press
    finally:
        press.close()


def pid_of(press: Press) -> int:
    assert press._child is not None
    return press._child._process.pid


def until(is_so: Callable[[], bool]) -> None:
    latest = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < latest
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Not even a zombie."""
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(USUAL, id="in another process"),
        pytest.param([part.format(1) for part in WITH_SEED], id="with another hash seed"),
        pytest.param([part.format(2) for part in WITH_SEED], id="and with one more"),
        pytest.param([sys.executable, "-c", ANOTHER_DAY, *USUAL[2:]], id="on another day"),
    ],
)
def test_the_same_letter_has_the_same_bytes(press: Press, program: list[str]) -> None:
    with pressing(program) as other:
        there = rendered(other, pictures=True)
        assert there == rendered(press, pictures=True)
        assert there.pdf == rendered(other).pdf, "the second time, from what is kept"


def test_a_warm_cache_of_fonts_changes_no_byte(press: Press, tmp_path: Path) -> None:
    settings, cache = tmp_path / "fonts.conf", tmp_path / "cache"
    settings.write_text(FONT_SETTINGS.format(FONTS).replace("/dev/null", str(cache)))
    for is_warm in (False, True):
        assert bool(list(tmp_path.glob("cache/*.cache-*"))) is is_warm
        with pressing(["/usr/bin/env", f"FONTCONFIG_FILE={settings}", *USUAL]) as other:
            assert rendered(other) == rendered(press)


def test_each_organisation_has_its_own_mark_under_the_same_name(press: Press) -> None:
    first, second = samples.png(), samples.png((30, 30))
    before = rendered(press, logo=first).pdf
    assert rendered(press, logo=second).pdf != before
    assert rendered(press, logo=first).pdf == before


def test_pages_are_drawn_in_few_colours(press: Press) -> None:
    made = rendered(press, f'{LOGO}{TEXT}<p style="break-before: page">Ngā mihi</p>', pictures=True)
    assert made.page_count == len(made.pictures) == 2
    for picture in made.pictures:
        with Image.open(io.BytesIO(picture.png)) as drawn:
            assert drawn.size == (picture.width, picture.height) == (910, 1287)
            assert drawn.mode == "P"
            assert len(drawn.getcolors() or []) > 1
        assert len(picture.png) < 40_000
    assert not rendered(press).pictures


def test_no_other_font_gets_in(press: Press) -> None:
    made = rendered(press, css=f"{CSS} h1 {{ font-family: 'DejaVu Sans', serif }} b {{ font-family: monospace }}")
    assert fonts_of(made.pdf) == {"Public-Sans", "Public-Sans-Bold"}


@pytest.mark.parametrize("character", ["漢", "😀", "ש"])
def test_a_character_that_our_font_lacks_is_named(press: Press, character: str) -> None:
    failed = failure(press, f"<p>Tēnā koe {character}</p>")
    assert f"its font lacks the character {character} (U+{ord(character):04X})" in str(failed)
    assert not failed.may_pass


@pytest.mark.parametrize(
    ("body", "css", "why"),
    [
        ('<p><img src="file:///etc/hostname" alt=""/></p>', CSS, "outside itself"),
        ('<p><img src="http://127.0.0.1:9/logo.png" alt="x"/></p>', CSS, "outside itself"),
        ('<p><img src="data:image/png;base64,AAAA" alt="x"/></p>', CSS, "outside itself"),
        ('<p><img src="asset:other" alt="x"/></p>', CSS, "outside itself"),
        ('<p><img src="logo.png" alt="x"/></p>', CSS, "left out"),
        (TEXT, f"{CSS} body {{ background: url(file:///etc/hostname) }}", "outside itself"),
        (TEXT, f"@import 'file:///etc/hostname'; {CSS}", "outside itself"),
        (TEXT, f"{CSS} p {{ colour: red }}", "left out"),
        ("<p>Not closed", CSS, "not well formed"),
        ("<p>&nbsp;</p>", CSS, "not well formed"),
        ('<p><img src="asset:logo"/></p>', CSS, "left out"),
    ],
)
def test_what_would_be_missing_is_a_fault_each_time(press: Press, body: str, css: str, why: str) -> None:
    for _ in range(2):
        failed = failure(press, body, css)
        assert why in str(failed)
        assert str(failed).endswith("Try again; if it fails again, report the case number.")
        assert not failed.may_pass
    assert rendered(press).page_count == 1


def test_a_picture_that_cannot_be_read_is_a_fault_each_time(press: Press) -> None:
    for spoilt in (b"no picture", samples.png()[:60], samples.png_that_claims(30_000, 30_000)):
        for _ in range(2):
            assert "a picture in it cannot be read" in str(failure(press, LOGO, logo=spoilt))


def test_a_letter_whose_program_is_killed_fails_and_the_next_is_set() -> None:
    with pressing(USUAL) as press:
        before = rendered(press).pdf
        pid = pid_of(press)
        os.kill(pid, signal.SIGSTOP)  # so that it is surely in the middle of it
        failed: list[PressFailed] = []
        asking = threading.Thread(target=lambda: failed.append(failure(press)))
        asking.start()
        until(press._lock.locked)
        os.kill(pid, signal.SIGKILL)
        asking.join()
        assert failed[0].may_pass
        assert BROKE_OFF in str(failed[0])
        assert is_gone(pid)
        assert rendered(press).pdf == before


def test_a_program_that_was_killed_meanwhile_is_not_noticed() -> None:
    with pressing(USUAL) as press:
        before = rendered(press).pdf
        os.kill(pid_of(press), signal.SIGKILL)
        until(lambda: press._child is not None and press._child.has_ended)
        assert rendered(press).pdf == before


def test_a_program_that_hangs_is_ended() -> None:
    with pressing(USUAL) as press:
        rendered(press)
        pid = pid_of(press)
        os.kill(pid, signal.SIGSTOP)
        assert press._child is not None
        press._child._seconds = 0.2
        assert failure(press).may_pass
        assert is_gone(pid)
        assert rendered(press).page_count == 1


def test_a_letter_for_which_the_memory_does_not_suffice_fails_and_the_next_is_set() -> None:
    """Whichever library runs out of it, and whether or not the program outlives that."""
    with pressing(USUAL) as press:
        rendered(press)
        pid = pid_of(press)
        taken = resource.getpagesize() * int(Path(f"/proc/{pid}/statm").read_text().split()[0])
        usual = resource.prlimit(pid, resource.RLIMIT_AS)
        resource.prlimit(pid, resource.RLIMIT_AS, (taken, usual[1]))
        assert str(failure(press, TEXT * 2000)).startswith("The letter could not be set: ")
        if not is_gone(pid):
            resource.prlimit(pid, resource.RLIMIT_AS, usual)
        assert rendered(press).page_count == 1


@pytest.mark.parametrize(
    "answers",
    [
        "os.write(1, b'Traceback')",
        "os.write(1, struct.pack('>I', 2 ** 32 - 1))",
        "os.write(1, struct.pack('>I', 5) + b'kaua!')",
        "say({'is_last': False})",
        "say({'is_last': False, 'pages': 1, 'pictures': [[1, 1]]}, b'%PDF-1.7')",
        "say({'is_last': False, 'sizes': 5})",
        "os.write(1, struct.pack('>I', 20) + json.dumps({'sizes': [-1]}).ljust(20).encode())",
        "os.write(1, struct.pack('>I', 20) + json.dumps({'sizes': [2**60]}).ljust(20)[:20].encode())",
    ],
)
def test_nonsense_is_no_letter(answers: str) -> None:
    with pressing([sys.executable, "-c", SPEAKS + answers]) as press:
        failed = failure(press)
        assert failed.may_pass
        assert BROKE_OFF in str(failed)
        assert press._child is None


def test_a_program_that_does_not_start_is_told_with_its_last_words() -> None:
    with pressing([sys.executable, "-c", "raise OSError('no library libpango')"]) as press:
        failed = failure(press)
    assert str(failed) == NO_START
    assert failed.said.endswith("OSError: no library libpango")
    with pressing(["/nowhere/python"]) as press:
        assert str(failure(press)) == NO_START


def test_it_is_started_anew_after_its_share(tmp_path: Path) -> None:
    for file in ENGINE.parent.glob("*.py"):
        shutil.copy(file, tmp_path)
    sooner, count = re.subn(r"(?m)^MOST = 200\b", "MOST = 2", ENGINE.read_text())
    assert count == 1
    (tmp_path / "engine.py").write_text(sooner)
    with pressing([sys.executable, "-I", str(tmp_path / "engine.py"), str(FONTS)]) as press:
        first = rendered(press).pdf
        pid = pid_of(press)
        assert rendered(press).pdf == first
        assert is_gone(pid)
        assert rendered(press).pdf == first
        assert pid_of(press) != pid


def test_the_program_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret of some length")
    with pressing(USUAL) as press:
        rendered(press)
        there = Path(f"/proc/{pid_of(press)}/environ").read_bytes().decode().split("\0")
        opened = [str(each.readlink()) for each in Path(f"/proc/{pid_of(press)}/fd").iterdir()]
    assert {each.partition("=")[0] for each in there if each} <= {"FONTCONFIG_FILE", "LC_ALL", "LD_LIBRARY_PATH"}
    assert not [each for each in opened if not each.startswith(("pipe:", tempfile.gettempdir(), "/dev/"))]


def test_it_ends_when_its_parent_is_killed_and_not_by_a_signal_meant_for_the_parent() -> None:
    script = (
        "import sys, time; from tests.letters.test_press import *; press = Press(); rendered(press); "
        "print(pid_of(press), flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        for each in (signal.SIGINT, signal.SIGTERM):
            os.kill(pid, each)
        assert not is_gone(pid)
        parent.kill()
    until(lambda: is_gone(pid) or "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text())


def test_closed_it_leaves_nothing() -> None:
    press = Press()
    rendered(press)
    pid = pid_of(press)
    press.close()
    press.close()
    assert is_gone(pid)


def test_without_fonts_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert all((FONTS / name).exists() for name in BUILT)
    monkeypatch.setattr("app.core.pdf.press.FONTS", tmp_path)
    with pressing(USUAL) as press:
        assert "the fonts of letters are not there" in str(failure(press))


def test_the_web_never_loads_what_sets_letters(tmp_path: Path) -> None:
    """A fresh process that has answered requests."""
    script = (
        "import sys; from pathlib import Path; from app import create_app; from tests.support.settings import settings_for; "
        f"app = create_app(settings_for('sqlite://', Path({str(tmp_path)!r}))); "
        "print([app.test_client().get(path, headers={'Host': 'localhost:8000'}).status_code for path in ('/healthz', '/')]);"
        "print([name for name in sys.modules if name.split('.')[0] in ('weasyprint', 'pypdfium2', 'pydyf', 'fontTools')])"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    statuses, loaded = said.stdout.splitlines()
    assert json.loads(statuses)[0] == 200, statuses
    assert loaded == "[]"


def fonts_of(pdf: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = [str(each.BaseFont) for each in document.objects if getattr(each, "Type", None) == "/Font"]
    return {name.partition("+")[2] for name in names}
