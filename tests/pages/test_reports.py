"""The report of a school's cases: whose it counts, what its figures open, and what can be taken away (S7)."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO

from python_calamine import CalamineWorkbook
from sqlalchemy import select, update
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.attendance.rules import Absences, HalfDays, Week, summed
from app.cases.entries import Audience
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.rules import status_words
from app.cases.updates.actions import ask_for_update
from app.core import clock
from app.core.db import db
from app.core.seen import ViewLog
from app.reports.report import NEEDS
from app.students.models import Enrolment
from tests import make
from tests.cases.many import many
from tests.support.client import Client
from tests.support.plans import is_postgresql
from tests.support.reports import ReportAt, numbers, said

HERE = "/portal/reports/"
CASES = f"{HERE}cases"
rows, figures = ReportAt(HERE).rows, ReportAt(HERE).figures


def some_cases(world: make.World) -> dict[str, str]:
    """Of each status that a school has to do with, here and at another school."""
    own = make.submitted(world.priya, world.ng, contact=world.aroha)
    closed = make.submitted(world.priya, make.student("Āwhina Tāne", world.tawa), contact=world.tom)
    gone = make.student("Rangi Tāne", world.tawa)
    former = make.submitted(world.priya, gone, contact=world.tom)
    make.left(gone, world.tawa)
    db.session.execute(update(Enrolment).where(Enrolment.student_id == own.student_id).values(year_level=12))
    return {
        "open": make.open_case(world).number,
        "queue": own.number,
        "closed": make.closed(closed, by=world.ruth).number,
        "former": former.number,
        "theirs": make.submitted(world.sione, world.other, contact=world.jin).number,
    }


def test_each_figure_opens_exactly_the_cases_it_counts(client: Client, world: make.World) -> None:
    case = client.outside(some_cases, world)
    client.sign_in(world.mere.person_id)
    opened = {}
    for address, count in figures(client):
        found = numbers(client.get(address))
        assert len(found) == len(set(found)) == count, address
        assert [row["Case"] for row in rows(client, f"?{address.partition('?')[2]}")] == found
        opened[address.partition("which=")[2]] = set(found)
    assert {opened[status] == {case[status]} for status in ("open", "queue", "closed")} == {True}
    assert opened["no-statement"] == {case["open"], case["queue"]}
    assert not {case["theirs"], case["former"]} & set().union(*opened.values())


def test_whoever_sees_other_cases_gets_other_figures_and_files(client: Client, world: make.World) -> None:
    case = client.outside(some_cases, world)
    whose = {
        "mere": {"open", "queue", "closed"},
        "priya": {"open", "queue", "closed"},
        "tom": {"open", "closed"},
        "aroha": {"queue"},
        "jin": {"theirs"},
        "kahu": set(),
    }
    for who, kinds in whose.items():
        client.sign_in(world.people[who].person_id)
        expected = {case[kind] for kind in kinds}
        assert set(numbers(client.get(CASES))) == {row["Case"] for row in rows(client)} == expected, who
        book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{CASES}.xlsx").data))
        assert {str(row[0]) for row in book.get_sheet_by_name("Cases").to_python()[1:]} == expected
        assert set(numbers(client.get(HERE))) <= expected
        assert {count for address, count in figures(client) if address.endswith("which=open")} == (
            {1} if case["open"] in expected else set()
        )
    for who, answer in (("hana", 403), ("ruth", 404)):
        client.sign_in(world.people[who].person_id)
        assert {client.get(path).status_code for path in (HERE, CASES, f"{CASES}.csv", f"{CASES}.xlsx")} == {answer}


def test_filters_stand_in_the_address_and_go_along_to_lists_and_files(client: Client, world: make.World) -> None:
    case = client.outside(some_cases, world)
    client.sign_in(world.mere.person_id)
    page = client.fill(client.get(HERE), "Show", status="queue", year="12")
    assert "status=queue" in page.request.query_string.decode()
    assert "In the queue; year 12; whenever they started." in said(page)
    assert 'value="queue" checked' in page.text
    for address, count in figures(client, "?status=queue&year=12"):
        assert "status=queue" in address
        assert (count, numbers(client.get(address))) == (1, [case["queue"]])
    assert [row["Case"] for row in rows(client, "?status=queue&year=12")] == [case["queue"]]
    assert "No case is like that." in said(client.get(f"{HERE}?status=open&year=12"))
    assert len(rows(client, "?status=x&year=y&period=z&which=nonsense")) == 0
    assert len(rows(client, "?status=x&year=y&period=z")) == 3


def test_a_time_is_a_term_or_days_and_wrong_days_are_said(
    client: Client, world: make.World, clock: Traveller, number: str
) -> None:
    client.sign_in(world.mere.person_id)
    started = "from_on-day=3&from_on-month=3&from_on-year=2026"
    for query, count in {
        "period=2026-1": 1,
        "period=2025-4": 0,
        started: 1,
        f"{started}&to_on-day=3&to_on-month=3&to_on-year=2026": 1,
        "to_on-day=2&to_on-month=3&to_on-year=2026": 0,
    }.items():
        assert len(rows(client, f"?{query}")) == count, query
    wrong = {
        "from_on-day=31&from_on-month=2&from_on-year=2026": "There is no such day.",
        f"{started}&to_on-day=2&to_on-month=3&to_on-year=2026": "The last day is before the first",
        f"period=2026-1&{started}": "Choose a term or write days, not both",
    }
    for query, words in wrong.items():
        page = client.get(f"{HERE}?{query}")
        assert page.status_code == 422
        assert words in said(page)
        assert number not in page.text
        for path in (CASES, f"{CASES}.csv", f"{CASES}.xlsx"):
            answer = client.get(f"{path}?{query}")
            assert answer.status_code == 303
            assert client.get(answer.location).status_code == 422


def test_what_is_taken_away_is_logged_and_kept_nowhere(
    client: Client, world: make.World, clock: Traveller, number: str
) -> None:
    def logged() -> list[tuple[str, int]]:
        lines = select(ViewLog.page, ViewLog.person_id).order_by(ViewLog.id.desc()).limit(2)
        return list(client.outside(lambda: [tuple(line) for line in db.session.execute(lines)]))

    client.sign_in(world.mere.person_id)
    name = "cases-Tawa-Awa-College-2026-03-03"
    for ending, media in (("csv", "text/csv; charset=utf-8"), ("xlsx", "application/vnd.openxmlformats-")):
        answer = client.get(f"{CASES}.{ending}")
        assert answer.headers["Content-Type"].startswith(media)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert f'attachment; filename="{name}.{ending}"' in answer.headers["Content-Disposition"]
    files = [
        ("report: Excel file of 1 cases", world.mere.person_id),
        ("report: CSV file of 1 cases", world.mere.person_id),
    ]
    assert logged() == files
    client.get(HERE)
    client.get(f"{CASES}?which=open")
    assert logged() == [("report", world.mere.person_id)] * 2


def test_names_are_right_in_every_file_and_attack_nobody(client: Client, world: make.World) -> None:
    hostile = ('=HYPERLINK("http://x.nz")', "\u200b＠SUM(A1)", "Ōriwa, Tāne; =1")

    def cases() -> None:
        for name in hostile:
            make.submitted(world.priya, make.student(name, world.tawa), contact=world.tom)

    client.outside(cases)
    client.sign_in(world.mere.person_id)
    expected = {f"'{hostile[0]}", f"'{hostile[1]}", "Ōriwa, Tāne;' =1"}
    assert {row["Student"] for row in rows(client)} == expected
    (sheet, about) = (
        CalamineWorkbook.from_filelike(BytesIO(client.get(f"{CASES}.xlsx").data)).get_sheet_by_name(name).to_python()
        for name in ("Cases", "About")
    )
    assert {row[1] for row in sheet[1:]} == expected
    assert isinstance(sheet[1][sheet[0].index("Started on")], date)
    assert isinstance(sheet[1][sheet[0].index("Year level")], float)
    assert ["How many", 3.0] in about
    assert client.get(CASES).text.count("HYPERLINK(&#34;") == 1


def test_what_needs_the_school_is_said_with_what_to_do(client: Client, world: make.World, clock: Traveller) -> None:
    def made() -> None:
        make.open_case(world)
        make.draft(world.priya, world.ng)
        make.draft(world.sione, world.other)

    client.outside(made)
    clock.shift(timedelta(days=84))
    client.sign_in(world.mere.person_id)
    page = said(client.get(HERE))
    for words in (NEEDS["no-statement"][1], "1 draft will be deleted soon", "Grace Ng , on Tue 2 June"):
        assert words in page
    assert world.other.name not in page
    assert "Over 56 days" in page
    assert "84" in page


def test_only_what_the_school_must_do_is_said_to_need_it_and_home_says_so_first(
    client: Client, world: make.World
) -> None:
    """Not what each status says of itself; nor what another school needs, or what is closed."""
    case = client.outside(some_cases, world)
    client.sign_in(world.mere.person_id)
    needs = said(client.get(HERE)).partition("What needs the school now")[2].partition("Cases by status")[0]
    assert NEEDS["no-statement"][0] in needs
    assert not [status for status in Status if status_words(status).school_action in needs]
    asked_for, unnamed = "An update was asked for", "Name a contact"
    assert not [words for words in (asked_for, unnamed) if words in said(client.get("/portal/"))]

    def asks() -> None:
        found = db.session.scalars(select(Case).where(Case.number == case["open"])).one()
        ask_for_update(make.head(world.mere, found), by=world.mere)
        own = db.session.scalars(select(Case.id).where(Case.number == case["queue"])).one()
        part = (CasePerson.case_id == own, CasePerson.part == Part.PRIMARY_CONTACT)
        db.session.execute(update(CasePerson).where(*part).values(until=clock.now()))

    client.outside(asks)
    home = client.get("/portal/")
    assert asked_for in said(home)
    assert f"{unnamed}: {world.ng.name}" in said(home)
    assert f'href="/portal/cases/{case["queue"]}/contacts"' in home.text
    assert numbers(client.get("/portal/reports/cases?which=update-asked")) == [case["open"]]
    other = said(client.sign_in(world.jin.person_id).get("/portal/"))
    assert not [words for words in (asked_for, unnamed) if words in other]


def test_only_year_levels_that_there_are_can_be_asked_for(client: Client, world: make.World) -> None:
    client.outside(some_cases, world)
    client.sign_in(world.mere.person_id)
    for query, years in (("", ["", "10", "12"]), ("?year=3", ["", "3", "10", "12"])):
        listed = client.get(f"{HERE}{query}").text.partition('name="year"')[2].partition("</select>")[0]
        assert re.findall('<option value="([^"]*)"', listed) == years


def test_few_are_shown_one_by_one_and_never_summed_up(client: Client, world: make.World, clock: Traveller) -> None:
    client.outside(lambda: make.open_case(world).number)
    client.sign_in(world.mere.person_id)
    page = client.get(HERE)
    assert "Known on both sides for 0 of 1 case." in said(page)
    assert "%" not in said(page), "no percentage of nothing"
    assert "has recorded and lets you see" in said(page)


def test_a_first_meeting_is_counted_where_the_school_may_know_of_it(
    client: Client, world: make.World, clock: Traveller
) -> None:
    clock.shift(timedelta(weeks=10))
    case = client.outside(lambda: make.open_case(world).id)

    def met(audience: Audience) -> None:
        make.event(world.ana, db.session.get_one(Case, case), audience)

    def in_time() -> int | None:
        found = {which.rpartition("which=")[2]: count for which, count in figures(client)}
        return found.get("school_meet_5bd-2026-Q2-achieved")

    client.sign_in(world.mere.person_id)
    client.outside(met, Audience.RESTRICTED)
    assert in_time() is None, "a figure tells no more than the timeline"
    client.outside(met, Audience.SERVICE)
    assert in_time() == 1


def test_attendance_of_a_handful_is_summed_up_and_each_is_shown(
    client: Client, world: make.World, clock: Traveller
) -> None:
    def submitted(number: int) -> str:
        pupil = make.student(f"Āwhina Tāne {number}", world.tawa)
        return make.submitted(world.priya, pupil, contact=world.tom).number

    def told(number: str) -> int:
        case = make.head(world.mere, db.session.scalars(select(Case).where(Case.number == number)).one())
        return state_absences(case, absences(date(2026, 2, 16), 5), by=world.mere).id

    cases = [client.outside(submitted, number) for number in range(5)]
    clock.shift(timedelta(weeks=5))
    for number in cases:
        client.outside(told, number)
    client.sign_in(world.mere.person_id)
    page = said(client.get(HERE))
    assert "Known on both sides for 5 cases" in page
    assert "together: 50 % before, 80 % since." in page
    assert page.count("+30") == 5
    assert "All half-days" not in said(client.get(f"{HERE}?from_on-day=4&from_on-month=3&from_on-year=2026"))
    assert client.get(f"{CASES}?which=attendance-up").text.count("50 %, 80 %") == 5
    for row in rows(client, "?which=attendance"):
        assert (row["Percent attended before the start"], row["Change in percentage points"]) == ("50", "30")


def absences(first: date, count: int) -> Absences:
    """Half of two weeks, and then a fifth of two."""
    weeks = tuple(
        Week(first + timedelta(weeks=number), HalfDays(10, 0, 5 if number < 2 else 2)) for number in range(count)
    )
    last = first + timedelta(weeks=count, days=-3)
    return Absences(first, last, last, summed(weeks), "Aroha Ngata, by phone", last, weeks)


def test_five_thousand_cases_cost_no_more_statements_than_ten(client: Client, world: make.World) -> None:
    """On PostgreSQL a tenth of them: what is asked is the same, and filling it is dear."""

    def filled() -> int:
        count = 500 if is_postgresql() else 5_000
        many(world, count, here=1, each=1)
        return count + 1

    count = client.outside(filled)
    client.sign_in(world.mere.person_id)
    assert f"{count:,} cases in all" in said(client.get(HERE))
    assert client.statements.count <= 5
    assert len(rows(client)) == count
    assert client.statements.count <= 4
    first = client.get(CASES)
    assert client.statements.count <= 4
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    following = numbers(client.get(unescape(older)))
    assert len(numbers(first)) == len(following) == 25
    assert not set(numbers(first)) & set(following)
