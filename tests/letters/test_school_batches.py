"""Batches of a school's letters: who has one due, what each rests on, and what becomes of them in the worker's hands (L6, L10)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select, update
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.attendance.known import half_days_since
from app.attendance.rules import Absences, HalfDays, Week
from app.calendars.school_terms import term_at
from app.cases.entries import Entry
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Outbox
from app.core.pdf.press import Press
from app.core.versions import version_of
from app.letters import actions as letter_actions
from app.letters.batches import actions
from app.letters.batches.asking import MEANWHILE
from app.letters.batches.listing import counts_of, lines_of
from app.letters.batches.models import BatchLine, BatchState, LetterBatch, LineState
from app.letters.batches.queries import Found, batch_for, batches_for
from app.letters.batches.rules import HOLIDAY_OVER, LEFT, Rule, purpose_of
from app.letters.carrying import carry_on, make_due
from app.letters.facts import thawed
from app.letters.models import Back, Letter
from app.letters.purposes import Purpose
from app.letters.rendering import render_due
from app.letters.rules import CameBack
from app.letters.school.actions import end_holiday, except_step
from app.letters.school.dossiers import dossiers_of, with_texts
from app.letters.school.finding import HolidayOf
from app.letters.school.ladders import present_of
from app.letters.school.listing import students_past
from app.letters.school.many import dossiers_of_each
from app.letters.school.naming import writer_of
from app.letters.school.readiness import readiness
from app.people.queries import Actor
from app.students.caregivers.actions import change_caregiver
from app.students.models import Caregiver, Student
from app.students.rules import facts_of
from tests import make
from tests.letters import school
from tests.make import Pupil, World
from tests.support.statements import Statements

STREETS = ("7 Rātā Street\nTawa\nWellington 5028", "3 Kōwhai Road\nPorirua 5022", "1 Aka Lane\nTawa\nWellington 5028")


@pytest.fixture(autouse=True)
def with_press(app: Flask, press: Press) -> None:
    app.extensions["press"] = press


@pytest.fixture
def world(clock: Traveller, own_world: World) -> World:
    make.letterhead(own_world.tawa, by=own_world.mere)
    db.session.commit()
    return own_world


class Due(NamedTuple):
    """A student of whom so many half-days are told, and who is written to about them."""

    pupil: Pupil
    to: Caregiver


def due(of: World, number: int, half_days: int = 10, **known: Any) -> Due:
    pupil = make.student(f"Pupil Number{number}", of.tawa)
    if half_days:
        school.absent(of.mere, pupil, half_days)
    to = school.caregiver(of.mere, pupil, f"Nan Number{number}", **({"address": STREETS[number % 3]} | known))
    db.session.commit()
    return Due(pupil, to)


def chosen(by: Actor, rule: Rule = Rule.DUE, *ticked: str) -> Found:
    batch, _ = actions.choose(purpose_of(rule), rule, ticked, by=by)
    db.session.commit()
    return now(batch, by)


def now(batch: LetterBatch, by: Actor) -> Found:
    found = batch_for(by, batch.public_id)
    assert found is not None
    return found


def begun(by: Actor, rule: Rule = Rule.DUE) -> Found:
    found = chosen(by, rule)
    actions.begin(found, by=by)
    db.session.commit()
    return found


def made(by: Actor, rule: Rule = Rule.DUE) -> Found:
    found = begun(by, rule)
    make_due()
    return now(found.batch, by)


def lines(found: Found) -> list[BatchLine]:
    db.session.rollback()
    mine = select(BatchLine).where(BatchLine.batch_id == found.batch.id).order_by(BatchLine.place)
    return list(db.session.scalars(mine))


def letters(found: Found) -> list[Letter]:
    db.session.rollback()
    theirs = select(Letter).join(BatchLine, BatchLine.letter_id == Letter.id)
    return list(db.session.scalars(theirs.where(BatchLine.batch_id == found.batch.id).order_by(BatchLine.place)))


def names(of: World, found: Found, state: LineState = LineState.READY) -> list[str]:
    return [row.caregiver_name for row in lines_of(of.mere, found.batch, state)]


def test_many_students_rest_on_the_same_as_each_by_itself(world: World) -> None:
    told, at_home, held, away, let = (due(world, number, 10 + number) for number in range(5))
    school.sent(world.mere, told.pupil, told.to)
    home = {"address": "", "lives_with_student": True}
    db.session.execute(update(Caregiver).where(Caregiver.id == at_home.to.id).values(home))
    db.session.execute(update(Student).where(Student.id == at_home.pupil.id).values(address="9 Home Street\nTawa"))
    school.caregiver(world.mere, told.pupil, "Koro", has_responsibility=None)
    school.hold(world.mere, held.pupil)
    school.hold(world.mere, held.pupil, whom=held.to)
    school.holiday(world.mere, away.pupil)
    except_step(school.dossier(world.mere, let.pupil, let.to), 3, "The whānau asked.", by=world.mere)
    db.session.commit()
    heads = [school.on_roll(world.mere, each.pupil) for each in (told, at_home, held, away, let)]
    today = core_clock.today()
    each = [readiness(one, today) for head in heads for one in dossiers_of(head)]
    together = {one.caregiver.id: readiness(one, today) for one in dossiers_of_each(heads)}
    ids = [one.caregiver.id for head in heads for one in dossiers_of(head)]
    assert [together[caregiver] for caregiver in ids] == each
    assert (len(each), "9 Home Street" in each[2].facts.values["caregiver_address"]) == (6, True)


def test_the_readiness_of_many_students_costs_as_many_statements_as_that_of_one(
    world: World, statements: Statements
) -> None:
    due(world, 0)
    with statements.counted():
        actions.choose(Purpose.SCHOOL, Rule.DUE, (), by=world.mere)
    one = statements.count
    db.session.rollback()
    for number in range(1, 6):
        due(world, number)
    with statements.counted():
        _, found = actions.choose(Purpose.SCHOOL, Rule.DUE, (), by=world.mere)
    assert len(found.lines) == 6
    assert statements.count == one <= 17


def past(by: Actor, **which: Any) -> list[str]:
    return [row.public_id for row in students_past(by, present_of(by.organisation_id), **which)]


def test_who_is_past_a_step_stands_in_the_list_and_nobody_else(world: World) -> None:
    five, twelve, twenty, few, left, elsewhere = (
        due(world, number, half_days).pupil for number, half_days in enumerate((10, 24, 40, 9, 30, 30))
    )
    make.left(left, world.tawa)
    make.left(elsewhere, world.tawa)
    make.enrolled(elsewhere.id, world.puna)
    db.session.commit()
    assert past(world.mere) == [twenty.public_id, twelve.public_id, five.public_id]
    assert past(world.priya, at=2) == [twelve.public_id]
    assert past(world.mere, at=3) == [twenty.public_id]
    assert past(world.mere, after=twenty.public_id) == [twelve.public_id, five.public_id]
    assert past(world.mere, after=few.public_id) == []
    assert past(world.jin) == past(world.tom) == past(world.ana) == []


def test_only_days_of_this_term_count_as_letters_count_them(world: World) -> None:
    """By the weeks, where the figures begin before the term; not at all, where they have none."""
    term = term_at(core_clock.today())
    assert term is not None
    since, today = term.from_on - timedelta(days=28), core_clock.today()
    monday = term.from_on - timedelta(days=term.from_on.weekday())
    weeks = (Week(monday - timedelta(days=14), HalfDays(10, 0, 10)), Week(monday, HalfDays(8, 1, 3)))
    for number, some in enumerate((weeks, ())):
        pupil = due(world, number, 0).pupil
        told = Absences(since, today, today, HalfDays(18, 1, 13), "Our register", today, some)
        state_absences(school.on_roll(world.mere, pupil), told, by=world.mere)
        db.session.flush()
        counted = half_days_since(select(Student.id).where(Student.id == pupil.id), world.tawa.id, term)
        (dossier,) = dossiers_of(school.on_roll(world.mere, pupil))
        expected = dossier.absences.half_days.absent if dossier.absences else None
        assert db.session.scalar(select(counted.c.half_days)) == expected == (4 if some else None)


def test_by_each_rule_those_stand_in_the_list_to_whom_that_letter_is_due(world: World) -> None:
    for number, half_days in enumerate((10, 24, 40, 9)):
        due(world, number, half_days)
    answered = due(world, 4, 12)
    school.sent(world.mere, answered.pupil, answered.to)
    db.session.commit()
    found = {rule: names(world, chosen(world.mere, rule)) for rule in (Rule.FIRST, Rule.SECOND, Rule.THIRD)}
    assert found == {Rule.FIRST: ["Nan Number0"], Rule.SECOND: ["Nan Number1"], Rule.THIRD: ["Nan Number2"]}
    assert sorted(names(world, chosen(world.priya))) == ["Nan Number0", "Nan Number1", "Nan Number2"]
    with pytest.raises(Refused):
        chosen(world.mere, Rule.FOURTH)


def test_whom_a_lead_lets_be_written_to_stands_in_the_list_however_few_days_were_missed(world: World) -> None:
    let = due(world, 0, 4)
    except_step(school.dossier(world.mere, let.pupil, let.to), 1, "The whānau asked.", by=world.mere)
    db.session.commit()
    assert names(world, chosen(world.mere, Rule.FIRST)) == ["Nan Number0"]


def test_whose_days_were_told_long_ago_is_not_ready_and_says_so(world: World, clock: Traveller) -> None:
    """Ten working days on they are as good as new. One letter is still for whoever looks at it to judge."""
    old = due(world, 0)
    clock.shift(timedelta(days=14))
    new = due(world, 1)
    assert {line.state for line in lines(chosen(world.mere))} == {LineState.READY}
    clock.shift(timedelta(days=1))
    found = {line.caregiver_id: line for line in lines(chosen(world.mere))}
    assert (found[old.to.id].state, found[new.to.id].state) == (LineState.NOT_READY, LineState.READY)
    assert found[old.to.id].skipped_why.endswith("Our register. That is 11 working days ago.")
    (alone,) = dossiers_of(school.on_roll(world.mere, old.pupil))
    assert readiness(with_texts(alone, writer_of(world.mere)), core_clock.today()).is_ready


def test_students_of_others_and_who_have_left_are_in_no_batch(world: World) -> None:
    here, gone = due(world, 0), due(world, 1)
    make.left(gone.pupil, world.tawa)
    elsewhere = make.student("Pupil Elsewhere", world.puna)
    db.session.commit()
    found = chosen(world.mere, Rule.STUDENTS, here.pupil.public_id, gone.pupil.public_id, elsewhere.public_id)
    assert [line.caregiver_id for line in lines(found)] == [here.to.id]
    for who in (world.jin, world.tom, world.ana, world.ruth, world.moana):
        assert batch_for(who, found.batch.public_id) is None
        assert not batches_for(who)
    (row,) = batches_for(world.priya)
    assert row.letters == 1


def test_who_left_after_the_list_was_made_stands_on_it_no_more(world: World) -> None:
    _, gone = due(world, 0), due(world, 1)
    found = chosen(world.mere)
    make.left(gone.pupil, world.tawa)
    db.session.commit()
    assert (names(world, found), now(found.batch, world.mere).others) == (["Nan Number0"], 1)
    actions.look_again(found, by=world.mere)
    db.session.commit()
    assert [(line.state, line.skipped_why) for line in lines(found)][1:] == [(LineState.NOT_READY, LEFT)]


def test_lines_say_only_what_the_school_itself_knows_of_a_caregiver(world: World) -> None:
    """A service found another address: the letter waits, and neither the address nor why stands in the line."""
    asked = due(world, 0)
    case = make.assigned(make.submitted(world.priya, asked.pupil, contact=world.tom), to=world.ana, by=world.ruth)
    was = facts_of(asked.to)
    now_known = replace(was, name="Nan Zqxwvname", address="1 Zqxwv Refuge\nTawa", address_source="She rang")
    head = make.head(world.ana, case)
    change_caregiver(head, asked.to.id, now_known, version=version_of(was.texts), by=world.ana)
    db.session.commit()
    found = chosen(world.mere)
    rows = lines_of(world.mere, found.batch, LineState.NOT_READY)
    row = next(row for row in rows if row.caregiver == asked.to.public_id)
    assert (row.caregiver_name, "knows more about writing to" in row.skipped_why) == ("Nan Number0", True)
    assert "Zqxwv" not in str(rows)


def test_letters_are_made_printed_posted_and_undone_as_those_of_cases(world: World) -> None:
    for number in range(3):
        due(world, number)
    found = made(world.mere)
    written = letters(found)
    assert (found.batch.state, bool(found.batch.print_file_id)) == (BatchState.MADE, True)
    assert [letter.made_by_id for letter in written] == [world.mere.person_id] * 3
    assert [thawed(letter.facts).values["caregiver_name"] for letter in written] == [
        f"Nan Number{number}" for number in (1, 2, 0)
    ]
    letter_actions.void_letter(school.now(world.mere, _pupil(written[0]), written[0]), "No", by=world.mere)
    today = core_clock.today()
    actions.mark_posted(found, today, answer_by=today + timedelta(days=5), by=world.priya)
    db.session.commit()
    make_due()
    void, first, second = letters(found)
    assert (void.sent_on, first.sent_on, second.method) == (None, today, "post")
    came = CameBack(Back.ANSWERED, today)
    letter_actions.record_back(school.now(world.mere, _pupil(first), first), came, by=world.mere)
    counts = counts_of(world.mere, found.batch)
    assert (counts.sent, counts.void, counts.answered, counts.returned) == (2, 1, 1, 0)
    assert not db.session.scalars(select(Entry.id)).all()
    assert not db.session.scalars(select(Outbox.id).where(Outbox.thing.in_(["letter", "letter_batch"]))).all()


def _pupil(letter: Letter) -> Pupil:
    student = db.session.get_one(Student, letter.student_id)
    return Pupil(student.id, student.public_id, student.name)


def test_undone_they_are_void_and_can_be_written_again(world: World) -> None:
    due(world, 0)
    found = made(world.mere)
    actions.undo(found, "Wrong envelopes.", by=world.priya)
    db.session.commit()
    make_due()
    assert [letter.void_why for letter in letters(found)] == ["Wrong envelopes."]
    assert names(world, chosen(world.mere)) == ["Nan Number0"]


def test_a_letter_of_who_has_left_since_stays_the_school_s_and_calls_them_as_it_did(world: World) -> None:
    gone = due(world, 0)
    found = made(world.mere)
    make.left(gone.pupil, world.tawa)
    make.enrolled(gone.pupil.id, world.puna)
    db.session.execute(update(Student).where(Student.id == gone.pupil.id).values(legal_name="Zqxwv Newname"))
    db.session.commit()
    (row,) = lines_of(world.mere, now(found.batch, world.mere).batch, LineState.ASKED)
    assert row.student_name == "Pupil Number0"
    assert batch_for(world.jin, found.batch.public_id) is None
    actions.mark_posted(found, core_clock.today(), by=world.mere)
    db.session.commit()
    make_due()
    assert all(letter.sent_on for letter in letters(found))


def left(of: World, who: Due) -> None:
    make.left(who.pupil, of.tawa)


def held(of: World, who: Due) -> None:
    school.hold(of.mere, who.pupil)


def away(of: World, who: Due) -> None:
    school.holiday(of.mere, who.pupil)


def told_anew(of: World, who: Due) -> None:
    school.absent(of.mere, who.pupil, 12)


def told_more(of: World, who: Due) -> None:
    school.absent(of.mere, who.pupil, 22)


def made_by_hand(of: World, who: Due) -> None:
    school.made(of.mere, who.pupil, who.to)


HAPPENS: dict[Callable[[World, Due], None], str] = {
    left: LEFT,
    held: "Letters wait until",
    away: "A holiday until",
    told_anew: "Changed since the batch was begun",
    told_more: "Another letter is the next one",
    made_by_hand: MEANWHILE,
}


@pytest.mark.parametrize("what", HAPPENS, ids=lambda what: what.__name__)
def test_what_happens_before_a_letter_is_made_leaves_it_out_with_the_reason(
    world: World, what: Callable[[World, Due], None]
) -> None:
    who, _ = due(world, 0), due(world, 1)
    found = begun(world.mere)
    carry_on_to_the_preview()
    what(world, who)
    db.session.commit()
    make_due()
    line = next(line for line in lines(found) if line.caregiver_id == who.to.id)
    assert (line.state, line.letter_id) == (LineState.LEFT_OUT, None)
    assert line.skipped_why.startswith(HAPPENS[what])
    assert len(letters(found)) == 1


def carry_on_to_the_preview() -> None:
    assert carry_on()
    render_due()


def test_the_letter_on_each_holiday_is_written_once(world: World) -> None:
    who, _ = due(world, 0, 0), due(world, 1, 0)
    school.holiday(world.mere, who.pupil)
    second = school.holiday(world.mere, who.pupil, days=21)
    db.session.commit()
    assert [line.round for line in lines(chosen(world.mere, Rule.HOLIDAYS))]
    found = made(world.mere, Rule.HOLIDAYS)
    assert [(letter.purpose, letter.student_id) for letter in letters(found)] == [("holiday", who.pupil.id)] * 2
    assert {letter.round for letter in letters(found)} >= {second.id}
    with pytest.raises(Refused):
        chosen(world.mere, Rule.HOLIDAYS)


def test_a_holiday_that_was_taken_back_has_no_letter(world: World) -> None:
    who = due(world, 0, 0)
    holiday = school.holiday(world.mere, who.pupil)
    db.session.commit()
    found = begun(world.mere, Rule.HOLIDAYS)
    end_holiday(HolidayOf(school.on_roll(world.mere, who.pupil), holiday), by=world.mere)
    db.session.commit()
    make_due()
    assert [line.skipped_why for line in lines(found)] == [HOLIDAY_OVER]


def test_two_batches_of_the_same_letters_make_each_once(world: World) -> None:
    for number in range(2):
        due(world, number)
    one, other = chosen(world.mere), chosen(world.priya)
    for found, by in ((one, world.mere), (other, world.priya)):
        actions.begin(found, by=by)
        db.session.commit()
    make_due()
    assert len(letters(one)) + len(letters(other)) == 2
    with pytest.raises(Conflict):
        actions.begin(one, by=world.mere)


def test_whoever_asked_and_is_not_of_the_school_any_more_has_no_letters_made(world: World) -> None:
    due(world, 0)
    found = begun(world.priya)
    make.end_roles(world.priya)
    db.session.commit()
    make_due()
    assert (letters(found), [line.state for line in lines(found)]) == ([], [LineState.LEFT_OUT])
