"""Days absent by marks, where a school sent any, and else as they were told (LET-5, ATT-2)."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.attendance.actions import state_absences
from app.attendance.calendars.queries import present_term
from app.attendance.codes import PROVISIONAL
from app.attendance.known import absences_of, absences_of_each, absences_until, counted_until, half_days_since
from app.attendance.rules import Absences, HalfDays, Week
from app.attendance.tallies.models import ConfirmedTerm
from app.core import clock as our_clock
from app.core.db import db
from app.students.models import Student
from app.students.records.models import MergeState, StudentMerge
from tests import make
from tests.attendance import marked
from tests.attendance.marked import PRESENT, TERM_1
from tests.support.statements import Statements

pytestmark = pytest.mark.usefixtures("clock")
TODAY = date(2026, 3, 3)


def tell(world: make.World, told: Absences) -> None:
    state_absences(make.submitted(world.mere, world.ng, contact=world.mere), told, by=world.mere)


def test_marks_say_the_days_absent_half_day_by_half_day_and_week_by_week(world: make.World) -> None:
    """Friday the sixth of February is Waitangi Day, and a week later the school sent the last marks."""
    marked.term(world.tawa, world.ng, "PPPPTTPPTT", "MPPPPPX?PP")
    found = absences_of(world.ng.id, world.tawa.id)
    assert found
    assert (found.from_on, found.to_on, found.as_of) == (TERM_1, date(2026, 2, 13), date(2026, 2, 13))
    assert (found.days, found.source) == ("2", PROVISIONAL)
    assert found.weeks == (
        Week(TERM_1, HalfDays(8, 0, 2)),
        Week(date(2026, 2, 9), HalfDays(9, 1, 1)),
    )
    assert found.half_days == HalfDays(17, 1, 3)
    assert found.marked
    assert (found.marked.rate, found.marked.band, found.marked.step) == ("76.4 %", "moderate", "good")
    assert list(found.marked.unknown) == [date(2026, 2, 12)]


def test_without_marks_it_is_as_it_was_told(world: make.World) -> None:
    told = make.absences(TODAY)
    tell(world, told)
    assert absences_of(world.ng.id, world.tawa.id) == told


def test_marks_hold_over_what_was_told_of_the_same_term(world: make.World) -> None:
    tell(world, make.absences(TODAY))
    marked.term(world.tawa, world.ng, "PPPPTTPPPP")
    found = absences_of(world.ng.id, world.tawa.id)
    assert found
    assert (found.days, found.source) == ("1", PROVISIONAL)


def test_what_was_told_of_a_later_term_holds_over_marks_of_a_former_one(world: make.World) -> None:
    marked.term(world.tawa, world.ng, "TTTTTTTTTT", from_on=date(2025, 10, 13))
    found = absences_of(world.ng.id, world.tawa.id)
    assert found
    assert found.days == "5"
    told = make.absences(TODAY)
    tell(world, told)
    assert absences_of(world.ng.id, world.tawa.id) == told


def test_what_was_told_of_a_former_term_says_nothing_against_marks(world: make.World) -> None:
    tell(world, replace(make.absences(date(2025, 11, 20)), told_on=TODAY))
    marked.term(world.tawa, world.ng, PRESENT, from_on=date(2025, 11, 10))
    found = absences_of(world.ng.id, world.tawa.id)
    assert found
    assert found.marked


def test_another_school_s_marks_say_nothing_here(world: make.World) -> None:
    make.enrolled(world.ng.id, world.puna)
    marked.term(world.puna, world.ng, "TTTTTTTTTT")
    assert absences_of(world.ng.id, world.tawa.id) is None
    assert half_days(world, world.tawa) == {}
    each = absences_of_each([(world.ng.id, world.tawa.id)])
    assert each == {}


def test_marks_of_a_term_as_it_was_on_a_day(world: make.World) -> None:
    marked.term(world.tawa, world.ng, "TTTTTTTTTT", from_on=date(2025, 10, 13))
    marked.term(world.tawa, world.ng, "PPPPTTPPPP")
    before = absences_of(world.ng.id, world.tawa.id, on=date(2025, 12, 1))
    assert before
    assert before.days == "5"


def test_marks_of_a_record_that_went_into_another_are_counted_with_it(world: make.World) -> None:
    """Where both have a week, that of the record that stays holds."""
    other = make.student("Lani Fifita", world.tawa)
    marked.term(world.tawa, other, "TTTTTTTTTT", "TTPPPPPPPP")
    marked.term(world.tawa, world.ng, "PPPPTTPPPP")
    merge = {"proposed_at": our_clock.now(), "proposed_by_id": world.ana.person_id, "why": "the same"}
    db.session.add(
        StudentMerge(
            public_id="zqxwvmerge",
            from_id=other.id,
            into_id=world.ng.id,
            state=MergeState.CONFIRMED,
            organisation_id=world.ana.organisation_id,
            decided_at=our_clock.now(),
            decided_by_id=world.ana.person_id,
            **merge,
        )
    )
    db.session.flush()
    marked.counted(world.tawa, TERM_1)
    found = absences_of(world.ng.id, world.tawa.id)
    assert found
    assert [week.half_days.absent for week in found.weeks] == [2, 2]
    sums = marked.tally(world.tawa, world.ng)
    assert sums
    assert sums.absent == found.half_days.absent


def test_a_confirmed_term_is_said_so(world: make.World) -> None:
    marked.term(world.tawa, world.ng, PRESENT)
    db.session.add(ConfirmedTerm(school_id=world.tawa.id, term=20261, at=our_clock.now(), by_id=world.mere.person_id))
    db.session.flush()
    found = absences_of(world.ng.id, world.tawa.id)
    assert found
    assert found.marked
    assert found.marked.is_confirmed
    assert found.source == "Half-day marks of the school, confirmed"


def test_of_many_students_as_many_statements_as_of_one(world: make.World, statements: Statements) -> None:
    """And the same is said of each."""
    some = [make.student(f"Student Zqxwv {number}", world.tawa) for number in range(5)]
    for number, pupil in enumerate(some[:3]):
        marked.absent_for(world.tawa, pupil, 2 * number)
    those = [(pupil.id, world.tawa.id) for pupil in some]
    with statements.counted():
        found = absences_of_each(those)
    assert statements.count == 3
    assert found == {of: told for of in those if (told := absences_of(*of))}
    with statements.counted():
        absences_of(*those[0])
    assert statements.count == 2
    with statements.counted():
        absences_of(*those[4])
    assert statements.count == 2


def test_half_days_of_a_term_are_by_marks_and_else_as_told(world: make.World) -> None:
    tell(world, make.absences(TODAY))
    assert half_days(world, world.tawa) == {world.ng.id: 9}
    marked.term(world.tawa, world.ng, "PPPPTTPPPP")
    other = make.student("Lani Fifita", world.tawa)
    marked.absent_for(world.tawa, other, 3)
    assert half_days(world, world.tawa) == {world.ng.id: 2, other.id: 3}


def half_days(world: make.World, at: make.Place) -> dict[int, int]:
    term = present_term(at.id)
    assert term
    found = half_days_since(select(Student.id), at.id, term)
    return {row.student: row.half_days for row in db.session.execute(select(found))}


def test_terms_are_counted_up_to_the_day_that_is_asked_for(world: make.World, statements: Statements) -> None:
    """Of a student up to two days, of another one up to a third; two statements. By marks alone, and of no other school."""
    one, other = world.ng, make.student("Lani Zqxwv", world.tawa)
    tell(world, make.absences(TODAY))
    for pupil in (one, other):
        marked.term(world.tawa, pupil, "TTPPPPPPPP", "PPPPPPPPTT", "TTTTTTTTTT")
    begun, at = TERM_1, world.tawa.id
    those = {(one.id, at, begun, date(2026, 2, 13)), (one.id, at, begun, date(2026, 2, 3))}
    those |= {(other.id, at, begun, date(2026, 2, 16))}
    elsewhere = {(one.id, world.puna.id, begun, date(2026, 2, 13)), (one.id, at, date(2026, 2, 9), date(2026, 2, 13))}
    with statements.counted():
        found = counted_until(those | elsewhere)
    assert statements.count == 2
    assert found == {each: absences_until(each[0], each[1], each[3]) for each in those}
    assert [found[each].half_days.absent for each in sorted(those)] == [2, 4, 6]
