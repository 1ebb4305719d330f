"""A school says when its terms are and when it is closed; what counts by it counts anew (T6, CAL-3)."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select
from time_machine import Traveller

from app.attendance.calendars.models import CalendarEntry
from app.attendance.calendars.queries import calendar_of, calendars_of, present_term
from app.core.db import db
from app.core.events import Audit
from app.people.models import Organisation
from tests import make
from tests.attendance import marked
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
HERE = "/portal/calendar/"
TERMS = f"{HERE}2026/terms"
CLOSING = f"{HERE}closures/new"
SAVE, ADD, OPEN = "Save the terms", "Add these days", "Open again"
CEILINGS = {"page": 4, "terms": 11, "closure": 8}


@pytest.fixture
def mere(client: Client, world: make.World) -> Client:
    return client.sign_in(world.mere.person_id)


def day(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def term(number: int, from_on: date, to_on: date) -> dict[str, str]:
    return {**day(f"from_on_{number}", from_on), **day(f"to_on_{number}", to_on)}


def closed(client: Client, on: date, **more: Any) -> Any:
    return client.fill(
        client.get(CLOSING), ADD, **day("from_on", on), **{"kind": "teacher_only", "why": "Zqxwv", **more}
    )


def words(page: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def entries(client: Client) -> list[Any]:
    every = select(CalendarEntry.__table__).order_by(CalendarEntry.id)
    return client.outside(lambda: list(db.session.execute(every)))


def test_until_the_school_says_more_the_list_counts_and_says_what_is_assumed(mere: Client) -> None:
    page = mere.get(HERE)
    assert mere.statements.count <= CEILINGS["page"]
    said = words(page)
    assert "The first day is assumed" in said
    assert "From the national list" in said
    assert "Mon 9 February to Thu 2 April: 39 school days" in said
    assert "Good Friday" not in said, "it lies in no term"
    assert "None in this year" in said
    assert "Not known: no days are announced" in words(mere.get(f"{HERE}?year=2027"))


def test_where_marks_say_when_term_1_began_that_is_said(mere: Client, world: make.World) -> None:
    mere.outside(lambda: marked.term(world.puna, world.ng, marked.PRESENT))
    assert "The first day is assumed" in words(mere.get(HERE)), "another school’s marks say nothing of this one"
    mere.outside(lambda: marked.term(world.tawa, world.ng, marked.PRESENT))
    said = words(mere.get(HERE))
    assert mere.statements.count <= CEILINGS["page"]
    assert "The first day is inferred from marks" in said
    assert "The first day is assumed" not in said
    assert "Mon 2 February to Thu 2 April: 43 school days" in said


def test_the_school_says_its_terms(mere: Client, world: make.World) -> None:
    answer = mere.fill(mere.get(TERMS), SAVE, **term(1, date(2026, 2, 2), date(2026, 4, 2)))
    assert answer.status_code == 303
    assert mere.statements.count <= CEILINGS["terms"]
    said = words(mere.get(HERE))
    assert "Mon 2 February to Thu 2 April: 43 school days" in said
    assert f"Said by {world.mere.name}" in said
    assert "The first day is assumed" not in said
    (row,) = entries(mere)
    assert (row.school_id, row.term, row.from_on) == (world.tawa.id, 20261, date(2026, 2, 2))


def test_other_days_are_a_row_more_and_no_days_go_back_to_the_list(mere: Client) -> None:
    mere.fill(mere.get(TERMS), SAVE, **term(1, date(2026, 2, 2), date(2026, 4, 2)))
    mere.fill(mere.get(TERMS), SAVE, **term(1, date(2026, 2, 3), date(2026, 4, 2)))
    assert [row.ended_at is None for row in entries(mere)] == [False, True]
    empty = dict.fromkeys(term(1, date(2026, 2, 3), date(2026, 4, 2)), "")
    assert mere.fill(mere.get(TERMS), SAVE, **empty).status_code == 303
    assert [row.ended_at is None for row in entries(mere)] == [False, False]
    assert "The first day is assumed" in words(mere.get(HERE))
    audits = select(func.count()).where(Audit.event == "calendar.term_said")
    assert mere.outside(lambda: db.session.scalar(audits)) == 3


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        (day("from_on_1", date(2026, 2, 2)), "Write both days of the term, or neither"),
        (term(1, date(2026, 4, 2), date(2026, 2, 2)), "The term ends before it begins"),
        (term(1, date(2025, 2, 2), date(2025, 4, 2)), "A term of 2026 lies in 2026"),
        (term(1, date(2026, 2, 2), date(2026, 6, 2)), "14 weeks at most"),
        (term(1, date(2026, 2, 2), date(2026, 4, 24)), "Term 2 begins before term 1 has ended"),
        (term(2, date(2026, 4, 1), date(2026, 7, 3)), "Term 2 begins before term 1 has ended"),
        ({}, "These are the days that were there already"),
        ({**day("from_on_1", date(2026, 2, 2)), "from_on_1-day": "31"}, "There is no such day"),
    ],
)
def test_days_that_cannot_be_are_refused_beside_their_field(mere: Client, days: dict[str, str], fault: str) -> None:
    answer = mere.fill(mere.get(TERMS), SAVE, **days)
    assert answer.status_code == 422
    assert fault in words(answer)
    assert not entries(mere)


def test_of_two_who_change_the_terms_at_once_the_second_is_told(
    mere: Client, client: Client, world: make.World
) -> None:
    early = mere.get(TERMS)
    mere.fill(mere.get(TERMS), SAVE, **term(1, date(2026, 2, 2), date(2026, 4, 2)))
    answer = mere.fill(early, SAVE, **term(1, date(2026, 2, 4), date(2026, 4, 2)))
    assert (answer.status_code, "Somebody else changed these terms" in words(answer)) == (409, True)
    assert [row.from_on for row in entries(mere)] == [date(2026, 2, 2)]


def test_a_closed_day_is_drawn_listed_and_taken_back(mere: Client) -> None:
    answer = closed(mere, date(2026, 5, 8))
    assert answer.status_code == 303
    assert mere.statements.count <= CEILINGS["closure"]
    page = mere.get(HERE)
    assert 'class="wh-day wh-day--teacher_only"' in page.text
    assert "Mon 20 April to Fri 3 July: 52 school days" in words(page)
    assert words(page).count("Teacher-only day: Zqxwv") >= 3, "in the picture, its list, and the table"
    assert mere.fill(page, OPEN).status_code == 303
    page = mere.get(HERE)
    assert "Zqxwv" not in page.text
    assert "Mon 20 April to Fri 3 July: 53 school days" in words(page)


def test_half_a_day(mere: Client) -> None:
    closed(mere, date(2026, 5, 8), half="afternoon", kind="closed")
    said = words(mere.get(HERE))
    assert "Mon 20 April to Fri 3 July: 53 school days" in said
    assert "Closed: Zqxwv (afternoon only)" in said


@pytest.mark.parametrize(
    ("on", "more", "fault"),
    [
        (date(2026, 4, 25), {}, "is not open then in any case"),
        (date(2026, 4, 27), {}, "is not open then in any case"),  # Anzac Day, observed
        (date(2026, 7, 8), {}, "is not open then in any case"),
        (date(2026, 5, 8), {"kind": ""}, "Choose what kind of day it is"),
        (date(2026, 5, 8), {"why": "a" * 201}, "200 characters at most"),
        (date(2026, 5, 8), day("to_on", date(2026, 5, 7)), "The last day lies before the first"),
        (date(2026, 5, 8), day("to_on", date(2026, 12, 7)), "12 weeks at a time at most"),
    ],
)
def test_a_closure_that_says_nothing_is_refused(mere: Client, on: date, more: dict[str, str], fault: str) -> None:
    answer = closed(mere, on, **more)
    assert (answer.status_code, fault in words(answer)) == (422, True)
    assert not entries(mere)


def test_every_school_has_its_own(mere: Client, client: Client, world: make.World) -> None:
    closed(mere, date(2026, 5, 8))
    (row,) = entries(mere)
    jin = client.sign_in(world.jin.person_id)
    assert "Zqxwv" not in jin.get(HERE).text
    assert jin.send(f"{HERE}closures/{row.public_id}/ending").status_code == 404
    both = client.outside(lambda: calendars_of({world.tawa.id: "WGN", world.puna.id: "WGN"}))
    assert [bool(both[school.id].closures) for school in (world.tawa, world.puna)] == [True, False]
    assert not client.outside(lambda: calendar_of(world.puna.id, "WGN")).closures


def test_who_only_reads_it_changes_nothing(client: Client, world: make.World) -> None:
    tom = client.sign_in(world.tom.person_id)
    page = tom.get(HERE)
    assert CLOSING not in page.text
    assert (tom.get(CLOSING).status_code, tom.get(TERMS).status_code) == (403, 403)
    assert client.get(f"{HERE}1999/terms").status_code == 404


def test_the_review_of_a_plan_is_proposed_by_the_schools_own_days(
    mere: Client, client: Client, world: make.World, clock: Traveller
) -> None:
    """Twenty school days from today: a week that the school is closed moves it on."""
    clock.move_to("2026-05-04T12:00:00+12:00")
    number = client.outside(
        lambda: (
            make.assigned(
                make.submitted(world.priya, make.student("Tama Tāne", world.tawa), contact=world.tom),
                to=world.ana,
                by=world.ruth,
            ).number
        )
    )

    def proposed() -> str:
        page = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/plan/change")
        found = re.findall(r'name="review_on-(?:day|month)"[^>]*value="(\d+)"', page.text)
        return " ".join(found)

    before = proposed()
    closed(client.sign_in(world.mere.person_id), date(2026, 5, 11), **day("to_on", date(2026, 5, 15)))
    assert (before, proposed()) == ("2 6", "9 6")


def test_a_service_reads_it_and_no_other_one_does(mere: Client, client: Client, world: make.World) -> None:
    closed(mere, date(2026, 5, 8))
    number = client.outside(
        lambda: db.session.scalar(select(Organisation.number).where(Organisation.id == world.tawa.id))
    )
    here = f"/workspace/schools/{number}/calendar"
    page = client.sign_in(world.ana.person_id).get(here)
    assert "Teacher-only day: Zqxwv" in words(page)
    assert OPEN not in page.text
    assert "School days of its students" in words(client.get(f"{here}?year=1{'0' * 40}"))
    assert client.sign_in(world.lupe.person_id).get(here).status_code == 404


def test_letters_of_a_school_are_of_the_term_that_it_said(mere: Client, world: make.World) -> None:
    """Today is the third of March; the term before it is the last one of 2025."""
    assert [mere.outside(present_code, school.id) for school in (world.tawa, world.puna)] == [20261, 20261]
    mere.fill(mere.get(TERMS), SAVE, **term(1, date(2026, 3, 4), date(2026, 4, 2)))
    assert [mere.outside(present_code, school.id) for school in (world.tawa, world.puna)] == [20254, 20261]


def present_code(school_id: int) -> int:
    found = present_term(school_id)
    assert found is not None
    return found.code


def test_it_can_be_read_below_an_announcement(mere: Client, world: make.World) -> None:
    """The strip of an announcement has words of its own."""
    mere.fill(mere.get(TERMS), SAVE, **term(1, date(2026, 2, 2), date(2026, 4, 2)))
    mere.outside(lambda: make.announced(world.oscar))
    page = mere.get(HERE)
    assert f"Said by {world.mere.name}" in words(page)
    assert 'class="wh-strip"' in page.text
