"""The sums of half-day marks, term by term, as lists and letters read them (ATT-2)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from time_machine import Traveller

from app.attendance.calendars.actions import close_days, say_terms
from app.attendance.calendars.models import CalendarEntryKind
from app.attendance.calendars.queries import calendar_of, own_calendar
from app.attendance.calendars.rules import ClosureFacts
from app.attendance.tallies.actions import ask_to_count, count_some
from app.attendance.tallies.carrying import count_due
from app.attendance.tallies.models import MarkWeek, TallyDue
from app.attendance.tallies.queries import as_marked, first_mark_of, weeks_of
from app.attendance.tallies.rules import LONGEST_TERM
from app.calendars.school_terms import listed_years, terms_of
from app.core.db import db
from app.core.events import Happened
from app.core.following import let_follow
from app.students.merging.actions import come_back, go_over, merge_by_match
from app.students.models import Enrolment
from app.students.records.models import MergeState
from tests import make
from tests.attendance import marked
from tests.attendance.marked import PRESENT, TERM_1

WEEK_2 = TERM_1 + timedelta(weeks=1)


def test_a_term_is_counted_and_counted_anew(world: make.World) -> None:
    """A second week after Waitangi Day, of which no half-day counts."""
    marked.term(world.tawa, world.ng, "PPPPTTPPPP", "PPMMPPPPPP")
    sums = marked.tally(world.tawa, world.ng)
    assert sums
    assert (sums.present, sums.justified, sums.unjustified, sums.unmarked) == (14, 2, 2, 0)
    assert (sums.absent, sums.explained, sums.unexplained) == (4, 2, 2)
    assert (sums.from_on, sums.to_on) == (TERM_1, date(2026, 2, 13))
    marked.marks(world.tawa, world.ng, {TERM_1: PRESENT})
    sums = marked.tally(world.tawa, world.ng)
    assert sums
    assert (sums.absent, sums.present) == (2, 16)


@pytest.mark.parametrize("begins", [date(2025, 5, 5), TERM_1], ids=["listed", "assumed"])
def test_marks_that_go_take_no_earlier_ones_of_the_term_along(world: make.World, begins: date) -> None:
    """Also where only the marks say that the term had begun; the term goes with the last of them."""
    code, next_week = begins.year * 10 + (2 if begins.month > 3 else 1), begins + timedelta(weeks=1)
    marked.term(world.tawa, world.ng, "PPPPTTPPPP", "TTTTTTTTTT", from_on=begins)
    for monday, absent in ((next_week, 2), (begins, None)):
        db.session.execute(delete(MarkWeek).where(MarkWeek.monday == monday))
        marked.counted(world.tawa, monday)
        sums = marked.tally(world.tawa, world.ng, code)
        assert (sums.absent if sums else None) == absent


def test_of_a_student_whose_marks_end_before_the_school_s_the_rest_is_unmarked(world: make.World) -> None:
    other = make.student("Lani Fifita", world.tawa)
    marked.term(world.tawa, other, PRESENT)
    marked.term(world.tawa, world.ng, PRESENT, PRESENT)
    sums = marked.tally(world.tawa, other)
    assert sums
    assert (sums.present, sums.unmarked, sums.to_on) == (8, 10, date(2026, 2, 13))


def test_where_nobody_says_when_term_1_began_the_first_mark_of_the_school_does(world: make.World) -> None:
    """Not that of the student, and of each year by itself."""
    other = make.student("Lani Fifita", world.tawa)
    marked.term(world.tawa, other, PRESENT, from_on=date(2025, 2, 3))
    marked.term(world.tawa, other, PRESENT)
    marked.term(world.tawa, world.ng, PRESENT, PRESENT, from_on=date(2025, 2, 3))
    marked.term(world.tawa, world.ng, "..TTPPPPPP", PRESENT)
    marked.counted(world.tawa, date(2025, 1, 1))
    sums = [marked.tally(world.tawa, world.ng, code) for code in (20251, 20261)]
    assert [each and (each.from_on, each.absent) for each in sums] == [(date(2025, 2, 3), 0), (TERM_1, 2)]
    calendar = as_marked(calendar_of(world.tawa.id, "WGN"), world.tawa.id, [2025, 2026])
    assert calendar.begun == {2025: date(2025, 2, 3), 2026: TERM_1}
    assert [calendar.terms(year)[0].is_inferred for year in (2025, 2026)] == [True, True]


def test_a_mark_before_any_school_begins_is_no_first_day(world: make.World) -> None:
    marked.term(world.tawa, world.ng, "TTTTTTTTTT", from_on=date(2026, 1, 12))
    marked.term(world.tawa, world.ng, PRESENT, PRESENT)
    sums = marked.tally(world.tawa, world.ng)
    assert sums
    assert (sums.from_on, sums.absent) == (TERM_1, 0)


def test_a_term_whose_end_nobody_has_said_goes_up_to_the_next(world: make.World) -> None:
    say_terms(2027, {2: (date(2027, 4, 20), date(2027, 7, 2))}, version="", by=world.mere)
    for day in (date(2027, 4, 12), date(2027, 5, 3)):
        marked.term(world.tawa, world.ng, PRESENT, from_on=day)
    marked.counted(world.tawa, date(2027, 1, 1))
    sums = [marked.tally(world.tawa, world.ng, code) for code in (20271, 20272)]
    assert [each and (each.present, each.to_on) for each in sums] == [(10, date(2027, 4, 19)), (10, date(2027, 5, 7))]


def test_a_term_whose_end_nobody_has_said_is_no_longer_than_any(world: make.World) -> None:
    """What is marked later is of none, and takes no sums away."""
    for day in (date(2027, 2, 15), date(2027, 5, 10), date(2027, 8, 2)):
        marked.term(world.tawa, world.ng, PRESENT, from_on=day)
    marked.counted(world.tawa, date(2027, 1, 1))
    sums = marked.tally(world.tawa, world.ng, 20271)
    assert sums
    assert (sums.present, sums.from_on, sums.to_on) == (10, date(2027, 2, 3), date(2027, 4, 27))
    assert marked.tally(world.tawa, world.ng, 20272) is None


def test_no_term_of_the_list_is_longer_than_the_longest() -> None:
    listed = [term for year in listed_years() for term in terms_of(year)]
    assert listed
    assert max(term.to_on - term.from_on for term in listed) < LONGEST_TERM


def test_where_there_are_marks_another_time_on_the_roll_is_counted_anew(world: make.World) -> None:
    make.enrolled(world.ng.id, world.puna)
    marked.term(world.tawa, world.ng, "TTPPPPPPPP")
    for school_id in (world.tawa.id, world.puna.id):
        of = (Enrolment.student_id == world.ng.id, Enrolment.school_id == school_id)
        enrolment = db.session.scalars(select(Enrolment).where(*of)).one()
        let_follow(Happened("enrolment.recorded", enrolment), by=world.ana)
    assert [due.school_id for due in db.session.scalars(select(TallyDue))] == [world.tawa.id]


def test_who_is_on_the_roll_no_more_has_no_sum(world: make.World) -> None:
    """An enrolment that was recorded by mistake is taken back."""
    marked.term(world.tawa, world.ng, "TTPPPPPPPP")
    marked.term(world.tawa, make.student("Lani Fifita", world.tawa), PRESENT)
    db.session.execute(delete(Enrolment).where(Enrolment.student_id == world.ng.id))
    marked.counted(world.tawa, TERM_1)
    assert marked.tally(world.tawa, world.ng) is None


def test_two_records_that_become_one_are_counted_as_one_and_apart_again_when_it_is_undone(world: make.World) -> None:
    other = make.student("Lani Fifita", world.tawa)
    marked.term(world.tawa, world.ng, "TTPPPPPPPP")
    marked.term(world.tawa, other, "PPTTTTPPPP", PRESENT)
    merge = merge_by_match(other.id, world.ng.id, 1, why="The same", by=world.ana)
    go_over(merge, {}, by=world.ana)
    count_what_is_due(world)
    assert (sums_of(world, world.ng), sums_of(world, other)) == ((2, 16), None)
    assert weeks_there(world, world.ng) == [(TERM_1, "PPTTTTPPPP"), (TERM_1, "TTPPPPPPPP"), (WEEK_2, PRESENT)]
    come_back(merge, by=world.ana)
    merge.state = MergeState.UNDONE
    count_what_is_due(world)
    assert (sums_of(world, world.ng), sums_of(world, other)) == ((2, 6), (4, 14))
    assert weeks_there(world, world.ng) == [(TERM_1, "TTPPPPPPPP")]
    assert weeks_there(world, other) == [(TERM_1, "PPTTTTPPPP"), (WEEK_2, PRESENT)]


def test_marks_go_along_with_a_record_that_goes_on_into_a_third(world: make.World) -> None:
    """The third has no marks of its own."""
    second, third = make.student("Ngaio Ngata", world.tawa), make.student("Ngaio Ngāta", world.tawa)
    marked.term(world.tawa, world.ng, "TTPPPPPPPP")
    for number, (goes, stays) in enumerate([(world.ng, second), (second, third)]):
        go_over(merge_by_match(goes.id, stays.id, number, why="The same", by=world.ana), {}, by=world.ana)
        count_what_is_due(world)
    assert [sums_of(world, each) for each in (world.ng, second, third)] == [None, None, (2, 6)]


def test_another_time_on_the_roll_is_counted_anew_where_marks_lie_under_a_record_that_went_in(
    world: make.World,
) -> None:
    """Recorded, or taken back; of a school that sent none nothing is."""
    stays = make.student("Ngaio Ngata", world.tawa)
    make.enrolled(stays.id, world.puna)
    marked.term(world.tawa, world.ng, "TTPPPPPPPP")
    go_over(merge_by_match(world.ng.id, stays.id, 1, why="The same", by=world.ana), {}, by=world.ana)
    count_what_is_due(world)
    theirs = select(Enrolment).where(Enrolment.student_id == stays.id)
    for enrolment in db.session.scalars(theirs).all():
        let_follow(Happened("enrolment.recorded", enrolment), by=world.ana)
        is_here = enrolment.school_id == world.tawa.id
        assert (db.session.get(TallyDue, enrolment.school_id) is not None) == is_here
        assert db.session.scalar(select(first_mark_of(enrolment))) == (TERM_1 if is_here else None)


def weeks_there(world: make.World, pupil: make.Pupil) -> list[tuple[date, str]]:
    """The last of two with one Monday holds: that of the record itself."""
    return [(week.monday, week.marks) for week in weeks_of(pupil.id, world.tawa.id, TERM_1, WEEK_2)]


def count_what_is_due(world: make.World) -> None:
    assert db.session.get(TallyDue, world.tawa.id, populate_existing=True)
    db.session.flush()
    while due := db.session.get(TallyDue, world.tawa.id, populate_existing=True):
        count_some(due)
        db.session.flush()


def sums_of(world: make.World, pupil: make.Pupil) -> tuple[int, int] | None:
    found = marked.tally(world.tawa, pupil)
    return (found.absent, found.present) if found else None


def test_another_school_s_marks_are_not_counted_here(world: make.World) -> None:
    marked.term(world.tawa, world.ng, "TTTTTTTTTT")
    make.enrolled(world.ng.id, world.puna)
    marked.term(world.puna, world.ng, PRESENT)
    here, there = marked.tally(world.tawa, world.ng), marked.tally(world.puna, world.ng)
    assert here
    assert there
    assert (here.absent, there.absent) == (8, 0)


def test_a_day_that_the_school_closes_counts_no_more(world: make.World) -> None:
    marked.term(world.tawa, world.ng, "PPPPPPPPPP", "TTPPPPPPPP")
    calendar, day = own_calendar(world.mere), TERM_1 + timedelta(weeks=1)
    assert calendar
    close_days(calendar, ClosureFacts(day, day, CalendarEntryKind.CLOSED, why="Flood"), by=world.mere)
    marked.counted(world.tawa, TERM_1)
    sums = marked.tally(world.tawa, world.ng)
    assert sums
    assert (sums.absent, sums.present) == (0, 16)


def test_who_has_no_mark_has_no_sum(world: make.World) -> None:
    marked.term(world.tawa, world.ng, PRESENT)
    other = make.student("Lani Fifita", world.tawa)
    marked.counted(world.tawa, TERM_1)
    assert marked.tally(world.tawa, other) is None


def test_the_worker_counts_each_school_that_asks(own_world: make.World, clock: Traveller) -> None:
    marked.term(own_world.tawa, own_world.ng, "TTPPPPPPPP")
    for school in (own_world.tawa, own_world.puna):
        ask_to_count(school.id, TERM_1)
        ask_to_count(school.id, TERM_1 + timedelta(weeks=3))
    assert db.session.get_one(TallyDue, own_world.tawa.id, populate_existing=True).from_on == TERM_1
    db.session.commit()
    assert count_due() == 2
    assert count_due() == 0
    sums = marked.tally(own_world.tawa, own_world.ng)
    assert sums
    assert sums.absent == 2
