"""Short guides, each a screen long, found by their words and led to from the pages of the task (H1)."""

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from flask import current_app, g, request
from werkzeug.wrappers import Response

from app.core.errors import Unseen
from app.core.text import fold
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.everyone.blueprint import bp
from app.people.models import Kind

TOPICS: dict[str, tuple[Kind, ...]] = {
    "asking-for-support": (Kind.SCHOOL,),
    "following-a-case": (Kind.SCHOOL,),
    "your-provider": (Kind.SCHOOL,),
    "the-school-calendar": (Kind.SCHOOL,),
    "attendance-marks": (Kind.SCHOOL,),
    "star-watch": (Kind.SCHOOL,),
    "what-marks-ask": (Kind.SCHOOL,),
    "reading-attendance": (Kind.SCHOOL, Kind.SERVICE),
    "the-report": (Kind.SCHOOL,),
    "letters-of-a-school": (Kind.SCHOOL,),
    "the-queue": (Kind.SERVICE,),
    "cover-and-handover": (Kind.SERVICE,),
    "working-a-case": (Kind.SERVICE,),
    "visits-and-tasks": (Kind.SERVICE,),
    "the-plan": (Kind.SERVICE,),
    "caregivers": (Kind.SERVICE,),
    "letters": (Kind.SERVICE,),
    "many-letters": (Kind.SERVICE,),
    "what-letters-say": (Kind.SCHOOL, Kind.SERVICE),
    "transfers": (Kind.SERVICE, Kind.MINISTRY),
    "one-student-or-two": (Kind.SERVICE,),
    "the-services-report": (Kind.SERVICE,),
    "cases-of-another-system": (Kind.SERVICE,),
    "finding": (Kind.SCHOOL, Kind.SERVICE),
    "privacy-and-safety": tuple(Kind),
    "notifications": tuple(Kind),
    "people-and-roles": tuple(Kind),
    "signing-in": tuple(Kind),
}
"""In the order of the work; those of one's own kind of organisation come first."""
TASKS = (
    ("/portal/referrals/<public_id>/privacy", "privacy-and-safety"),
    ("/portal/referrals", "asking-for-support"),
    ("/portal/cases/<number>/attendance", "reading-attendance"),
    ("/portal/cases", "following-a-case"),
    ("/portal/provider", "your-provider"),
    ("/portal/calendar", "the-school-calendar"),
    ("/portal/attendance/imports", "attendance-marks"),
    ("/portal/attendance/star", "star-watch"),
    ("/workspace/schools/<number>/calendar", "the-school-calendar"),
    ("/portal/reports", "the-report"),
    ("/portal/attendance/prompts", "what-marks-ask"),
    ("/portal/attendance", "reading-attendance"),
    ("/portal/letters/batches", "many-letters"),
    ("/portal/letters", "letters-of-a-school"),
    ("/portal/students", "letters-of-a-school"),
    ("/workspace/queue", "the-queue"),
    ("/workspace/caseloads", "cover-and-handover"),
    ("/workspace/cases/<number>/cover", "cover-and-handover"),
    ("/workspace/transfers", "transfers"),
    ("/workspace/cases/<number>/transfer", "transfers"),
    ("/ministry/transfers", "transfers"),
    ("/workspace/reports", "the-services-report"),
    ("/workspace/students", "one-student-or-two"),
    ("/workspace/matches", "one-student-or-two"),
    ("/workspace/cases/<number>/plan", "the-plan"),
    ("/workspace/cases/<number>/barriers", "the-plan"),
    ("/workspace/cases/<number>/provider", "the-plan"),
    ("/workspace/cases/<number>/meetings", "visits-and-tasks"),
    ("/workspace/cases/<number>/tasks", "visits-and-tasks"),
    ("/workspace/cases/<number>/visit-sheet", "visits-and-tasks"),
    ("/workspace/cases/<number>/letters", "letters"),
    ("/workspace/cases/<number>/last-day", "letters"),
    ("/workspace/cases/<number>/caregivers", "caregivers"),
    ("/workspace/cases/<number>/privacy", "privacy-and-safety"),
    ("/workspace/cases/<number>/attendance", "reading-attendance"),
    ("/workspace/migrated", "cases-of-another-system"),
    ("/workspace/cases", "working-a-case"),
    ("/workspace/letters/batches", "many-letters"),
    ("/workspace/letters/check", "letters"),
    ("/workspace/settings/letterhead", "what-letters-say"),
    ("/workspace/settings/ladders", "what-letters-say"),
    ("/workspace/settings/letters", "what-letters-say"),
    ("/portal/settings", "what-letters-say"),
    ("/portal/people", "people-and-roles"),
    ("/workspace/people", "people-and-roles"),
    ("/ministry/people", "people-and-roles"),
    ("/sign-ins", "people-and-roles"),
    ("/notifications", "notifications"),
    ("/search", "finding"),
    ("/account", "signing-in"),
)
"""Which guide stands beside which pages: the first that fits."""
LONGEST = 80
TITLE = re.compile(r"{% block title %}(.*?){% endblock %}")
NO_TEXT = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]+>", re.DOTALL)
HEADING = re.compile(r"<h2[^>]*>(.*?)</h2>")


@dataclass(frozen=True)
class Guide:
    """A guide: its topic, its title, its headings; and all its words, folded."""

    topic: str
    title: str
    headings: tuple[str, ...]
    words: frozenset[str]

    def says(self, words: list[str]) -> bool:
        """Does each of the words begin a word of the guide?"""
        return all(any(word.startswith(sought) for word in self.words) for sought in words)

    def is_of(self, words: list[str]) -> bool:
        """Does each of them begin a word of its title or of a heading? Then it stands before those that only mention it."""
        there = fold(" ".join([self.title, *self.headings])).split()
        return all(any(word.startswith(sought) for word in there) for sought in words)


@bp.get("/help/")
@open_to()
def guides() -> Response:
    """All of them, those for one's own work first; or those that have these words, first those that have them in a heading."""
    typed = request.args.get("q", "").strip()[:LONGEST]
    words = fold(typed).split()
    kind = g.actor.organisation_kind
    found = [guide for guide in map(_guide, TOPICS) if guide.says(words)]
    found.sort(key=lambda guide: not guide.is_of(words))
    own = [guide for guide in found if kind in TOPICS[guide.topic]]
    others = [guide for guide in found if kind not in TOPICS[guide.topic]]
    return show("everyone/help.html", own=own, others=others, typed=typed, longest=LONGEST)


@bp.get("/help/guides/<topic>")
@open_to()
def guide(topic: str) -> Response:
    if topic not in TOPICS:
        raise Unseen
    return show(f"everyone/help/{topic}.html")


def help_here() -> Guide | None:
    """The guide beside the page where one is."""
    at = request.url_rule.rule if request.url_rule else ""
    return next((_guide(topic) for start, topic in TASKS if at.startswith(start)), None)


@cache
def _guide(topic: str) -> Guide:
    source = Path(str(current_app.template_folder), "everyone", "help", f"{topic}.html").read_text(encoding="utf-8")
    (title,) = TITLE.findall(source)
    headings = tuple(map(unescape, HEADING.findall(source)))
    return Guide(topic, unescape(title), headings, frozenset(fold(unescape(NO_TEXT.sub(" ", source))).split()))
