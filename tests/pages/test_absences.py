"""Days absent, as somebody told them: as sums, or week by week (LET-5)."""

from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.attendance.calendars.actions import say_terms
from app.attendance.models import AbsenceStatement, AbsenceWeek
from app.calendars.school_terms import TermOfYear, term_at
from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.core.events import Audit, Outbox
from app.people.queries import Actor
from tests import make
from tests.support.client import Client
from tests.support.markup import forms

pytestmark = pytest.mark.usefixtures("clock")
CEILINGS = {"page": 9, "post": 9}
SAVE, WEEKS = "Save", "Show weeks of this period"
SUMS = {"half_days_open": "40", "half_days_explained": "3", "half_days_unexplained": "8"}
SOURCE = "Aroha Ngata of the school, by phone"


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/attendance"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


def day(name: str, text: str) -> dict[str, str]:
    """The three boxes of a date written 9/2/2026."""
    boxes = ("day", "month", "year")
    return {f"{name}-{box}": part for box, part in zip(boxes, text.split("/"), strict=True)}


def period(first: str = "9/2/2026", last: str = "27/2/2026", as_of: str = "27/2/2026") -> dict[str, str]:
    """Three weeks before the Tuesday on which tests take place."""
    return {**day("from_on", first), **day("to_on", last), **day("as_of", as_of)}


def shown(page: TestResponse) -> dict[str, str]:
    """What stands in the form."""
    form = next(form for form in forms(page.text) if form.action.endswith("/attendance"))
    return {name: values[0] for name, values in form.values.items()}


def stated(client: Client) -> list[Any]:
    statement = select(AbsenceStatement.__table__).order_by(AbsenceStatement.id)
    return list(client.outside(lambda: db.session.execute(statement).all()))


def weeks(client: Client) -> list[Any]:
    return list(client.outside(lambda: db.session.execute(select(AbsenceWeek.__table__)).all()))


def test_the_form_begins_with_the_term_so_far(ana: Client, here: str) -> None:
    page = ana.get(here)
    assert ana.statements.count <= CEILINGS["page"]
    values, today, term = shown(page), clock.today(), term_at(clock.today())
    assert isinstance(term, TermOfYear)
    assert [values[f"from_on-{box}"] for box in ("day", "month")] == [str(term.from_on.day), str(term.from_on.month)]
    assert [values[f"to_on-{box}"] for box in ("day", "month")] == [str(today.day), str(today.month)]
    assert "Nobody has told the days absent yet" in page.text


def test_the_form_begins_with_the_term_that_the_school_of_the_case_said(
    ana: Client, client: Client, world: make.World, here: str
) -> None:
    def says(by: Actor, from_on: date) -> None:
        say_terms(2026, {1: (from_on, date(2026, 4, 2))}, version="", by=by)

    client.outside(lambda: says(world.jin, date(2026, 2, 5)))
    client.outside(lambda: says(world.mere, date(2026, 2, 9)))
    values = shown(ana.get(here))
    assert [values[f"from_on-{box}"] for box in ("day", "month")] == ["9", "2"]


def test_the_case_leads_here(ana: Client, here: str) -> None:
    assert f'href="{here}"' in ana.get(here.removesuffix("attendance")).text


def test_sums_are_told(ana: Client, world: make.World, here: str) -> None:
    answer = ana.fill(ana.get(here), SAVE, **{**SUMS, **period(), "half_days_open": "30"}, source=SOURCE)
    assert answer.status_code == 303
    assert ana.statements.count <= CEILINGS["post"]
    (row,) = stated(ana)
    assert (row.half_days_open, row.half_days_explained, row.half_days_unexplained) == (30, 3, 8)
    assert (row.recorded_by_id, row.organisation_id) == (world.ana.person_id, world.te_awa.id)
    assert (row.student_id, row.school_id) == (world.whanau.id, world.tawa.id)
    assert not weeks(ana)
    page = unescape(ana.get(here).text)
    for text in ("5½", SOURCE, "30 open, 3 absent with a reason, 8 without", "Ana Tuhoro"):
        assert text in page
    assert ana.outside(lambda: db.session.scalar(select(func.count()).where(Audit.event == "absences.stated"))) == 1
    assert ana.outside(lambda: db.session.scalar(select(func.count()).where(Outbox.event == "absences.stated"))) == 0


def test_what_is_told_later_takes_its_place_and_both_stay(ana: Client, here: str) -> None:
    told = {**SUMS, **period(), "half_days_open": "30"}
    ana.fill(ana.get(here), SAVE, **told, source="Zqxwv first")
    ana.fill(ana.get(here), SAVE, **{**told, "half_days_unexplained": "9"}, source="Zqxwv second")
    page = unescape(ana.get(here).text)
    assert ana.statements.count <= CEILINGS["page"]
    assert page.index("Zqxwv second") < page.index("Told before") < page.index("Zqxwv first")
    assert "5½ days absent" in page[page.index("Told before") :]
    assert len(stated(ana)) == 2


def test_weeks_are_shown_with_all_that_was_typed_and_nothing_is_kept(ana: Client, here: str) -> None:
    page = ana.fill(ana.get(here), WEEKS, **SUMS, **period(), source=SOURCE)
    assert page.status_code == 200
    values = shown(page)
    assert [name for name in values if name.startswith("open-")] == [
        "open-2026-02-09",
        "open-2026-02-16",
        "open-2026-02-23",
    ]
    assert (values["source"], values["half_days_unexplained"]) == (SOURCE, "8")
    assert not stated(ana)


def test_weeks_make_up_the_sums(ana: Client, here: str) -> None:
    page = ana.fill(ana.get(here), WEEKS, **period(), source=SOURCE)
    boxes = {
        "open-2026-02-09": "10",
        "explained-2026-02-09": "2",
        "open-2026-02-23": "10",
        "unexplained-2026-02-23": "3",
    }
    assert ana.fill(page, SAVE, **boxes).status_code == 303
    (row,) = stated(ana)
    assert (row.half_days_open, row.half_days_explained, row.half_days_unexplained) == (20, 2, 3)
    assert [(str(week.from_on), week.half_days_open) for week in weeks(ana)] == [("2026-02-09", 10), ("2026-02-23", 10)]
    assert "Week by week, in half-days" in ana.get(here).text


def test_sums_and_weeks_must_agree(ana: Client, here: str) -> None:
    page = ana.fill(ana.get(here), WEEKS, **period(), source=SOURCE)
    answer = ana.fill(page, SAVE, **{"open-2026-02-09": "10", "explained-2026-02-09": "2"}, half_days_explained="3")
    assert answer.status_code == 422
    assert "The weeks do not add up to the sums" in answer.text
    assert 'href="#weeks"' in answer.text
    assert shown(answer)["explained-2026-02-09"] == "2"
    assert not stated(ana)


@pytest.mark.parametrize(
    ("box", "text", "fault"),
    [
        ("open-2026-02-16", "11", "10 half-days lie in the period"),
        ("explained-2026-02-16", "1", "More half-days absent"),
        ("open-2026-02-16", "ten", "Write a whole number"),
        ("open-2026-02-16", "-2", "Write a whole number"),
        ("open-2026-03-02", "4", "outside the period"),
    ],
)
def test_what_is_wrong_with_a_week_stands_in_its_row(ana: Client, here: str, box: str, text: str, fault: str) -> None:
    page = ana.fill(ana.get(here), WEEKS, **period(), source=SOURCE)
    answer = ana.fill(page, SAVE, **{"open-2026-02-09": "10", box: text})
    assert answer.status_code == 422
    row = answer.text[answer.text.index(f"fault-{box[-10:]}") :]
    assert fault in row[: row.index("</tr>")]
    assert shown(answer)[box] == text
    assert not stated(ana)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({**period("27/2/2026", "9/2/2026")}, "ends before it begins"),
        ({**period("9/2/2024")}, "longer than a year"),
        (period(as_of="26/2/2026"), "cannot be older"),
        (period(as_of="1/4/2026"), "still to come"),
        (day("told_on", "1/4/2026"), "still to come"),
        (day("from_on", "31/2/2026"), "no such day"),
        ({"half_days_open": ""}, "Write a whole number"),
        ({"half_days_open": "10"}, "More half-days absent"),
        ({"half_days_open": "31"}, "The period has 30 half-days"),
        ({"half_days_explained": "two"}, "Write a whole number"),
        ({"source": " "}, "Say who told you"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    ana: Client, here: str, values: dict[str, str], fault: str
) -> None:
    typed = {**SUMS, **period(), "half_days_open": "30", "source": SOURCE, **values}
    answer = ana.fill(ana.get(here), SAVE, **typed)
    assert answer.status_code == 422
    assert fault in unescape(answer.text)
    assert {name: shown(answer)[name] for name in typed} == typed
    assert not stated(ana)


@pytest.mark.parametrize("first", ["27/3/2027", "9/2/2020", "x/y/z"])
def test_weeks_of_no_period_are_not_shown(ana: Client, here: str, first: str) -> None:
    answer = ana.fill(ana.get(here), WEEKS, **period(first), source=SOURCE)
    assert answer.status_code == 422
    assert 'id="weeks"' not in answer.text
    assert shown(answer)["source"] == SOURCE


def test_on_a_closed_case_they_are_read_only(ana: Client, world: make.World, here: str) -> None:
    ana.fill(ana.get(here), SAVE, **{**SUMS, **period(), "half_days_open": "30"}, source=SOURCE)
    page = ana.get(here)
    ana.outside(lambda: make.closed(db.session.scalars(select(Case)).one(), by=world.ruth))
    assert ana.fill(page, SAVE, **SUMS, source=SOURCE).status_code == 403
    read = ana.get(here)
    assert (read.status_code, SOURCE in read.text, WEEKS in read.text) == (200, True, False)
    assert len(stated(ana)) == 1


@pytest.mark.parametrize("who", ["aroha", "jin", "david", "wiremu", "lupe", "moana"])
def test_nobody_else_sees_or_tells_them(client: Client, world: make.World, here: str, who: str) -> None:
    client.outside(lambda: make.letter_ready(world, db.session.scalars(select(Case)).one()))
    client.sign_in(world.people[who].person_id)
    portal = here.replace("/workspace/", "/portal/")
    for path in (here, portal, portal.removesuffix("attendance"), here.removesuffix("attendance")):
        text = client.get(path).text
        assert "4½" not in text
        assert "days absent" not in text.lower()
    for path in (here, portal):
        assert client.send(path, **SUMS, source=SOURCE).status_code == 404
    assert len(stated(client)) == 1


@pytest.fixture
def at_school(here: str) -> str:
    return here.replace("/workspace/", "/portal/")


def test_the_school_reads_what_was_told_of_it_and_corrects_it(
    client: Client, world: make.World, here: str, at_school: str
) -> None:
    client.outside(lambda: make.letter_ready(world, db.session.scalars(select(Case)).one()))
    client.sign_in(world.tom.person_id)
    assert f'href="{at_school}"' in client.get(at_school.removesuffix("attendance")).text
    page = client.get(at_school)
    assert client.statements.count <= CEILINGS["page"]
    read = unescape(page.text)
    for text in ("4½", "Aroha Ngata, by phone", "Ruth Whaanga", "not the Ministry’s figure", "As known on"):
        assert text in read, text
    answer = client.fill(page, SAVE, **{**SUMS, **period(), "half_days_open": "30"}, source="Our register")
    assert answer.status_code == 303
    assert client.statements.count <= CEILINGS["post"]
    row = stated(client)[-1]
    assert (row.organisation_id, row.school_id, row.told_on) == (world.tawa.id, world.tawa.id, clock.today())
    read = unescape(client.get(at_school).text)
    assert read.index("Our register") < read.index("Told before") < read.index("Aroha Ngata, by phone")
    assert "Our register" in client.sign_in(world.ana.person_id).get(here).text


def test_a_school_never_reads_what_was_told_of_another(client: Client, world: make.World, at_school: str) -> None:
    """Nor does what it tells stand for the other one, though that acts for the case."""

    def also_at_another() -> None:
        case = db.session.scalars(select(Case)).one()
        make.letter_ready(world, case)
        make.enrolled(case.student_id, world.puna)

    client.outside(also_at_another)
    client.sign_in(world.jin.person_id)
    page = client.get(at_school)
    assert page.status_code == 200
    assert "Nobody has told the days absent yet" in page.text
    assert "Aroha Ngata, by phone" not in page.text
    told = {**SUMS, **period(), "half_days_open": "30"}
    assert client.fill(page, SAVE, **told, source="Zqxwv of Puna Street").status_code == 303
    assert [row.school_id for row in stated(client)] == [world.tawa.id, world.puna.id]
    client.sign_in(world.mere.person_id)
    assert "Zqxwv" not in client.get(at_school).text


def test_a_school_says_where_its_figures_are_from(client: Client, world: make.World, at_school: str) -> None:
    client.sign_in(world.priya.person_id)
    page = client.get(at_school)
    assert "told_on-day" not in page.text
    answer = client.fill(page, SAVE, **{**SUMS, **period(), "half_days_open": "30"}, source=" ")
    assert answer.status_code == 422
    assert "Write where these figures are from" in answer.text
    late = client.fill(page, SAVE, **{**SUMS, **period(as_of="1/4/2026"), "half_days_open": "30"}, source="Register")
    assert "still to come" in late.text
    weeks_shown = client.fill(page, WEEKS, **SUMS, **period(), source="Register")
    assert "open-2026-02-09" in shown(weeks_shown)
    assert not stated(client)
