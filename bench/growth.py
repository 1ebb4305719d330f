"""Is a page slower in a country than in a town? The same pages of two portals, asked in turn by one client."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import chain

from bench import report
from bench.browser import Browser
from bench.pages import DATABASES, QUESTIONS, ROUNDS, in_turn
from bench.pairs import paired
from bench.questions import PAGES, Asker, askers
from bench.serving import Site, served

SMALL = int(os.environ.get("SMALL", "1000"))
LARGE = int(os.environ.get("LARGE", "400000"))


def measure() -> None:
    for kind in DATABASES:
        report.say(f"growth: {SMALL} and {LARGE} cases on {kind}")
        with served(kind, SMALL) as small, served(kind, LARGE) as large:
            leads = [askers(site)[0] for site in (small, large)]
            for page in PAGES:
                _page(kind, page, (small, large), leads)


def _page(kind: str, page: str, sites: Sequence[Site], leads: Sequence[Asker]) -> None:
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
    report.line("growth", page=page, db=kind, small=SMALL, large=LARGE, **figures)
