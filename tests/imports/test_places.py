"""Services, catchments, schools and their calendars from files (O5, CAL-3)."""

from collections.abc import Sequence
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.attendance.calendars.models import CalendarEntry
from app.attendance.calendars.queries import calendar_of
from app.attendance.tallies.carrying import count_due
from app.attendance.tallies.models import TallyDue
from app.cases.models import Case
from app.core.db import begin_write, db
from app.core.events import Audit
from app.people.models import Catchment, Organisation, School
from tests import make
from tests.attendance import marked
from tests.imports.conftest import Bring

SERVICES = "Number;Name;Phone\nS01;Te Awa Attendance Service;04 555 0000\nS77;Te Rōpū Zqxwv;03 555 0101\n"
CATCHMENTS = "name,region,service\nTe Awa,WGN,S02\nTe Tai Zqxwv,Canterbury,S77\n"
SCHOOLS = "number,name,catchment,provision\n9001,Tawa Awa College,Te Awa,S77\n9077,Zqxwv School,Te Tai Zqxwv,\n"


def number_of(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_dry_run_says_what_would_change_and_changes_nothing(app: Flask, bring: Bring) -> None:
    before = number_of(app, Organisation)
    done = bring("services", SERVICES)
    assert done.exit_code == 0
    assert "It would be: 1 as before, 1 new. Nothing was changed" in done.output
    assert "Zqxwv" not in done.output
    assert number_of(app, Organisation) == before
    assert number_of(app, Audit) == 0


def test_places_come_to_be_and_are_not_doubled(app: Flask, bring: Bring) -> None:
    for kind, text in (("services", SERVICES), ("catchments", CATCHMENTS), ("schools", SCHOOLS)):
        assert "Kept: " in bring(kind, text, "--keep").output
    for kind, text in (("services", SERVICES), ("catchments", CATCHMENTS), ("schools", SCHOOLS)):
        assert bring(kind, text, "--keep").output == "Kept: 2 as before.\n"
    with app.app_context():
        school = db.session.scalars(select(Organisation).where(Organisation.number == "9077")).one()
        of_it = db.session.get_one(School, school.id)
        catchment = db.session.get_one(Catchment, of_it.catchment_id)
        service = db.session.get_one(Organisation, catchment.service_id)
        assert (school.name, catchment.name, catchment.region, service.name) == (
            "Zqxwv School",
            "Te Tai Zqxwv",
            "CAN",
            "Te Rōpū Zqxwv",
        )
        assert of_it.provision_id is None
        tawa = db.session.scalars(select(Organisation).where(Organisation.number == "9001")).one()
        assert tawa.phone == "04 555 0000", "a column that is not there says nothing"
        assert db.session.get_one(School, tawa.id).provision_id == service.id
        audits = db.session.scalars(select(Audit.event).order_by(Audit.id)).all()
    assert audits == ["organisation.added", "organisation.changed", "organisation.added"]


def test_another_service_of_a_catchment_leaves_cases_where_they_are(
    app: Flask, peopled: make.World, bring: Bring
) -> None:
    with app.app_context():
        begin_write()
        case_id = make.open_case(peopled).id
        db.session.commit()
    assert "1 changed" in bring("catchments", "name,region,service\nTe Awa,WGN,S02\n", "--keep").output
    with app.app_context():
        case = db.session.get_one(Case, case_id)
        assert (case.service_id, case.region) == (peopled.te_awa.id, "WGN")
        begin_write()
        assert make.submitted(peopled.priya, peopled.ng, contact=peopled.tom).service_id == peopled.maunga.id


@pytest.mark.parametrize(
    "files",
    [
        {"catchments": "name,region\nTe Awa,NSN\n"},
        {"catchments": "name,region\nTe Tai,NSN\n", "schools": "number,name,catchment\n9001,Tawa Awa College,Te Tai\n"},
    ],
    ids=["its catchment", "to another catchment"],
)
def test_marks_of_a_school_in_another_region_now_are_counted_by_its_holidays(
    app: Flask, peopled: make.World, bring: Bring, files: dict[str, str]
) -> None:
    """The first Monday of February is Nelson’s. Of a school that lies where it lay nothing is counted anew."""
    with app.app_context():
        begin_write()
        elsewhere = make.student("Lani Fifita", peopled.bay)
        for at, pupil in ((peopled.tawa, peopled.ng), (peopled.bay, elsewhere)):
            marked.term(at, pupil, "TTTTTTTTTT")
        db.session.commit()
    for kind, text in files.items():
        bring(kind, text)
        with app.app_context():
            assert not is_due()
        assert "Kept: " in bring(kind, text, "--keep").output
    with app.app_context():
        assert is_due() == [peopled.tawa.id]
        assert count_due() == 1
        sums = marked.tally(peopled.tawa, peopled.ng)
        assert sums
        assert sums.absent == 6


def is_due() -> Sequence[int]:
    return db.session.scalars(select(TallyDue.school_id)).all()


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("services", "number,name\nS77,\n", "Line 2: “name” is empty."),
        ("services", "number,name\n9001,X\n", "Line 2: This number is that of a school."),
        ("services", "number,name,email\nS77,X,nobody\n", "Line 2: Write an e-mail address like name@example.nz."),
        ("services", "number,name\nS77,X\nS77,Y\n", "Line 3: A line above says something of the same one."),
        ("catchments", "name,region\nX,ZZZ\n", "Line 2: “region” is none of: "),
        ("catchments", "name,region,service\nX,WGN,9001\n", "Line 2: “service” is the number of no service"),
        ("schools", "number,name,catchment\n1,X,Nowhere\n", "Line 2: There is no catchment of this name"),
        ("calendar", "school,kind,from,to\nS01,closed,2026-03-03,\n", "Line 2: “school” is the number of no school"),
        ("calendar", "school,kind,from,to\n9001,shut,2026-03-03,\n", "Line 2: “kind” is none of: term, teacher only"),
        ("calendar", "school,kind,from,to\n9001,closed,2026-01-03,\n", "Line 2: The school is not open then"),
        ("calendar", "school,kind,from,to,term\n9001,term,2026-02-03,2026-09-03,1\n", "Line 2: A term lasts 14 weeks"),
    ],
)
def test_one_line_that_is_wrong_keeps_the_whole_file_out(
    app: Flask, bring: Bring, kind: str, text: str, why: str
) -> None:
    good = {"services": "S88,Good\n", "catchments": "Good,WGN\n", "schools": "88,Good,Te Awa\n"}.get(
        kind, "9001,closed,2026-03-04,\n"
    )
    before = number_of(app, Organisation), number_of(app, Catchment), number_of(app, CalendarEntry)
    done = bring(kind, text + good, "--keep")
    assert done.exit_code == 1
    assert why in done.output
    assert "so nothing was changed (" in done.output
    assert before == (number_of(app, Organisation), number_of(app, Catchment), number_of(app, CalendarEntry))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "It is empty."),
        ("number,nome\nS77,X\n", "lacks the column “name” in its first line. Its columns are: number, name;"),
        ("number,name,fax\nS77,X,1\n", "has a column “fax” that is not known here."),
        ("number,name,name\nS77,X,Y\n", "has the column “name” twice."),
        ("number,name\nS77,X,Y\n", "line 2 has more cells than there are headings."),
        (b"PK\x03\x04 and no more", "file.csv: It is "),
        (b"\x00\x01\x02", "file.csv: It is "),
    ],
)
def test_a_file_that_is_none_is_one_plain_message(bring: Bring, text: str | bytes, why: str) -> None:
    done = bring("services", text, "--keep")
    assert done.exit_code == 1
    assert why in done.output
    assert done.output.count("\n") == 1


def test_only_an_operator_brings_anything_in(app: Flask, bring: Bring) -> None:
    for email in ("ruth.S01@example.nz", "nobody@example.nz"):
        done = bring("services", SERVICES, "--keep", by=email)
        assert done.exit_code == 1
        assert "is no operator" in done.output


def test_terms_and_closed_days_are_those_of_the_school(app: Flask, peopled: make.World, bring: Bring) -> None:
    text = (
        "school,kind,year,term,from,to,half,why\n"
        "9001,term,2026,1,2/2/2026,2/4/2026,,\n"
        "9001,term,2026,2,2026-04-20,2026-07-03,,\n"
        "9001,closed,,,2026-03-04,,morning,Zqxwv burst pipe\n"
        "9002,teacher_only,,,2026-03-05,2026-03-06,,\n"
    )
    assert bring("calendar", text, "--keep").output == "Kept: 4 new.\n"
    assert bring("calendar", text, "--keep").output == "Kept: 4 as before.\n"
    with app.app_context():
        calendar = calendar_of(peopled.tawa.id, "WGN")
        assert calendar.open_half_days(date(2026, 3, 4)) == 1
        assert calendar.term_on(date(2026, 2, 2))
        assert not calendar_of(peopled.bay.id, "TKI").closures_on(date(2026, 3, 5))
        entries = db.session.scalars(select(CalendarEntry)).all()
        assert {entry.by_id for entry in entries} == {peopled.oscar.person_id}
        assert db.session.scalars(select(Audit.role).distinct()).all() == ["operator"]
