"""What the school has done already (R9): as many rows as it takes, each a field of its own."""

import io

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.core.db import db
from app.core.files.stored import StoredFile
from app.referrals.models import Answer
from app.referrals.questions import FIELDS, TICKS, WORDS
from tests import make
from tests.pages.test_autosave import Page, texts
from tests.support.client import Client
from tests.support.markup import forms
from tests.support.samples import pdf
from tests.support.sheets import sheet, told


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
    assert client.post(f"{address}list", data={**sent, "once": "another"}).location == f"{address}actions"
    assert texts(client, world, address)["action_3"] == "Wrote home"
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
    assert "Say what step" not in check


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
    assert "Say when step 2, “Wrote home”, was done, or about when" in answer.text
    now = texts(client, world, address)
    assert now | many == now
    assert now["action_2"] == "Wrote home"
    more = client.fill(client.get(address), "Save draft", action_4="", action_8="Rang and wrote")
    assert more.status_code == 303
    assert texts(client, world, address)["action_8"] == "Rang and wrote"


def test_every_question_and_sixty_rows_cost_a_save_no_more_statements(
    client: Client, world: make.World, address: str
) -> None:
    """The first save of them all, and the next one."""
    page = Page(client.sign_in(world.priya.person_id), f"{address}?rows=60")
    page.address = address
    said = {name: "y" if name in TICKS else f"{name} ā" for name in FIELDS if name not in WORDS}
    assert page.type(**said).status_code == 200
    assert client.statements.count <= 9, "\n".join(client.statements.texts)
    assert page.type(**{name: f"{text}!" for name, text in said.items() if name not in TICKS}).status_code == 200
    assert client.statements.count <= 9, "\n".join(client.statements.texts)
    now = texts(client, world, address)
    assert now["action_60_when"] == "action_60_when ā!"
    assert now.keys() >= said.keys()


LIST = "Date\tAction\tBy\tRoom\n3/2/26\tRang wha\u0304nau\tA Ngata\tB2\n2/13/26\tWrote\t\t\nlast week\tRang home\t\t\n"


def boxes(page: TestResponse) -> dict[str, str]:
    """What the preview would add."""
    (form,) = [form for form in forms(page.text) if form.action.endswith("/actions/rows")]
    return {name: value[0] for name, value in form.values.items() if name.startswith(("what-", "when-", "out-"))}


def test_a_pasted_list_is_looked_at_mended_and_added_once(client: Client, world: make.World, address: str) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}actions")
    shown = client.fill(page, "Read it", table=LIST)
    assert shown.status_code == 200
    assert boxes(shown) == {
        "what-1": "Rang whānau (A Ngata)",
        "when-1": "3 February 2026",
        "what-2": "Wrote",
        "when-2": "2/13/26",
        "what-3": "Rang home",
        "when-3": "last week",
    }
    assert 'href="#when-2">Row 2: There is no such day' in shown.text
    assert "Not taken over: <bdi>Room</bdi>" in shown.text
    assert client.statements.writes == []
    assert list(texts(client, world, address)) == ["action_1", "action_1_when"]
    again = client.fill(shown, "Add these to the request", **{"when-1": "3 Feb 2026"})
    assert again.status_code == 422
    assert boxes(again)["when-1"] == "3 Feb 2026"
    mended = {"what-2": " Wrote home ", "when-2": "13/2/26", "out-3": "y"}
    (form,) = [form for form in forms(again.text) if form.action.endswith("/actions/rows")]
    for _ in range(2):
        added = client.post(f"{address}actions/rows", data={**form.values, **mended})
        assert added.location == f"{address}#done"
    now = texts(client, world, address)
    assert list(now.values()) == [
        *("Rang home", "in May", "Rang whānau (A Ngata)", "3 February 2026", "Wrote home", "13 February 2026")
    ]
    assert "2 steps added" in client.get(address).text


def test_an_unsure_column_is_asked_for(client: Client, world: make.World, address: str) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}actions")
    asked = client.fill(page, "Read it", table="Opened,Closed,Mahi\n3/2/26,4/2/26,<b>Rang</b>\n")
    assert "What do the columns of your list say?" in asked.text
    still = client.fill(asked, "Read it so", **{"column-3": "note"})
    assert "What do the columns of your list say?" in still.text
    shown = client.fill(still, "Read it so", **{"column-2": "note", "column-3": "what"})
    assert boxes(shown) == {"what-1": "<b>Rang</b>: 4/2/26", "when-1": "3 February 2026"}
    again = client.fill(shown, "Read it so", **{"column-2": "", "column-1": "nonsense"})
    assert boxes(again) == {"what-1": "<b>Rang</b>", "when-1": "3 February 2026"}


def test_rows_of_another_student_never_reach_the_page(client: Client, world: make.World, address: str) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}actions")
    both = "Student,Date,Action\nGrace Ng,3/2/26,GRACEMARK\nHēmi Whānau,4/2/26,Rang\n"
    shown = client.fill(page, "Read it", table=both)
    assert boxes(shown) == {"what-1": "Rang", "when-1": "4 February 2026"}
    assert "1 row of other students was left out" in shown.text
    assert "GRACEMARK" not in shown.text
    assert client.fill(shown, "Add these to the request").status_code == 303
    assert "GRACEMARK" not in "".join(texts(client, world, address).values())
    none = client.fill(page, "Read it", table="Student,Date,Action\nGrace Ng,3/2/26,GRACEMARK\n")
    assert none.status_code == 422
    assert "no row about this student" in none.text


RANG, DAY = "Rang whānau", told("B1", "3/2/26")
FILES = {
    "star.csv": (f"Action;Date\n{RANG};3/2/26\n".encode("utf-16"), 200, RANG),
    "star.xlsx": (sheet(f'<row r="1">{told("A1", RANG)}{DAY}</row>'), 200, RANG),
    "long.csv": (b"a,b\n" * 10_000, 422, "“long.csv” was not read. It is larger than what is read here, 2,000 rows"),
    "star.pdf": (pdf(), 422, "“star.pdf” was not read. It is not a table"),
}


def test_a_file_is_read_and_not_kept(client: Client, world: make.World, address: str) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}actions")
    (form,) = [form for form in forms(page.text) if form.action == f"{address}actions"]
    for name, (content, status, words) in FILES.items():
        answer = client.post(form.action, data={**form.values, "files": (io.BytesIO(content), name)})
        assert (answer.status_code, words in answer.text) == (status, True), name
    assert client.outside(lambda: db.session.scalar(select(func.count(StoredFile.id)))) == 0


def test_nothing_given_nothing_left_and_too_much_are_said(client: Client, world: make.World, address: str) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}actions")
    assert "Paste a table, or choose a file" in client.fill(page, "Read it", table=" \n").text
    shown = client.fill(page, "Read it", table="3/2/26 Rang")
    assert "Every row is left out" in client.fill(shown, "Add these to the request", **{"out-1": "y"}).text
    many = "Date,Action\n" + "".join(f"3/2/26,Rang {row}\n" for row in range(61))
    full = client.fill(page, "Read it", table=many)
    assert "A request holds 60 steps: these are the first, and 1 more is not here" in full.text
    refused = client.fill(full, "Add these to the request")
    assert (refused.status_code, "There is room for 59 more steps" in refused.text) == (422, True)
    kept = client.fill(refused, "Add these to the request", **{"out-60": "y"})
    assert kept.status_code == 303
    assert client.statements.count <= 9, "\n".join(client.statements.texts)
    assert client.fill(page, "Read it", table=many).text.count("It is there already") == 59


def test_a_draft_that_ended_meanwhile_takes_no_steps(client: Client, world: make.World, address: str) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}actions")
    shown = client.fill(page, "Read it", table="3/2/26 Rang the whānau")
    client.fill(client.get(f"{address}discard"), "Discard the draft")
    late = client.fill(shown, "Add these to the request")
    assert late.status_code == 409
    assert "Rang the whānau" in late.text
    assert client.fill(page, "Read it", table="3/2/26 Rang").status_code == 409
    assert len(client.outside(lambda: list(db.session.scalars(select(Answer.field))))) == 2
