"""Office support reading cases is a setting: switched off, it writes requests and reads only what names it (`permissions.md`)."""

from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.cases.contacts.actions import change_primary
from app.cases.contacts.rules import Whom
from app.cases.entries import Audience
from app.cases.files.queries import file_for, files_for
from app.cases.former.queries import former_case_for, former_cases
from app.cases.listing import counts_for
from app.cases.models import Case, Status
from app.cases.queries import case_for
from app.cases.school_list.queries import choices_for, school_cases
from app.cases.school_list.rules import Wanted
from app.cases.search.queries import cases_found
from app.cases.search.rules import sought
from app.core.db import db
from app.core.events import Outbox
from app.core.told import places
from app.people.queries import Actor
from app.people.rules import OFFICE_WRITES
from app.referrals.queries import requests_for
from app.referrals.routing import known_case
from app.reports.queries import lines_for
from app.settings import Settings, UnsafeSettings
from tests import make
from tests.support.client import Client
from tests.support.databases import Database
from tests.support.settings import settings_for


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return settings_for(database.url, tmp_path, OFFICE_SUPPORT_READS="no")


def reads(who: Actor, case: Case) -> bool:
    """By every way there is."""
    found = case_for(who, case.number) is not None
    wanted, told = Wanted(tuple(Status)), db.session.scalars(select(Outbox).where(Outbox.case_id == case.id)).all()
    ways = {
        "list": case.number in {row.number for row in school_cases(who, wanted)},
        "counts": sum(counts_for(who).values()) > 0,
        "managers": bool(choices_for(who, wanted).managers),
        "search by number": bool(cases_found(who, sought(case.number)).cases),
        "search by name": bool(cases_found(who, sought("whanau")).cases),
        "report": bool(lines_for(who)),
        "number of a request": case.number in {row.number for row in requests_for(who)},
        "before sending": known_case(who, case.student_id) is not None,
        "mails and links": "/portal/cases/" in " ".join(place.path for place in places(who, told).values()),
    }
    assert set(ways.values()) == {found}, ways
    return found


def test_office_support_reads_only_what_names_it(own_world: make.World) -> None:
    case = make.open_case(own_world)
    assert not reads(own_world.priya, case)
    assert reads(own_world.mere, case)
    change_primary(
        make.head(own_world.mere, case),
        Whom(person_id=own_world.priya.person_id),
        best_times="",
        instead_of=own_world.tom.public_id,
        by=own_world.mere,
    )
    assert reads(own_world.priya, case)


def test_where_the_school_has_no_attendance_lead_office_support_reads_in_their_place(own_world: make.World) -> None:
    case = make.open_case(own_world)
    make.end_roles(own_world.mere)
    assert reads(own_world.priya, case)


def test_files_and_what_the_school_wrote_on_former_cases_follow(own_world: make.World) -> None:
    case = make.open_case(own_world)
    make.note_with(own_world.ana, case, Audience.SHARED, "plan.pdf")
    (row,) = files_for(own_world.mere, case.id)
    assert file_for(own_world.mere, case.number, row.public_id)
    assert file_for(own_world.priya, case.number, row.public_id) is None
    make.left(own_world.whanau, own_world.tawa)
    assert former_cases(own_world.mere)
    assert not former_cases(own_world.priya)
    assert former_case_for(own_world.priya, case.number) is None
    make.end_roles(own_world.mere)
    assert former_cases(own_world.priya)


def test_its_pages_say_so_and_requests_go_on(client: Client, peopled: make.World) -> None:
    number = client.outside(lambda: make.open_case(peopled).number)
    client.sign_in(peopled.priya.person_id)
    assert client.get(f"/portal/cases/{number}/").status_code == 404
    for page in ("/portal/", "/portal/cases/"):
        answer = client.get(page)
        assert "reads only the cases that name them" in answer.text
        assert not _names(answer, number)
    assert not _names(client.get("/search?q=whanau"), number)
    assert not _names(client.get("/notifications/"), f"/portal/cases/{number}")
    requests = client.get("/portal/referrals/").text
    assert "Hēmi" in requests
    assert number not in requests
    assert client.get("/portal/referrals/new").status_code == 200
    assert "reads only the cases" not in client.sign_in(peopled.mere.person_id).get("/portal/cases/").text
    assert OFFICE_WRITES in client.sign_in(peopled.hana.person_id).get("/portal/people/new").text


def _names(answer: TestResponse, *more: str) -> list[str]:
    assert answer.status_code == 200
    return [word for word in ("Hēmi", *more) if word in answer.text]


@pytest.mark.parametrize("text", ["No", "true", "off"])
def test_anything_but_yes_and_no_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnsafeSettings, match="OFFICE_SUPPORT_READS must be yes or no"):
        settings_for("sqlite://", tmp_path, OFFICE_SUPPORT_READS=text)
