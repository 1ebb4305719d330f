"""A problem is reported from any page (HELP-1)."""

import io
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.problems.models import ProblemReport
from app.settings import Settings
from tests import make
from tests.support import samples
from tests.support.client import Client
from tests.support.databases import Database
from tests.support.settings import settings_for

HERE = "/help/report-a-problem"
TYPED = {"doing": "I pressed Send, and nothing happened.", "stops_work": "yes"}
OPERATOR = "help@portal.example"


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return settings_for(database.url, tmp_path, OPERATOR_EMAIL=OPERATOR)


def row(client: Client) -> Any:
    return client.outside(lambda: db.session.execute(select(ProblemReport.__table__)).one_or_none())


def link_of(page: str) -> str:
    """The link of the footer, or of an error page."""
    return unescape(page.rpartition(f'href="{HERE}')[0] and HERE + page.rpartition(f'href="{HERE}')[2].split('"')[0])


def test_the_page_and_the_case_come_along_and_are_shown(client: Client, world: make.World, number: str) -> None:
    page = client.sign_in(world.tom.person_id).get(f"/portal/cases/{number}/")
    link = link_of(page.text)
    assert parse_qs(urlsplit(link).query) == {"page": ["/portal/cases/<number>/"], "case": [number]}
    form = client.get(link, headers={"User-Agent": "Firefox 148 on Windows"})
    for shown in ("/portal/cases/&lt;number&gt;/", number, "Firefox 148", "Primary contact, Tawa Awa College (school)"):
        assert shown in form.text
    answer = client.fill(form, "Send the report", **TYPED)
    assert answer.status_code == 303
    assert client.statements.count <= 9
    kept = row(client)
    assert answer.location == f"/help/problems/{kept.reference}"
    assert (kept.page, kept.case_number, kept.stops_work) == ("/portal/cases/<number>/", number, True)
    assert (kept.doing, kept.role, kept.error_number) == (TYPED["doing"], "primary_contact", "")
    assert kept.reference in client.get(answer.location).text


def test_what_was_made_up_in_the_address_is_not_taken(client: Client, world: make.World) -> None:
    client.sign_in(world.mere.person_id)
    form = client.get(f"{HERE}?page=/portal/cases/Hemi&case=Hemi&error=<b>Hemi</b>")
    client.fill(form, "Send the report", **TYPED)
    kept = row(client)
    assert (kept.page, kept.case_number, kept.error_number) == ("", "", "")


def test_what_is_lacking_is_said_and_nothing_is_lost(client: Client, world: make.World) -> None:
    form = client.sign_in(world.ruth.person_id).get(HERE)
    answer = client.fill(form, "Send the report", doing="Kia ora")
    assert answer.status_code == 422
    assert "Say whether it stops your work" in answer.text
    assert "Kia ora</textarea>" in answer.text
    assert row(client) is None


def test_a_screenshot_is_its_senders_and_read_by_nobody_else(client: Client, world: make.World) -> None:
    form = client.sign_in(world.tom.person_id).get(HERE)
    shot = (io.BytesIO(samples.png((40, 30))), "shot.png")
    at = client.fill(form, "Send the report", **TYPED, screenshot=shot).location
    assert "Only you can open it" in client.get(at).text
    assert client.get(f"{at}/screenshot").status_code == 200
    told = client.sign_in(world.oscar.person_id).get(at)
    assert "did not open it to you" in told.text
    assert client.get(f"{at}/screenshot").status_code == 403
    for other in (world.mere, world.ruth):
        assert client.sign_in(other.person_id).get(f"{at}/screenshot").status_code == 404


def test_what_is_no_picture_is_refused_with_a_reason(client: Client, world: make.World) -> None:
    form = client.sign_in(world.tom.person_id).get(HERE)
    answer = client.fill(form, "Send the report", **TYPED, screenshot=(io.BytesIO(b"MZ\x90"), "shot.exe"))
    assert answer.status_code == 422
    assert "“shot.exe” was not added" in answer.text
    assert row(client) is None


def test_whoever_runs_the_portal_reads_and_closes_it(client: Client, world: make.World) -> None:
    reference = client.outside(lambda: make.reported(world.tom, doing="Zqxwv").reference)
    page = client.sign_in(world.oscar.person_id).get("/help/problems")
    assert client.statements.count <= 3
    assert reference in page.text
    assert client.fill(client.get(f"/help/problems/{reference}"), "Note as dealt with").status_code == 303
    assert "Dealt with" in client.get("/help/problems").text
    assert "Zqxwv" not in client.sign_in(world.mere.person_id).get(HERE).text


@pytest.mark.parametrize("who", ["tom", None])
def test_an_error_page_says_its_number_and_where_to_tell(
    app: Flask, client: Client, world: make.World, monkeypatch: pytest.MonkeyPatch, who: str | None
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    name = "everyone.issues" if who else "leaving.signed_out"
    fail.rule = app.view_functions[name].rule  # type: ignore[attr-defined, union-attr]
    monkeypatch.setitem(app.view_functions, name, fail)
    app.testing = False
    if who:
        client.sign_in(world.people[who].person_id)
    page = client.get("/help/known-issues" if who else "/signed-out")
    assert page.status_code == 500
    assert OPERATOR in page.text
    number = page.text.partition("The number of this error is ")[2][:16]
    assert number.isalnum()
    assert (f"error={number}" in page.text) is bool(who)


def test_a_known_issue_is_written_changed_and_mended(client: Client, world: make.World) -> None:
    words = {"title": "Letters take long", "body": "Print them one by one."}
    client.sign_in(world.oscar.person_id)
    assert client.fill(client.get("/help/known-issues/new"), "Save", **words).status_code == 303
    issue = (
        client.get("/help/known-issues").text.partition('href="/help/known-issues/')[2].partition("/help/known-issues/")
    )
    address = "/help/known-issues/" + issue[2].split('"')[0]
    first, second = client.get(address), client.get(address)
    assert client.fill(first, "Save", is_solved="y").status_code == 303
    assert "Mended" in client.get("/help/known-issues").text
    answer = client.fill(second, "Save", title="Other words")
    assert answer.status_code == 409
    assert "Somebody else changed this known issue" in answer.text
    client.sign_in(world.tom.person_id)
    page = client.get("/help/known-issues")
    assert client.statements.count <= 3
    assert "Letters take long" in page.text
    assert "Change" not in page.text
