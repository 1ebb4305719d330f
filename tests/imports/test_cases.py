"""Cases of another system (MEAS-5): they come once, with their days and who works them; a lead says that each was reviewed."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cases.entries import Entry
from app.cases.listing import cases_for
from app.cases.migrated.models import MigratedCase
from app.cases.models import Case, CaseKind, Status, StatusCount
from app.cases.queries import case_for
from app.core.db import begin_write, db
from app.core.events import Outbox
from app.people.models import Role
from app.students.models import Student
from tests import make
from tests.imports.conftest import Bring
from tests.support.client import Client

HEAD = (
    "former_number,service,kind,school,nsn,name,born,referred_on,status,started_on,manager,contact_name,contact_email,"
    "expected_end_on,why\n"
)
TOM = "Tom Hargreaves,tom.9001@example.nz"
HEMI = f"A-77,S01,CA,9001,,Hemi Whanau,4/5/2011,2025-08-04,open,2025-08-11,ana.S01@example.nz,{TOM},,Zqxwv of old\n"
GRACE = "A-78,S01,ca,9001,,Grace Ng,2011-05-04,2025-09-01,queue,,,Zqxwv Newcontact,zqxwv@example.nz,,\n"
NOBODY = "A-79,S02,NEN,9003,555,Zqxwvia Tamihana,2012-01-02,2025-10-01,queue,,,,,,\n"


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_cases_come_with_their_days_and_who_works_them(app: Flask, peopled: make.World, bring: Bring) -> None:
    assert "It would be: 3 new. Nothing was changed" in bring("cases", HEAD + HEMI + GRACE + NOBODY).output
    assert count(app, Case) == 0
    done = bring("cases", HEAD + HEMI + GRACE + NOBODY, "--keep")
    assert done.output == "Kept: 3 new.\n"
    with app.app_context():
        hemi, grace, other = db.session.scalars(select(Case).order_by(Case.id))
        assert (hemi.status, hemi.kind, hemi.service_started_on) == (Status.OPEN, CaseKind.CA, date(2025, 8, 11))
        assert date(2025, 8, 11) < hemi.due_on < date(2025, 9, 30)
        assert hemi.manager_id == peopled.ana.person_id
        head = case_for(peopled.ana, hemi.number)
        assert head is not None
        assert (head.manager_name, head.contact_name) == ("Ana Tuhoro", "Tom Hargreaves")
        assert (head.migrated_from, head.referred_on, head.is_unreviewed) == ("A-77", date(2025, 8, 4), True)
        assert (grace.status, other.kind, other.service_id) == (Status.QUEUE, CaseKind.NEN, peopled.maunga.id)
        kept = db.session.scalars(select(StatusCount).where(StatusCount.cases > 0)).all()
        assert {(each.organisation_id, each.status, each.cases) for each in kept} == {
            (peopled.te_awa.id, Status.OPEN, 1),
            (peopled.te_awa.id, Status.QUEUE, 1),
            (peopled.maunga.id, Status.QUEUE, 1),
        }
        assert db.session.scalars(select(Outbox).where(Outbox.case_id == hemi.id)).all() == []


def test_the_same_list_twice_makes_no_second_case(app: Flask, bring: Bring) -> None:
    bring("cases", HEAD + HEMI + GRACE, "--keep")
    assert bring("cases", HEAD + HEMI + GRACE + NOBODY, "--keep").output == "Kept: 2 as before, 1 new.\n"
    assert count(app, Case) == count(app, MigratedCase) == 3


def test_where_a_case_came_from_stands_on_its_timeline_and_the_services_note_stays_there(
    app: Flask, peopled: make.World, bring: Bring
) -> None:
    bring("cases", HEAD + HEMI, "--keep")
    with app.app_context():
        number = db.session.scalar(select(Case.number)) or ""
        head = case_for(peopled.ana, number)
        assert head is not None
        shared, own = db.session.scalars(select(Entry).order_by(Entry.id))
        assert "its number was A-77. Support was asked for on 4 August 2025" in shared.body
        assert own.body == "Zqxwv of old"
        assert case_for(peopled.tom, number) is not None
        assert case_for(peopled.jin, number) is None
        assert [each.is_unreviewed for each in cases_for(peopled.ruth)] == [True]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (HEMI.replace("2025-08-11", "2025-08-01"), "“referred on” and “started on” must follow one another"),
        (HEMI.replace("2025-08-11", "2027-08-01"), "“referred on” and “started on” must follow one another"),
        (HEMI.replace("ana.S01", "lupe.S02"), "“manager” is no case manager of this service here"),
        (HEMI.replace("ana.S01@example.nz", ""), "A case that is open or in transition has a “manager”"),
        (HEMI.replace(TOM, ","), "A case of attendance (CA) has a primary contact"),
        (HEMI.replace(",open,", ",transition,"), "A case in transition has “expected end on”"),
        (HEMI.replace("ana.S01@example.nz", "").replace(",open,", ",paused,"), "only while the child is under six"),
        (HEMI.replace(",open,", ",closed,"), "“status” is none of: queue, open, transition, paused"),
        (HEMI.replace("4/5/2011", "5/5/2011"), "No such student is, or was, on the roll of this school"),
        (HEMI.replace(",S01,", ",9001,"), "“service” is the number of no service"),
        (HEMI + HEMI, "A line above has the same former number"),
        (HEMI + HEMI.replace("A-77", "A-80"), "The student has a case here that is not closed"),
        (HEMI.replace("9001,,Hemi", "9001,556,Hemi"), "This national student number goes with another name"),
    ],
)
def test_a_line_that_cannot_be_keeps_the_file_out(
    app: Flask, peopled: make.World, bring: Bring, line: str, why: str
) -> None:
    with app.app_context():
        begin_write()
        db.session.get_one(Student, peopled.other.id).national_number = "556"
        db.session.get_one(Student, peopled.other.id).legal_name = "Mikaere Other"
        db.session.commit()
    done = bring("cases", HEAD + line + GRACE, "--keep")
    assert done.exit_code == 1
    assert why in done.output
    assert "Hemi" not in done.output
    assert count(app, Case) == 0


def test_a_lead_goes_through_them_and_says_that_each_was_reviewed(
    app: Flask, peopled: make.World, bring: Bring, client: Client
) -> None:
    bring("cases", HEAD + HEMI + GRACE + NOBODY, "--keep")
    client.sign_in(peopled.ruth.person_id, Role.WORKFLOW_LEAD)
    page = client.get("/workspace/migrated/").text
    assert "Number A-77, asked for on" in page
    assert "Zqxwvia" not in page, "another service's"
    with app.app_context():
        number = db.session.scalar(select(Case.number).order_by(Case.id)) or ""
    assert "Migrated, not reviewed" in client.get(f"/workspace/cases/{number}/").text
    assert "Migrated, not reviewed" in client.get("/workspace/cases/").text
    done = client.send(f"/workspace/cases/{number}/reviewed")
    assert done.status_code == 303
    page = client.get("/workspace/migrated/").text
    assert f"Case {number} is reviewed." in page
    assert "A-77" not in page
    assert "Migrated, not reviewed" not in client.get(f"/workspace/cases/{number}/").text
    assert "number A-77 there" in client.get(f"/workspace/cases/{number}/").text
    assert client.send(f"/workspace/cases/{number}/reviewed").status_code == 303
    with app.app_context():
        kept = db.session.scalars(select(MigratedCase).order_by(MigratedCase.case_id)).first()
        assert kept is not None
        assert kept.reviewed_by_id == peopled.ruth.person_id
