"""Files and notes not sent yet, as a browser without scripts sends them, and as the script does."""

import io
import random
from typing import Any

import pytest
from flask import current_app, render_template
from sqlalchemy import func, select, update
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from app.cases.entries import Entry, EntryFile, Unsent, UnsentFile
from app.cases.files.rules import INFECTED
from app.cases.files.tells import tell_of_infected
from app.core.db import db
from app.core.events import Outbox
from app.core.files.stored import Scan, StoredFile
from app.core.security import csrf_token
from app.core.seen import ViewLog
from app.referrals.actions import submit
from app.referrals.models import ReferralFile
from tests import make
from tests.support import samples
from tests.support.client import Client
from tests.support.markup import forms

AS_SCRIPT = {"HX-Request": "true"}
PROGRAM = b"MZ\x90\0" + bytes(range(256)) * 40


def file(name: str, content: bytes = b"Kia ora") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


@pytest.fixture
def draft(client: Client, world: make.World) -> str:
    public_id: str = client.outside(lambda: make.draft(world.priya, world.whanau, reason="Why").referral.public_id)
    client.sign_in(world.priya.person_id)
    return f"/portal/referrals/{public_id}/"


def counted(client: Client, table: Any) -> int:
    return int(client.outside(lambda: db.session.scalar(select(func.count()).select_from(table))))


# On a draft


def test_files_are_saved_with_the_form_and_refused_ones_named(client: Client, draft: str) -> None:
    chosen = [file("letter.txt"), file("program.exe", PROGRAM)]
    answer = client.fill(client.get(draft), "Save draft", reason="Away on Mondays.", files=chosen)
    assert answer.status_code == 409
    assert '<a href="#files">“program.exe” was not added.' in answer.text
    assert "Everything else is saved.</a>" in answer.text
    assert "data-why>“program.exe” was not added." in answer.text
    assert "Draft saved." not in answer.text
    page = client.get(draft)
    assert "letter.txt" in page.text
    assert "Away on Mondays." in page.text
    assert client.fill(answer, "Save draft").status_code == 303
    assert counted(client, ReferralFile) == 1


def test_refused_files_are_named_beside_a_clash_and_the_same_form_puts_its_files_once(
    client: Client, world: make.World, draft: str
) -> None:
    mine = client.get(draft)
    client.sign_in(world.mere.person_id)
    client.fill(client.get(draft), "Save draft", reason="Mere’s")
    client.sign_in(world.priya.person_id)
    for _ in range(2):
        chosen = [file("letter.txt"), file("program.exe", PROGRAM)]
        shown = client.fill(mine, "Save draft", reason="Priya’s", files=chosen)
        assert shown.status_code == 409
        assert "“program.exe” was not added." in shown.text
        assert "letter.txt" in shown.text
        assert counted(client, ReferralFile) == 1
    other = client.fill(mine, "Save draft", reason="Priya’s", files=[file("another.txt")])
    assert other.status_code == 409
    assert counted(client, ReferralFile) == 2


def test_whoever_gives_a_draft_away_reads_which_file_was_not_added(client: Client, world: make.World) -> None:
    named = {"reason": "Why", "primary_contact": world.tom.public_id}
    public_id = client.outside(lambda: make.draft(world.priya, world.whanau, **named).referral.public_id)
    page = client.sign_in(world.tom.person_id).get(f"/portal/referrals/{public_id}/")
    chosen = [file("program.exe", PROGRAM)]
    answer = client.fill(page, "Save draft", primary_contact=world.mere.public_id, files=chosen)
    assert "“program.exe” was not added." in client.get(answer.location).text


def test_a_draft_that_ended_meanwhile_names_the_files_it_did_not_take(client: Client, draft: str) -> None:
    page = client.get(draft)
    client.send(f"{draft}discard")
    answer = client.fill(page, "Save draft", reason="Later", files=[file("evidence.txt")])
    assert answer.status_code == 409
    assert "Files were not added." in answer.text
    assert "evidence.txt" in answer.text


def test_the_answers_are_checked_with_their_files(client: Client, draft: str) -> None:
    answer = client.send(f"{draft}check", files=[file("letter.txt")])
    page = client.get(answer.location)
    assert page.request.path.endswith("/check")
    assert "letter.txt" in page.text


def test_a_file_is_taken_off_and_the_answers_are_saved(client: Client, draft: str) -> None:
    client.send(f"{draft}files", files=[file("letter.txt")])
    public_id = client.outside(lambda: db.session.scalars(select(StoredFile.public_id)).one())
    removal = f"{draft}files/{public_id}/removal"
    html = client.get(draft).text
    assert f'formaction="{removal}"' in html
    (values,) = [form.values for form in forms(html) if form.action == draft]
    assert client.post(removal, data={**values, "reason": "Typed meanwhile."}).status_code == 303
    page = client.get(draft)
    assert "Typed meanwhile." in page.text
    assert "Take off letter.txt" not in " ".join(page.text.split())
    assert counted(client, StoredFile) == 0


def test_the_script_is_given_the_list_or_why_not(client: Client, draft: str) -> None:
    answer = client.send(f"{draft}files", files=[file("letter.txt")])
    part = client.get(answer.location, headers=AS_SCRIPT)
    assert "letter.txt" in part.text
    assert "<html" not in part.text
    refused = client.post(f"{draft}files", data=fields(client, "k", file("program.exe", PROGRAM)), headers=AS_SCRIPT)
    assert refused.status_code == 422
    assert "data-why" in refused.text
    assert "program.exe" in refused.text


def test_the_same_upload_twice_is_one_file(client: Client, draft: str) -> None:
    for _ in range(2):
        answer = client.post(f"{draft}files", data=fields(client, "the key", file("letter.txt")))
        assert answer.status_code == 303
    assert counted(client, ReferralFile) == 1


def test_a_sent_request_shows_its_files_to_school_and_service(client: Client, world: make.World) -> None:
    def send() -> tuple[str, str]:
        request = make.filled(world.priya, world.whanau, contact=world.tom)
        seen = make.request_with(world.priya, request, "letter.txt")
        case = submit(request, version=request.version, files=seen, by=world.priya)
        make.assigned(case, to=world.ana, by=world.ruth)
        return request.referral.public_id, case.number

    public_id, number = client.outside(send)
    for who, path in (
        ("priya", f"/portal/referrals/{public_id}/submitted"),
        ("priya", f"/portal/cases/{number}/"),
        ("priya", f"/portal/cases/{number}/request"),
        ("ana", f"/workspace/cases/{number}/"),
        ("ana", f"/workspace/cases/{number}/request"),
        ("ana", f"/workspace/cases/{number}/files"),
        ("ana", f"/workspace/cases/{number}/school-view"),
    ):
        assert "letter.txt" in client.sign_in(world.people[who].person_id).get(path).text, path


def test_a_file_that_is_gone_already_costs_nothing_that_was_typed(client: Client, draft: str) -> None:
    client.send(f"{draft}files", files=[file("letter.txt")])
    public_id = client.outside(lambda: db.session.scalars(select(StoredFile.public_id)).one())
    removal = f"{draft}files/{public_id}/removal"
    (values,) = [form.values for form in forms(client.get(draft).text) if form.action == draft]
    client.send(removal)
    answer = client.post(removal, data={**values, "reason": "Typed for an hour."})
    page = client.get(answer.location)
    assert "That file was taken off before." in page.text
    assert "Typed for an hour." in page.text


def test_what_was_typed_into_a_draft_that_ended_is_shown_when_a_file_is_taken_off(client: Client, draft: str) -> None:
    client.send(f"{draft}files", files=[file("letter.txt")])
    public_id = client.outside(lambda: db.session.scalars(select(StoredFile.public_id)).one())
    (values,) = [form.values for form in forms(client.get(draft).text) if form.action == draft]
    client.send(f"{draft}discard")
    answer = client.post(f"{draft}files/{public_id}/removal", data={**values, "reason": "Typed for an hour."})
    assert answer.status_code == 409
    assert "Typed for an hour." in answer.text


def test_taking_a_file_off_keeps_those_that_were_chosen(client: Client, draft: str) -> None:
    client.send(f"{draft}files", files=[file("letter.txt")])
    public_id = client.outside(lambda: db.session.scalars(select(StoredFile.public_id)).one())
    large = fields(client, "k", file("large.txt", b"Kia ora\n" * 300_000), file("program.exe", PROGRAM))
    boundary, body = encode_multipart(MultiDict({**large, "files": [FileStorage(*each) for each in large["files"]]}))
    as_form = f"multipart/form-data; boundary={boundary}"
    page = client.get(client.post(f"{draft}files/{public_id}/removal", data=body, content_type=as_form).location)
    for said in ("“letter.txt” was taken off.", "large.txt", "“program.exe” was not added."):
        assert said in page.text, said
    public_id = client.outside(lambda: db.session.scalars(select(StoredFile.public_id)).one())
    (values,) = [form.values for form in forms(client.get(draft).text) if form.action == draft]
    more = {**values, "files": [file("another.txt"), file("other.exe", PROGRAM)]}
    page = client.post(f"{draft}files/{public_id}/removal", data=more)
    for said in ("“large.txt” was taken off.", "another.txt", "“other.exe” was not added."):
        assert said in page.text, said


@pytest.mark.parametrize("letter", ["a", "ā", "愛", "🙂"])
def test_many_refused_files_are_told_in_a_cookie_that_a_browser_keeps(client: Client, draft: str, letter: str) -> None:
    chance = random.Random(1)
    names = ["".join(chance.choices(f"{letter}bcdefgh01234567鬱魚", k=150)) + ".exe" for _ in range(25)]
    answer = client.send(f"{draft}files", files=[file("letter.txt"), *(file(name, PROGRAM) for name in names)])
    assert all(len(cookie) < 3500 for cookie in answer.headers.getlist("Set-Cookie"))
    page = client.get(answer.location)
    assert page.text.count("was not added.") == 5
    assert "20 more were not added." in page.text


def test_two_files_of_one_name_can_be_told_apart(client: Client, draft: str) -> None:
    for _ in range(2):
        client.send(f"{draft}files", files=[file("photo.txt"), file("Photo.txt")])
    names = client.outside(lambda: db.session.scalars(select(StoredFile.name).order_by(StoredFile.id)).all())
    assert names == ["photo.txt", "Photo (2).txt", "photo (3).txt", "Photo (4).txt"]
    assert "7 bytes" in client.get(draft).text


# On a case


def test_a_note_may_be_only_files(client: Client, world: make.World, number: str) -> None:
    page = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/")
    answer = client.fill(page, "Add for our service only", files=[file("photo.png", samples.png())])
    assert "photo.png" in client.get(answer.location).text
    empty = client.fill(client.get(f"/workspace/cases/{number}/"), "Add for our service only")
    assert empty.status_code == 422
    assert "Write the note first, or add a file" in empty.text


def test_with_a_refused_file_nothing_is_sent_and_nothing_lost(client: Client, world: make.World, number: str) -> None:
    before = counted(client, Entry)
    page = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/")
    chosen = [file("plan.txt"), file("program.exe", PROGRAM)]
    answer = client.fill(page, "Add for our service only", body="See both.", files=chosen)
    page = client.get(answer.location)
    for shown in ("Not sent yet.", "“program.exe” was not added.", "See both.", "plan.txt"):
        assert shown in page.text, shown
    assert (counted(client, Entry), counted(client, UnsentFile)) == (before, 1)
    client.fill(page, "Add for our service only")
    assert (counted(client, Entry), counted(client, EntryFile), counted(client, Unsent)) == (before + 1, 1, 0)


def test_without_an_audience_the_files_stay(client: Client, world: make.World, number: str) -> None:
    page = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/")
    answer = client.fill(page, "Add restricted", body="Hm.", files=[file("plan.txt")], audience=None)
    page = client.get(answer.location)
    assert "Press one of the three buttons" in page.text
    assert "plan.txt" in page.text
    assert "Hm." in page.text


# Opening


@pytest.mark.parametrize(("scan", "status"), [(Scan.CLEAN, 200), (Scan.PENDING, 403), (Scan.INFECTED, 403)])
def test_only_what_is_safe_opens_and_it_is_logged(
    client: Client, world: make.World, number: str, scan: Scan, status: int
) -> None:
    here = f"/workspace/cases/{number}/"
    client.sign_in(world.ana.person_id).send(f"{here}comments", audience="service", files=[file("plan.txt")])
    client.outside(lambda: db.session.execute(update(StoredFile).values(scan=scan)))
    public_id = client.outside(lambda: db.session.scalars(select(StoredFile.public_id)).one())
    answer = client.get(f"{here}files/{public_id}")
    assert answer.status_code == status
    is_linked = f"files/{public_id}" in client.get(here).text
    logged = client.outside(lambda: db.session.scalars(select(ViewLog.page).where(ViewLog.page == "file")).all())
    assert (is_linked, logged) == ((True, ["file"]) if status == 200 else (False, []))
    if status == 200:
        assert answer.data == b"Kia ora"
        assert "attachment" in answer.headers["Content-Disposition"]


def fields(client: Client, once: str, *files: Any, **values: str) -> dict[str, Any]:
    """What the script sends."""
    secret = client.application.extensions["settings"].secret_key
    token = csrf_token(secret, client.person_id or 0)
    return {"csrf_token": token, "once": once, **({"files": list(files)} if files else {}), **values}


# A virus


def test_whoever_added_an_infected_file_reads_which_one(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.tom.person_id).send(f"/portal/cases/{number}/files", files=[file("plan <1>.txt")])

    def found() -> str:
        added = db.session.scalars(select(StoredFile)).one()
        added.scan = Scan.INFECTED
        tell_of_infected(added)
        row = db.session.scalars(select(Outbox).where(Outbox.event == INFECTED)).one()
        settings = current_app.extensions["settings"]
        return render_template(f"mail/{row.event}.txt", link=settings.address("/notifications/"))

    mail = client.outside(found)
    assert "plan" not in mail
    assert "/notifications/" in mail
    assert "so it was deleted: <bdi>plan _1_.txt</bdi>" in client.get("/notifications/").text
    assert "plan" not in client.sign_in(world.mere.person_id).get("/notifications/").text
    assert "a virus was found in it" in client.sign_in(world.tom.person_id).get(f"/portal/cases/{number}/").text
