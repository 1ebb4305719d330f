"""Where the school sees the student's case already, the form says who its contact is, and who takes their place (CASE-3)."""

import pytest

from tests import make
from tests.support.client import Client

NOW, BECOMES = (
    "The primary contact of the student’s case is Tom Hargreaves now.",
    "Now Tom Hargreaves, becomes Aroha Ngata",
)


@pytest.fixture
def begun(client: Client, world: make.World, number: str) -> str:
    """The address of a draft that Mere began in the chooser, for a student with a case."""
    client.sign_in(world.mere.person_id)
    return str(client.send("/portal/referrals/", student=world.whanau.public_id).location)


def test_it_begins_with_the_present_contact(client: Client, world: make.World, begun: str) -> None:
    shown = client.get(begun).text
    assert f'<option value="{world.tom.public_id}" selected>' in shown
    assert NOW in shown
    assert "becomes" not in shown


def test_another_one_is_said_in_words_on_the_form_and_where_it_is_checked(
    client: Client, world: make.World, begun: str
) -> None:
    saved = client.fill(client.get(begun), "Save draft", primary_contact=world.aroha.public_id)
    assert saved.status_code == 303
    for page in (begun, f"{begun}check"):
        assert BECOMES in client.get(page).text
    client.fill(client.get(begun), "Save draft", primary_contact=world.tom.public_id)
    assert "becomes" not in client.get(f"{begun}check").text


def test_a_page_that_saves_by_itself_says_it_at_once(client: Client, world: make.World, begun: str) -> None:
    page = client.get(begun)
    values = {"primary_contact": world.aroha.public_id, "page": "a-page", "turn": "1"}
    part = client.fill(page, "Save draft", **values)
    assert part.status_code == 303
    headers = {"HX-Request": "true", "Origin": "http://localhost:8000"}
    form = {"csrf_token": token(page.text), "page": "b-page", "turn": "1", "primary_contact": world.aroha.public_id}
    assert BECOMES in client.post(f"{begun}fields", data=form, headers=headers).text
    other = {**form, "turn": "2", "primary_contact": "", "reason": "Away."}
    assert "becomes" not in client.post(f"{begun}fields", data=other, headers=headers).text


def token(html: str) -> str:
    return html.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def test_who_may_not_see_the_case_reads_nothing_of_it(client: Client, world: make.World, number: str) -> None:
    """Aroha is a contact at the same school, and not of this case."""
    client.sign_in(world.aroha.person_id)
    begun = client.send("/portal/referrals/", student=world.whanau.public_id).location
    shown = client.get(begun).text
    assert f'<option value="{world.aroha.public_id}" selected>' in shown
    for page in (begun, f"{begun}check"):
        said = client.get(page).text
        assert "primary contact of the student’s case" not in said
        assert "becomes" not in said
        assert number not in said
