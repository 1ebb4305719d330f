"""The header of a case, the same on every page of it at a service, on the screen and on paper (issue 7, point 3)."""

from collections.abc import Iterable
from html import unescape

from time_machine import Traveller

from app.cases.models import Case
from app.core.db import db
from tests import make
from tests.access import TABLE, WORKSPACE, Route
from tests.pages.test_access import _things
from tests.support.client import Client

FOR_THE_WHANAU = f"{WORKSPACE}/plan/print"
FOR_A_COURT = f"{WORKSPACE}/letters/<public_id>/record"
"""It names the student alone."""


def pages() -> list[Route]:
    """Each page of an open case that its service’s lead opens; once, though the table asks several things of it."""
    found: dict[str, Route] = {}
    for route in TABLE:
        is_open = route.method == "GET" and "ruth" in route.allowed.split() and route.answer == 200
        if is_open and route.rule.startswith(WORKSPACE) and route.at.get("number") == "case":
            found.setdefault(route.rule, route)
    return list(found.values())


def test_every_page_of_a_case_says_whose_it_is_and_what_to_beware_of(
    client: Client, world: make.World, clock: Traveller
) -> None:
    things = client.outside(_things, world)
    age = client.outside(lambda: make.head(world.ruth, _case(things["case"])).age)
    said = (
        'class="wh-case"',
        f"<small>{things['case']}</small>",
        f"<b>Age</b> <span>{age}, Year {make.YEAR_LEVEL}",
        f"<b>School</b> <span>{world.tawa.name}",
        "<b>Status</b> <span>",
        f"<b>Case manager</b> <span>{world.ana.name}",
        f"<b>School contact</b> <span>{world.tom.name}",
        make.SAFETY["safety_fact"],
        "<b>Meet the school</b>",
        "<b>Meet student and whānau</b>",
    )
    ruth, wrong = client.sign_in(world.ruth.person_id), []
    for route in pages():
        path = route.rule
        for name, thing in route.at.items():
            path = path.replace(f"<{name}>", things[thing])
        answer = ruth.get(path)
        if answer.mimetype == "text/html":
            wrong += [f"{path}: {each}" for each in lacking(unescape(answer.text), route, said)]
    assert not wrong, "\n".join(wrong)
    assert len(pages()) >= 30


def lacking(page: str, route: Route, said: Iterable[str]) -> list[str]:
    """What the header should say there and does not; for the whānau and for a court nothing of it is said."""
    is_ours = route.rule not in {FOR_THE_WHANAU, FOR_A_COURT}
    return [each for each in said if (each in page) is not is_ours] + ([] if "Tama Tāne" in page else ["whose it is"])


def _case(number: str) -> Case:
    return db.session.query(Case).filter_by(number=number).one()
