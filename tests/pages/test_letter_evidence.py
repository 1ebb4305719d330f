"""The record of a letter on paper, and whether a file is the letter that was sent (L8), without scripts."""

import io
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.cases.models import Case
from app.core.db import db
from app.core.files.stored import StoredFile
from app.core.seen import ViewLog
from app.letters.actions import void_letter
from app.letters.models import Letter
from tests import make
from tests.support.client import Client
from tests.support.databases import Database, Scene

CHECK = "/workspace/letters/check"
CEILINGS = {"record": 8, "check": 6}
NOT_OURS = "Not one of the letters that you may see"


class Told:
    """A letter of Ana's that was posted, one of David's, and one of another service: each with a file of its own."""

    def __init__(self) -> None:
        self.world = make.world()
        case = make.open_case(self.world)
        letter = make.letter_sent(self.world.ana, case, make.letter_ready(self.world, case))
        self.number, self.letter, self.case_id = case.number, letter.public_id, case.id
        self.here = f"/workspace/cases/{case.number}/letters/{letter.public_id}"


@pytest.fixture
def scene() -> Scene:
    return Told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    client.sign_in(made.world.ana.person_id)
    return made


PDF = b"%PDF-1.7"
"""What the file of a letter is here."""


def looks(client: Client, content: bytes, name: str = "letter.pdf") -> Any:
    return client.fill(client.get(CHECK), "Look", file=(io.BytesIO(content), name))


def logged(client: Client) -> list[tuple[str, int | None]]:
    views = select(ViewLog.page, ViewLog.case_id).where(ViewLog.page == "letter check").order_by(ViewLog.id)
    return [tuple(row) for row in client.outside(lambda: db.session.execute(views).all())]


def count_of_files(client: Client) -> int:
    return len(client.outside(lambda: db.session.scalars(select(StoredFile.id)).all()))


def test_the_very_file_is_the_letter_with_when_and_by_whom(client: Client, told: Told) -> None:
    before = count_of_files(client)
    answer = looks(client, PDF, "whatever they call it.bin")
    assert answer.status_code == 200
    assert client.statements.count <= CEILINGS["check"]
    said = unescape(answer.text)
    for words in ("Unchanged: this is letter 1 to Ngaire Te Whānau", told.number, "Ana", "Posted on", told.here):
        assert words in said
    assert logged(client) == [("letter check", told.case_id)]
    assert count_of_files(client) == before, "nothing is kept"


def test_a_void_letter_says_so(client: Client, told: Told) -> None:
    def void() -> None:
        case = db.session.get_one(Case, told.case_id)
        letter = db.session.scalars(select(Letter).where(Letter.public_id == told.letter)).one()
        void_letter(make.letter_now(told.world.ana, case, letter), "Zqxwv wrong address", by=told.world.ana)

    client.outside(void)
    said = unescape(looks(client, PDF).text)
    assert "Void since" in said
    assert "Zqxwv wrong address" in said


def test_unknown_changed_and_another_s_have_one_answer_and_one_line_in_the_log(client: Client, told: Told) -> None:
    world, texts, counts = told.world, [], []
    for who, sent in (
        (world.ana.person_id, b"%PDF-1.7 something else"),
        (world.ana.person_id, PDF + b"\n"),
        (world.david.person_id, PDF),
        (world.lupe.person_id, PDF),
    ):
        client.sign_in(who)
        answer = looks(client, sent)
        counts.append(client.statements.count)
        shown = unescape(answer.text)
        texts.append(shown[shown.index(NOT_OURS) : shown.index('<form method="post" action="/workspace/letters')])
        for secret in (told.number, "Ngaire", told.letter, "Unchanged"):
            assert secret not in shown
    assert len(set(texts)) == 1
    assert len(set(counts)) == 1
    assert logged(client) == [("letter check", None)] * 4


def test_a_file_that_is_missing_empty_or_too_large_is_said(client: Client, told: Told) -> None:
    assert "Choose a file first" in client.fill(client.get(CHECK), "Look").text
    empty = looks(client, b"")
    assert (empty.status_code, "It is empty" in empty.text) == (422, True)
    assert logged(client) == []


def test_a_preview_is_no_letter(client: Client, told: Told) -> None:
    def preview() -> tuple[str, str]:
        case = db.session.get_one(Case, told.case_id)
        to = make.caregiver(case, told.world.priya, name="Rangi Other")
        letter = make.rendered(make.preview(told.world.ana, case, to), by=told.world.ana)
        return letter.public_id, db.session.get_one(StoredFile, letter.file_id).kept_sha256

    public_id, _ = client.outside(preview)
    assert client.get(f"{told.here.rpartition('/')[0]}/{public_id}/record").status_code == 404


def test_the_record_says_everything_that_was_done_and_known(client: Client, told: Told) -> None:
    page = client.get(f"{told.here}/record")
    assert client.statements.count <= CEILINGS["record"]
    said = unescape(page.text)
    digest = client.outside(lambda: db.session.scalars(select(StoredFile.kept_sha256)).all())
    for words in (
        *("Record of letter 1 to Ngaire Te Whānau", told.number, "Asked for", "Made", "Posted on", "WeasyPrint 70.0"),
        *("Days absent", "Aroha Ngata, by phone", "Waharoa’s ladder", "In English;", "Printed by"),
    ):
        assert words in said
    assert any(each in said for each in digest)
    weeks = said[said.index("<caption>Half-days, week by week</caption>") :]
    assert [weeks.count(f'{what}">{count}<') for what, count in (("with a reason", 1), ("without a reason", 5))] == [
        1,
        1,
    ]
    assert f'href="{told.here}/record"' in client.get(told.here).text


def test_the_case_s_log_says_who_looked(client: Client, told: Told) -> None:
    looks(client, PDF)
    client.get(f"{told.here}/record")
    client.sign_in(told.world.ruth.person_id)
    shown = unescape(client.get(f"/workspace/cases/{told.number}/access").text)
    assert "looked whether a file is a letter that was sent" in shown
    assert "opened the record of a letter" in shown
