"""Journeys in a real browser: four pairs of scripting, width and database, each page watched for errors."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import APIRequestContext, Browser, BrowserContext, ConsoleMessage, Page, expect

from scripts.parts import ROOT
from tests.support.axe import axe
from tests.support.markup import Form, forms
from tests.support.portals import Portal, running_portal

PROGRAM = "/usr/lib/chromium/chromium-headless-shell"
"""Chromium without the windows, tabs and bars of its own that the whole program draws for each browser, though nobody sees them."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-maglev --no-turbofan",  # pages live for moments: scripts made fast cost more than they give
]
PICTURES = ROOT / "var" / "screenshots"
PATIENCE = 10_000  # milliseconds
expect.set_options(timeout=PATIENCE)
REFUSED_PAGE = re.compile(
    r"Failed to load resource: the server responded with a status of 4\d\d|Response Status Error Code 4\d\d"
)


@dataclass(frozen=True)
class Pair:
    """What is tried together."""

    scripting: str
    width: int
    kind: str

    def __str__(self) -> str:
        return f"{self.scripting}-{self.width}-{self.kind}"

    @property
    def has_scripting(self) -> bool:
        return self.scripting == "on"


PAIRS = (
    Pair("on", 1280, "sqlite"),
    Pair("off", 360, "postgresql"),
    Pair("on", 360, "postgresql"),
    Pair("off", 1280, "sqlite"),
)


@dataclass
class Visitors:
    """Browsers of different people at one portal; what went wrong in any of them is noted."""

    browser: Browser
    portal: Portal
    pair: Pair
    problems: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def come(self, *, like: Page | None = None) -> Page:
        """A page in a browser of its own: nobody is signed in; or whoever is on the page `like`, with scripts."""
        context = self.browser.new_context(
            base_url=self.portal.url,
            java_script_enabled=self.pair.has_scripting or like is not None,
            storage_state=like.context.storage_state() if like else None,
            viewport={"width": self.pair.width, "height": 800},
            locale="en-NZ",
            timezone_id="Pacific/Auckland",
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", self._note)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        self._contexts.append(context)
        return context.new_page()

    def sign_in(self, name: str, start: str = "/") -> Page:
        """A page where this invented person is signed in, at this address of the portal. Its sign-in is like any other, but
        that the pages before it are asked for and not drawn."""
        page = self.come()
        page.goto(way_in(page.request, self.portal, name, start))
        expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
        return page

    def sign_in_by_hand(self, name: str, start: str = "/") -> Page:
        """The same, page by page."""
        page = self.come()
        page.goto(start)
        if page.get_by_role("heading", name="Choose who to sign in as").count() == 0:
            page.get_by_role("main").get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
        page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).click()
        expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
        return page

    def leave(self) -> None:
        for context in self._contexts:
            context.close()
        assert not self.problems, "\n".join([*self.problems, *self.portal.errors()])

    def _note(self, message: ConsoleMessage) -> None:
        """Anything the browser calls an error: a refused script or style, a failed load. A refused page is none."""
        if message.type == "error" and not REFUSED_PAGE.search(message.text):
            self.problems.append(f"{message.location.get('url')}: {message.text}")


def way_in(asking: APIRequestContext, portal: Portal, name: str, start: str) -> str:
    """Where signing in leads whom it lets in."""
    (form,) = [form for form in forms(asking.get(start).text()) if form.action == "/sign-in"]
    choice = asking.post("/sign-in", form=_sent(form), headers={"Origin": portal.url})
    (form,) = forms(choice.text())
    ((button, value),) = [(button, value) for words, button, value in form.buttons if words.startswith(name)]
    chosen = asking.post(urljoin(choice.url, form.action), form={**_sent(form), button: value}, max_redirects=0)
    back = asking.get(chosen.headers["location"], max_redirects=0)
    return back.headers["location"]


def _sent(form: Form) -> dict[str, str | float | bool]:
    return {name: value for name, (value,) in form.values.items()}


def _params(pairs: Sequence[Pair]) -> list[Any]:
    return [pytest.param(pair, id=str(pair), marks=pytest.mark.journey) for pair in pairs]


first_pairs = pytest.mark.parametrize("pair", _params(PAIRS[:2]), indirect=True)
"""For a module of many short journeys: with scripts wide on SQLite, without them narrow on PostgreSQL."""
last_pairs = pytest.mark.parametrize("pair", _params(PAIRS[2:]), indirect=True)
"""With scripts narrow on PostgreSQL, without them wide on SQLite."""


@pytest.fixture(params=_params(PAIRS))
def pair(request: pytest.FixtureRequest) -> Pair:
    """A journey runs once for each pair; both of one database go to the same worker."""
    chosen: Pair = request.param
    return chosen


@pytest.fixture(scope="session")
def portals() -> Iterator[Callable[[str], Portal]]:
    """Starts the portal on a kind of database when it is first asked for."""
    running: dict[str, Portal] = {}
    with ExitStack() as stack:

        def portal_on(kind: str) -> Portal:
            if kind not in running:
                running[kind] = stack.enter_context(running_portal(kind))
            return running[kind]

        yield portal_on


@pytest.fixture
def portal(pair: Pair, portals: Callable[[str], Portal]) -> Portal:
    """The running portal of this pair."""
    return portals(pair.kind)


@pytest.fixture
def visitors(browser: Browser, portal: Portal, pair: Pair) -> Iterator[Visitors]:
    """`visitors.sign_in("Priya Nair")` or `visitors.come()`: each call is another browser."""
    coming = Visitors(browser, portal, pair)
    yield coming
    coming.leave()


@pytest.fixture
def look(pair: Pair) -> Callable[[Page, str], None]:
    """`look(page, "name")` once per page: no accessibility violation (asked where scripts run: both widths), no sideways scrolling; with SHOTS=1 a picture."""

    def at(page: Page, name: str) -> None:
        page.wait_for_load_state()
        if os.environ.get("SHOTS"):
            page.screenshot(path=PICTURES / f"{name}-{pair}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px at {pair.width}"
        violations = axe(page) if pair.has_scripting else []
        assert not violations, f"{page.url}:\n" + "\n".join(violations)

    return at


@pytest.fixture
def look_twice(visitors: Visitors, pair: Pair) -> Callable[[Page, str], None]:
    """The same at both widths in one walk; where scripts do not run, in a browser beside it where they do."""

    def at(page: Page, name: str) -> None:
        page.wait_for_load_state()
        seen = page if pair.has_scripting else visitors.come(like=page)
        if seen is not page:
            seen.goto(page.url)
        wrong = [line for width in (360, 1280) for line in _wrong_at(seen, name, width)]
        assert not wrong, f"{page.url}:\n" + "\n".join(wrong)
        if seen is page:
            page.set_viewport_size({"width": pair.width, "height": 800})
        else:
            seen.context.close()

    return at


def _wrong_at(page: Page, name: str, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    if os.environ.get("SHOTS"):
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    sideways = [f"it scrolls sideways by {too_wide} px"] if too_wide > 0 else []
    return [f"at {width} px: {line}" for line in [*sideways, *axe(page)]]
