"""Pages of the portal and of the floor, asked in turn by one client."""

import os
from collections.abc import Sequence
from itertools import chain

from bench import alike, report
from bench.browser import Browser
from bench.counted import statements
from bench.floored import floor_of
from bench.memory import proportional
from bench.pairs import Pair, Two
from bench.questions import PAGES, Asker, askers
from bench.serving import Site, served

CASES = int(os.environ.get("CASES", "80000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
QUESTIONS = int(os.environ.get("QUESTIONS", "40"))
DATABASES = os.environ.get("DATABASES", "sqlite postgresql").split()
COUNTED = 8
"""Questions of a page whose statements are counted."""
OK = (200, 303)


def measure() -> None:
    for kind in DATABASES:
        report.say(f"pages: {CASES} cases on {kind}")
        with served(kind, CASES) as site:
            with floor_of(site) as port:
                _pages(site, port, kind)
            report.line("memory", db=kind, cases=CASES, pss_mb=max(map(proportional, site.web_workers())))


def _pages(site: Site, port: int, kind: str) -> None:
    people = askers(site)
    for page in PAGES:
        for asker in people:
            if page in asker.pages:
                _page(site, port, kind, page, asker)


def _page(site: Site, port: int, kind: str, page: str, asker: Asker) -> None:
    with (
        Browser(site.port, site.url, asker.signed_in.cookie) as ours,
        Browser(port, site.url, f"token={asker.signed_in.token}") as floor,
    ):
        _compare(site, (ours, floor), _asked(asker, page))
        rounds = [in_turn((ours, floor), _asked(asker, page), turn) for turn in range(ROUNDS)]
    mine, theirs = zip(*chain.from_iterable(rounds), strict=True)
    p50, floor_p50 = report.middle(mine), report.middle(theirs)
    report.line(
        "pages_of_school" if asker.is_school else "pages",
        page=page,
        db=kind,
        cases=CASES,
        p50_ms=p50,
        p95_ms=report.nearly_all(mine),
        floor_p50_ms=floor_p50,
        ratio=round(p50 / floor_p50, 2),
        statements=statements(site, asker, asker.questions(page, COUNTED)),
    )


def _asked(asker: Asker, page: str) -> list[Pair]:
    """Of the portal and of the floor: the same page, or another comment on the same case."""
    return list(zip(asker.questions(page, QUESTIONS), asker.questions(page, QUESTIONS), strict=True))


def _compare(site: Site, browsers: Two, asked: Sequence[Pair]) -> None:
    """Once all of them, which also warms both."""
    if asked[0][0].form:
        alike.same_rows(site, browsers, asked[0])
        in_turn(browsers, asked[1:], 0)
        return
    for questions in asked:
        ours, floor = (browser.ask(question) for browser, question in zip(browsers, questions, strict=True))
        alike.same_page(questions[0], ours, floor)


def in_turn(browsers: Two, asked: Sequence[Pair], turn: int) -> list[tuple[float, float]]:
    """Milliseconds of each question, ours and theirs; now the one is asked first, now the other."""
    taken = []
    for number, questions in enumerate(asked):
        pair = [0.0, 0.0]
        for which in (0, 1) if (number + turn) % 2 else (1, 0):
            answer = browsers[which].ask(questions[which])
            if answer.status not in OK:
                raise RuntimeError(f"{questions[which].path} answers {answer.status}")
            pair[which] = answer.seconds * 1000
        taken.append((pair[0], pair[1]))
    return taken
