"""The pages on which somebody changes what they wrote, as a browser asks for them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.comments.actions import retract, undo
from app.cases.entries import Audience, Entry
from app.cases.models import Case
from app.core.db import db
from app.core.events import Outbox
from app.core.seen import ViewLog
from app.people.actions import set_case_managers_see_cases
from tests import make
from tests.access import TABLE
from tests.support.client import Client
from tests.support.figures import UNDO_FOR
from tests.support.markup import forms

TEXT = "Rang the whānau, qvx."
SIDES = {"ana": ("workspace", "mere", "portal"), "tom": ("portal", "ruth", "workspace")}
"""Who writes, where; who reads on the other side, where."""


@pytest.fixture
def world(clock: Traveller, peopled: make.World) -> make.World:
    return peopled


@pytest.fixture
def number(with_case: str) -> str:
    """Hēmi's case, with Ana."""
    return with_case


def written(
    client: Client,
    world: make.World,
    number: str,
    who: str,
    audience: Audience = Audience.SHARED,
    *,
    waits: bool = True,
) -> str:
    """The address of what somebody wrote."""

    def note() -> str:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        return make.note(world.people[who], case, audience, TEXT, waits=waits).public_id

    return f"/{SIDES[who][0]}/cases/{number}/entries/{client.outside(note)}"


def case_page(client: Client, world: make.World, number: str, who: str) -> TestResponse:
    at = "portal" if who in {"mere", "tom", "priya"} else "workspace"
    return client.sign_in(world.people[who].person_id).get(f"/{at}/cases/{number}/")


def said(page: TestResponse) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


@pytest.mark.parametrize("who", SIDES)
def test_what_waits_says_from_when_it_is_read_and_offers_undo_to_its_writer(
    client: Client, world: make.World, number: str, who: str
) -> None:
    written(client, world, number, who)
    readers = {"ana": "Tawa Awa College", "tom": "Te Awa Attendance Service"}[who]
    page = case_page(client, world, number, who)
    assert f"{readers} can read this from 9:05 am." in said(page)
    assert "Undo" in said(page)
    assert "Share now" in said(page)
    colleague = case_page(client, world, number, {"ana": "ruth", "tom": "mere"}[who])
    assert f"{readers} can read this from 9:05 am." in said(colleague)
    assert "Share now" not in colleague.text


@pytest.mark.parametrize("who", SIDES)
def test_undone_it_is_in_the_box_again_and_a_mark_without_words_for_colleagues(
    client: Client, world: make.World, number: str, who: str
) -> None:
    address = written(client, world, number, who)
    client.sign_in(world.people[who].person_id)
    assert client.send(f"{address}/undo").status_code == 303
    page = client.get(f"/{SIDES[who][0]}/cases/{number}/")
    assert "Undone: nobody at" in page.text
    assert TEXT in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)[0]
    colleague = case_page(client, world, number, {"ana": "ruth", "tom": "mere"}[who])
    assert "took this back before it was shared, 9:00 am" in said(colleague)
    assert TEXT not in colleague.text
    assert client.get(f"{address}/former-texts").status_code == 403
    client.sign_in(world.people[who].person_id)
    assert TEXT in client.get(f"{address}/former-texts").text


def test_undo_from_a_page_that_is_too_old_does_nothing_and_offers_to_retract(
    clock: Traveller, client: Client, world: make.World, number: str
) -> None:
    address = written(client, world, number, "ana")
    clock.shift(UNDO_FOR)
    case_page(client, world, number, "tom")
    client.sign_in(world.ana.person_id)
    page = client.send(f"{address}/undo")
    assert page.status_code == 409
    assert "It was too late to undo. Tawa Awa College can read it from 9:05 am on." in said(page)
    assert "Tom Hargreaves, primary contact, Tawa Awa College: first on Tue 3 March, 9:05 am" in said(page)
    assert client.fill(page, "Retract it").status_code == 303
    assert "Retracted by Ana Tuhoro, Tue 3 March, 9:05 am." in said(case_page(client, world, number, "mere"))


def test_pressed_twice_undo_says_that_it_is_gone(client: Client, world: make.World, number: str) -> None:
    address = written(client, world, number, "ana")
    client.sign_in(world.ana.person_id)
    client.send(f"{address}/undo")
    for path in ("undo", "share-now", "retraction"):
        page = client.send(f"{address}/{path}")
        assert page.status_code == 409
        assert "undone or retracted meanwhile" in page.text
    page = client.get(f"/workspace/cases/{number}/")
    assert page.text.count(TEXT) == 1  # in the box


def test_shared_now_the_other_side_reads_it(client: Client, world: make.World, number: str) -> None:
    address = written(client, world, number, "ana")
    assert TEXT not in case_page(client, world, number, "mere").text
    client.sign_in(world.ana.person_id)
    for words in ("can read it now", "could read it already"):
        assert client.send(f"{address}/share-now").status_code == 303
        assert f"Tawa Awa College {words}." in client.get(f"/workspace/cases/{number}/").text
    assert TEXT in case_page(client, world, number, "mere").text


@pytest.mark.parametrize("who", SIDES)
def test_an_edited_text_says_so_and_shows_what_it_said(
    clock: Traveller, client: Client, world: make.World, number: str, who: str
) -> None:
    address = written(client, world, number, who, waits=False)
    clock.shift(timedelta(minutes=50))
    client.sign_in(world.people[who].person_id)
    assert client.fill(client.get(f"{address}/text"), "Save", body="Other words").status_code == 303
    _, reader, there = SIDES[who]
    page = case_page(client, world, number, reader)
    assert "Other words" in page.text
    assert "Edited Tue 3 March, 9:50 am." in said(page)
    assert TEXT not in page.text
    former = client.get(address.replace(f"/{SIDES[who][0]}/", f"/{there}/") + "/former-texts")
    assert TEXT in former.text


def test_edited_in_two_windows_both_texts_are_shown_and_neither_is_lost(
    clock: Traveller, client: Client, world: make.World, number: str
) -> None:
    address = written(client, world, number, "ana", waits=False)
    client.sign_in(world.ana.person_id)
    first, second = client.get(f"{address}/text"), client.get(f"{address}/text")
    assert client.fill(first, "Save", body="From the first").status_code == 303
    clock.shift(timedelta(seconds=1))
    clash = client.fill(second, "Save", body="From the second")
    assert clash.status_code == 409
    assert "From the first" in clash.text
    assert "From the second" in clash.text
    assert client.fill(clash, "Save").status_code == 303
    assert "From the second" in client.get(f"/workspace/cases/{number}/").text
    assert "From the first" in client.get(f"{address}/former-texts").text


def test_an_edit_is_kept_as_it_is_typed_for_its_writer_until_it_is_saved(
    client: Client, world: make.World, number: str
) -> None:
    address = written(client, world, number, "ana", waits=False)
    client.sign_in(world.ana.person_id)
    page = client.get(f"{address}/text")
    assert client.fill(page, "Save", body="From the other window").status_code == 303
    (form,) = [each for each in forms(page.text) if each.action == f"{address}/text"]
    typed = {**form.values, "once": "another window's", "body": "Half an edit", "turn": "1"}
    kept = client.post(f"{address}/text/unsent", data=typed, headers={"HX-Request": "true"})
    assert "Kept for you" in kept.text
    case = client.get(f"/workspace/cases/{number}/")
    assert "Half an edit" not in case.text
    again = client.get(f"{address}/text")
    assert "From the other window" in again.text
    assert "What you had typed and not saved" in again.text
    assert client.fill(again, "Save").status_code == 303
    assert "Half an edit" in client.get(f"/workspace/cases/{number}/").text
    assert "What you had typed" not in client.get(f"{address}/text").text


def test_an_edit_that_is_not_wanted_is_kept_no_longer(client: Client, world: make.World, number: str) -> None:
    address = written(client, world, number, "tom", waits=False)
    client.sign_in(world.tom.person_id)
    client.send(f"{address}/text/unsent", body="Half an edit")
    page = client.get(f"{address}/text")
    assert "Half an edit" in page.text
    assert client.fill(page, "Leave it as it is").status_code == 303
    again = client.get(f"{address}/text").text
    assert "Half an edit" not in again
    assert TEXT in again


def test_an_edit_without_words_is_refused_and_of_the_same_words_none(
    client: Client, world: make.World, number: str
) -> None:
    address = written(client, world, number, "ana", waits=False)
    client.sign_in(world.ana.person_id)
    page = client.get(f"{address}/text")
    assert client.fill(page, "Save", body=" ").status_code == 422
    assert client.fill(page, "Save").status_code == 303
    assert "It says that already. Nothing changed." in client.get(f"/workspace/cases/{number}/").text


def test_who_reads_a_note_says_before_narrowing_whether_it_was_read(
    clock: Traveller, client: Client, world: make.World, number: str
) -> None:
    address = written(client, world, number, "ana")
    audience = f"{address}/audience"
    client.sign_in(world.ana.person_id)
    assert "Tawa Awa College cannot read it yet: it is shared from 9:05 am." in said(client.get(audience))
    clock.shift(UNDO_FOR)
    assert "Nobody at Tawa Awa College has opened the case since it was shared" in said(client.get(audience))
    case_page(client, world, number, "mere")
    client.sign_in(world.ana.person_id)
    page = client.get(audience)
    assert "Mere Fa‘asavalu, attendance lead, Tawa Awa College" in said(page)
    client.fill(page, "Change who reads it", audience="service")
    assert "the case had been opened by others since it was shared" in said(client.get(audience))


def test_nothing_of_it_is_on_any_page_of_somebody_else(client: Client, world: make.World, number: str) -> None:
    """Undone, retracted, waiting, and said before it opened: asked of every page of the case, with its address."""

    def made() -> dict[str, str]:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        notes = {
            f"{what}-{who}": make.note(world.people[who], case, body=f"qvx{what}-{who}qvx", waits=what != "retracted")
            for who in ("ana", "tom")
            for what in ("undone", "retracted", "waits")
        }
        for name, entry in notes.items():
            change = {"undone": undo, "retracted": retract}.get(name.split("-")[0])
            by = world.people[name.split("-")[1]]
            if change:
                change(make.head(by, case), entry, by=by)
        return {name: entry.public_id for name, entry in notes.items()}

    ids: dict[str, str] = client.outside(made)
    client.outside(lambda: set_case_managers_see_cases(world.te_awa.id, True, by=world.ruth))
    rules = dict.fromkeys(route.rule for route in TABLE if route.method == "GET" and "/cases/<number>" in route.rule)
    own = {"mere": "waits-tom", "priya": "waits-tom", "ruth": "waits-ana", "david": "waits-ana"}
    for who, may in {**own, "jin": "", "lupe": ""}.items():
        client.sign_in(world.people[who].person_id)
        paths = {
            rule.replace("<number>", number).replace("<public_id>", public_id).replace("<file>", "none")
            for rule in rules
            for public_id in ids.values()
        }
        seen = "".join(client.get(path).text for path in sorted(paths))
        found = set(re.findall(r"qvx([a-z]+-[a-z]+)qvx", seen))
        assert found == ({may} if may else set()), who


def test_the_access_log_of_the_service_holds_no_line_of_what_the_school_took_back(
    client: Client, world: make.World, number: str
) -> None:
    address = written(client, world, number, "tom")
    client.sign_in(world.tom.person_id)
    client.get(f"{address}/text")
    client.send(f"{address}/undo")
    log = said(client.sign_in(world.ruth.person_id).get(f"/workspace/cases/{number}/access"))
    assert "took a note" not in log
    assert "added a note" not in log
    assert "Tom Hargreaves primary contact Tawa Awa College opened a note or comment" in log
    ours = said(client.sign_in(world.mere.person_id).get(f"/portal/cases/{number}/access"))
    assert "took a note or comment back" in ours


def test_the_count_of_what_is_new_waits_too(clock: Traveller, client: Client, world: make.World, number: str) -> None:
    client.outside(lambda: db.session.execute(update(Outbox).values(read_at=Outbox.made_at)))
    written(client, world, number, "ana")
    assert "New</strong>" not in client.sign_in(world.tom.person_id).get("/notifications/").text
    assert "Mark everything as read" not in client.get("/notifications/").text
    clock.shift(UNDO_FOR)
    client.sign_in(world.tom.person_id)
    assert "New</strong>" in client.get("/notifications/").text


def test_a_case_page_with_much_to_undo_keeps_to_its_statements(client: Client, world: make.World, number: str) -> None:
    for _ in range(10):
        written(client, world, number, "ana")
    case_page(client, world, number, "ana")
    assert client.statements.count <= 6


def test_pages_of_a_note_are_logged_in_one_word(client: Client, world: make.World, number: str) -> None:
    address = written(client, world, number, "ana", waits=False)
    client.sign_in(world.ana.person_id)
    for page in ("text", "retraction", "former-texts"):
        assert client.get(f"{address}/{page}").status_code == 200
    logged = select(func.count()).where(ViewLog.page == "note", ViewLog.person_id == world.ana.person_id)
    assert client.outside(lambda: db.session.scalar(logged)) == 3
    assert client.outside(lambda: db.session.scalar(select(func.count()).select_from(Entry))) > 0
