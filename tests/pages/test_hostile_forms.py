"""Every form that a school, and whoever signs in, is shown: whatever is typed or chosen in it is refused in plain words and
stands there again, or is kept as NFC and otherwise exactly; nothing of it becomes part of a page."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from unicodedata import normalize

import pytest
from sqlalchemy import String, select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.core.db import db
from tests.access import TABLE, Route
from tests.pages.test_access import TABLES, Asker
from tests.pages.test_hostile import SCRIPT, TYPED
from tests.support.client import Client
from tests.support.databases import Database
from tests.support.markup import Form, forms, parsed

ELSEWHERE = ("/workspace", "/ministry", "/portal/referrals/<public_id>/")
"""Forms of others; the form of a request and its list of steps have tests of their own (`test_hostile.py`)."""
SHORT = "Ma\u0304 👩🏽‍👧🏽 <b>"
PASSES = {
    "long": "x" * 10_000,
    "odd day": "31/9/2025",
    "much": f"Ma\u0304ori {SCRIPT}\"'>{{{{ 7*7 }}}} \u202eexe\u202c \u05e9\u05dc\u05d5\u05dd =1+1 '; -- %s \\ \U0002070e",
    "grows": "\ufb2c" * 150,
    "short": SHORT,
}
"""What grows is three times as long as NFC: PostgreSQL refuses it where it was measured before."""
DAYS = (("29", "2", "2025"), ("31", "9", "2025"), ("1", "1", "20266"), ("tomorrow", "\u202e3", "0"), ("٣", "1", "2025"))
BOXES = ("-day", "-month", "-year")
ANSWERS = {"a NUL": {400, 404}, "get": {200, 404, 422}, "post": {303, 409, 422}}
PLAIN = ("There is something to mend", "govuk-error-message", "govuk-error-summary")


@dataclass(frozen=True)
class Shown:
    """A form on a page, who sees it there, and what it asks."""

    path: str
    who: str
    action: str
    method: str
    fields: frozenset[str]


@pytest.fixture
def asker(
    clock: Traveller, client: Client, another_client: Callable[[], Client], database: Database
) -> Iterator[Asker]:
    """In term time: a school's letters count the days of a term."""
    with ExitStack() as until:
        yield Asker(client, another_client, until, database)


def test_every_form_keeps_or_refuses_it(asker: Asker, clock: Traveller) -> None:
    shown = {each.fields: each for route in TABLE if of_a_school(route) for each in shown_on(asker, route)}
    assert {each.method for each in shown.values()} == {"get", "post"}
    assert len(shown) > 15
    wrong: list[str] = []
    for each in shown.values():
        clock.shift(timedelta(minutes=1))  # nobody types that fast
        wrong += tried(asker, each)
    assert not wrong, "\n".join(wrong)


def of_a_school(route: Route) -> bool:
    is_elsewhere = route.rule.startswith(ELSEWHERE[:2]) or route.rule == ELSEWHERE[2]
    return route.method == "GET" and route.answer == 200 and bool(route.allowed) and not is_elsewhere


def shown_on(asker: Asker, route: Route) -> Iterator[Shown]:
    path, who = asker.path(route), route.allowed.split()[0]
    page = asker.browsers[who].get(path)
    for form in forms(page.text) if page.mimetype == "text/html" else []:
        fields = fields_of(page, form)
        if fields and not form.action.endswith("/actions"):
            yield Shown(path, who, form.action, form.method, frozenset(fields))


def fields_of(page: TestResponse, form: Form) -> dict[str, bool]:
    """Name → whether it takes a text, or is a choice."""
    inside = [
        each
        for each in parsed(page.text).all("input", "textarea", "select")
        if any(around.tag == "form" and around.get("action") == form.action for around in each.within)
    ]
    seen = [each for each in inside if each.get("type") not in {"hidden", "file"} and each.get("name")]
    return {each.get("name"): each.tag != "select" and each.get("type") not in TYPED for each in seen}


def tried(asker: Asker, shown: Shown) -> Iterator[str]:
    """What is wrong with the answers; a form that was used up is gone."""
    browser = asker.browsers[shown.who]
    for what in ("a NUL", *PASSES, *DAYS, "a choice"):
        page = browser.get(shown.path)
        found = [form for form in forms(page.text) if form.action == shown.action]
        if not found:
            break
        typed = {name: text for name, text in hostile(what, fields_of(page, found[0])) if text}
        if typed:
            sent = {**found[0].values, **typed}
            at = shown.action or shown.path
            answer = browser.post(at, data=sent) if shown.method == "post" else browser.get(at, query_string=sent)
            where = f"{at}, {what}, {', '.join(typed)}: {answer.status_code}"
            yield from (f"{where}, {said}" for said in wrong_with(asker, shown, typed, what, answer))


def hostile(what: object, fields: dict[str, bool]) -> Iterator[tuple[str, str]]:
    for name, is_text in fields.items():
        box = next((place for place, end in enumerate(BOXES) if name.endswith(end)), None)
        if isinstance(what, tuple):
            yield name, what[box] if box is not None else ""
        elif what == "a choice":
            yield name, "" if is_text else SCRIPT
        elif is_text:
            yield name, "a\0b" if what == "a NUL" else PASSES[str(what)]


def wrong_with(asker: Asker, shown: Shown, typed: dict[str, str], what: object, answer: TestResponse) -> Iterator[str]:
    wanted = {name: normalize("NFC", text).strip() for name, text in typed.items()}
    if SCRIPT in answer.text:
        yield "became part of the page"
    if answer.status_code not in ANSWERS["a NUL" if what == "a NUL" else shown.method]:
        yield "neither kept nor refused in plain words"
    elif answer.status_code == 303 and what in PASSES:
        kept = everything(asker)
        yield from (f"{name} is not there as it was typed" for name, text in wanted.items() if text not in kept)
    elif answer.status_code == 422 and not any(words in answer.text for words in PLAIN):
        yield "does not say what is wrong"
    elif answer.status_code == 422 and what != "a choice":
        again = [form.values for form in forms(answer.text) if form.action == shown.action] or [{}]
        now = {name: normalize("NFC", "".join(again[0].get(name, []))).strip() for name in typed}
        yield from (f"{name} does not stand there again" for name, text in wanted.items() if now[name] != text)


def everything(asker: Asker) -> str:
    """Every text in the database."""

    def read() -> str:
        found = []
        for table in TABLES:
            columns = [column for column in table.columns if isinstance(column.type, String)]
            found += [str(text) for row in db.session.execute(select(*columns)) for text in row] if columns else []
        return "\n".join(found)

    told: str = asker.client.outside(read)
    return told
