"""One browser program for all journeys of a worker."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browsers import FLAGS


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ended after the last journey: Playwright's event loop would get in the way of the tests after it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()
