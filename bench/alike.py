"""Is the floor honest? It shows what the portal shows, in the same order, and a comment leaves as many rows behind."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from html import unescape

from sqlalchemy import func, select

from app.core.db import Base, db
from bench import report
from bench.browser import Answer, Browser, Question
from bench.serving import Site

MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
LINKS = re.compile(r'href="(/[^"]*/cases/[0-9-]+/|[^"]*[?&;]after=[^"]*)"')
ENTRIES = re.compile(r'<li class="wh-entry">(.*?)<(?:/ol|ul|form|p class="wh-screen")', re.DOTALL)
HIDDEN = re.compile(r"<span[^>]* hidden>.*?</span>")
TAGS = re.compile(r"<[^>]+>")
NUMBER = re.compile(r"[0-9]{2}-[0-9]{6}-[0-9]")
SPACES = re.compile(r"\s+")


class Different(Exception):
    """The floor shows something else than the portal."""


def same_page(question: Question, ours: Answer, floor: Answer) -> None:
    """The same cases in the same order, the same next page, the same entries; other words are only told."""
    mine, theirs = _main(question, ours), _main(question, floor)
    for what, found in (("cases", LINKS), ("entries", ENTRIES)):
        shown, also = [_words(each) for each in found.findall(mine)], [_words(each) for each in found.findall(theirs)]
        if shown != also:
            raise Different(f"{question.path}: other {what}.\nThe portal: {shown}\nThe floor: {also}")
    words, others = Counter(_words(mine).split()), Counter(_words(theirs).split())
    if words != others:
        _tell(NUMBER.sub("…", question.path.partition("?")[0]), frozenset(words - others), frozenset(others - words))


def _main(question: Question, answer: Answer) -> str:
    found = MAIN.search(answer.text)
    if answer.status != 200 or not found:
        raise Different(f"{question.path} answers {answer.status}")
    return found[0]


def _words(html: str) -> str:
    """What is read of it."""
    return SPACES.sub(" ", unescape(TAGS.sub(" ", HIDDEN.sub(" ", html)))).strip()


@cache
def _tell(path: str, mine: frozenset[str], theirs: frozenset[str]) -> None:
    """Once of a page."""
    report.say(f"floor: {path} lacks “{' '.join(mine)}”, has “{' '.join(theirs)}” beyond")


def same_rows(site: Site, browsers: Iterable[Browser], questions: Iterable[Question]) -> None:
    """One comment of each."""
    counts = [_rows(site)]
    for browser, question in zip(browsers, questions, strict=True):
        if browser.ask(question).status != 303:
            raise Different(f"{question.path} was not taken")
        counts.append(_rows(site))
    ours, floor = counts[1] - counts[0], counts[2] - counts[1]
    if ours != floor:
        raise Different(f"A comment writes {dict(ours)}, the floor's {dict(floor)}.")


def _rows(site: Site) -> Counter[str]:
    """Of every table."""
    with site.app.app_context():
        counts = {name: select(func.count()).select_from(table) for name, table in Base.metadata.tables.items()}
        return Counter({name: db.session.scalar(count) or 0 for name, count in counts.items()})
