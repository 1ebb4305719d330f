"""What a page of a draft that saves by itself is answered: 200 whatever was typed, in pieces; nothing about what one may not see."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.core import clock
from app.core.db import db
from app.core.security import csrf_token
from app.people.models import SignIn
from app.referrals import actions
from app.referrals.models import Answer, Referral
from app.referrals.saving import Page as Seen
from app.referrals.saving import save_draft
from tests import make
from tests.support.client import Client
from tests.support.markup import Markup, forms


@pytest.fixture
def address(client: Client, world: make.World) -> str:
    """A draft of Priya's."""
    started = client.outside(lambda: make.draft(world.priya, world.whanau, reason="First").referral.public_id)
    return f"/portal/referrals/{started}/"


class Page:
    """An open page of a draft, with a script that saves."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        found = [form for form in forms(client.get(address).text) if "loaded" in form.values]
        self.values: dict[str, Any] = found[0].values
        self.turn = 0

    def type(self, **typed: str) -> TestResponse:
        """Type, and have it saved; the page takes the answer up."""
        self.turn += 1
        self.values |= {**typed, "turn": str(self.turn)}
        answer = self.client.post(f"{self.address}fields", data=self.values, headers=self.headers)
        if answer.status_code == 200:
            (loaded,) = [each for each in Markup(answer.text).all("input") if each.get("name") == "loaded"]
            self.values["loaded"] = loaded.get("value")
        return answer

    @property
    def headers(self) -> dict[str, str]:
        return {"HX-Request": "true", "Origin": self.client.application.extensions["settings"].public_url}


def said(answer: TestResponse, field: str) -> str:
    """What stands beside the field now."""
    (place,) = [each for each in Markup(answer.text).elements if each.get("id") == f"{field}-said"]
    return " ".join(unescape(place.text).split())


def texts(client: Client, world: make.World, address: str) -> dict[str, str]:
    found: dict[str, str] = client.outside(
        lambda: dict(make.request_now(world.priya, address.strip("/").rpartition("/")[2]).texts)
    )
    return found


def test_what_is_typed_is_kept_with_the_time(client: Client, world: make.World, address: str) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    answer = page.type(reason="Away most Mondays")
    assert answer.status_code == 200
    assert re.search(r'id="saved" data-put>Saved \d{1,2}:\d\d [ap]m<', answer.text)
    assert texts(client, world, address) == {"reason": "Away most Mondays"}
    page.type(reason="Away most Mondays since March", plan="Begun")
    assert texts(client, world, address) == {"reason": "Away most Mondays since March", "plan": "Begun"}


def test_macrons_line_breaks_and_length_are_kept(client: Client, world: make.World, address: str) -> None:
    told = "Wha\u0304nau:\r\n\r\nline two " + "x" * 15_000
    answer = Page(client.sign_in(world.priya.person_id), address).type(reason=told)
    assert texts(client, world, address)["reason"] == "Whānau:\n\nline two " + "x" * 15_000
    assert "make this shorter, 10,000 characters at most" in said(answer, "reason")


def test_a_text_beyond_all_measure_is_refused_in_plain_words(client: Client, world: make.World, address: str) -> None:
    answer = Page(client.sign_in(world.priya.person_id), address).type(reason="x" * 1_100_000)
    assert answer.status_code == 413
    assert "still%20here" in answer.headers["X-Tell"]
    assert texts(client, world, address)["reason"] == "First"


def test_a_faulty_value_is_kept_with_its_error_beside_it(client: Client, world: make.World, address: str) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    answer = page.type(caregiver_email="ngaire@")
    assert answer.status_code == 200
    assert said(answer, "caregiver_email") == "Error: Write an e-mail address like name@example.nz"
    assert texts(client, world, address)["caregiver_email"] == "ngaire@"
    assert said(page.type(caregiver_email="ngaire@example.nz"), "caregiver_email") == ""


def test_what_is_still_missing_is_told_anew(client: Client, world: make.World, address: str) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    assert "Choose who at school is the primary contact" in page.type(plan="x").text
    assert "Choose who at school is the primary contact" not in page.type(primary_contact=world.tom.public_id).text


def test_a_page_whose_answer_was_lost_is_no_other_page(client: Client, world: make.World, address: str) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    before = page.values["loaded"]
    page.type(reason="Away")
    page.values["loaded"] = before
    assert said(page.type(reason="Away most Mondays"), "reason") == ""
    assert texts(client, world, address)["reason"] == "Away most Mondays"


def test_the_button_after_saves_of_the_page_itself_is_no_conflict(
    client: Client, world: make.World, address: str
) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    before = page.values["loaded"]
    page.type(reason="Away")
    sent = {**page.values, "reason": "Away most Mondays", "loaded": before, "turn": "2"}
    assert client.post(address, data=sent).status_code == 303
    assert texts(client, world, address)["reason"] == "Away most Mondays"


def test_another_page_is_shown_beside_the_field_and_chosen_there(
    client: Client, another_client: Callable[[], Client], world: make.World, address: str
) -> None:
    mine = Page(client.sign_in(world.priya.person_id), address)
    theirs = Page(another_client().sign_in(world.mere.person_id), address)
    theirs.type(reason="Mere’s reason")
    answer = mine.type(reason="Priya’s reason", plan="Priya’s plan")
    assert answer.status_code == 200
    assert "Mere Fa‘asavalu changed this on another page, today" in said(answer, "reason")
    assert "but for what is marked" in answer.text
    assert texts(client, world, address) == {"reason": "Mere’s reason", "plan": "Priya’s plan"}
    assert said(mine.type(plan="Priya’s longer plan"), "reason") != ""
    taken = mine.type(**{"choice-reason": "theirs:2"})
    assert '<template data-takes="reason">Mere’s reason</template>' in taken.text
    assert said(taken, "reason") == ""


def test_the_same_person_in_two_tabs_reads_that_it_was_they(client: Client, world: make.World, address: str) -> None:
    client.sign_in(world.priya.person_id)
    one, other = Page(client, address), Page(client, address)
    one.type(reason="In one tab")
    answer = other.type(reason="In the other")
    assert "You changed this on another page" in said(answer, "reason")
    assert "Keep this page’s" in answer.text
    kept = other.type(**{"choice-reason": "mine:2"})
    assert said(kept, "reason") == ""
    assert texts(client, world, address)["reason"] == "In the other"


def test_a_named_contact_does_not_type_themselves_out(client: Client, world: make.World, address: str) -> None:
    """Tom sees the draft because it names him: another name is kept only when he presses the button."""
    client.sign_in(world.priya.person_id)
    Page(client, address).type(primary_contact=world.tom.public_id)
    page = Page(client.sign_in(world.tom.person_id), address)
    answer = page.type(primary_contact=world.mere.public_id, plan="Tom’s plan")
    assert "Press Save draft to leave the request to this person" in said(answer, "primary_contact")
    now = texts(client, world, address)
    assert (now["primary_contact"], now["plan"]) == (world.tom.public_id, "Tom’s plan")
    pressed = client.post(address, data=page.values)
    assert (pressed.status_code, pressed.location) == (303, "/portal/referrals/")
    assert texts(client, world, address)["primary_contact"] == world.mere.public_id
    assert client.get(address).status_code == 404


def test_a_named_contact_chooses_before_the_draft_goes_to_another(
    client: Client, another_client: Callable[[], Client], world: make.World, address: str
) -> None:
    Page(client.sign_in(world.priya.person_id), address).type(primary_contact=world.tom.public_id)
    tom = another_client().sign_in(world.tom.person_id)
    opened = tom.get(address)
    Page(client, address).type(reason="Priya’s reason")
    shown = tom.fill(opened, "Save draft", reason="Tom’s reason", primary_contact=world.mere.public_id)
    assert shown.status_code == 409
    assert texts(client, world, address)["primary_contact"] == world.tom.public_id
    assert tom.fill(shown, "Save draft", **{"choice-reason": "mine:2"}).location == "/portal/referrals/"
    now = texts(client, world, address)
    assert (now["reason"], now["primary_contact"]) == ("Tom’s reason", world.mere.public_id)


@pytest.mark.parametrize("who", ["jin", "kahu", "aroha", "ruth"])
def test_nobody_else_saves_a_word_or_learns_one(client: Client, world: make.World, address: str, who: str) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    page.client = client.sign_in(getattr(world, who).person_id)
    settings = client.application.extensions["settings"]
    page.values["csrf_token"] = csrf_token(settings.secret_key, getattr(world, who).person_id)
    answer = page.type(reason="A stranger’s words")
    assert answer.status_code == 404
    assert "First" not in answer.text
    assert client.outside(lambda: list(db.session.scalars(select(Answer.text)))) == ["First"]


def test_sent_meanwhile_the_page_is_told_and_nothing_is_written(
    client: Client, world: make.World, address: str
) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    client.outside(send, world, address)
    answer = page.type(reason="Too late")
    assert answer.status_code == 409
    assert "What you typed since is not part of it, but still here" in answer.text
    assert texts(client, world, address)["reason"] == "First"


def test_typing_prolongs_the_sign_in(client: Client, world: make.World, address: str) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    ago = clock.now() - timedelta(minutes=20)
    client.outside(lambda: db.session.execute(update(SignIn).values(last_seen_at=ago)))
    answer = page.type(reason="Still here")
    until = answer.headers["X-Idle-Until"]
    assert until > (clock.now() + timedelta(minutes=29)).isoformat()
    assert client.outside(lambda: db.session.scalar(select(SignIn.last_seen_at))) > ago + timedelta(minutes=19)


def test_without_a_script_the_same_address_leads_to_the_draft(client: Client, world: make.World, address: str) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    answer = client.post(f"{address}fields", data={**page.values, "reason": "Sent by hand"})
    assert (answer.status_code, answer.location) == (303, address)
    assert texts(client, world, address)["reason"] == "Sent by hand"


def test_without_a_script_it_shows_both_texts_as_the_form_does(client: Client, world: make.World, address: str) -> None:
    client.sign_in(world.priya.person_id)
    one, other = Page(client, address), Page(client, address)
    one.type(reason="In one tab")
    answer = client.post(f"{address}fields", data={**other.values, "reason": "In the other", "plan": "Kept"})
    assert answer.status_code == 409
    assert "In one tab" in answer.text
    assert "In the other" in answer.text
    assert texts(client, world, address) == {"reason": "In one tab", "plan": "Kept"}


def test_a_save_asks_little_of_the_database(client: Client, world: make.World, address: str) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    page.type(reason="Away", plan="x")
    page.type(reason="Away most", plan="xx")
    assert client.statements.count <= 8, "\n".join(client.statements.texts)


@pytest.mark.parametrize("turn", ["", "-1", "x", "9" * 40])
def test_a_spoilt_turn_does_no_harm(client: Client, world: make.World, address: str, turn: str) -> None:
    page = Page(client.sign_in(world.priya.person_id), address)
    sent = {
        **page.values,
        "turn": turn,
        "page": "p" * 400,
        "reason": "Kept",
        "choice-plan": "mine:x",
        "unsure": "nought",
    }
    answer = client.post(f"{address}fields", data=sent, headers=page.headers)
    assert answer.status_code == 200
    assert texts(client, world, address)["reason"] == "Kept"


def send(world: make.World, address: str) -> None:
    """Mere fills in the rest and sends it."""
    public_id = address.strip("/").rpartition("/")[2]
    found = make.request_now(world.mere, public_id)
    more = {**make.ANSWERS, "primary_contact": world.tom.public_id, "reason": "First"}
    save_draft(found, more, page=Seen(found.versions), by=world.mere)
    actions.submit(make.request_now(world.mere, public_id), version=found.version, by=world.mere)
    assert db.session.scalar(select(Referral.case_id)) is not None
