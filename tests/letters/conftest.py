"""What the press makes of the facts of a letter."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.pdf.press import Press
from app.letters.facts import Facts
from app.letters.page import css, xhtml
from app.letters.window import Window
from tests.letters import samples
from tests.letters.samples import Paper

Printed = Callable[..., Paper]


@pytest.fixture
def printed(press: Press, tmp_path: Path) -> Printed:
    """The PDF of a letter with these facts; `mark` is the picture at its head."""

    def done(facts: Facts, step: int = 1, mark: bytes = b"", window: Window = samples.WINDOW) -> Paper:
        assets = {"logo": mark} if facts.logo else {}
        html = xhtml(facts, samples.wording(step), window)
        return Paper(press.render(html, css(window, facts.colour), assets, pictures=False).pdf, tmp_path)

    return done
