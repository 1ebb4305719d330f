"""Who passed 5, 10 or 15 days absent in a term, what the school did about it, and of whom it is told (ATT-5)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Event
from time import sleep

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select, update
from time_machine import Traveller

from app.attendance.star.actions import answer_steps, notice_hourly, notice_new_lines, take_back
from app.attendance.star.codes import NO_ACTION
from app.attendance.star.lines import Line, Wanted, actions_from, by_tutor
from app.attendance.star.listing import waiting
from app.attendance.star.models import StarLine, StarResponse
from app.attendance.star.queries import lines_for, lines_held, lines_of, response_for, watch_of
from app.attendance.star.rules import Told, fault_of
from app.attendance.tallies.models import ConfirmedTerm
from app.core import clock as core_clock
from app.core.db import begin_write, db
from app.core.errors import Refused
from app.core.events import Outbox
from app.core.jobs import Heartbeat
from app.people.queries import Actor
from app.people.shapes import asked_by
from app.students.models import Enrolment
from app.students.records.models import MergeState, StudentMerge
from tests import make
from tests.attendance import marked

pytestmark = pytest.mark.usefixtures("clock")
RANG = Told("call_home", date(2026, 2, 20), by_whom="Ms Ng", note="No answer")
OPEN, ANY = Wanted(), Wanted(has_answered=True)


def names(who: Actor, wanted: Wanted = OPEN) -> list[tuple[str, int]]:
    return [(line.name, line.step) for line in lines_for(who, wanted)]


def line_of(who: Actor, pupil: make.Pupil) -> Line:
    (found,) = lines_of(who, [pupil.public_id])
    return found


def answered(world: make.World, pupil: make.Pupil, told: Told = RANG) -> StarResponse:
    (made,) = answer_steps([line_of(world.mere, pupil)], told, by=world.mere)
    return made


def count_of(who: Actor) -> int:
    return db.session.scalar(waiting(), asked_by(who)) or 0


def test_several_steps_at_once_are_one_line_and_below_the_first_there_is_none(world: make.World) -> None:
    """Waitangi Day is among the first eighteen half-days of the term, and does not count."""
    marked.absent_for(world.tawa, world.ng, 24)
    marked.absent_for(world.tawa, world.whanau, 11)
    assert names(world.mere) == names(world.priya) == [("Grace Ng", 10)]
    assert count_of(world.mere) == watch_of(world.mere).waiting == 1
    marked.absent_for(world.tawa, world.whanau, 12)
    assert names(world.mere) == [("Grace Ng", 10), ("Hēmi Whānau", 5)]
    assert watch_of(world.mere).tutors == {"10 Rātā": 2}


def test_what_was_done_answers_its_step_and_those_below(world: make.World) -> None:
    marked.absent_for(world.tawa, world.ng, 24)
    answered(world, world.ng)
    assert names(world.mere) == []
    assert count_of(world.mere) == watch_of(world.mere).waiting == 0
    ((name, step),) = names(world.mere, ANY)
    assert (name, step) == ("Grace Ng", 10)
    marked.absent_for(world.tawa, world.ng, 32)
    assert names(world.mere) == [("Grace Ng", 15)]
    (done,) = line_of(world.mere, world.ng).done
    assert done.in_words == "Rang home, 20 February 2026 (Ms Ng): No answer (step of 10 days)"


def test_corrected_marks_take_a_line_away_and_say_so_of_one_that_was_answered(world: make.World) -> None:
    """And bring it back."""
    marked.absent_for(world.tawa, world.ng, 24)
    marked.absent_for(world.tawa, world.whanau, 24)
    answered(world, world.ng)
    marked.absent_for(world.tawa, world.whanau, 4)
    assert names(world.mere) == []
    marked.absent_for(world.tawa, world.ng, 14)
    (line,) = lines_for(world.mere, ANY)
    assert (line.step, line.answered, line.is_open, line.passed_again) == (5, 10, False, "no longer past 10 days")
    marked.absent_for(world.tawa, world.ng, 2)
    (line,) = lines_for(world.mere, ANY)
    assert (line.step, line.passed_again) == (0, "no longer past 10 days")
    assert not lines_of(world.mere, [world.ng.public_id]), "there is no step to answer"
    marked.absent_for(world.tawa, world.ng, 32)
    marked.absent_for(world.tawa, world.whanau, 24)
    assert names(world.mere) == [("Grace Ng", 15), ("Hēmi Whānau", 10)]
    assert line_of(world.mere, world.ng).passed_again == ""


def test_two_presses_at_one_moment_wait_for_each_other(own_world: make.World) -> None:
    """The second one reads the line once the first one is through."""
    marked.absent_for(own_world.tawa, own_world.ng, 24)
    db.session.commit()
    read = Event()

    def second(app: Flask) -> str:
        with app.app_context():
            begin_write()
            read.set()
            return lines_held(own_world.mere, [own_world.ng.public_id])[0].version

    begin_write()
    (line,) = lines_held(own_world.mere, [own_world.ng.public_id])
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(second, current_app._get_current_object())  # type: ignore[attr-defined]
        if db.session.get_bind().dialect.name == "postgresql":
            read.wait(10)
        sleep(0.2)
        (made,) = answer_steps([line], RANG, by=own_world.mere)
        db.session.commit()
        assert later.result(20) == f"20261.10.{made.public_id}" != line.version


def test_what_is_taken_back_answers_nothing(world: make.World) -> None:
    marked.absent_for(world.tawa, world.ng, 24)
    made = answered(world, world.ng)
    for count in (1, 0):
        found = response_for(world.priya, made.public_id)
        assert found
        assert take_back(found, by=world.priya) == count
    assert (made.ended_by_id, names(world.mere)) == (world.priya.person_id, [("Grace Ng", 10)])
    assert line_of(world.mere, world.ng).done == []


def test_another_school_sees_neither_the_lines_nor_what_was_done(world: make.World) -> None:
    """Nor do people of the same school who are neither leads nor its office."""
    marked.absent_for(world.tawa, world.ng, 24)
    made = answered(world, world.ng)
    take_back_of = [response_for(who, made.public_id) for who in (world.jin, world.tom, world.hana, world.ruth)]
    assert take_back_of == [None] * 4
    for who in (world.jin, world.sione, world.tom, world.hana, world.ana):
        assert names(who, ANY) == []
        assert not lines_of(who, [world.ng.public_id])
        assert watch_of(who).waiting == 0


def test_marks_of_another_school_make_no_line_here(world: make.World) -> None:
    make.enrolled(world.ng.id, world.puna)
    marked.absent_for(world.puna, world.ng, 24)
    assert names(world.mere) == []
    assert names(world.jin) == [("Grace Ng", 10)]


def test_who_has_left_has_no_line(world: make.World) -> None:
    """Nor has the record of a student that went into another one: its enrolment went along."""
    marked.absent_for(world.tawa, world.ng, 24)
    marked.absent_for(world.tawa, world.whanau, 24)
    here = db.session.scalars(select(Enrolment).where(Enrolment.student_id == world.ng.id)).one()
    here.to_on = core_clock.today() - timedelta(days=1)
    db.session.flush()
    assert names(world.mere, ANY) == [("Hēmi Whānau", 10)]
    assert count_of(world.mere) == watch_of(world.mere).waiting == 1
    here.to_on = None
    here.student_id = world.whanau.id
    merge = StudentMerge(public_id="m", from_id=world.ng.id, into_id=world.whanau.id, organisation_id=world.te_awa.id)
    merge.state, merge.why = MergeState.CONFIRMED, "One student."
    merge.proposed_at, merge.proposed_by_id = core_clock.now(), world.ruth.person_id
    db.session.add(merge)
    db.session.flush()
    assert names(world.mere, ANY) == [("Hēmi Whānau", 10)]
    assert count_of(world.mere) == watch_of(world.mere).waiting == 1


def test_each_term_begins_anew_with_its_first_marks(world: make.World, clock: Traveller) -> None:
    """Until there are some the last term stands, and after another one nothing."""
    marked.absent_for(world.tawa, world.ng, 24)
    answered(world, world.ng)
    clock.move_to(core_clock.now() + timedelta(weeks=9))
    assert names(world.mere, ANY) == [("Grace Ng", 10)]
    assert watch_of(world.mere).term_words == "term 1 of 2026"
    marked.absent_for(world.tawa, world.ng, 12, from_on=date(2026, 4, 27), weeks=2)
    assert names(world.mere) == [("Grace Ng", 5)]
    assert line_of(world.mere, world.ng).done == []
    clock.move_to(core_clock.now() + timedelta(weeks=40))
    assert names(world.mere, ANY) == []
    assert (watch_of(world.mere).term, watch_of(world.mere).term_words) == (None, "this term")


def test_a_page_is_sorted_by_days_absent_and_goes_on_behind_the_last_one(world: make.World) -> None:
    pupils = [make.student(f"Pupil {number:02}", world.tawa) for number in range(30)]
    for number, pupil in enumerate(pupils):
        marked.absent_for(world.tawa, pupil, 12 + number % 3)
    first = lines_for(world.mere, Wanted())
    assert len(first) == 26
    rest = lines_for(world.mere, Wanted(), after=first[24].place)
    both = [*first[:25], *rest]
    assert [line.tally.absent for line in both] == sorted((line.tally.absent for line in both), reverse=True)
    assert {line.public_id for line in both} == {pupil.public_id for pupil in pupils}
    assert len(both) == 30
    answer_steps(first[24:25], RANG, by=world.mere)
    assert lines_for(world.mere, Wanted(), after=first[24].place) == rest, (
        "also where the last one was answered meanwhile"
    )
    assert lines_for(world.mere, Wanted(), after=f"0.{first[0].public_id}") == []


def test_who_is_enrolled_twice_after_a_merge_waits_once_in_the_newest(world: make.World) -> None:
    marked.absent_for(world.tawa, world.ng, 24)
    other = make.student("Grace Wai Ng", world.tawa)
    twice = update(Enrolment).where(Enrolment.student_id == other.id).values(student_id=world.ng.id, tutor="11 Kōwhai")
    db.session.execute(twice)
    watch = watch_of(world.mere)
    assert (watch.waiting, watch.tutors["11 Kōwhai"], watch.tutors.get("10 Rātā", 0)) == (1, 1, 0)
    assert [line.tutor for line in lines_for(world.mere, OPEN)] == ["11 Kōwhai"]
    assert names(world.mere, Wanted(tutor="10 Rātā")) == []


def test_it_is_narrowed_by_tutor_year_and_step(world: make.World) -> None:
    marked.absent_for(world.tawa, world.ng, 24)
    marked.absent_for(world.tawa, world.whanau, 12)
    here = db.session.scalars(select(Enrolment).where(Enrolment.student_id == world.ng.id)).one()
    here.tutor, here.year_level = "9 Kōwhai", 9
    db.session.flush()
    grace, hemi = [("Grace Ng", 10)], [("Hēmi Whānau", 5)]
    assert names(world.mere, Wanted(tutor="9 Kōwhai")) == names(world.mere, Wanted(year=9)) == grace
    assert names(world.mere, Wanted(step=5)) == names(world.mere, Wanted(tutor="10 Rātā")) == hemi
    assert names(world.mere, Wanted(tutor="9 Kōwhai", step=5)) == []
    assert names(world.mere, Wanted(step=15)) == []
    watch = watch_of(world.mere)
    assert (list(watch.tutors), watch.years) == (["9 Kōwhai", "10 Rātā"], [9, 10])
    assert [tutor for tutor, _ in by_tutor(lines_for(world.mere, Wanted()))] == ["9 Kōwhai", "10 Rātā"]


def test_it_says_as_of_when_and_whether_the_term_is_confirmed(world: make.World) -> None:
    assert watch_of(world.mere).as_of is None
    marked.absent_for(world.tawa, world.ng, 24)
    watch = watch_of(world.mere)
    assert (watch.as_of, watch.is_confirmed, watch.is_being_counted) == (date(2026, 3, 6), False, False)
    db.session.add(ConfirmedTerm(school_id=world.tawa.id, term=20261, at=core_clock.now(), by_id=world.mere.person_id))
    db.session.flush()
    assert watch_of(world.mere).is_confirmed


def test_a_day_or_about_when_and_why_nothing_is_done(world: make.World) -> None:
    today = date(2026, 3, 10)
    faults = {
        "kind": Told("dance", today),
        "done_on": Told("call_home"),
        "about_when": Told("call_home", today, "in week 3"),
        "note": Told(NO_ACTION),
    }
    assert {field: list(fault_of(told, today)) for field, told in faults.items()} == {
        field: [field] for field in faults
    }
    assert fault_of(Told("other", today), today) == {"note": "Say what it was"}
    assert fault_of(Told("talk", today + timedelta(days=1)), today) == {"done_on": "This day is still to come"}
    assert fault_of(Told("talk", today - timedelta(days=400)), today) == {"done_on": "This was more than a year ago"}
    assert list(fault_of(Told("talk", today, note="n" * 301, by_whom="b" * 161), today)) == ["by_whom", "note"]
    assert not fault_of(Told("talk", about_when="week 3"), today)
    assert not fault_of(Told(NO_ACTION, note="In hospital"), today)
    marked.absent_for(world.tawa, world.ng, 24)
    made = answered(world, world.ng, Told(NO_ACTION, note="In hospital"))
    assert (made.done_on, made.by_whom, made.step) == (core_clock.today(), world.mere.name, 10)
    with pytest.raises(Refused):
        answer_steps([], RANG, by=world.mere)
    with pytest.raises(Refused):
        answer_steps([line_of(world.mere, world.ng)], Told("dance", today), by=world.mere)


def test_what_was_done_becomes_steps_of_a_request_but_for_having_done_nothing(world: make.World) -> None:
    marked.absent_for(world.tawa, world.ng, 24)
    told = [Told("talk", about_when="week 4"), RANG, Told(NO_ACTION, note="In hospital")]
    for each in told:
        answered(world, world.ng, each)
    done = line_of(world.mere, world.ng).done
    rang = ("Rang home (Ms Ng): No answer", "20 February 2026")
    assert actions_from(done, 60) == [rang, (f"Talked with the student ({world.mere.name})", "week 4")]
    assert actions_from([replace(each, note="n" * 300) for each in done], 1)[0][0].endswith("n" * 100)


def test_the_school_is_told_once_a_day_of_the_lines_that_are_new(own_world: make.World, clock: Traveller) -> None:
    def told() -> list[str]:
        db.session.rollback()
        people = {who.person_id: name for name, who in own_world.people.items()}
        return [people[row] for row in db.session.scalars(select(Outbox.person_id).order_by(Outbox.id))]

    db.session.rollback()
    assert notice_new_lines() == 0
    marked.absent_for(own_world.tawa, own_world.ng, 14)
    marked.absent_for(own_world.tawa, own_world.whanau, 14)
    answered(own_world, own_world.whanau)
    db.session.commit()
    assert notice_new_lines() == 1
    assert sorted(told()) == ["mere", "priya"]
    assert db.session.scalars(select(StarLine.student_id)).all() == [own_world.ng.id]
    marked.absent_for(own_world.tawa, own_world.ng, 24)
    db.session.commit()
    assert notice_new_lines() == 0, "it was told today"
    clock.shift(timedelta(days=1))
    assert notice_new_lines() == 1
    assert len(told()) == 4
    clock.shift(timedelta(days=1))
    assert notice_new_lines() == 0, "nothing is new"
    assert len(told()) == 4


def test_the_worker_looks_once_an_hour(own_world: make.World, clock: Traveller) -> None:
    def found() -> int:
        db.session.rollback()
        return db.session.scalar(select(func.count()).select_from(StarLine)) or 0

    notice_hourly()
    assert db.session.scalars(select(Heartbeat.part)).all()
    marked.absent_for(own_world.tawa, own_world.ng, 14)
    db.session.commit()
    notice_hourly()
    assert found() == 0
    clock.shift(timedelta(hours=2))
    notice_hourly()
    assert found() == 1
