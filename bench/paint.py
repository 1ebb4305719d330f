"""The first paint of a page for somebody who was never here, on a slow line with a slow processor; and beside it, in turn, of
a plain page: the same HTML without style and script."""

import os
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from bench import plain, report
from bench.serving import Site, served
from bench.tabs import Tab, chromium, tab
from bench.visitor import Visitor
from bench.visits import Visit, visits

CASES = 1000
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


def measure() -> None:
    with served("sqlite", CASES) as site:
        found = visits(site)
        with plain.served({visit.page: _html(site, visit) for visit in found}) as plain_url, chromium() as browser:
            for visit in found:
                for profile in LINES:
                    addresses = (site.url + visit.path, f"{plain_url}/{visit.page}")
                    report.line(
                        "paint", page=visit.page, profile=profile, **_rounds(browser, profile, addresses, visit)
                    )


def _html(site: Site, visit: Visit) -> str:
    return Visitor(site.port, visit.cookie).read(visit.page, visit.path).html


def _rounds(browser: Browser, profile: str, addresses: tuple[str, str], visit: Visit) -> dict[str, float]:
    paints = [[_paint(browser, profile, address, visit.cookie) for address in addresses] for _ in range(ROUNDS)]
    ours, plains = zip(*paints, strict=True)
    return {
        "fcp_ms": report.middle([each.first for each in ours]),
        "script_ms": report.middle([each.script for each in ours]),
        "plain_fcp_ms": report.middle([each.first for each in plains]),
    }


def _paint(browser: Browser, profile: str, address: str, cookie: str) -> Paint:
    with tab(browser, address, cookie) as opened:
        _slow(opened, profile)
        opened.page.goto(address, wait_until="load")
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
