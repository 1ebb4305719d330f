"""The first paint of a page for somebody who was never here, on a slow line with a slow processor; and beside it, in turn, of
a plain page: the same HTML without style and script; beside the list, of one that Django's admin shows."""

import os
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from bench import plain, report, rival
from bench.serving import Site, served
from bench.tabs import Tab, chromium, tab
from bench.visitor import Visitor
from bench.visits import Visit, visits

CASES = 1000
RIVALS = int(os.environ.get("CASES", "80000"))
"""So many has the list of Django's admin."""
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SLOWER = 6
"""So many times is the processor slowed."""
LINES = {"fast3g": (562.5, 180_000, 84_375), "slow3g": (2000, 50_000, 50_000)}
"""Milliseconds before an answer begins, bytes a second down and up: the presets of Chromium's own developer tools."""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@dataclass(frozen=True)
class Paint:
    """Milliseconds until something of the page is there, and that its scripts took of the main thread, compiling too."""

    first: float
    script: float


@dataclass(frozen=True)
class Shown:
    """A page, and the cookie of who looks."""

    address: str
    cookie: str


def measure() -> None:
    with served("sqlite", CASES) as site:
        found = visits(site)
        pages = {visit.page: _html(site, visit) for visit in found}
        with plain.served(pages) as plain_url, rival.served(RIVALS) as django, chromium() as browser:
            for visit in found:
                ours = Shown(site.url + visit.path, visit.cookie)
                sides = {"ours": ours, "plain": Shown(f"{plain_url}/{visit.page}", visit.cookie)}
                if django and visit.page == "list":
                    sides["django"] = Shown(django.address, django.cookie)
                for profile in LINES:
                    report.line("paint", page=visit.page, profile=profile, **_rounds(browser, profile, sides))


def _html(site: Site, visit: Visit) -> str:
    return Visitor(site.port, visit.cookie).read(visit.page, visit.path).html


def _rounds(browser: Browser, profile: str, sides: dict[str, Shown]) -> dict[str, float]:
    """One after the other, so often; `ratio` is the median of the rounds' ratios."""
    rounds = [{side: _paint(browser, profile, shown) for side, shown in sides.items()} for _ in range(ROUNDS)]
    found = {
        "fcp_ms": report.middle([each["ours"].first for each in rounds]),
        "script_ms": report.middle([each["ours"].script for each in rounds]),
        "plain_fcp_ms": report.middle([each["plain"].first for each in rounds]),
    }
    if "django" not in sides:
        return found
    ratios = [each["ours"].first / each["django"].first for each in rounds]
    django = report.middle([each["django"].first for each in rounds])
    return {**found, "django_fcp_ms": django, "ratio": report.middle(ratios)}


def _paint(browser: Browser, profile: str, shown: Shown) -> Paint:
    with tab(browser, shown.address, shown.cookie) as opened:
        _slow(opened, profile)
        opened.page.goto(shown.address, wait_until="load")
        opened.page.wait_for_load_state("networkidle")
        taken = _metrics(opened)
        opened.page.wait_for_function(PAINTED)
        first = opened.page.evaluate(PAINTED)
    return Paint(first, 1000 * (taken["ScriptDuration"] + taken.get("V8CompileDuration", 0)))


def _slow(opened: Tab, profile: str) -> None:
    latency, down, up = LINES[profile]
    line = {"offline": False, "latency": latency, "downloadThroughput": down, "uploadThroughput": up}
    opened.protocol.send("Performance.enable")
    opened.protocol.send("Network.enable")
    opened.protocol.send("Network.emulateNetworkConditions", line)
    opened.protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _metrics(opened: Tab) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in opened.protocol.send("Performance.getMetrics")["metrics"]}
