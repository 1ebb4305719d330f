"""Whose cases a report is made of, and what was told of attendance before they started and since."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.attendance.rules import Absences, HalfDays, Week, summed
from app.cases.models import Case
from app.core import clock as clocks
from app.core.db import db
from app.people.models import School
from app.people.queries import Actor
from app.reports.presence import Change
from app.reports.queries import drafts_ending, lines_for, service_lines_for
from app.reports.timeliness import IN_SCHOOL, Standing
from app.students.merging.actions import go_over, merge_by_match
from app.students.models import Enrolment
from app.students.privacy.actions import mark_given
from tests import make
from tests.attendance import marked

MONDAYS = [date(2026, 2, 9) + timedelta(weeks=number) for number in range(6)]
"""The case starts on Tuesday 3 March: in the week of the fourth."""


@pytest.fixture
def case(world: make.World, clock: Traveller) -> Case:
    """Hēmi's, with Ana; Tom is the contact."""
    found = make.open_case(world)
    clock.shift(timedelta(weeks=4))
    return found


def tell(world: make.World, case: Case, absent: dict[date, int], *, by: Actor | None = None) -> None:
    """Of each of these weeks so many half-days absent."""
    weeks = tuple(Week(monday, HalfDays(10, 0, count)) for monday, count in absent.items())
    first, last, today = min(absent), max(absent) + timedelta(days=4), clocks.today()
    state_absences(make.head(by or world.ruth, case), _told(first, last, today, weeks), by=by or world.ruth)


def _told(first: date, last: date, today: date, weeks: Sequence[Week]) -> Absences:
    return Absences(first, last, today, summed(weeks), "Aroha Ngata, by phone", today, weeks)


def the_change(who: Actor) -> Change | None:
    (line,) = lines_for(who)
    return line.change


def test_each_sees_their_own_cases_and_no_other(world: make.World, case: Case) -> None:
    older = make.submitted(world.priya, world.ng, contact=world.aroha)
    theirs = make.submitted(world.sione, world.other, contact=world.jin)
    gone = make.student("Rangi Tāne", world.tawa)
    make.submitted(world.priya, gone, contact=world.tom)
    make.left(gone, world.tawa)
    expected = {"mere": {case, older}, "priya": {case, older}, "tom": {case}, "aroha": {older}, "jin": {theirs}}
    for who, own in expected.items():
        assert {line.number for line in lines_for(world.people[who])} == {each.number for each in own}, who
    assert lines_for(world.kahu) == lines_for(world.hana) == []


def test_weeks_wholly_before_the_start_stand_against_weeks_wholly_since(world: make.World, case: Case) -> None:
    assert the_change(world.mere) is None
    tell(world, case, dict(zip(MONDAYS[:3], (6, 6, 3), strict=True)))
    assert the_change(world.mere) is None, "nothing is known of what came since"
    tell(world, case, dict(zip(MONDAYS[3:], (10, 2, 1), strict=True)))
    for who in (world.mere, world.tom):
        found = the_change(who)
        assert found is not None
        assert (found.before.weeks, found.before.half_days.attended) == (3, 15)
        assert (found.after.weeks, found.after.half_days.attended) == (2, 17)
        assert (found.before.percent, found.after.percent, found.points) == (50, 85, 35)


def test_what_was_told_last_of_a_week_counts(world: make.World, case: Case) -> None:
    tell(world, case, dict.fromkeys(MONDAYS, 5))
    tell(world, case, {MONDAYS[0]: 0, MONDAYS[1]: 0})
    found = the_change(world.mere)
    assert found is not None
    assert found.before.half_days == HalfDays(30, 0, 5)
    today = clocks.today()
    bare = Absences(MONDAYS[0], MONDAYS[2] + timedelta(days=4), today, HalfDays(30, 0, 9), "Tom, by phone", today)
    state_absences(make.head(world.ruth, case), bare, by=world.ruth)
    assert the_change(world.mere) is None, "told anew, and not week by week"


def test_what_was_told_of_another_school_says_nothing_of_this_one(world: make.World, case: Case) -> None:
    make.enrolled(case.student_id, world.puna)
    tell(world, case, dict.fromkeys(MONDAYS, 5))
    assert lines_for(world.mere)[0].change is not None
    assert [line.change for line in lines_for(world.jin)] == [None]


def test_marks_count_where_they_are_on_both_sides(world: make.World, case: Case) -> None:
    """Three weeks before the start with four, four and no half-days absent; two since with one each. The first has Waitangi Day."""
    tell(world, case, dict.fromkeys(MONDAYS, 5))
    pupil = make.Pupil(case.student_id, "", "")
    marked.term(world.tawa, pupil, "TTMMPPPPPP", "TTMMPPPPPP", from_on=MONDAYS[0])
    assert_told(world)
    weeks = ("TTMMPPPPPP", "TTMMPPPPPP", "PPPPPPPP..", "TTTTTTTTTT", "TPPPPPPPPP", "MPPPPPPPXX")
    marked.term(world.tawa, pupil, *weeks, from_on=MONDAYS[0])
    for lines in (lines_for(world.mere), lines_for(world.tom), service_lines_for(world.ruth)):
        (found,) = [line.change for line in lines]
        assert found is not None
        assert found.is_marked
        assert (found.before.weeks, found.before.half_days) == (3, HalfDays(28, 4, 4))
        assert (found.after.weeks, found.after.half_days) == (2, HalfDays(18, 1, 1))


def test_of_a_closed_case_nothing_is_counted_that_came_later(world: make.World, case: Case, clock: Traveller) -> None:
    """Neither marks nor what was told, also not where the student is still at that school."""
    pupil = make.Pupil(case.student_id, "", "")
    marked.term(world.tawa, pupil, *["TTPPPPPPPP"] * 3, "PPPPPPPPPP", "TPPPPPPPPP", from_on=MONDAYS[0])
    clock.move_to(datetime(2026, 3, 14, tzinfo=UTC))
    make.closed(case, by=world.ruth)
    clock.shift(timedelta(weeks=4))
    marked.term(world.tawa, pupil, *["TTTTTTTTTT"] * 3, from_on=MONDAYS[5])
    for line in (*lines_for(world.mere), *service_lines_for(world.ruth)):
        assert line.change is not None
        assert (line.change.after.weeks, line.change.after.half_days.absent) == (1, 1)
    assert lines_for(world.mere)


def assert_told(world: make.World) -> None:
    """Marks of one side alone say nothing of a change."""
    found = the_change(world.mere)
    assert found is not None
    assert not found.is_marked
    assert found.before.half_days == HalfDays(30, 0, 15)


def test_marks_off_the_roll_of_another_school_and_of_years_ago_do_not_count(world: make.World, case: Case) -> None:
    pupil = make.Pupil(case.student_id, "", "")
    make.enrolled(case.student_id, world.puna)
    marked.term(world.puna, pupil, *["TTTTTTTTTT"] * 6, from_on=MONDAYS[0])
    assert the_change(world.mere) is None
    marked.term(world.tawa, pupil, *["PPPPPPPPPP"] * 6, from_on=MONDAYS[0])
    marked.term(world.tawa, pupil, "TTTTTTTTTT", from_on=MONDAYS[0] - timedelta(weeks=60))
    here = (Enrolment.student_id == case.student_id, Enrolment.school_id == world.tawa.id)
    db.session.execute(update(Enrolment).where(*here).values(from_on=MONDAYS[1] + timedelta(days=1)))
    found = the_change(world.mere)
    assert found is not None
    assert (found.before.half_days, found.after.percent) == (HalfDays(18, 0, 0), 100)


def test_marks_of_a_record_that_went_into_this_one_count_with_it(world: make.World, case: Case) -> None:
    other = make.student("Hēmi Zqxwv", world.tawa)
    marked.term(world.tawa, other, *["TPPPPPPPPP"] * 4, from_on=MONDAYS[0])
    marked.term(world.tawa, make.Pupil(case.student_id, "", ""), *["PPPPPPPPPP"] * 4, from_on=MONDAYS[2])
    assert the_change(world.mere) is not None
    merge = merge_by_match(other.id, case.student_id, 1, why="The same", by=world.ana)
    go_over(merge, {}, by=world.ana)
    found = the_change(world.mere)
    assert found is not None
    assert (found.before.weeks, found.before.half_days.absent) == (3, 2)


def test_a_line_says_what_the_school_has_left_to_do(world: make.World, case: Case) -> None:
    (line,) = lines_for(world.mere)
    assert (line.contact_name, line.lacks_contact, line.year_level) == ("Tom Hargreaves", False, make.YEAR_LEVEL)
    assert line.statement_given_on is None
    mark_given(case.student_id, clocks.today(), by=world.jin)
    assert lines_for(world.mere)[0].statement_given_on is None, "another school's own note"
    mark_given(case.student_id, clocks.today(), by=world.mere)
    make.end_roles(world.tom)
    (line,) = lines_for(world.mere)
    assert (line.statement_given_on, line.lacks_contact) == (clocks.today(), True)


def test_a_year_level_is_this_schools_own(world: make.World, case: Case) -> None:
    make.enrolled(case.student_id, world.puna)
    here = (Enrolment.student_id == case.student_id, Enrolment.school_id == world.puna.id)
    db.session.execute(update(Enrolment).where(*here).values(year_level=12))
    assert [line.year_level for line in lines_for(world.mere)] == [make.YEAR_LEVEL]
    assert [line.year_level for line in lines_for(world.jin)] == [12]


def test_an_in_school_provision_has_the_clock_without_the_contract(world: make.World, case: Case) -> None:
    (line,) = lines_for(world.mere)
    assert not line.is_provision
    own = update(School).where(School.organisation_id == world.tawa.id)
    db.session.execute(own.values(provision_id=world.te_awa.id))
    (line,) = lines_for(world.mere)
    assert {found.standing for found in line.judged.values()} == {Standing.EXCLUDED}
    assert {found.why for found in line.judged.values()} == {IN_SCHOOL}


def test_drafts_are_named_from_the_day_their_end_is_announced(world: make.World, clock: Traveller) -> None:
    make.draft(world.priya, world.whanau)
    make.draft(world.sione, world.other)
    for days, count in ((82, 0), (1, 1)):
        clock.shift(timedelta(days=days))
        assert drafts_ending(world.mere)[0] == count
    assert [row.legal_name for row in drafts_ending(world.mere)[1]] == [world.whanau.name]
    assert drafts_ending(world.tom) == (0, [])
    assert drafts_ending(world.jin)[0] == 1
