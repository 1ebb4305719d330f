"""What stands in My work, where, and why; and what of others' cases must not (P2)."""

from datetime import date, time, timedelta

from time_machine import Traveller

from app.cases.actions import change_status
from app.cases.arrivals.actions import enrol_with_case
from app.cases.entries import Audience
from app.cases.models import Case, Status
from app.cases.tasks.actions import drop_task, finish_task, give_task
from app.cases.tasks.rules import Arranged
from app.cases.transfers.actions import ask_by_request
from app.cases.updates.actions import ask_for_update
from app.cases.work.days import ago, day_and_time, for_how_long
from app.cases.work.queries import work_for
from app.cases.work.rules import Line, Why
from app.core import clock as core_clock
from app.core import seen
from app.core.db import db
from app.people.models import Organisation
from app.people.queries import Actor
from app.students.models import Student
from tests import make

DAY = timedelta(days=1)


def looked(who: Actor, case: Case) -> None:
    """They opened the case, a moment later."""
    db.session.commit()
    seen.write(who, seen.View("case", case.id), None, has_unread=True)


def met(case: Case) -> None:
    case.met_school_on = case.engaged_on = core_clock.today()
    db.session.flush()


def lines(who: Actor) -> list[tuple[Why, str]]:
    return [(line.why, line.what) for line in work_for(who)]


def only(who: Actor) -> Line:
    (line,) = work_for(who)
    return line


def test_days_are_named_in_working_days() -> None:
    friday, tuesday = date(2026, 2, 6), date(2026, 2, 10)
    assert day_and_time(friday, None) == "Fri 6 February"
    assert [day_and_time(friday, time(hour, 5)) for hour in (0, 12)] == [
        "Fri 6 February, 12:05 am",
        "Fri 6 February, 12:05 pm",
    ]
    assert [ago(friday, "WGN", day) for day in (friday, friday + DAY, tuesday - DAY, tuesday)] == [
        "today",
        "on Fri 6 February",
        "1 working day ago",
        "2 working days ago",
    ]
    assert [for_how_long(friday, "WGN", day) for day in (friday, friday + DAY, tuesday - DAY, tuesday)] == [
        "since today",
        "since Fri 6 February",
        "for 1 working day",
        "for 2 working days",
    ]


def test_the_clock_comes_up_the_working_day_before_and_goes_when_the_school_is_met(
    own_world: make.World, clock: Traveller
) -> None:
    case = make.open_case(own_world)
    looked(own_world.ana, case)
    assert lines(own_world.ana) == []
    for days, why in ((6, Why.TOMORROW), (1, Why.TODAY), (1, Why.OVERDUE)):
        clock.shift(days * DAY)
        line = only(own_world.ana)
        assert (line.why, line.what, line.meeting) == (why, "Meet the school", line.case.meeting)
    assert "ended Tue 10 March" in line.reason
    met(case)
    assert lines(own_world.ana) == []


def test_a_task_stands_from_the_working_day_before_or_from_its_reminder(
    own_world: make.World, clock: Traveller
) -> None:
    case = make.open_case(own_world)
    met(case)
    looked(own_world.ana, case)
    head, today = make.head(own_world.ana, case), core_clock.today()
    late = give_task(head, "Late", Arranged(today, time(9, 30)), by=own_world.ana)
    give_task(head, "Later", Arranged(today + 6 * DAY), by=own_world.ana)
    give_task(head, "Reminded", Arranged(today + 30 * DAY, remind_on=today + DAY), by=own_world.ana)
    assert lines(own_world.ana) == [(Why.TODAY, "Late")]
    clock.shift(DAY)
    first, second = work_for(own_world.ana)
    assert (first.why, first.reason) == (Why.OVERDUE, "Due Tue 3 March, 9:30 am, 1 working day ago")
    assert (second.why, second.what, second.reason) == (Why.TODAY, "Reminded", "A reminder: due Thu 2 April")
    finish_task(head, late.id, by=own_world.ana)
    clock.shift(2 * DAY)  # Friday: due on Monday is the next working day
    assert (Why.TOMORROW, "Later") in lines(own_world.ana)
    assert (Why.OVERDUE, "Late") not in lines(own_world.ana)


def test_what_somebody_else_is_to_do_waits_last_and_stands_with_them(own_world: make.World, clock: Traveller) -> None:
    case = make.open_case(own_world)
    met(case)
    looked(own_world.ana, case)
    head, today = make.head(own_world.ana, case), core_clock.today()
    for_ruth = Arranged(today, person_id=own_world.ruth.person_id)
    task = give_task(head, "Sign it", for_ruth, by=own_world.ana)
    give_task(head, "Hers alone", Arranged(today), by=own_world.ana)
    assert lines(own_world.ana) == [(Why.TODAY, "Hers alone"), (Why.OTHERS, "Sign it")]
    assert "Ruth Whaanga is to do it" in work_for(own_world.ana)[-1].reason
    assert lines(own_world.ruth) == [(Why.TODAY, "Sign it")], "and nothing else of a case that is not hers"
    drop_task(head, task.id, "No", by=own_world.ana)
    assert lines(own_world.ruth) == []


def test_of_softer_reasons_a_case_says_the_first(own_world: make.World, clock: Traveller) -> None:
    case = make.open_case(own_world)
    met(case)
    assert only(own_world.ana).why is Why.NEW
    clock.shift(60)
    make.note(own_world.tom, case)
    assert only(own_world.ana).why is Why.NEW
    clock.shift(60)
    looked(own_world.ana, case)
    assert lines(own_world.ana) == []
    make.note(own_world.tom, case)
    assert (only(own_world.ana).why, only(own_world.ana).reason) == (Why.ADDED, "The school added something today")
    clock.shift(60)
    ask_for_update(make.head(own_world.tom, case), by=own_world.tom)
    assert only(own_world.ana).why is Why.ASKED
    clock.shift(3 * DAY)
    assert only(own_world.ana).reason == "The school asked how it goes 3 working days ago"
    make.note(own_world.ana, case)
    clock.shift(DAY)
    looked(own_world.ana, case)
    assert lines(own_world.ana) == []
    clock.shift(14 * DAY)
    assert only(own_world.ana).reason == "Nothing was shared with the school for 10 working days"


def test_a_transition_asks_when_its_end_has_come(own_world: make.World, clock: Traveller) -> None:
    case = make.open_case(own_world)
    looked(own_world.ana, case)
    change_status(case, Status.TRANSITION, by=own_world.ana, why="Attends")
    case.expected_end_on = core_clock.today() + DAY
    db.session.flush()
    assert lines(own_world.ana) == []
    clock.shift(DAY)
    assert only(own_world.ana).why is Why.TODAY
    clock.shift(DAY)
    assert (only(own_world.ana).why, only(own_world.ana).reason) == (
        Why.OVERDUE,
        "The transition was to end Wed 4 March",
    )


def test_urgent_ones_come_first_within_a_reason(own_world: make.World, clock: Traveller) -> None:
    first = make.open_case(own_world)
    second = make.assigned(
        make.submitted(own_world.priya, own_world.ng, contact=own_world.tom, **make.URGENT),
        to=own_world.ana,
        by=own_world.ruth,
    )
    for case in (first, second):
        looked(own_world.ana, case)
    clock.shift(8 * DAY)
    assert [line.case.number for line in work_for(own_world.ana)] == [second.number, first.number]


def test_a_lead_sees_what_nobody_has_for_a_working_day(own_world: make.World, clock: Traveller) -> None:
    queued = make.submitted(own_world.priya, own_world.ng, contact=own_world.tom)
    urgent = make.submitted(own_world.jin, own_world.other, contact=own_world.jin, **make.URGENT)
    assert [(line.why, line.case.number) for line in work_for(own_world.ruth)] == [(Why.NOBODY, urgent.number)]
    clock.shift(DAY)
    assert [line.case.number for line in work_for(own_world.ruth)] == [urgent.number, queued.number]
    assert work_for(own_world.ruth)[1].reason == "In the queue for 1 working day; nobody has it"
    clock.shift(7 * DAY)
    assert {line.why for line in work_for(own_world.ruth)} == {Why.OVERDUE}
    for other in (own_world.ana, own_world.lupe):
        assert lines(other) == []
    make.assigned(queued, to=own_world.ana, by=own_world.ruth)
    assert [line.case.number for line in work_for(own_world.ruth)] == [urgent.number], "somebody has it now"


def test_nothing_of_what_is_not_theirs_stands_here(own_world: make.World, clock: Traveller) -> None:
    """Of another case manager, of another service, of a case that went away or is closed: each with everything overdue."""
    theirs = make.open_case(own_world)
    davids = make.assigned(
        make.submitted(own_world.priya, own_world.ng, contact=own_world.tom), to=own_world.david, by=own_world.ruth
    )
    gone = make.gone(own_world, make.student("Rangi Paki", own_world.tawa))
    closed = make.assigned(
        make.submitted(own_world.priya, make.student("Mei Tau", own_world.tawa), contact=own_world.tom),
        to=own_world.ana,
        by=own_world.ruth,
    )
    for case, who in ((davids, own_world.david), (closed, own_world.ana), (theirs, own_world.ana)):
        make.task(who, case, days=0)
        make.note(own_world.tom, case, Audience.SHARED)
    make.closed(closed, by=own_world.ruth)
    clock.shift(20 * DAY)
    assert {line.case.number for line in work_for(own_world.ana)} == {theirs.number}
    assert {line.case.number for line in work_for(own_world.david)} == {davids.number}
    seeing = make.seeing_service_cases(own_world.david)
    assert {line.case.number for line in work_for(seeing)} == {davids.number}, "also where they may see the others"
    assert work_for(own_world.wiremu) == []
    assert {line.case.number for line in work_for(own_world.lupe)} == {gone.number}


def test_what_a_service_was_to_do_stands_nowhere_when_the_case_has_gone(
    own_world: make.World, clock: Traveller
) -> None:
    case = make.assigned(
        make.submitted(own_world.priya, own_world.ng, contact=own_world.tom), to=own_world.ana, by=own_world.ruth
    )
    for person in (own_world.ruth.person_id, None):
        make.task(own_world.ana, case, days=0, person_id=person)
    assert lines(own_world.ruth) == [(Why.TODAY, "Ring Ngaire")]
    make.enrolled(own_world.ng.id, own_world.bay)
    assert make.submitted(own_world.kahu, own_world.ng, contact=own_world.kahu).id == case.id
    clock.shift(DAY)
    assert [line.case.number for who in (own_world.ruth, own_world.ana) for line in work_for(who)] == []
    assert lines(own_world.lupe) == [(Why.NOBODY, "Give it to a case manager")]


def test_a_transfer_that_is_asked_for_stands_with_the_lead_until_they_looked(own_world: make.World) -> None:
    case = make.open_case(own_world)
    ask_by_request(case, own_world.maunga.id, by=own_world.kahu)
    assert lines(own_world.ruth) == [(Why.TRANSFER, "Look at the transfer")]
    looked(own_world.ruth, case)
    assert lines(own_world.ruth) == []


def test_a_student_who_came_with_a_case_asks_that_it_be_looked_through(own_world: make.World) -> None:
    case = make.open_case(own_world)
    met(case)
    looked(own_world.ana, case)
    there = db.session.get_one(Organisation, own_world.puna.id)
    student = db.session.get_one(Student, own_world.whanau.id)
    enrol_with_case(student, there, from_on=core_clock.today(), year_level=10)
    assert lines(own_world.ana)[0] == (Why.ARRIVED, "Look through what is shared")


def test_what_comes_at_sixteen_is_planned_from_fifteen_and_a_half_until_the_plan_says_something(
    clock: Traveller, own_world: make.World
) -> None:
    """3 March 2026; a lead who does not have the case is not asked, and on the birthday nobody is."""
    case, world = make.open_case(own_world), own_world
    met(case)
    looked(world.ana, case)
    student = db.session.get_one(Student, case.student_id)
    for born_on, is_asked in ((date(2010, 9, 4), False), (date(2010, 9, 3), True), (date(2010, 3, 3), False)):
        student.born_on = born_on
        db.session.flush()
        assert ((Why.PLANNING, "Plan what comes at sixteen") in lines(world.ana)) is is_asked
        assert not [line for line in work_for(world.ruth) if line.why is Why.PLANNING]
    student.born_on = date(2010, 9, 3)
    assert only(world.ana).reason.startswith("Turns sixteen Thu 3 September; the plan")
    make.planned(world.ana, case)
    assert not lines(world.ana)


def test_a_plan_made_before_fifteen_and_a_half_is_not_that_plan(clock: Traveller, own_world: make.World) -> None:
    case = make.open_case(own_world)
    met(case)
    make.planned(own_world.ana, case)
    looked(own_world.ana, case)
    clock.shift(DAY)
    db.session.get_one(Student, case.student_id).born_on = date(2010, 9, 4)
    db.session.flush()
    assert [why for why, _ in lines(own_world.ana)] == [Why.PLANNING]
