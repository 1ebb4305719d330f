"""Notes not sent yet, as a browser without scripts sends them, and as the script does."""

from typing import Any

import pytest
from sqlalchemy import func, select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.comments.rules import ASKED_AGAIN
from app.cases.entries import Entry, EntryKind, Unsent
from app.cases.models import Case
from app.cases.unsent.actions import save
from app.cases.unsent.rules import HANDOVER, Window
from app.core.db import db
from app.core.files.stored import StoredFile
from app.people.models import Role
from tests import make
from tests.pages.test_files import AS_SCRIPT, PROGRAM, counted, fields, file
from tests.support.client import Client
from tests.support.markup import Form, forms

SENT = {"audience": "shared"}


def test_what_is_typed_is_there_again_for_its_writer_only(client: Client, world: make.World, number: str) -> None:
    for who, room in (("ana", "workspace"), ("tom", "portal")):
        client.sign_in(world.people[who].person_id)
        client.send(f"/{room}/cases/{number}/comments/unsent", body=f"Half a thought of {who}")
        page = client.get(f"/{room}/cases/{number}/")
        assert f"Half a thought of {who}" in page.text
        assert "not sent" in page.text
    for who, room in (("ruth", "workspace"), ("mere", "portal")):
        assert "Half a thought" not in client.sign_in(world.people[who].person_id).get(f"/{room}/cases/{number}/").text


def test_what_a_school_typed_can_be_copied_when_the_student_has_left(
    client: Client, world: make.World, number: str
) -> None:
    here = f"/portal/cases/{number}/"
    client.sign_in(world.tom.person_id).send(f"{here}comments/unsent", body="Half a thought qzxwv")
    assert "qzxwv" not in client.get("/kept/").text, "it stands on the case"
    client.outside(lambda: make.left(world.whanau, world.tawa))
    for path in (here, f"{here}contacts"):
        refused = client.get(path)
        assert (refused.status_code, 'href="/kept/"' in refused.text) == (404, True)
    assert "Half a thought qzxwv" in client.get("/kept/").text
    for who in (world.mere, world.ana):
        other = client.sign_in(who.person_id)
        assert 'href="/kept/"' not in other.get(here).text
        assert "qzxwv" not in other.get("/kept/").text


def test_what_a_lead_wrote_for_a_handover_can_be_copied_by_who_leads_no_more(
    client: Client, world: make.World, number: str
) -> None:
    def written() -> None:
        case = db.session.scalars(select(Case)).one()
        save(make.head(world.ruth, case), "Ring the nan qzxwv", window=Window(HANDOVER), by=world.ruth)

    client.outside(written)
    assert "qzxwv" not in client.sign_in(world.ruth.person_id).get("/kept/").text
    client.outside(lambda: make.actor(world.ruth, Role.CASE_MANAGER, world.te_awa))
    client.outside(lambda: make.assigned(db.session.scalars(select(Case)).one(), to=world.ruth, by=world.ruth))
    assert "Ring the nan qzxwv" in client.sign_in(world.ruth.person_id, Role.CASE_MANAGER).get("/kept/").text


def test_a_late_save_does_not_bring_back_what_was_sent(client: Client, world: make.World, number: str) -> None:
    here = f"/portal/cases/{number}/"
    client.sign_in(world.tom.person_id)
    client.send(f"{here}comments", body="Whole", once="the form's")
    client.post(f"{here}comments/unsent", data=fields(client, "the form's", body="Who"), headers=AS_SCRIPT)
    assert counted(client, Unsent) == 0


def test_the_script_hears_that_it_is_saved(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.tom.person_id)
    path = f"/portal/cases/{number}/comments/unsent"
    answer = client.post(path, data=fields(client, "k", body="Half"), headers=AS_SCRIPT)
    assert answer.status_code == 200
    assert "not sent" in answer.text


def test_taken_off_a_note_the_text_stays(client: Client, world: make.World, number: str) -> None:
    here = f"/portal/cases/{number}/"
    client.sign_in(world.tom.person_id).send(f"{here}files", files=[file("plan.txt")])
    public_id = client.outside(lambda: db.session.scalars(select(StoredFile.public_id)).one())
    client.send(f"{here}files/{public_id}/removal", body="Typed meanwhile.")
    page = client.get(here)
    assert "Typed meanwhile." in page.text
    assert counted(client, StoredFile) == 0


def test_two_windows_of_a_note_lose_nothing(client: Client, world: make.World, number: str) -> None:
    here = f"/workspace/cases/{number}/"
    client.sign_in(world.ana.person_id)
    first, second = (note_form(client, here) for _ in range(2))
    client.post(f"{here}comments/unsent", data={**first, "body": "A long note", "turn": "1"}, headers=AS_SCRIPT)
    client.post(f"{here}comments/unsent", data={**second, "body": "x", "turn": "1"}, headers=AS_SCRIPT)
    third = note_form(client, here)
    assert third["body"] == ["A long note\n\nx"]
    client.post(f"{here}comments", data={**second, "body": "x, sent", "turn": "2", "audience": "service"})
    assert note_form(client, here)["body"] == ["A long note"]
    client.post(f"{here}comments", data={**third, "body": "Both, sent", "audience": "service"})
    assert note_form(client, here)["body"] == [""]


def test_a_refused_note_is_still_in_its_window(client: Client, world: make.World, number: str) -> None:
    here = f"/workspace/cases/{number}/"
    client.sign_in(world.ana.person_id)
    opened = note_form(client, here)
    client.post(f"{here}comments/unsent", data={**note_form(client, here), "body": "Elsewhere"}, headers=AS_SCRIPT)
    refused = client.post(f"{here}comments", data={**opened, "body": "No button", "turn": "3"})
    assert refused.status_code == 422
    (form,) = [each for each in forms(refused.text) if each.action == f"{here}comments"]
    assert (form.values["window"], form.values["turn"]) == (opened["window"], ["3"])
    client.post(f"{here}comments", data={**form.values, "audience": "service"})
    assert note_form(client, here)["body"] == ["Elsewhere"]


def test_a_note_kept_without_scripts_is_not_kept_on_when_its_page_is_sent_after_all(
    client: Client, world: make.World, number: str
) -> None:
    """Back to the page as it was, without the file that was refused."""
    here = f"/portal/cases/{number}/"
    page = note_form(client.sign_in(world.tom.person_id), here)
    client.post(f"{here}comments", data={**page, "body": "We rang.", "files": [file("program.exe", PROGRAM)]})
    assert note_form(client, here)["body"] == ["We rang."]
    asked = client.post(f"{here}comments", data={**page, "body": "We rang."})
    assert asked.status_code == 422
    assert client.post(f"{here}comments", data=note_in(asked).values).status_code == 303
    assert note_form(client, here)["body"] == [""]


def test_taken_off_before_the_text_and_the_chosen_files_stay(client: Client, world: make.World, number: str) -> None:
    here = f"/portal/cases/{number}/"
    client.sign_in(world.tom.person_id).send(f"{here}files", files=[file("plan.txt")])
    public_id = client.outside(lambda: db.session.scalars(select(StoredFile.public_id)).one())
    client.send(f"{here}files/{public_id}/removal")
    chosen = [file("other.txt"), file("program.exe", PROGRAM)]
    answer = client.post(
        f"{here}files/{public_id}/removal", data={**note_form(client, here), "body": "Typed.", "files": chosen}
    )
    assert answer.status_code == 303
    page = client.get(here)
    for shown in ("That file was no longer there", "Typed.", "other.txt", "“program.exe” was not added."):
        assert shown in page.text, shown


def test_what_was_written_on_a_case_that_is_closed_meanwhile_can_be_copied(
    client: Client, world: make.World, number: str
) -> None:
    here = f"/portal/cases/{number}/"
    client.sign_in(world.tom.person_id)
    client.send(f"{here}comments/unsent", body="Half a thought")
    client.outside(lambda: make.closed(db.session.scalars(select(Case).filter_by(number=number)).one(), by=world.ruth))
    refused = client.send(f"{here}comments", body="The whole thought")
    assert refused.status_code == 403
    assert "The whole thought" in refused.text
    for address in (here, f"{here}comments/unsent"):
        assert "Half a thought" in client.get(address).text


class TestTheSameNoteAgain:
    """Without scripts: sent, Back, and the button pressed a second time on a page with a key of its own."""

    @pytest.fixture(params=["tom", "ana"])
    def here(self, request: pytest.FixtureRequest, client: Client, world: make.World, number: str) -> str:
        """The case, as somebody of a school and somebody of a service opens it."""
        client.sign_in(world.people[request.param].person_id)
        return f"/{'portal' if request.param == 'tom' else 'workspace'}/cases/{number}/"

    def test_is_asked_about_and_added_when_that_is_wanted(self, client: Client, here: str) -> None:
        first = add(client, here, "We rang.")
        asked = add(client, here, "We rang.")
        assert (first.status_code, asked.status_code) == (303, 422)
        assert "You added exactly this at" in asked.text
        assert comments(client) == 1
        assert press_add_it_again(client, asked).status_code == 303
        assert comments(client) == 2

    def test_asked_about_it_can_be_changed_and_sent(self, client: Client, here: str) -> None:
        add(client, here, "We rang.")
        asked = add(client, here, "We rang.")
        values = {**note_in(asked).values, **SENT, "body": "We rang again."}
        assert client.post(f"{here}comments", data=values).status_code == 303
        assert comments(client) == 2

    def test_is_another_note_with_other_words_or_readers(
        self, client: Client, world: make.World, number: str, here: str
    ) -> None:
        add(client, here, "We rang.")
        assert add(client, here, "We rang twice.").status_code == 303
        assert add(client.sign_in(world.ruth.person_id), f"/workspace/cases/{number}/", "We rang.").status_code == 303
        assert add(client, f"/workspace/cases/{number}/", "We rang.", audience="service").status_code == 303

    def test_is_no_more_asked_about_after_some_minutes(self, client: Client, here: str, clock: Traveller) -> None:
        add(client, here, "We rang.")
        clock.shift(ASKED_AGAIN)
        assert add(client, here, "We rang.").status_code == 303

    def test_is_sent_again_after_it_was_undone(self, client: Client, here: str) -> None:
        page = client.get(add(client, here, "We rang.").location)
        undo, beside_it = [each for each in forms(page.text) if each.action.endswith("/undo")]
        assert undo.action == beside_it.action, "in the message, and with the comment"
        client.post(undo.action, data=undo.values)
        assert add(client, here, "We rang.").status_code == 303

    def test_with_the_same_file_is_asked_about_and_the_file_named(self, client: Client, here: str) -> None:
        add(client, here, "", files=[file("plan.txt")])
        asked = add(client, here, "", files=[file("plan.txt")])
        assert asked.status_code == 422
        assert "“plan.txt” was not added: choose it again." in asked.text
        assert add(client, here, "", files=[file("plan.txt", b"Another")]).status_code == 303

    def test_with_a_file_that_was_uploaded_since_is_another(self, client: Client, here: str) -> None:
        add(client, here, "We rang.")
        client.send(f"{here}files", files=[file("plan.txt")])
        assert (
            client.post(f"{here}comments", data={**note_form(client, here), **SENT, "body": "We rang."}).status_code
            == 303
        )


def test_the_files_of_a_page_that_was_sent_before_are_named(client: Client, world: make.World, number: str) -> None:
    for who, room in (("tom", "portal"), ("ana", "workspace")):
        client.sign_in(world.people[who].person_id)
        here = f"/{room}/cases/{number}/"
        add(client, here, "First", once=f"of {who}")
        chosen = [file("plan.txt"), file("letter.txt", b"Dear")]
        refused = add(client, here, "Second", once=f"of {who}", files=chosen)
        assert refused.status_code == 422
        assert "Files were not added: choose them again. plan.txt, letter.txt." in refused.text
        assert "Second" in refused.text


def add(client: Client, here: str, body: str, **values: Any) -> TestResponse:
    return client.send(f"{here}comments", **{**SENT, "body": body, **values})


def press_add_it_again(client: Client, asked: TestResponse) -> TestResponse:
    form = note_in(asked)
    assert f'name="audience" value="shared" formaction="{form.action}?again">Add it again<' in asked.text
    return client.post(f"{form.action}?again", data={**form.values, **SENT})


def comments(client: Client) -> int:
    statement = select(func.count()).select_from(Entry).where(Entry.kind == EntryKind.COMMENT)
    return int(client.outside(lambda: db.session.scalar(statement)))


def note_in(page: TestResponse) -> Form:
    (form,) = [each for each in forms(page.text) if each.action.endswith("/comments")]
    return form


def note_form(client: Client, here: str) -> dict[str, Any]:
    """The note's form of the case page, opened now."""
    (form,) = [each for each in forms(client.get(here).text) if each.action == f"{here}comments"]
    return {name: text for name, text in form.values.items() if name != "files"}
