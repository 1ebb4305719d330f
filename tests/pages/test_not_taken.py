"""A form that belongs to something gone or not open any more: what was typed is never gone with it."""

from io import BytesIO
from urllib.parse import unquote

import pytest

from app.cases.models import Case
from app.core.db import db
from app.core.files.stored import StoredFile
from app.core.web import limits
from app.core.web.writes import SOMEBODY_ELSE
from app.referrals.drafts.actions import delete_drafts
from app.referrals.models import Referral
from tests import make
from tests.support.client import Client
from tests.support.markup import forms

TYPED = "Half an hour of <b>typing</b>"
SHOWN = "Half an hour of &lt;b&gt;typing&lt;/b&gt;"


@pytest.fixture
def comments(client: Client, world: make.World, number: str) -> str:
    """Where Ana writes on a case that David has meanwhile, and she does not see any more."""

    def reassign() -> None:
        make.assigned(db.session.query(Case).one(), to=world.david, by=world.ruth)

    client.outside(reassign)
    client.sign_in(world.ana.person_id)
    return f"/workspace/cases/{number}/comments"


@pytest.fixture
def draft(client: Client, world: make.World) -> str:
    """Where Priya's draft was."""
    started = client.outside(lambda: make.draft(world.priya, world.whanau, reason="Why").referral.public_id)
    client.sign_in(world.priya.person_id)
    return f"/portal/referrals/{started}/"


def test_a_page_with_scripts_stays_with_its_words(client: Client, comments: str) -> None:
    client.environ_base["HTTP_HX_REQUEST"] = "true"
    answer = client.send(comments, body=TYPED, audience="service")
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (404, "none")
    assert "HX-Retarget" not in answer.headers
    assert "What you typed is still here; copy it" in unquote(answer.headers["X-Tell"])


def test_without_scripts_the_words_stand_on_the_page(client: Client, comments: str) -> None:
    answer = client.send(comments, body=TYPED, audience="service")
    assert answer.status_code == 404
    assert SHOWN in answer.text
    assert "What you wrote" in answer.text
    assert "The service only" in answer.text


def test_a_draft_deleted_meanwhile_gives_the_words_back_under_their_questions(client: Client, draft: str) -> None:
    page = client.get(draft)
    client.outside(lambda: delete_drafts([db.session.query(Referral.id).scalar()]))
    answer = client.fill(page, "Save draft", reason=TYPED)
    assert answer.status_code == 404
    assert SHOWN in answer.text
    assert "What is the reason for asking?" in answer.text


def test_an_error_shows_nothing_but_the_senders_own_words(client: Client, world: make.World, draft: str) -> None:
    """Whether there is nothing, or something that is not theirs: the same page to the letter, but for the way the words
    went."""
    client.sign_in(world.jin.person_id)
    hidden = client.send(draft, body=TYPED)
    none = client.send("/portal/referrals/0000000000/", body=TYPED)
    assert hidden.status_code == none.status_code == 404
    assert hidden.text.partition("<main")[2] == none.text.partition("<main")[2]
    assert SHOWN in hidden.text


@pytest.mark.parametrize("token", ["", "made up"])
def test_words_without_a_token_of_ours_are_not_repeated(client: Client, draft: str, token: str) -> None:
    answer = client.send(draft, reason=TYPED, csrf_token=token)
    assert answer.status_code == 400
    assert "typing" not in answer.text


@pytest.mark.parametrize("who", ["mere", "ruth"])
def test_words_of_whoever_was_signed_in_before_can_be_copied(
    client: Client, world: make.World, draft: str, who: str
) -> None:
    """Of this school or not, they see what stood in the form, and nothing that its writer alone could look up."""
    page = client.get(draft)
    client.sign_in(world.people[who].person_id)
    answer = client.fill(page, "Save draft", reason=TYPED, files=[(BytesIO(b"Kia ora"), "letter.txt")])
    assert answer.status_code == 400
    for shown in (SOMEBODY_ELSE, SHOWN, "What is the reason for asking?", "A file, to be chosen again", "letter.txt"):
        assert shown in answer.text, shown
    (form,) = [each for each in forms(page.text) if each.action == draft]
    for hidden in (*(form.values[name][0] for name in ("csrf_token", "once", "page")), "Whānau"):
        assert hidden not in answer.text, hidden
    assert client.outside(lambda: db.session.query(StoredFile).count()) == 0


def test_what_a_page_saves_by_itself_never_stands_in_the_way_of_a_button(
    client: Client, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SAVES", "3 per minute")
    monkeypatch.setattr(limits, "TRIES", "2 per minute")
    saves = [client.send(f"{draft}fields", plan="x").status_code for turn in range(4)]
    assert saves == [303, 303, 303, 429]
    assert client.send("/account/stay").status_code == 204


def test_ordinary_typing_is_within_its_limit() -> None:
    """Two windows, each saving every second and a half, and a field left every two seconds."""
    assert int(limits.SAVES.split()[0]) >= 2 * (40 + 30)
