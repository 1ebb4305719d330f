"""Chromium as somebody comes to a portal with it for the first time: nothing kept, signed in, and asked by its own protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

from bench.chromium import OPTIONS

NARROW = ViewportSize(width=360, height=800)
"""A telephone's."""


@dataclass(frozen=True)
class Tab:
    page: Page
    protocol: CDPSession


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        yield browser
        browser.close()


@contextmanager
def tab(browser: Browser, url: str, cookie: str = "") -> Iterator[Tab]:
    """A tab with a memory of its own that is empty; `cookie` goes to this address."""
    with browser.new_context(viewport=NARROW) as context:
        if cookie:
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": url}])
        page = context.new_page()
        yield Tab(page, context.new_cdp_session(page))
