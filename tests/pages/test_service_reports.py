"""The report of a service's cases: whose it counts, what its figures open, and what can be taken away (M4, S7)."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from time_machine import Traveller

from app.cases.actions import close_case, move_to
from app.cases.entries import Audience
from app.cases.models import Case
from app.cases.pauses.actions import approve_pause
from app.core import clock as core_clock
from app.core.db import db
from app.core.seen import ViewLog
from app.people.actions import set_case_managers_see_cases
from app.people.queries import Actor
from app.referrals.duplicates.actions import confirm_merge, propose_merge
from app.referrals.duplicates.queries import merge_for, pair_for
from app.reports.timeliness import UNREACHED
from app.students.models import Student
from app.students.records.models import ReachableChange
from tests import make
from tests.attendance import marked
from tests.cases.many import many
from tests.support.client import Client
from tests.support.plans import is_postgresql
from tests.support.reports import ReportAt, numbers, said

HERE = "/workspace/reports/"
CASES = f"{HERE}cases"
rows, figures = ReportAt(HERE).rows, ReportAt(HERE).figures


@pytest.fixture
def case(client: Client, world: make.World) -> dict[str, str]:
    """Of Ana, of David, of nobody, one that closed with David; one that went from Ana to Maunga, where Wiremu has another."""

    def made() -> dict[str, str]:
        queued = make.submitted(world.priya, world.ng, contact=world.aroha)
        rangi, ata = (make.student(name, world.tawa) for name in ("Rangi Tāne", "Āta Tāne"))
        davids = make.assigned(make.submitted(world.priya, rangi, contact=world.tom), to=world.david, by=world.ruth)
        closed = make.assigned(make.submitted(world.priya, ata, contact=world.tom), to=world.david, by=world.ruth)
        theirs = make.submitted(world.kahu, make.student("Tui Tāne", world.bay), contact=world.kahu)
        return {
            "anas": make.open_case(world).number,
            "davids": davids.number,
            "nobodys": queued.number,
            "closed": make.closed(closed, by=world.david).number,
            "gone": make.gone(world, make.student("Moana Tāne", world.tawa)).number,
            "theirs": make.assigned(theirs, to=world.wiremu, by=world.lupe).number,
        }

    found: dict[str, str] = client.outside(made)
    return found


OURS = {"anas", "davids", "nobodys", "closed"}
WHOSE = {
    "ruth": OURS,
    "ana": {"anas"},
    "david": {"davids", "closed"},
    "lupe": {"gone", "theirs"},
    "wiremu": {"theirs"},
}


def test_each_sees_their_own_and_no_other_in_every_figure_and_file(
    client: Client, world: make.World, case: dict[str, str]
) -> None:
    for who, kinds in WHOSE.items():
        client.sign_in(world.people[who].person_id)
        expected = {case[kind] for kind in kinds}
        assert set(numbers(client.get(CASES))) == {row["Case"] for row in rows(client)} == expected, who
        book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{CASES}.xlsx").data))
        assert {str(row[0]) for row in book.get_sheet_by_name("Cases").to_python()[1:]} == expected
        for address, count in figures(client):
            found = numbers(client.get(address))
            assert len(found) == len(set(found)) == count, address
            assert set(found) <= expected
    client.sign_in(world.ruth.person_id)
    assert world.maunga.name not in client.get(HERE).text
    for who, answer in (("tane", 403), ("mere", 404), ("moana", 404)):
        client.sign_in(world.people[who].person_id)
        assert {client.get(path).status_code for path in (HERE, CASES, f"{CASES}.csv", f"{CASES}.xlsx")} == {answer}


def test_the_setting_shows_a_case_manager_more_cases_and_no_other_report(
    client: Client, world: make.World, case: dict[str, str]
) -> None:
    client.outside(lambda: set_case_managers_see_cases(world.te_awa.id, True, by=world.ruth))
    client.sign_in(world.ana.person_id)
    assert client.get(f"/workspace/cases/{case['davids']}/").status_code == 200
    assert {row["Case"] for row in rows(client)} == {case["anas"]}


def test_of_which_case_the_school_was_met_in_time(client: Client, world: make.World, clock: Traveller) -> None:
    """One in time, as a restricted event says, one late, one not at all: a third of three."""
    clock.shift(timedelta(weeks=10))

    def made() -> list[int]:
        pupils = [world.whanau, world.ng, make.student("Rangi Tāne", world.tawa)]
        asked = [make.submitted(world.priya, pupil, contact=world.tom) for pupil in pupils]
        return [make.assigned(each, to=world.ana, by=world.ruth).id for each in asked]

    def met(case_id: int) -> None:
        make.event(world.ana, db.session.get_one(Case, case_id), Audience.RESTRICTED)

    first, second, _ = client.outside(made)
    client.outside(met, first)
    clock.shift(timedelta(weeks=5))
    client.outside(met, second)
    for who in (world.ruth, world.ana):
        client.sign_in(who.person_id)
        found = {address.partition("which=")[2]: count for address, count in figures(client)}
        of_five = {which: count for which, count in found.items() if which.startswith("school_meet_5bd-2026-Q2")}
        assert of_five == {f"school_meet_5bd-2026-Q2-{each}": 1 for each in ("achieved", "missed", "not_recorded")}
        assert "33 %" in said(client.get(HERE))
    met_on = sorted(row["Met the school on"] for row in rows(client))
    assert met_on == ["", *sorted((date(2026, 5, 12).isoformat(), core_clock.today().isoformat()))]


def test_at_which_student_and_whanau_were_met_in_time(client: Client, world: make.World, clock: Traveller) -> None:
    """One in time, one not at all, and one whose whānau nobody could reach by then, which does not count."""
    clock.shift(timedelta(weeks=10))

    def made() -> list[str]:
        pupils = [world.whanau, world.ng, make.student("Rangi Tāne", world.tawa)]
        cases = [make.submitted(world.priya, pupil, contact=world.tom) for pupil in pupils]
        for each in cases:
            make.assigned(each, to=world.ana, by=world.ruth)
        both: dict[str, Any] = {"with_school": False, "with_student": True, "with_caregiver": True}
        make.event(world.ana, cases[0], Audience.RESTRICTED, **both)
        lost = ReachableChange(
            student_id=pupils[2].id, is_reachable=False, at=core_clock.now(), by_id=world.ana.person_id
        )
        db.session.add(lost)
        return [case.number for case in cases]

    first, _, lost = client.outside(made)
    clock.shift(timedelta(weeks=5))
    for who in (world.ruth, world.ana):
        client.sign_in(who.person_id)
        found = {address.partition("which=")[2]: count for address, count in figures(client)}
        of_ten = {which.rpartition("-")[2]: count for which, count in found.items() if "engage_10bd" in which}
        assert of_ten == {"achieved": 1, "not_recorded": 1, "excluded": 1}
        assert numbers(client.get(f"{CASES}?which=engage_10bd-excluded")) == [lost]
        report = said(client.get(HERE)).partition("Student and whānau met")[2]
        assert ("50 %" in report, UNREACHED in report) == (True, True)
    met_by = {row["Case"]: row["Student and whānau met by"] for row in rows(client)}
    assert (met_by[first], met_by[lost]) == (date(2026, 5, 12).isoformat(), "")
    assert {row["Student and whānau met within 10 working days"] for row in rows(client)} == {
        "met in time",
        "limit passed, no meeting recorded",
        f"not counted: {UNREACHED}",
    }


def test_a_lead_sees_who_has_how_many(client: Client, world: make.World, case: dict[str, str]) -> None:
    client.sign_in(world.ruth.person_id)
    found = {address.partition("which=")[2]: count for address, count in figures(client)}
    assert found[f"of-{world.ana.public_id}-0"] == found[f"of-{world.david.public_id}-1"] == found["of-nobody-0"] == 1
    assert numbers(client.get(f"{CASES}?which=of-nobody-0")) == [case["nobodys"]]
    client.sign_in(world.ana.person_id)
    assert "Who has how many" not in said(client.get(HERE))


def merged_by(who: Actor, first: Case, second: Case) -> None:
    """The record of the second case's student went into the first one's."""
    close_case(second, "duplicate", by=who, why="Duplicate.")
    one, other = (db.session.get_one(Student, case.student_id).public_id for case in (first, second))
    pair = pair_for(who, one, other)
    assert pair is not None
    merge = merge_for(who, propose_merge(pair, pair.later, why="One child.", by=who).public_id)
    assert merge is not None
    confirm_merge(merge, by=who)


def test_what_one_person_decided_alone_is_listed_at_the_service_where_it_was(
    client: Client, world: make.World, case: dict[str, str]
) -> None:
    """And not what a second one approved, nor what another service decided before the case came."""

    def of(which: str) -> Case:
        return db.session.scalars(select(Case).where(Case.number == case[which])).one()

    def decided() -> str:
        for where in (world.te_awa, world.maunga):
            make.pauses_allowed(where)
        approve_pause(make.pause_asked(world.ruth, of("anas")), by=world.ruth)
        asked = make.pause_asked(world.david, of("davids"))
        approve_pause(make.pause_now(world.ruth, of("davids"), asked.pause.public_id), by=world.ruth)
        for which in ("gone", "theirs"):
            approve_pause(make.pause_asked(world.lupe, of(which)), by=world.lupe)
        move_to(of("gone"), world.te_awa.id, "WGN", by=world.ruth)
        twice = make.twice(world, make.assigned(of("nobodys"), to=world.ana, by=world.ruth))
        merged_by(world.ruth, of("nobodys"), twice)
        return twice.number

    twice = client.outside(decided)
    client.sign_in(world.ruth.person_id)
    assert numbers(client.get(f"{CASES}?which=paused-alone")) == [case["anas"]]
    assert set(numbers(client.get(f"{CASES}?which=merged-alone"))) == {case["nobodys"], twice}
    assert {(f"{CASES}?which=paused-alone", 1), (f"{CASES}?which=merged-alone", 2)} <= set(figures(client))
    found = {row["Case"] for row in rows(client) if row["Put on hold by one person alone on"]}
    assert found == {case["anas"]}
    for who, which in (("ana", ["anas"]), ("david", []), ("lupe", ["theirs"]), ("wiremu", ["theirs"])):
        client.sign_in(world.people[who].person_id)
        assert numbers(client.get(f"{CASES}?which=paused-alone")) == [case[each] for each in which], who
        assert ("Decided by one person alone" in said(client.get(HERE))) == bool(which)


def test_filters_go_along_and_wrong_days_are_said(client: Client, world: make.World, case: dict[str, str]) -> None:
    client.sign_in(world.ruth.person_id)
    page = client.fill(client.get(HERE), "Show", status="queue")
    assert "In the queue; whenever they started." in said(page)
    for address, count in figures(client, "?status=queue"):
        assert "status=queue" in address
        assert (count, numbers(client.get(address))) == (1, [case["nobodys"]])
    assert "No case is like that." in said(client.get(f"{HERE}?status=triage"))
    for path in (CASES, f"{CASES}.csv", f"{CASES}.xlsx"):
        answer = client.get(f"{path}?from_on-day=31&from_on-month=2&from_on-year=2026")
        assert answer.status_code == 303
        assert client.get(answer.location).status_code == 422


def test_names_are_right_attack_nobody_and_taking_them_is_logged(client: Client, world: make.World) -> None:
    hostile = '=HYPERLINK("http://x.nz")'
    client.outside(lambda: make.submitted(world.priya, make.student(hostile, world.tawa), contact=world.tom).id)
    client.sign_in(world.ruth.person_id)
    assert [row["Student"] for row in rows(client)] == [f"'{hostile}"]
    answer = client.get(f"{CASES}.xlsx")
    assert 'filename="cases-Te-Awa-Attendance-Service-' in answer.headers["Content-Disposition"]
    about = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_name("About").to_python()
    assert ["Service", world.te_awa.name] in about
    assert ["Filtered by", "Every status; whenever they started"] in about
    logged = client.outside(lambda: list(db.session.scalars(select(ViewLog.page).order_by(ViewLog.id.desc()).limit(2))))
    assert logged == ["report: Excel file of 1 cases", "report: CSV file of 1 cases"]


def test_many_cases_cost_no_more_statements_than_ten(client: Client, world: make.World) -> None:
    """On PostgreSQL a tenth of them: what is asked is the same, and filling it is dear."""

    def filled() -> int:
        count = 200 if is_postgresql() else 2_000
        many(world, count, here=1, each=1)
        return count + 1

    count = client.outside(filled)
    client.sign_in(world.ruth.person_id)
    assert f"{count:,} cases in all" in said(client.get(HERE))
    assert client.statements.count <= 5
    assert len(rows(client)) == count
    assert client.statements.count <= 5
    first = client.get(CASES)
    assert client.statements.count <= 5
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    following = numbers(client.get(unescape(older)))
    assert len(numbers(first)) == len(following) == 25
    assert not set(numbers(first)) & set(following)


def test_attendance_stands_there_with_what_it_is_from(client: Client, world: make.World, clock: Traveller) -> None:
    def marked_case() -> None:
        case = make.open_case(world)
        pupil = make.Pupil(case.student_id, "", "")
        marked.term(world.tawa, pupil, *["TTTTTPPPPP"] * 3, *["PPPPPPPPPP"] * 3, from_on=date(2026, 2, 9))

    client.outside(marked_case)
    client.sign_in(world.ruth.person_id)
    page = said(client.get(HERE))
    assert "for 1 from half-day marks" in page
    assert "Not the Ministry’s figure" in page
    assert "half-day marks, not the Ministry’s figure" in client.get(f"{HERE}cases.csv").text
    client.sign_in(world.david.person_id)
    assert "for 1 from half-day marks" not in said(client.get(HERE)), "who is not named on it"
