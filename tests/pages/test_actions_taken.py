"""What the school has done already (R9): as many rows as it takes, each a field of its own."""

import pytest

from tests import make
from tests.pages.test_autosave import Page, texts
from tests.support.client import Client
from tests.support.markup import forms


@pytest.fixture
def address(client: Client, world: make.World) -> str:
    """A draft of Priya's that says one thing the school has done."""
    started = client.outside(
        lambda: make.draft(world.priya, world.whanau, action_1="Rang home", action_1_when="in May").referral.public_id
    )
    return f"/portal/referrals/{started}/"


def rows_of(page: str) -> list[str]:
    """The fields for what was done, in their order."""
    (form,) = [form for form in forms(page) if "loaded" in form.values]
    return [name for name in form.values if name.startswith("action_") and not name.endswith("_when")]


def test_rows_follow_what_was_done_and_more_come_without_a_script(
    client: Client, world: make.World, address: str
) -> None:
    page = client.sign_in(world.priya.person_id).get(address)
    assert rows_of(page.text) == ["action_1", "action_2", "action_3"]
    assert f'formaction="{address}rows">Add more steps' in page.text
    (form,) = [form for form in forms(page.text) if "loaded" in form.values]
    sent = {**form.values, "action_3": "Wrote home", "action_3_when": "3 June"}
    more = client.post(f"{address}rows", data=sent)
    assert more.location == f"{address}?rows=9#action_4"
    page = client.get(f"{address}?rows=9")
    assert rows_of(page.text)[-1] == "action_9"
    assert client.fill(page, "Save draft", action_9="Met the whānau", action_9_when="week of 9 June").status_code == 303
    assert rows_of(client.get(address).text)[-1] == "action_11"
    for rows in ("1000000", "-4", "x"):
        assert rows_of(client.get(f"{address}?rows={rows}").text)[-1] == {"1000000": "action_60"}.get(rows, "action_11")
    assert "Add more steps" not in client.get(f"{address}?rows=60").text
    check = client.get(f"{address}check").text
    assert "Met the whānau (week of 9 June)" in check
    assert "Say what was done then" not in check


def test_a_page_that_shows_few_rows_leaves_those_of_others_alone(
    client: Client, world: make.World, address: str
) -> None:
    """Mere adds many; Priya's page, which has never seen them, saves its own."""
    mine = Page(client.sign_in(world.priya.person_id), address)
    theirs = Page(client.sign_in(world.mere.person_id), f"{address}")
    many = {f"action_{row}": f"Rang {row}" for row in range(4, 9)}
    assert theirs.type(**many).status_code == 200
    client.sign_in(world.priya.person_id)
    answer = mine.type(action_2="Wrote home")
    assert answer.status_code == 200
    assert "Say when, or about when" in answer.text
    now = texts(client, world, address)
    assert now | many == now
    assert now["action_2"] == "Wrote home"
    more = client.fill(client.get(address), "Save draft", action_4="", action_8="Rang and wrote")
    assert more.status_code == 303
    assert texts(client, world, address)["action_8"] == "Rang and wrote"


def test_sixty_rows_cost_a_save_no_more_statements(client: Client, world: make.World, address: str) -> None:
    page = Page(client.sign_in(world.priya.person_id), f"{address}?rows=60")
    page.address = address
    said = {name: f"{name} ā" for row in range(1, 61) for name in (f"action_{row}", f"action_{row}_when")}
    assert page.type(**said).status_code == 200
    assert page.type(**{name: f"{text}!" for name, text in said.items()}).status_code == 200
    assert client.statements.count <= 9, "\n".join(client.statements.texts)
    assert texts(client, world, address)["action_60_when"] == "action_60_when ā!"
