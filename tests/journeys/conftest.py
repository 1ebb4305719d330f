"""One browser program for all journeys of a worker, and how a page is looked at in one walk at both widths."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browsers import FLAGS, PROGRAM, Pair


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ended after the last journey: Playwright's event loop would get in the way of the tests after it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def look_at_both(look: Callable[[Page, str], None], pair: Pair) -> Callable[[Page, str], None]:
    """`look` at both widths where scripts run, at the pair's own where they do not."""

    def at(page: Page, name: str) -> None:
        for width in (360, 1280) if pair.has_scripting else (pair.width,):
            page.set_viewport_size({"width": width, "height": 800})
            look(page, f"{name}-{width}")
        page.set_viewport_size({"width": pair.width, "height": 800})

    return at
