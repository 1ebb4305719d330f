"""The press that sets letters: one for a whole test run, started when it is first needed."""

from collections.abc import Iterator

import pytest

from app.core.pdf.press import Press


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """`app.extensions["press"] = press` lets the portal use it."""
    made = Press()
    yield made
    made.close()
