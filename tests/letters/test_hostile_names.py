"""Whatever stands in a name: it is printed as it is written, or the letter is not ready and says which character (LET-3, LET-8)."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.pdf.press import Press
from app.letters.examples import SHORT, example
from app.letters.facts import Fact, Facts
from app.letters.fields import Incomplete
from app.letters.page import css, xhtml
from app.letters.points import of_characters
from app.letters.purposes import Purpose
from app.letters.window import fault_of_window
from app.letters.wording import wording_for
from tests.letters.samples import DAY, WINDOW, Paper
from tests.letters.test_every_letter import words

PRINTED = (
    "<script>alert(1)</script>",
    "</p><img src='https://example.com/x.png'/>",
    "<!-- Mere --> &amp; &#60;b&#62;",
    "{student_name} {service_phone} {{7*7}} {% raw %}",
    "%s %(x)s $HOME `id` \\n",
    "]]> <![CDATA[ x ]]>",
    "url(file:///etc/passwd) @import",
    'O’Brien-Nguyễn d\'Œuvre "Ngā" ʻAlofa',
    ("Te Rangihīroa " * 6)[:80].strip(),
    "W" * 80,
)
REFUSED = {
    "Hēmi 😀": "😀",
    "שלום": "U+05E9",
    "سلام": "U+0633",
    "Hēmi \u202eimēH": "U+202E right-to-left override",
    "Hē\u200bmi": "U+200B zero width space",
    "Hē\u200dmi": "U+200D zero width joiner",
    "\ufeffHēmi": "U+FEFF zero width no-break space",
    "\u2066Hēmi\u2069": "U+2066 left-to-right isolate",
    "Hē\u00admi": "U+00AD soft hyphen",
    "Hē\x00mi": "U+0000",
    "李": "李",
}
IN_TEXT = ("student_name", "student_called", "writer_name")
NAMES = (*IN_TEXT, "caregiver_name")
"""Where names stand: in the text and below it; and above the address, where the window shows no more than fits."""


def with_name(purpose: Purpose, name: str, *, where: tuple[str, ...] = NAMES) -> Facts:
    facts = example(purpose, SHORT)
    return replace(facts, by_name={**facts.by_name, **{each: Fact(name, "a test") for each in where}})


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("name", PRINTED)
def test_a_name_is_printed_as_it_is_written(press: Press, tmp_path: Path, purpose: Purpose, name: str) -> None:
    facts = with_name(purpose, name, where=IN_TEXT if fault_of_window([name], WINDOW) else NAMES)
    html = xhtml(facts, wording_for(purpose, 1, DAY), WINDOW)
    paper = Paper(press.render(html, css(WINDOW), {}, pictures=False).pdf, tmp_path)
    together = "".join(paper.text.split())
    assert together.count("".join(name.split())) >= len(IN_TEXT) - 1
    assert not list(of_characters(facts))
    assert {"/JavaScript", "/OpenAction", "/AA", "/EmbeddedFiles"}.isdisjoint(paper.pdf.Root.keys())
    assert not paper.pictures()
    assert words(paper.read_aloud())


def test_a_name_that_the_window_does_not_show_whole_is_named() -> None:
    for name in (name for name in PRINTED if fault_of_window([name], WINDOW)):
        with pytest.raises(Incomplete, match="too long for the envelope’s window"):
            xhtml(with_name(Purpose.CA, name), wording_for(Purpose.CA, 1, DAY), WINDOW)


@pytest.mark.parametrize(("name", "said"), REFUSED.items())
def test_what_cannot_be_printed_is_named(name: str, said: str) -> None:
    facts = with_name(Purpose.CA, name)
    found = [point for point in of_characters(facts) if not point.is_met]
    assert len(found) == len(NAMES)
    assert all(point.stops and said in point.words for point in found), [point.words for point in found]
    with pytest.raises(Incomplete):
        xhtml(facts, wording_for(Purpose.CA, 1, DAY), WINDOW)
