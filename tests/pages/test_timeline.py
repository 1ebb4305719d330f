"""A timeline narrowed by its address: to one kind, to one audience; each entry says who reads it (SHARE-1, SHARE-5)."""

from html import unescape

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.cases.comments.actions import edit, retract
from app.cases.entries import Audience
from app.cases.models import Case
from app.cases.timeline import PAGE
from app.core.db import db
from tests import make
from tests.support.client import Client


@pytest.fixture
def here(client: Client, world: make.World, number: str, clock: Traveller) -> str:
    """A case with a visit, a restricted note and a page of notes for the service."""

    def write() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        make.event(world.ana, case, Audience.SERVICE, "At her nan’s.")
        make.note(world.ana, case, Audience.RESTRICTED, "Between us.")
        edited = make.note(world.ana, case, Audience.SERVICE, "Before.")
        edit(make.head(world.ana, case), edited, "After.", version="", by=world.ana)
        retract(make.head(world.ana, case), make.note(world.ana, case, body="Wrong."), by=world.ana)
        for which in range(PAGE):
            make.note(world.ana, case, Audience.SERVICE, f"Note {which}.")

    client.outside(write)
    return f"/workspace/cases/{number}/"


def test_it_is_narrowed_without_scripts_and_goes_on_so(client: Client, world: make.World, here: str) -> None:
    ana = client.sign_in(world.ana.person_id)
    visits = ana.fill(ana.get(here), "Show", kind="event")
    assert ana.statements.count <= 6
    assert "At her nan’s." in unescape(visits.text)
    assert "Note 0." not in visits.text
    restricted = ana.get(f"{here}?audience=restricted").text
    assert "Between us." in restricted
    assert "Note 0." not in restricted
    page = ana.get(f"{here}?kind=comment&audience=service")
    (older,) = [part.partition('"')[0] for part in page.text.split('href="')[1:] if "before=" in part]
    assert unescape(older).startswith("?kind=comment&audience=service&before=")
    rest = ana.get(here + unescape(older)).text
    assert "After." in rest
    assert "Between us." not in rest
    assert "Nothing of this kind stands here." in ana.get(f"{here}?kind=letter").text
    assert ana.get(f"{here}?kind=nobody").status_code == 200


def test_each_entry_says_who_reads_it_and_what_became_of_it(client: Client, world: make.World, here: str) -> None:
    ana = client.sign_in(world.ana.person_id)
    page = unescape(ana.get(f"{here}?kind=comment").text)
    assert page.count('class="wh-entry"') == PAGE
    assert page.count("wh-aud--service") == PAGE
    first = unescape(ana.get(f"{here}?audience=shared").text)
    assert "Retracted by Ana Tuhoro" in first
    assert "Wrong." not in first
    older = unescape(ana.get(f"{here}?audience=service&kind=comment").text)
    last = older.rpartition("before=")[2].partition('"')[0]
    assert "What it said before" in unescape(ana.get(f"{here}?audience=service&kind=comment&before={last}").text)


def test_a_school_narrows_nothing_it_may_not_know(client: Client, world: make.World, here: str) -> None:
    page = client.sign_in(world.mere.person_id).get(here.replace("workspace", "portal") + "?audience=restricted").text
    assert "Between us." not in page
