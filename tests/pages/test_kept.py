"""What was sent after a sign-in had ended is kept for its sender for 30 minutes, and offered again (SHARE-9)."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller
from wtforms.fields.core import UnboundField

from app.cases.entries import Entry, EntryKind
from app.core import kept
from app.core.db import db
from app.core.security import random_token
from app.core.web.forms import OnceForm
from app.everyone.typed_words import CHOSEN, CODES, LABELS, UNSAID, form_words
from app.people import actions
from app.people.models import Role, RoleHeld
from app.people.telling.rules import SAID
from app.referrals.questions import FIELDS
from tests import make
from tests.pages.kept_forms import BY_SCRIPT, WORDS, rows, sent, signed_out, token_of, told
from tests.support.client import Client

QUESTION = "Nothing was lost. Send it now?"
OF_FILES = {
    f"{audience}.{view}"
    for audience in ("portal", "workspace")
    for view in ("add_note_files", "take_off_note_file", "add_request_files", "take_off_request_file")
}
BANNER = "Something you typed was not sent"


@pytest.fixture
def path(number: str) -> str:
    """Where a comment of Tom's school is sent."""
    return f"/portal/cases/{number}/comments"


def comments(client: Client) -> list[str]:
    statement = select(Entry.body).where(Entry.kind == EntryKind.COMMENT)
    return list(client.outside(lambda: db.session.scalars(statement).all()))


def test_it_is_kept_and_carried_out_when_its_sender_says_so(client: Client, world: make.World, path: str) -> None:
    answer = sent(signed_out(client, world.tom), path, world.tom)
    page = path.removesuffix("comments")
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={page}&kept=y")
    assert "What you typed is kept for 30 minutes." in client.get(answer.location).text
    assert comments(client) == []
    client.sign_in(world.tom.person_id)
    offered = client.get("/kept/")
    assert QUESTION in offered.text
    assert WORDS in offered.text
    assert f"A comment on case {page.split('/')[3]}" in offered.text
    assert f'href="{page}"' in offered.text
    assert client.fill(offered, "Send it now").location == page
    assert comments(client) == [WORDS]
    assert rows(client) == []
    assert "Nothing is kept" in client.get("/kept/").text


def test_a_page_with_a_script_is_told_so_in_place(client: Client, world: make.World, path: str) -> None:
    signed_out(client, world.tom)
    form = {"csrf_token": token_of(client, world.tom), "once": "a-key", "body": WORDS}
    answer = client.post(path, data=form, headers=BY_SCRIPT)
    assert (answer.status_code, answer.text, answer.headers["HX-Reswap"]) == (401, "", "none")
    assert told(answer).startswith("You are signed out. What you typed is still here, and is kept for 30 minutes:")
    assert len(rows(client)) == 1


def test_every_page_says_so_until_it_is_sent_or_thrown_away(client: Client, world: make.World, path: str) -> None:
    sent(signed_out(client, world.tom), path, world.tom)
    client.sign_in(world.tom.person_id)
    for page in ("/portal/", "/account", path.removesuffix("comments"), "/portal/cases/26-000001-0/"):
        assert BANNER in client.get(page).text
    offered = client.get("/kept/")
    assert BANNER not in offered.text
    assert client.fill(offered, "Throw it away").location == path.removesuffix("comments")
    assert rows(client) == []
    assert comments(client) == []
    assert BANNER not in client.get("/portal/").text


def test_sent_from_the_old_page_too_it_is_carried_out_once(client: Client, world: make.World, path: str) -> None:
    form = {"once": random_token()}
    sent(signed_out(client, world.tom), path, world.tom, **form)
    client.sign_in(world.tom.person_id)
    offered = client.get("/kept/")
    assert sent(client, path, world.tom, **form).status_code == 303
    assert rows(client) == []
    assert client.fill(offered, "Send it now").location == path.removesuffix("comments")
    assert comments(client) == [WORDS]


def test_what_had_been_carried_out_before_is_not_carried_out_again(
    client: Client, world: make.World, path: str
) -> None:
    """The answer did not reach the page, the sign-in ended, and the form was sent again."""
    form = {"once": random_token()}
    sent(client.sign_in(world.tom.person_id), path, world.tom, **form)
    sent(signed_out(client, world.tom), path, world.tom, **form)
    client.sign_in(world.tom.person_id)
    client.fill(client.get("/kept/"), "Send it now")
    assert comments(client) == [WORDS]
    assert rows(client) == []


def test_other_words_under_a_used_key_are_shown_to_be_sent_again(client: Client, world: make.World, path: str) -> None:
    form = {"once": random_token()}
    sent(client.sign_in(world.tom.person_id), path, world.tom, body="Before.", **form)
    sent(signed_out(client, world.tom), path, world.tom, **form)
    client.sign_in(world.tom.person_id)
    shown = client.fill(client.get("/kept/"), "Send it now")
    assert shown.status_code == 422
    assert WORDS in shown.text
    assert client.fill(shown, "Add and share with Te Awa Attendance Service").status_code == 303
    assert sorted(comments(client)) == sorted(["Before.", WORDS])
    assert rows(client) == []


def test_it_is_kept_for_half_an_hour(client: Client, clock: Traveller, world: make.World, path: str) -> None:
    sent(signed_out(client, world.tom), path, world.tom)
    client.sign_in(world.tom.person_id)
    clock.shift(timedelta(minutes=30) - timedelta(seconds=1))
    client.sign_in(world.tom.person_id)
    assert WORDS in client.get("/kept/").text
    clock.shift(timedelta(seconds=1))
    assert WORDS not in client.get("/kept/").text
    assert BANNER not in client.get("/portal/").text
    assert len(rows(client)) == 1
    client.outside(kept.forget_old)
    assert rows(client) == []


def test_the_same_page_sent_twice_is_kept_as_it_was_last(client: Client, world: make.World, path: str) -> None:
    signed_out(client, world.tom)
    for words in ("First", "Second"):
        sent(client, path, world.tom, once="a-key", body=words)
    found = client.sign_in(world.tom.person_id).get("/kept/").text
    assert "Second" in found
    assert "First" not in found


def test_what_a_page_saves_by_itself_does_not_take_the_place_of_what_its_button_sent(
    client: Client, world: make.World, path: str
) -> None:
    signed_out(client, world.tom)
    for target, words in ((path, "Pressed."), (f"{path}/unsent", "Typed"), (f"{path}/unsent", "Typed on")):
        sent(client, target, world.tom, once="a-key", body=words)
    offered = client.sign_in(world.tom.person_id).get("/kept/")
    assert len(rows(client)) == 2
    assert "Typed on" in offered.text
    assert client.fill(offered, "Send it now").status_code == 303
    assert comments(client) == ["Pressed."]
    assert len(rows(client)) == 1
    assert client.fill(client.get("/kept/"), "Save it now").status_code == 303
    assert comments(client) == ["Pressed."]
    assert rows(client) == []


def test_what_its_button_sent_is_not_kept_again_as_the_page_saves_it(
    client: Client, world: make.World, path: str
) -> None:
    """A save that was under way, or that a page leaves behind, comes after the button."""
    signed_out(client, world.tom)
    for target in (path, f"{path}/unsent"):
        assert sent(client, target, world.tom, once="a-key", body="Pressed.").status_code in {303, 401}
    assert [row.path for row in rows(client)] == [path]
    sent(client, f"{path}/unsent", world.tom, once="another", body="Pressed.")
    assert len(rows(client)) == 2


def test_the_button_takes_the_place_of_what_its_page_saved_before(client: Client, world: make.World, path: str) -> None:
    signed_out(client, world.tom)
    for target, words in ((f"{path}/unsent", "Typed"), (path, "Typed and pressed.")):
        sent(client, target, world.tom, once="a-key", body=words)
    assert [row.path for row in rows(client)] == [path]


def test_of_many_forms_the_newest_ten_are_kept(client: Client, world: make.World, path: str) -> None:
    signed_out(client, world.tom)
    for number in range(12):
        sent(client, path, world.tom, body=f"Words number {number}.")
    found = client.sign_in(world.tom.person_id).get("/kept/").text
    assert [number for number in range(12) if f"Words number {number}." in found] == list(range(2, 12))


@pytest.mark.parametrize("case", ["idle", "too long", "role ended", "signed out at the sign-in server"])
def test_however_the_sign_in_ended(client: Client, clock: Traveller, world: make.World, path: str, case: str) -> None:
    client.sign_in(world.tom.person_id)
    if case in {"idle", "too long"}:
        clock.shift(timedelta(minutes=31) if case == "idle" else timedelta(hours=13))
    elif case == "role ended":
        client.outside(lambda: actions.end_role(db.session.get_one(RoleHeld, world.tom.role_held_id), by=None))
    else:
        issuer = client.application.extensions["settings"].oidc_issuer
        client.outside(lambda: actions.end_sign_ins_at_issuer(issuer=issuer, person_id=world.tom.person_id))
    assert sent(client, path, world.tom).location.endswith("&kept=y")


def test_where_the_role_no_longer_allows_it_the_words_are_still_there(
    client: Client, world: make.World, path: str
) -> None:
    """Tom is office support at the school by now, and no primary contact: the case is still his school's."""
    other = client.outside(lambda: make.actor(world.tom, Role.DELEGATED_AUTHORISER, world.tawa).role)
    sent(signed_out(client, world.tom), path, world.tom)
    client.sign_in(world.tom.person_id, other)
    refused = client.fill(client.get("/kept/"), "Send it now")
    assert refused.status_code == 404
    assert BANNER in refused.text
    assert comments(client) == []
    assert WORDS in client.get("/kept/").text


def test_in_a_role_at_another_organisation_only_its_being_there_is_told(
    client: Client, world: make.World, path: str
) -> None:
    other = client.outside(lambda: make.actor(world.tom, Role.OFFICE_SUPPORT, world.puna).role)
    sent(signed_out(client, world.tom), path, world.tom)
    found = client.sign_in(world.tom.person_id, other).get("/kept/").text
    assert WORDS not in found
    assert path.split("/")[3] not in found
    assert "You typed this while you worked for Tawa Awa College." in found


def test_files_are_not_kept_and_the_page_says_which(client: Client, world: make.World, path: str) -> None:
    signed_out(client, world.tom)
    form = {"csrf_token": token_of(client, world.tom), "once": "a-key", "body": WORDS}
    files = [(BytesIO(b"x" * 400_000), "letter.pdf"), (BytesIO(b"y"), "photo.heic")]
    answer = client.post(path, data={**form, "files": files}, headers={"Origin": "http://localhost:8000"})
    assert answer.location.endswith("kept=y")
    assert len(rows(client)[0].sealed) < 1000
    found = client.sign_in(world.tom.person_id).get("/kept/").text
    assert WORDS in found
    assert "Choose them again afterwards: letter.pdf, photo.heic." in found


def test_a_draft_is_shown_in_words(client: Client, world: make.World) -> None:
    request = client.outside(lambda: make.filled(world.priya, world.whanau, contact=world.tom).referral.public_id)
    page = client.sign_in(world.priya.person_id).get(f"/portal/referrals/{request}/")
    client.outside(actions.end_sign_ins_of, world.priya.person_id)
    assert client.fill(page, "Save draft", reason=WORDS, whanau_knows="later").status_code == 303
    offered = client.sign_in(world.priya.person_id).get("/kept/")
    for words in ("What is the reason for asking?", WORDS, "Will tell at the meeting", "as you chose it on the page"):
        assert words in offered.text
    shown = offered.text.replace(f'value="{world.tom.public_id}"', "")
    assert world.tom.public_id not in shown
    saved = client.fill(offered, "Send it now")
    assert saved.location == f"/portal/referrals/{request}/"
    assert WORDS in client.get(saved.location).text


def test_how_one_is_told_is_shown_in_words(client: Client, world: make.World) -> None:
    """Its form is made for each person: no field of it may be shown as a code."""
    page = client.sign_in(world.tom.person_id).get("/notifications/settings")
    client.outside(actions.end_sign_ins_of, world.tom.person_id)
    assert client.fill(page, "Save", case_assigned="daily").status_code == 303
    offered = " ".join(re.sub(r"<[^>]+>", " ", client.sign_in(world.tom.person_id).get("/kept/").text).split())
    assert f"{SAID['case_assigned']} In one mail a day" in offered
    assert "case_assigned" not in offered


def test_nothing_to_keep_is_not_kept(client: Client, world: make.World, path: str) -> None:
    signed_out(client, world.tom)
    for target, body in ((path, " "), ("/account/stay", "x"), ("/notifications/", ""), ("/kept/x/thrown-away", "x")):
        sent(client, target, world.tom, body=body)
    assert rows(client) == []


def test_what_is_kept_costs_no_page_a_statement(client: Client, world: make.World, path: str) -> None:
    client.sign_in(world.tom.person_id).get("/account")
    before = client.statements.count
    sent(signed_out(client, world.tom), path, world.tom)
    client.sign_in(world.tom.person_id).get("/account")
    assert client.statements.count == before


def test_the_page_leads_on_to_where_one_wanted_to_go(client: Client, world: make.World) -> None:
    found = client.sign_in(world.tom.person_id).get("/kept/?next=/portal/cases/%3Fstatus%3Dopen").text
    assert 'href="/portal/cases/?status=open">Go on' in found
    assert 'href="/portal/">Go on' in client.get("/kept/?next=//elsewhere.example/").text


def every_form() -> set[type[OnceForm]]:
    found, left = set(), [OnceForm]
    while left:
        form = left.pop()
        found.add(form)
        left += form.__subclasses__()
    return found


def test_every_field_of_every_form_has_words(app: Flask) -> None:
    """So that no code or id is ever shown in place of what was typed."""
    fields = {
        name for form in every_form() for name in dir(form) if isinstance(getattr(form, name, None), UnboundField)
    }
    assert fields - {*LABELS, *CODES, *CHOSEN, *UNSAID, *FIELDS} == set()


def test_every_form_has_words(app: Flask) -> None:
    sent_to = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set()) and rule.endpoint.startswith(("portal.", "workspace."))
    }
    assert {name for name in sent_to if form_words(name, {"number": "x"}) == "Something you sent"} <= OF_FILES
