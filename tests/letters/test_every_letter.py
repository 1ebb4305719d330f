"""Each letter of each ladder, as it comes with the portal, at its shortest and its longest: its window, headings, tables,
languages and end; and that poppler, pdf.js and MuPDF read the same words (LET-3, L2)."""

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.core.pdf.press import Press
from app.letters.examples import LONG, SHORT, example
from app.letters.page import css, xhtml
from app.letters.purposes import Purpose
from app.letters.wording import TEXTS, wording_for
from scripts.assets import node
from tests.letters.samples import DAY, MM_PER_POINT, WINDOW, Line, Paper
from tests.letters.test_paper import A4, NOTHING, is_clear

READERS = Path("tests/support/readers.mjs")
EACH = [
    (purpose, int(file.stem.rpartition("-")[2]))
    for purpose in Purpose
    for file in sorted(TEXTS.glob(f"{purpose.lower()}-*.toml"))
]
HEADINGS = re.compile(r"H[1-6]")
Read = Callable[[Purpose, int, str], Paper]


@dataclass(frozen=True)
class Readings:
    """What pdf.js and MuPDF found in files, in their order; and whatever they complained of."""

    found: Sequence[Any]
    warnings: Sequence[str]


def read_elsewhere(*papers: Paper) -> Readings:
    """By programs that have nothing to do with those that made it."""
    files = [str(paper.file) for paper in papers]
    done = subprocess.run([*node(), str(READERS), *files], capture_output=True, check=True)
    return Readings(**json.loads(done.stdout))


@pytest.fixture
def letter(press: Press, tmp_path: Path) -> Read:
    def printed(purpose: Purpose, step: int, size: str) -> Paper:
        facts = example(purpose, size)
        html = xhtml(facts, wording_for(purpose, step, DAY), WINDOW)
        folder = tmp_path / f"{purpose}-{step}-{size}"
        folder.mkdir()
        return Paper(press.render(html, css(WINDOW, facts.colour), {}, pictures=False).pdf, folder)

    return printed


each_letter = pytest.mark.parametrize(("purpose", "step"), EACH, ids=[f"{purpose} {step}" for purpose, step in EACH])
each_size = pytest.mark.parametrize("size", [SHORT, LONG])


def words(text: str) -> list[str]:
    """In any order, as programs read what stands beside each other differently."""
    return sorted(text.replace("•", " ").split())


def test_there_is_a_text_for_each_step_of_each_ladder() -> None:
    assert [step for purpose, step in EACH if purpose is Purpose.CA] == [1, 2, 3]
    assert [step for purpose, step in EACH if purpose is Purpose.NEN] == [1, 2, 3]
    assert [step for purpose, step in EACH if purpose is Purpose.SCHOOL] == [1, 2, 3]
    assert [step for purpose, step in EACH if purpose is Purpose.HOLIDAY] == [1]


@each_letter
@each_size
def test_the_window_shows_the_address_and_nothing_else(letter: Read, purpose: Purpose, step: int, size: str) -> None:
    values = example(purpose, size).values
    address = [values["caregiver_name"], *values["caregiver_address"].split("\n")]
    first = [line for line in letter(purpose, step, size).lines if line.page == 1]
    shown = [line for line in first if not is_clear(line)]
    assert [line.text for line in shown] == address
    assert all(is_within(line) for line in shown)


def is_within(line: Line) -> bool:
    """The window, whole."""
    return (
        WINDOW.left - 1 <= line.left
        and line.right <= WINDOW.left + WINDOW.width + NOTHING
        and WINDOW.top - NOTHING <= line.top
        and line.bottom <= WINDOW.top + WINDOW.height + NOTHING
    )


@each_letter
@each_size
def test_headings_tables_and_languages_are_tagged(letter: Read, purpose: Purpose, step: int, size: str) -> None:
    paper = letter(purpose, step, size)
    headings = [name for name, _ in paper.tags if HEADINGS.fullmatch(name)]
    assert headings[0] == "H1"
    assert set(headings[1:]) <= {"H2"}
    assert len(headings) > 1
    heads = {bytes(head.ID): str(head.A.Scope) for head in paper.of("TH")}
    for cell in paper.of("TD"):
        assert sorted(heads[bytes(head)] for head in cell.A.Headers) == ["/Column", "/Row"]
    states_absences = "days_absent" in example(purpose, size).values
    assert bool(paper.of("Table")) is states_absences
    assert len(paper.of("Caption")) == len(paper.of("Table"))
    assert paper.pdf.Root.Lang == "en-NZ"
    in_te_reo = [name for name, tag in paper.tags if str(tag.get("/Lang", "")) == "mi"]
    assert in_te_reo.count("P") >= 2
    assert not paper.unmarked()


@each_letter
@each_size
def test_the_end_takes_more_than_a_signature_along(letter: Read, purpose: Purpose, step: int, size: str) -> None:
    """No page begins with the greeting, the name of who writes, or what stands below it."""
    lines = letter(purpose, step, size).lines
    writer = example(purpose, size).values["writer_name"]
    signed = next(line for line in reversed(lines) if line.text and writer.startswith(line.text))
    greeting = next(line for line in reversed(lines) if line.text.startswith("Ngā mihi"))
    assert signed.page == greeting.page
    body = [line for line in lines if line.page == greeting.page and line.bottom < A4[1] - 13]
    above = [line for line in body if line.bottom <= greeting.top]
    assert len(above) >= 2, [line.text for line in body]


@each_letter
def test_other_readers_read_the_same_words(letter: Read, purpose: Purpose, step: int) -> None:
    papers = [letter(purpose, step, size) for size in (SHORT, LONG)]
    readings = read_elsewhere(*papers)
    assert readings.warnings == []
    for paper, found in zip(papers, readings.found, strict=True):
        pdfjs, mupdf = found["pdfjs"], found["mupdf"]
        count = len(paper.pdf.pages)
        assert (pdfjs["pages"], mupdf["pages"]) == (count, count)
        assert words(" ".join(pdfjs["texts"])) == words(paper.text)
        assert words(" ".join(mupdf["texts"])) == words(paper.text)
        assert [tag for tag in pdfjs["tags"] if HEADINGS.fullmatch(tag)] == [
            name for name, _ in paper.tags if HEADINGS.fullmatch(name)
        ]
        title = str(paper.pdf.docinfo["/Title"])
        assert (pdfjs["title"], mupdf["title"], pdfjs["language"]) == (title, title, "en-NZ")
        assert (pdfjs["scripts"], pdfjs["attachments"], mupdf["wasRepaired"]) == (False, [], False)
        for left, top, right, bottom in mupdf["sizes"]:
            assert ((right - left) * MM_PER_POINT, (bottom - top) * MM_PER_POINT) == pytest.approx(A4, abs=0.1)


def test_a_broken_file_is_seen_to_be_broken(letter: Read) -> None:
    """So the test above would fail."""
    paper = letter(Purpose.CA, 1, SHORT)
    whole = paper.file.read_bytes()
    paper.file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(subprocess.CalledProcessError):
        read_elsewhere(paper)
