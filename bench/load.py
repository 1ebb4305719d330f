"""People at work, all at once, against `make serve`: how long they wait, what goes wrong, and whether memory stays flat."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import memory, report
from bench.pages import CASES, DATABASES
from bench.serving import Site, served
from bench.townsfolk import people_at
from scripts.parts import ROOT

PEOPLE = int(os.environ.get("PEOPLE", "200"))
MINUTES = float(os.environ.get("MINUTES", "2"))
EARLY = 0.25
"""Of the time is over when memory is looked at first."""
PATIENCE = 90.0
"""Seconds after which whoever is still waiting is given up."""


@dataclass(frozen=True)
class Request:
    role: str
    kind: str
    seconds: float
    fault: str


def measure() -> None:
    for kind in DATABASES:
        report.say(f"load: {PEOPLE} people for {MINUTES:g} minutes, {CASES} cases on {kind}")
        with served(kind, CASES) as site:
            people = people_at(site, PEOPLE)
            requests, early = _at_work(site, people)
            report.line("load", people=len(people), **_figures(requests, early, _memory(site)), db=kind, cases=CASES)
            _say_more(requests, Path(site.environment["DEMO_DIR"]) / "serve.log")


def _at_work(site: Site, people: Sequence[dict[str, Any]]) -> tuple[list[Request], dict[str, float]]:
    """All that they asked for, and the memory early on."""
    plan = {"port": site.port, "seconds": MINUTES * 60, "people": people}
    used = _used()
    with tempfile.TemporaryFile("w+") as told:
        crowd = subprocess.Popen(
            [sys.executable, "-m", "bench.crowd"], cwd=ROOT, stdin=subprocess.PIPE, stdout=told, text=True
        )
        try:
            _give(crowd, json.dumps(plan))
            time.sleep(MINUTES * 60 * EARLY)
            early = _memory(site)
            if crowd.wait(MINUTES * 60 + PATIENCE):
                raise RuntimeError("the crowd broke off")
        finally:
            crowd.kill()
        told.seek(0)
        requests = [Request(*json.loads(line)) for line in told]
    report.say(f"load: the people themselves took {(_used() - used) / (MINUTES * 60):.1%} of one processor")
    return requests, early


def _give(crowd: subprocess.Popen[str], plan: str) -> None:
    if crowd.stdin:
        crowd.stdin.write(plan)
        crowd.stdin.close()


def _used() -> float:
    """Seconds of processor that children which have ended took."""
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return of_children.ru_utime + of_children.ru_stime


def _memory(site: Site) -> dict[str, float]:
    """Of the web worker that has most."""
    workers = site.web_workers()
    return {"rss_mb": max(map(memory.resident, workers)), "pss_mb": max(map(memory.proportional, workers))}


def _figures(requests: Sequence[Request], early: dict[str, float], late: dict[str, float]) -> dict[str, float]:
    waited = [request.seconds * 1000 for request in requests if request.seconds]
    return {
        "minutes": MINUTES,
        "p95_ms": report.nearly_all(waited),
        "errors": sum(1 for request in requests if request.fault),
        **late,
        **{f"{name}_early": megabytes for name, megabytes in early.items()},
        "p50_ms": report.middle(waited),
        "requests": len(requests),
    }


def _say_more(requests: Sequence[Request], log: Path) -> None:
    """Each kind of request by itself, each kind of error, and what the portal called one."""
    by_kind = defaultdict(list)
    for request in requests:
        by_kind[request.role, request.kind].append(request.seconds * 1000)
    for (role, kind), waited in sorted(by_kind.items()):
        report.say(f"  {role} {kind}: {len(waited)}, p50 {report.middle(waited)}, p95 {report.nearly_all(waited)} ms")
    for (kind, fault), count in Counter((request.kind, request.fault) for request in requests if request.fault).items():
        report.say(f"  error: {kind}: {fault}, {count} times")
    for line in log.read_text(errors="replace").splitlines()[1:]:
        report.say(f"  the portal says: {line}")
