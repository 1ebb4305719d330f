"""Is a page slower in a country than in a town? The same pages of two portals, asked in turn by one client."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import chain

from bench import report
from bench.browser import Browser
from bench.pages import DATABASES, QUESTIONS, ROUNDS, in_turn
from bench.pairs import paired
from bench.questions import DETAILS, PAGES, Asker, askers
from bench.serving import Site, served

SMALL = int(os.environ.get("SMALL", "1000"))
FULL = 10_000
LARGE = int(os.environ.get("LARGE", "400000"))


def measure() -> None:
    for kind in DATABASES:
        with served(kind, LARGE) as large:
            for cases, pages in _towns():
                report.say(f"growth: {cases} and {LARGE} cases on {kind}")
                with served(kind, cases) as small:
                    _pages(kind, cases, pages, (small, large))


def _towns() -> tuple[tuple[int, Sequence[str]], ...]:
    """My work of a few cases is a few lines: it is asked of the least town in which it fills a page."""
    others = [page for page in (*PAGES, DETAILS) if page != "home"]
    return ((SMALL, others), (max(SMALL, FULL), ("home",)))


def _pages(kind: str, cases: int, pages: Sequence[str], sites: Sequence[Site]) -> None:
    leads = [askers(site)[0] for site in sites]
    for page in pages:
        _page(kind, page, cases, sites, leads)


def _page(kind: str, page: str, cases: int, sites: Sequence[Site], leads: Sequence[Asker]) -> None:
    """The first round warms both."""
    with ExitStack() as until:
        small, large = (
            until.enter_context(Browser(site.port, site.url, lead.signed_in.cookie))
            for site, lead in zip(sites, leads, strict=True)
        )
        asked = (paired(page, leads, (small, large), QUESTIONS) for _ in range(1 + ROUNDS))
        rounds = [in_turn((small, large), pairs, turn) for turn, pairs in enumerate(asked)]
    towns, countries = zip(*chain.from_iterable(rounds[1:]), strict=True)
    town, country = report.middle(towns), report.middle(countries)
    figures = {"small_p50_ms": town, "large_p50_ms": country, "ratio": round(country / town, 2)}
    report.line("growth", page=page, db=kind, small=cases, large=LARGE, **figures)
