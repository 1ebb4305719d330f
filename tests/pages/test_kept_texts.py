"""Two people write into one field of a draft: both texts are kept with it, whatever becomes of their pages (REQ-4)."""

from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.core.db import db
from app.referrals.drafts.actions import delete_drafts
from app.referrals.models import KeptText, Referral
from tests import make
from tests.pages.test_autosave import Page, said, texts
from tests.support.client import Client
from tests.support.markup import Markup


@pytest.fixture
def priya(client: Client, world: make.World) -> Client:
    return client.sign_in(world.priya.person_id)


@pytest.fixture
def mere(another_client: Callable[[], Client], world: make.World) -> Client:
    return another_client().sign_in(world.mere.person_id)


@pytest.fixture
def clashed(priya: Client, mere: Client, address: str) -> str:
    """Mere's reason stands there; what Priya had typed meanwhile is kept, and her page is gone."""
    hers = Page(priya, address)
    Page(mere, address).type(reason="Mere’s reason")
    hers.type(reason="Priya’s reason")
    return address


def kept(client: Client) -> list[str]:
    found: list[str] = client.outside(lambda: list(db.session.scalars(select(KeptText.text).order_by(KeptText.id))))
    return found


def choices(answer: TestResponse, field: str = "reason") -> dict[str, str]:
    """What can be chosen of the field: the text, and what its choice says."""
    markup = Markup(answer.text)
    there = [each for each in markup.all("input") if each.get("name") == f"choice-{field}"]
    words = {each.get("id"): unescape(each.text).strip() for each in markup.elements if each.get("id")}
    return {words[f"{each.get('id')}-text"]: str(each.get("value")) for each in there}


def test_a_page_opened_again_shows_both_to_its_writer(priya: Client, clashed: str) -> None:
    page = priya.get(clashed)
    assert "Mere Fa‘asavalu changed this on another page, today" in said(page, "reason")
    assert list(choices(page)) == ["Mere’s reason", "Priya’s reason"]
    assert "Priya’s reason</textarea>" in page.text
    assert "Choose which text stays" in page.text


def test_whoever_else_may_edit_is_shown_both_too(mere: Client, clashed: str) -> None:
    page = mere.get(clashed)
    assert "Priya Nair wrote something else here, today" in said(page, "reason")
    assert list(choices(page)) == ["Mere’s reason", "Priya’s reason"]
    assert "Mere’s reason</textarea>" in page.text


@pytest.mark.parametrize("who", ["priya", "mere"])
@pytest.mark.parametrize("text", ["Priya’s reason", "Mere’s reason"])
def test_either_chooses_and_only_that_text_is_left(
    request: pytest.FixtureRequest, world: make.World, clashed: str, who: str, text: str
) -> None:
    client: Client = request.getfixturevalue(who)
    page = Page(client, clashed)
    answer = page.type(**{"choice-reason": choices(client.get(clashed))[text]})
    assert said(answer, "reason") == ""
    assert (texts(client, world, clashed)["reason"], kept(client)) == (text, [])
    shown = client.get(clashed)
    assert f"{text}</textarea>" in shown.text
    assert said(shown, "reason") == ""


def test_the_button_chooses_too(mere: Client, world: make.World, clashed: str) -> None:
    page = mere.get(clashed)
    answer = mere.fill(page, "Save draft", **{"choice-reason": choices(page)["Priya’s reason"]})
    assert answer.status_code == 303
    assert (texts(mere, world, clashed)["reason"], kept(mere)) == ("Priya’s reason", [])


def test_what_is_typed_on_without_choosing_is_kept_as_it_grows(priya: Client, world: make.World, clashed: str) -> None:
    page = Page(priya, clashed)
    for text in ("Priya’s reason, longer", "Priya’s reason, longer still"):
        assert "Mere Fa‘asavalu changed this" in said(page.type(reason=text), "reason")
    page.turn = 0
    page.type(reason="Priya’s reason, overtaken")
    assert kept(priya) == ["Priya’s reason, longer still"]
    assert texts(priya, world, clashed)["reason"] == "Mere’s reason"


def test_a_colleague_who_writes_on_takes_nothing_away(mere: Client, world: make.World, clashed: str) -> None:
    page = Page(mere, clashed)
    answer = page.type(reason="Mere’s reason, longer")
    assert texts(mere, world, clashed)["reason"] == "Mere’s reason, longer"
    assert "Priya’s reason" in choices(answer)
    assert kept(mere) == ["Priya’s reason"]


def test_a_choice_made_before_a_further_text_came_chooses_nothing(
    priya: Client, mere: Client, world: make.World, clashed: str
) -> None:
    before = choices(mere.get(clashed))["Mere’s reason"]
    page = Page(mere, clashed)
    Page(priya, clashed).type(reason="Priya’s better reason")
    answer = page.type(**{"choice-reason": before})
    assert "Priya’s better reason" in choices(answer)
    assert kept(mere) == ["Priya’s better reason"]


def test_two_windows_of_one_person_keep_a_text_each(priya: Client, mere: Client, address: str) -> None:
    one, other = Page(priya, address), Page(priya, address)
    Page(mere, address).type(reason="Mere’s reason")
    one.type(reason="In one window")
    other.type(reason="In the other")
    assert set(choices(priya.get(address))) == {"Mere’s reason", "In one window", "In the other"}


def test_it_is_not_sent_before_one_is_chosen(priya: Client, mere: Client, address: str) -> None:
    checked = mere.get(f"{address}check")
    hers = Page(priya, address)
    mere.fill(mere.get(address), "Save draft", reason="Mere’s reason")
    checked = mere.get(f"{address}check")
    hers.type(reason="Priya’s reason")
    refused = mere.fill(checked, "Send the request")
    assert refused.status_code == 422
    assert "Two texts are kept" in refused.text
    assert "Send the request" not in mere.get(f"{address}check").text
    page = Page(mere, address)
    page.type(**{"choice-reason": choices(mere.get(address))["Mere’s reason"]})
    assert mere.fill(mere.get(f"{address}check"), "Send the request").status_code == 303


def test_it_goes_with_the_draft(client: Client, clashed: str) -> None:
    client.outside(lambda: delete_drafts([db.session.scalars(select(Referral.id)).one()]))
    assert kept(client) == []


def test_a_clash_asks_little_of_the_database(priya: Client, clashed: str) -> None:
    page = Page(priya, clashed)
    page.type(reason="Priya’s longer reason")
    assert priya.statements.count <= 8, "\n".join(priya.statements.texts)
