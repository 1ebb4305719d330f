"""Days of return that have passed: what an answer says of them, what a roll says, and who is told (ATT-3)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from time_machine import Traveller

from app.attendance.prompts import telling
from app.attendance.prompts.models import MarkPrompt, PromptKind
from app.attendance.prompts.rules import Ask
from app.cases.prompts.actions import _tell_of_returns as tell_of_the_returns
from app.core import clock as core_clock
from app.core.db import db
from app.students.models import Enrolment, EnrolmentType, Student
from tests import make
from tests.attendance import marked
from tests.attendance.test_prompts import answered, away_for, lines, merged, prompt
from tests.letters import school
from tests.support.plans import read_through
from tests.support.statements import Statements

pytestmark = pytest.mark.usefixtures("clock")
BACK_ON = date(2026, 3, 2)


def on(clock: Traveller, month: int, day: int) -> None:
    clock.move_to(core_clock.begin_of(date(2026, month, day)) + timedelta(hours=10))


def asks(world: make.World) -> list[str]:
    return [ask for _, ask, _ in lines(world)]


def untold() -> list[str]:
    return [row.kind for row in telling.untold()]


def passed() -> list[date]:
    return [row.return_on for row in telling.returns_passed()]


def told() -> None:
    """What the worker does of long absences."""
    ids = [row.id for row in telling.untold()]
    db.session.execute(update(MarkPrompt).where(MarkPrompt.id.in_(ids)).values(told_at=core_clock.now()))


def said_to_be_back(world: make.World, clock: Traveller) -> None:
    """At nineteen days, on 2 March; and that day has passed."""
    on(clock, 2, 28)
    away_for(world, 4)
    told()
    answered(world, "return_known", return_on=BACK_ON)
    assert (asks(world), untold(), passed()) == ([], [], [])
    on(clock, 3, 3)
    assert (asks(world), untold(), passed()) == ([Ask.RETURN_PASSED], [], [BACK_ON])
    tell_of_the_returns(telling.returns_passed())


def not_attending(world: make.World, return_on: date | None) -> None:
    """As a roll says it."""
    of_ng = update(Enrolment).where(Enrolment.student_id == world.ng.id)
    db.session.execute(of_ng.values(type=EnrolmentType.NOT_ATTENDING))
    says = {"return_on": return_on, "return_said_by": "The roll"}
    db.session.execute(update(Student).where(Student.id == world.ng.id).values(**says))


def test_an_answer_that_another_took_the_place_of_does_not_come_back_at_twenty_days(
    world: make.World, clock: Traveller
) -> None:
    said_to_be_back(world, clock)
    answered(world, "other", note="Nobody knows.")
    assert asks(world) == []
    on(clock, 3, 7)
    away_for(world, 5)
    assert (asks(world), untold(), passed()) == ([Ask.ABSENT_TWENTY], [PromptKind.ABSENT_TWENTY], [])
    answered(world, "withdrawn", done_on=core_clock.today())
    assert (asks(world), untold(), passed()) == ([], [], [])


def test_at_twenty_days_people_are_told_where_the_day_of_return_has_passed(world: make.World, clock: Traveller) -> None:
    """And of that day not once more."""
    said_to_be_back(world, clock)
    on(clock, 3, 7)
    away_for(world, 5)
    assert (asks(world), untold(), passed()) == ([Ask.RETURN_PASSED], [PromptKind.ABSENT_TWENTY], [])
    told()
    assert untold() == []


def test_at_twenty_days_nobody_is_told_where_the_day_of_return_is_still_to_come(
    world: make.World, clock: Traveller
) -> None:
    on(clock, 2, 28)
    away_for(world, 4)
    answered(world, "return_known", return_on=date(2026, 3, 9))
    on(clock, 3, 7)
    away_for(world, 5)
    assert (asks(world), untold(), passed()) == ([], [], [])


def test_who_answered_about_twenty_days_is_not_told_of_them(world: make.World, clock: Traveller) -> None:
    away_for(world, 5)
    answered(world, "return_known", return_on=core_clock.today())
    clock.shift(timedelta(days=1))
    assert (asks(world), untold()) == ([Ask.RETURN_PASSED], [])


def test_a_day_of_return_from_a_roll_that_has_passed_is_asked_about(world: make.World, clock: Traveller) -> None:
    away_for(world, 5)
    today = core_clock.today()
    not_attending(world, today)
    assert (asks(world), untold(), passed()) == ([], [], [])
    not_attending(world, None)
    assert (asks(world), untold(), passed()) == ([], [], [])
    not_attending(world, today)
    clock.shift(timedelta(days=1))
    assert (asks(world), untold(), passed()) == ([Ask.RETURN_PASSED], [PromptKind.ABSENT_TWENTY], [today])
    assert prompt(world).return_on == today
    tell_of_the_returns(telling.returns_passed())
    assert passed() == []
    clock.shift(timedelta(days=20))
    assert (asks(world), passed()) == ([Ask.RETURN_PASSED], [])


def test_the_day_of_who_attends_is_no_task_of_the_school(world: make.World) -> None:
    """It was written about days before."""
    away_for(world, 5)
    early = core_clock.today() - timedelta(days=2)
    db.session.execute(update(Student).where(Student.id == world.ng.id).values(return_on=early))
    assert (asks(world), passed()) == ([Ask.ABSENT_TWENTY], [])


def test_a_holiday_holds_whatever_day_the_roll_said(world: make.World) -> None:
    away_for(world, 5)
    not_attending(world, core_clock.today() - timedelta(days=2))
    assert asks(world) == [Ask.RETURN_PASSED]
    school.holiday(world.mere, world.ng, days=-2)
    assert (asks(world), untold(), passed()) == ([], [], [])


@pytest.mark.parametrize(("code", "more"), [("approved", {"note": "In hospital."}), ("return_known", {"note": ""})])
def test_what_is_answered_after_the_day_of_a_roll_takes_its_line_away(
    world: make.World, code: str, more: dict[str, Any]
) -> None:
    away_for(world, 5)
    not_attending(world, core_clock.today() - timedelta(days=1))
    back_on = core_clock.today() + timedelta(days=9) if code == "return_known" else None
    answered(world, code, return_on=back_on, **more)
    assert (asks(world), untold(), passed()) == ([], [], [])


def test_what_was_answered_before_the_day_of_a_roll_does_not_hide_that_it_passed(
    world: make.World, clock: Traveller
) -> None:
    away_for(world, 5)
    answered(world, "other", note="Nan is ill.")
    not_attending(world, core_clock.today())
    assert asks(world) == []
    back_on = core_clock.today()
    clock.shift(timedelta(days=1))
    assert (asks(world), passed()) == ([Ask.RETURN_PASSED], [back_on])


def test_of_a_day_that_passed_lately_at_one_school_another_hears_nothing(world: make.World) -> None:
    make.enrolled(world.ng.id, world.puna, from_on=marked.TERM_1)
    away_for(world, 5)
    marked.term(world.puna, world.ng, *["T" * 10] * 5)
    of_tawa = (Enrolment.student_id == world.ng.id, Enrolment.school_id == world.tawa.id)
    db.session.execute(update(Enrolment).where(*of_tawa).values(type=EnrolmentType.NOT_ATTENDING))
    yesterday = core_clock.today() - timedelta(days=1)
    db.session.execute(update(Student).where(Student.id == world.ng.id).values(return_on=yesterday))
    assert [row.school_id for row in telling.returns_passed()] == [world.tawa.id]
    assert asks(world) == [Ask.RETURN_PASSED]


def test_answers_of_a_record_that_went_into_somebody_else_are_not_of_everybody(world: make.World) -> None:
    other, third = make.student("Grace Ng", world.tawa), make.student("Zqxwv Tai", world.tawa)
    away_for(world, 5)
    answered(world, "approved", note="In hospital.")
    merged(world, world.ng, other)
    marked.term(world.tawa, third, *["T" * 10] * 5)
    assert lines(world) == [("Zqxwv Tai", Ask.ABSENT_TWENTY, 24)]


@pytest.mark.parametrize("ask", [telling.untold, telling.returns_passed])
def test_answers_of_records_that_became_one_are_found_by_an_index(
    world: make.World, statements: Statements, ask: object
) -> None:
    away_for(world, 5)
    with statements.counted():
        assert callable(ask)
        ask()
    assert statements.count <= 2
    for asked in list(zip(statements.texts, statements.values, strict=True)):  # of a dozen students all may be read
        assert not read_through(*asked, False) & {"student_merge", "prompt_answer"}
