"""Bytes and requests of a page: on the first visit, and later, with style and script kept."""

from typing import Any

from playwright.sync_api import Browser, Page

from bench import report
from bench.serving import served
from bench.tabs import Tab, chromium, tab
from bench.visits import Visit, visits

CASES = 1000
ICON = "fetch(document.querySelector('link[rel=icon]').href).then(answer => answer.text())"
"""A browser asks for it when it gets round to it; this one now, and once."""


def measure() -> None:
    with served("sqlite", CASES) as site:
        found = visits(site)
        with chromium() as browser:
            for visit in found:
                report.line("weight", page=visit.page, **_weight(browser, site.url, visit))


def _weight(browser: Browser, url: str, visit: Visit) -> dict[str, int]:
    with tab(browser, url, visit.cookie) as opened:
        wire = Wire(opened)
        html = _go(opened.page, url + visit.path)
        opened.page.evaluate(ICON)
        first = wire.taken()
        _go(opened.page, "about:blank")
        wire.taken()
        _go(opened.page, url + visit.path)
        later = wire.taken()
    return {
        "first_bytes": sum(first),
        "first_requests": len(first),
        "later_bytes": sum(later),
        "html_bytes": html,
    }


class Wire:
    """What came over it: the bytes of each answer as they were sent, its headers too. Nothing of what the tab had kept."""

    def __init__(self, opened: Tab) -> None:
        self._sizes: list[int] = []
        self._kept: set[str] = set()
        opened.protocol.on("Network.requestServedFromCache", self._is_kept)
        opened.protocol.on("Network.responseReceived", self._is_kept)
        opened.protocol.on("Network.loadingFinished", self._has_come)
        opened.protocol.send("Network.enable")

    def taken(self) -> list[int]:
        """Since it was last asked."""
        taken, self._sizes = self._sizes, []
        return taken

    def _is_kept(self, event: dict[str, Any]) -> None:
        if "response" not in event or event["response"].get("fromDiskCache"):
            self._kept.add(event["requestId"])

    def _has_come(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._kept and event["encodedDataLength"]:
            self._sizes.append(int(event["encodedDataLength"]))


def _go(page: Page, address: str) -> int:
    """Until all has come; the bytes of the page itself as it was sent."""
    answer = page.goto(address, wait_until="load")
    page.wait_for_load_state("networkidle")
    return int(answer.headers["content-length"]) if answer else 0
