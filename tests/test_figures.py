"""The rules' own figures are settings: with another value the rule changes, and pages say the new one."""

import io
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from time_machine import Traveller
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from app.cases.models import Case, SafetyNote
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict
from app.core.kept import KeptForm, kept_for
from app.core.security import random_token
from app.figures import Figures, counted
from app.referrals.drafts.queries import drafts_for
from app.referrals.models import Outcome, Referral
from app.referrals.queries import Request, kept_request_for
from app.referrals.saving import Page, save_draft
from app.rounds import end_drafts, tidy
from app.settings import Settings, UnsafeSettings
from app.students.models import Caregiver
from tests import make
from tests.pages.kept_forms import BY_SCRIPT, WORDS, sent, signed_out, token_of, told
from tests.referrals.test_duplicates import merged
from tests.support.client import Client
from tests.support.databases import Database
from tests.support.settings import settings_for

OTHERS = {
    "UNDO_MINUTES": "7",
    "DRAFT_ANNOUNCED_DAYS": "9",
    "DRAFT_DELETED_DAYS": "11",
    "DRAFT_BACK_DAYS": "2",
    "FEW_DAYS": "8",
    "REOPEN_MONTHS": "1",
    "FORMER_READS_DAYS": "3",
    "DIGEST_HOUR": "9",
    "ASK_AGAIN_DAYS": "2",
    "SILENT_DAYS": "3",
    "LONG_SILENT_DAYS": "4",
    "QUEUED_DAYS": "2",
    "LATE_ENTRY_DAYS": "2",
    "REVIEW_MONTHS": "3",
    "NEW_SCHOOL_WAITS_DAYS": "2",
    "RECENT_CONTACT_DAYS": "2",
    "SAFETY_MONTHS": "2",
    "TRANSFER_ANSWER_DAYS": "2",
    "PLAN_REVIEW_DAYS": "4",
    "MERGE_BACK_DAYS": "2",
    "MANY_CASES_AN_HOUR": "2",
    "MOST_FILES": "3",
    "FILE_MEGABYTES": "1",
    "FORM_MEGABYTES": "2",
    "KEPT_MINUTES": "45",
    "ROLL_OLD_DAYS": "3",
    "WINDOW_LEFT_MM": "21",
    "WINDOW_TOP_MM": "46",
    "WINDOW_WIDTH_MM": "61",
    "WINDOW_HEIGHT_MM": "22",
}
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return settings_for(database.url, tmp_path, **OTHERS)


@pytest.fixture
def world(peopled: make.World) -> make.World:
    return peopled


def open_case(client: Client, world: make.World) -> str:
    return str(client.outside(lambda: make.open_case(world).number))


def begun(client: Client, world: make.World) -> str:
    """Tom's draft: the address of its pages."""
    found = client.outside(lambda: make.draft(world.tom, world.whanau, reason="Why").referral.public_id)
    client.sign_in(world.tom.person_id)
    return f"/portal/referrals/{found}/"


def with_files(client: Client, path: str, *contents: bytes) -> TestResponse:
    """A form with these files."""
    files = [FileStorage(io.BytesIO(content), f"{number}.txt") for number, content in enumerate(contents)]
    form: MultiDict[str, Any] = MultiDict({"csrf_token": token_of(client, client), "once": random_token()})
    form.setlist("files", files)
    boundary, body = encode_multipart(form)
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def request_of(world: make.World) -> Request:
    """Tom's only one, also where it is discarded."""
    public_id = db.session.scalar(select(Referral.public_id))
    found = kept_request_for(world.tom, str(public_id))
    assert found is not None
    return found


def drafts(client: Client) -> int:
    return int(client.outside(lambda: db.session.scalar(select(func.count()).select_from(Referral))))


def test_every_figure_is_tried_here_with_another_value(settings: Settings) -> None:
    given = {name: getattr(settings.figures, name.lower()) for name in OTHERS}
    assert OTHERS.keys() == {each.name.upper() for each in fields(Figures)}
    assert given == {name: int(text) for name, text in OTHERS.items()}
    assert all(getattr(Figures(), name.lower()) != value for name, value in given.items())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"UNDO_MINUTES": "0"}, "UNDO_MINUTES must be a whole number from 1 to 1,440"),
        ({"UNDO_MINUTES": "1441"}, "UNDO_MINUTES must be a whole number from 1 to 1,440"),
        ({"KEPT_MINUTES": "half"}, "KEPT_MINUTES must be a whole number, not “half”"),
        ({"MOST_FILES": "-1"}, "MOST_FILES must be a whole number"),
        ({"DRAFT_ANNOUNCED_DAYS": "90"}, "DRAFT_ANNOUNCED_DAYS must be less than DRAFT_DELETED_DAYS"),
        ({"FORM_MEGABYTES": "24"}, "FILE_MEGABYTES must not be more than FORM_MEGABYTES"),
        ({"WINDOW_TOP_MM": "43"}, "WINDOW_TOP_MM must be a whole number from 44 to 74"),
        ({"WINDOW_HEIGHT_MM": "51"}, "WINDOW_HEIGHT_MM must be a whole number from 20 to 50"),
        ({"WINDOW_WIDTH_MM": "96"}, "WINDOW_LEFT_MM and WINDOW_WIDTH_MM together must not be more than 115"),
        ({"WINDOW_TOP_MM": "65"}, "WINDOW_TOP_MM and WINDOW_HEIGHT_MM together must not be more than 94"),
    ],
)
def test_what_makes_no_sense_stops_the_start(tmp_path: Path, given: dict[str, str], said: str) -> None:
    with pytest.raises(UnsafeSettings, match=said):
        settings_for("sqlite://", tmp_path, **given)


def test_a_figure_is_said_as_people_say_it() -> None:
    assert [counted(1, "day"), counted(2, "day"), counted(1000, "file")] == ["1 day", "2 days", "1,000 files"]


@pytest.mark.parametrize(("who", "start"), [("ana", "/workspace/cases/"), ("tom", "/portal/cases/")])
def test_what_is_shared_opens_after_these_minutes(
    clock: Traveller, client: Client, world: make.World, who: str, start: str
) -> None:
    page = f"{start}{open_case(client, world)}/"
    client.sign_in(world.people[who].person_id)
    assert "7 minutes" in client.get(page).text
    client.send(f"{page}comments", body="A short note", audience="shared")
    assert "can read it in 7 minutes" in client.get(page).text
    clock.shift(6 * A_MINUTE)
    assert ">Undo" in client.get(page).text
    clock.shift(A_MINUTE)
    assert ">Undo" not in client.get(page).text


def test_an_audience_that_is_widened_opens_after_them_too(client: Client, world: make.World) -> None:
    case = open_case(client, world)
    client.sign_in(world.ana.person_id)
    client.send(f"/workspace/cases/{case}/comments", body="A short note", audience="service")
    page = client.get(f"/workspace/cases/{case}/")
    address = next(part.split('"')[0] for part in page.text.split('href="') if part.split('"')[0].endswith("/audience"))
    asked = client.get(address)
    assert "7 minutes later" in asked.text
    client.fill(asked, "Change who reads it", audience="shared")
    assert "can read it in 7 minutes" in client.get(f"/workspace/cases/{case}/").text


def test_a_draft_is_announced_and_deleted_after_these_days(clock: Traveller, client: Client, world: make.World) -> None:
    begun(client, world)
    clock.shift(8 * A_DAY)
    client.outside(end_drafts)
    assert not client.outside(lambda: drafts_for(world.tom)[0][0].is_ending)
    clock.shift(A_DAY)
    client.outside(end_drafts)
    assert client.outside(lambda: drafts_for(world.tom)[0][0].ends_on) == core_clock.today() + 2 * A_DAY
    clock.shift(A_DAY)
    client.outside(end_drafts)
    assert drafts(client) == 1
    clock.shift(A_DAY)
    client.outside(end_drafts)
    assert drafts(client) == 0


def test_a_discarded_draft_comes_back_within_these_days(clock: Traveller, client: Client, world: make.World) -> None:
    page = begun(client, world)
    client.fill(client.get(f"{page}discard"), "Discard the draft")
    clock.shift(2 * A_DAY - A_MINUTE)
    client.outside(end_drafts)
    client.sign_in(world.tom.person_id)
    assert client.fill(client.get(page), "Bring back").location == page
    client.fill(client.get(f"{page}discard"), "Discard the draft")
    with pytest.raises(Conflict, match="bring it back for 2 days"):
        client.outside(lambda: save_draft(request_of(world), {"reason": "Another"}, page=Page({}), by=world.tom))
    clock.shift(2 * A_DAY)
    client.outside(end_drafts)
    assert drafts(client) == 0


def test_fewer_than_these_days_need_something_more(client: Client, world: make.World) -> None:
    page = begun(client, world)
    client.fill(client.get(page), "Save draft", advice_few_days="y", advice_early_why="")
    shown = client.get(page).text
    assert "Is it fewer than 8 days this term?" in shown
    assert "Fewer than 8 days absent so far" in shown
    assert "With fewer than 8 days, tick a history" in shown
    checked = client.get(f"{page}check").text
    assert "Fewer than 8 days absent so far" in checked
    assert "15 days" not in shown + checked


@pytest.mark.parametrize(("more", "outcome"), [(timedelta(), Outcome.REOPENED), (A_DAY, Outcome.NEW)])
def test_a_closed_case_reopens_within_these_months(
    clock: Traveller, client: Client, world: make.World, more: timedelta, outcome: Outcome
) -> None:
    client.outside(lambda: make.closed(make.open_case(world), by=world.ruth))
    later = core_clock.add_months(core_clock.today(), 1) - core_clock.today()
    clock.shift(later + more)
    client.outside(lambda: make.submitted(world.mere, world.whanau, contact=world.tom))
    last = select(Referral.outcome).order_by(Referral.id.desc()).limit(1)
    assert client.outside(lambda: db.session.scalar(last)) is outcome


def test_a_safety_note_is_looked_at_again_after_these_months(
    clock: Traveller, client: Client, world: make.World
) -> None:
    safety = {"safety_kind": "dog", "safety_fact": "A large dog at the gate"}
    client.outside(lambda: make.submitted(world.mere, world.whanau, contact=world.tom, **safety))
    review_by = client.outside(lambda: db.session.scalar(select(SafetyNote.review_by)))
    assert review_by == core_clock.add_months(core_clock.today(), 2)


def test_a_role_is_looked_at_again_after_these_months(clock: Traveller, client: Client, world: make.World) -> None:
    clock.move_to(core_clock.now() + timedelta(days=88))
    client.sign_in(world.hana.person_id)
    assert "To be looked at again" not in client.get("/portal/people/").text
    clock.shift(timedelta(days=5))
    client.sign_in(world.hana.person_id)
    assert "Nobody has looked at these for 3 months" in client.get("/portal/people/").text


def test_so_many_cases_within_an_hour_are_unusual(client: Client, world: make.World) -> None:
    for pupil in (world.whanau, world.ng):
        assert "Many</strong>" not in client.sign_in(world.ruth.person_id).get("/workspace/access/").text
        number = client.outside(lambda of=pupil: with_ana(world, of).number)
        assert client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/").status_code == 200
    assert "Many</strong>" in client.sign_in(world.ruth.person_id).get("/workspace/access/").text


def with_ana(world: make.World, pupil: make.Pupil) -> Case:
    return make.assigned(make.submitted(world.priya, pupil, contact=world.tom), to=world.ana, by=world.ruth)


def test_a_merge_comes_apart_within_these_days(clock: Traveller, client: Client, world: make.World) -> None:
    page = client.outside(lambda: f"/workspace/students/merges/{merged_twins(world)}")
    clock.shift(timedelta(days=2, minutes=-1))
    assert f"{page}/undoing" in client.sign_in(world.ruth.person_id).get(page).text
    clock.shift(timedelta(minutes=2))
    assert f"{page}/undoing" not in client.sign_in(world.ruth.person_id).get(page).text


def merged_twins(world: make.World) -> str:
    case = make.open_case(world)
    return merged(world, world.ruth, case, make.twice(world, case)).public_id


def test_files_are_taken_within_these_limits(client: Client, world: make.World) -> None:
    page = f"/workspace/cases/{open_case(client, world)}/"
    client.sign_in(world.ana.person_id)
    chooser = client.get(page).text
    assert "Up to 3 files, 1 MB each, 2 MB at once" in chooser
    assert 'data-most="3" data-largest="1"' in chooser
    assert "It is larger than 1 MB." in with_files(client, f"{page}files", b"x" * (1024**2 + 1)).text
    with_files(client, f"{page}files", *[b"Kia ora"] * 4)
    assert "at most 3 files can come at once" in client.get(page).text
    assert "There can be 3 files at most" in with_files(client, f"{page}files", b"Kia ora").text


def test_a_form_over_its_limit_is_told_these_limits(client: Client, world: make.World) -> None:
    page = f"/workspace/cases/{open_case(client, world)}/"
    client.sign_in(world.ana.person_id)
    answers = [with_files(client, f"{page}files", *[b"x" * 1024**2] * 4), client.get("/too-large")]
    answers.append(client.get("/too-large", headers={"HX-Request": "true"}))
    assert [answer.status_code for answer in answers] == [413, 413, 413]
    words = [answers[0].text, answers[1].text, told(answers[2])]
    assert all("2 MB of files: 3 at most, of 1 MB each" in each for each in words)


def test_a_form_is_kept_for_these_minutes(clock: Traveller, client: Client, world: make.World) -> None:
    path = f"/portal/cases/{open_case(client, world)}/comments"
    answer = sent(signed_out(client, world.tom), path, world.tom)
    assert "kept for 45 minutes" in client.get(answer.location).text
    form = {"csrf_token": token_of(client, world.tom), "once": "a-key", "body": WORDS}
    assert "is kept for 45 minutes" in told(client.post(path, data=form, headers=BY_SCRIPT))
    clock.shift(44 * A_MINUTE)
    client.outside(tidy)
    assert client.outside(lambda: kept_for(world.tom.person_id, secret="x" * 40))
    clock.shift(A_MINUTE)
    client.outside(tidy)
    assert client.outside(lambda: db.session.scalar(select(func.count()).select_from(KeptForm))) == 0
    client.sign_in(world.tom.person_id)
    assert "kept here for 45 minutes" in client.get("/kept/").text


def test_an_address_is_measured_by_this_window(client: Client, world: make.World) -> None:
    case = f"/workspace/cases/{open_case(client, world)}/"
    client.sign_in(world.ana.person_id)
    page = client.get(f"{case}caregivers/new")
    assert "Its window shows 5 lines with the name" in page.text
    typed = {"name": "Rina Parata", "relationship": "nan", "phone": "027 555 0111", "address": "Way\n" * 5}
    client.fill(page, "Add this caregiver", **typed, address_source="Rina", address_state="not_tried")
    rina = client.outside(lambda: db.session.scalar(select(Caregiver.public_id).where(Caregiver.name == "Rina Parata")))
    for path in (f"{case}caregivers/", f"{case}letters/to/{rina}"):
        assert "The address has 6 lines with the name; the envelope’s window shows 5." in client.get(path).text
