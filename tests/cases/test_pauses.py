"""A pause that a lead approves: when it may be, for how long, who approves it, and how it ends (CASE-7)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.calendars.working_days import due_date
from app.cases.actions import change_status
from app.cases.entries import Audience, Entry
from app.cases.listing import NOT_CLOSED, cases_for, counts_for
from app.cases.models import Case, Status, StatusChange
from app.cases.pauses.actions import (
    approve_pause,
    ask_for_pause,
    end_at_sixteen,
    refuse_pause,
    withdraw_pause,
)
from app.cases.pauses.models import Pause, PauseState
from app.cases.pauses.queries import pause_for
from app.cases.pauses.rules import fault_of_review, latest_review, review_days
from app.cases.reminders.actions import remind_of_due
from app.cases.reminders.rules import PAUSE_REVIEW
from app.cases.statuses.actions import Asked, change_by_hand, reopen_due
from app.cases.statuses.models import StatusFact
from app.cases.statuses.rules import Change
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Audit, Outbox
from app.people.actions import set_other_pauses
from app.people.models import Organisation, Role
from app.people.queries import Actor
from app.students.models import Student
from tests import make

DAY = timedelta(days=1)
TODAY = date(2026, 3, 3)
"""A Tuesday; no holiday in the 20 working days after it."""
GROWN = date(2009, 1, 1)


@pytest.fixture
def case(world: make.World) -> Case:
    make.pauses_allowed(world.te_awa)
    return make.open_case(world)


def second_lead(world: make.World) -> Actor:
    return make.person("Nina Bell", Role.WORKFLOW_LEAD, db.session.get_one(Organisation, world.te_awa.id))


def born(case: Case, day: date) -> None:
    db.session.get_one(Student, case.student_id).born_on = day
    db.session.flush()


def on_hold(world: make.World, case: Case, *, days: int = 7) -> Case:
    return approve_pause(make.pause_now(world.ruth, case, _asked(world, case, days)), by=world.ruth)


def _asked(world: make.World, case: Case, days: int) -> str:
    return make.pause_asked(world.ana, case, days=days).pause.public_id


def opened(world: make.World, case: Case) -> None:
    asked = Asked(Change.OPEN, case.status, {"why": "Back home."})
    change_by_hand(make.head(world.ana, case), asked, by=world.ana)


def told_of(event: str) -> list[int]:
    return sorted(db.session.scalars(select(Outbox.person_id).where(Outbox.event == event)))


def test_it_is_looked_at_again_within_twenty_working_days() -> None:
    last = due_date(TODAY, 20, "WGN")
    assert review_days() == 20
    assert last == date(2026, 3, 31)
    for days, is_wrong in ((19, False), (20, False), (21, True)):
        fault = fault_of_review(due_date(TODAY, days, "WGN"), TODAY, "WGN", GROWN)
        assert ("20 working days are the most" in fault) is is_wrong, days
    assert fault_of_review(last + DAY, TODAY, "WGN", GROWN), "a day that is no working day counts with the next"
    assert fault_of_review(TODAY, TODAY, "WGN", GROWN) == "Choose a day after today"
    assert not fault_of_review(TODAY + DAY, TODAY, "WGN", GROWN)
    assert latest_review(TODAY, "WGN", GROWN) == last


def test_it_never_goes_across_the_sixteenth_birthday() -> None:
    turns = TODAY + 10 * DAY
    child = date(turns.year - 16, turns.month, turns.day)
    assert not fault_of_review(turns - DAY, TODAY, "WGN", child)
    assert "sixteenth birthday" in fault_of_review(turns, TODAY, "WGN", child)
    assert "sixteenth birthday" in fault_of_review(turns + DAY, TODAY, "WGN", child)
    assert latest_review(TODAY, "WGN", child) == turns - DAY
    assert not fault_of_review(turns + 2 * DAY, turns, "WGN", child), "on the birthday there is none to come"
    assert not fault_of_review(turns + 2 * DAY, turns + DAY, "WGN", child)
    assert latest_review(turns - DAY, "WGN", child) == turns - DAY, "the day before there is no day left"


def test_it_is_off_until_a_service_has_it(world: make.World) -> None:
    case = make.open_case(world)
    assert not make.head(world.ana, case).has_other_pauses
    with pytest.raises(Refused, match="does not put cases on hold"):
        make.pause_asked(world.ana, case)
    set_other_pauses(world.maunga.id, True, by=world.lupe)
    with pytest.raises(Refused, match="does not put cases on hold"):
        make.pause_asked(world.ana, case)
    for _ in range(2):
        set_other_pauses(world.te_awa.id, True, by=world.ruth)
    set_events = select(Audit.event).where(Audit.event.startswith("setting."), Audit.person_id == world.ruth.person_id)
    assert db.session.scalars(set_events).all() == ["setting.other_pauses_on"]
    assert make.pause_asked(world.ana, case).pause.state is PauseState.ASKED


def test_a_manager_asks_and_a_lead_approves(world: make.World, case: Case) -> None:
    until = core_clock.today() + 7 * DAY
    of = make.pause_asked(world.ana, case)
    assert case.status is Status.OPEN, "until then it goes on"
    assert told_of("pause.asked") == [world.ruth.person_id]
    approve_pause(make.pause_now(world.ruth, case, of.pause.public_id), by=world.ruth)
    assert (case.status, case.pause_reason, case.pause_until) == (Status.PAUSED, "other", until)
    assert (of.pause.state, of.pause.is_alone) == (PauseState.APPROVED, False)
    assert world.ana.person_id in told_of("case.status_changed")
    assert told_of("pause.approved") == [], "nobody is told twice"
    change = db.session.scalars(select(StatusChange).order_by(StatusChange.id.desc())).first()
    assert change is not None
    assert (change.by_id, change.why) == (world.ruth.person_id, "In hospital until then.")
    kept = db.session.execute(select(StatusFact.field, StatusFact.text).where(StatusFact.change_id == change.id))
    ((field, text),) = [tuple(row) for row in kept]
    assert (field, text.split(",")[0]) == ("asked_by", "Ana Tuhoro")


def test_the_school_reads_the_day_and_not_why(world: make.World, case: Case) -> None:
    on_hold(world, case)
    head = make.head(world.tom, case)
    assert head.words.school_action.startswith(f"On hold until {case.pause_until:%-d %B %Y}.")
    shared = db.session.scalars(
        select(Entry.body).where(Entry.case_id == case.id, Entry.audience == Audience.SHARED)
    ).all()
    assert any("It is looked at again by" in body for body in shared)
    assert not any("hospital" in body for body in shared)


def test_a_lead_who_asks_waits_for_another_lead(world: make.World, case: Case) -> None:
    nina = second_lead(world)
    of = make.pause_asked(world.ruth, case)
    with pytest.raises(Refused, match="Somebody else who leads"):
        approve_pause(make.pause_now(world.ruth, case, of.pause.public_id), by=world.ruth)
    with pytest.raises(Refused, match="Somebody else who leads"):
        refuse_pause(make.pause_now(world.ruth, case, of.pause.public_id), "No.", by=world.ruth)
    assert not make.pause_now(world.ruth, case, of.pause.public_id).has_one_lead
    approve_pause(make.pause_now(nina, case, of.pause.public_id), by=nina)
    assert (case.status, of.pause.is_alone) == (Status.PAUSED, False)
    assert told_of("pause.approved") == [world.ruth.person_id]
    assert told_of("case.status_changed").count(world.ana.person_id) == 1


def test_the_only_lead_approves_alone_and_that_is_kept(world: make.World, case: Case) -> None:
    of = make.pause_asked(world.ruth, case)
    assert of.has_one_lead
    approve_pause(of, by=world.ruth)
    assert of.pause.is_alone
    fact = db.session.scalars(select(StatusFact.text).where(StatusFact.field == "alone")).one()
    assert fact == "The service had no other workflow lead."


def test_a_refusal_says_why_and_the_case_goes_on(world: make.World, case: Case) -> None:
    of = make.pause_now(world.ruth, case, _asked(world, case, 7))
    with pytest.raises(Refused, match="Say why"):
        refuse_pause(of, " ", by=world.ruth)
    refuse_pause(of, "The school needs you now.", by=world.ruth)
    assert (case.status, of.pause.state) == (Status.OPEN, PauseState.REFUSED)
    assert told_of("pause.refused") == [world.ana.person_id]
    assert make.pause_asked(world.ana, case).pause.state is PauseState.ASKED, "what was refused was none"


def test_one_waits_at_a_time_and_is_answered_once(world: make.World, case: Case) -> None:
    of = make.pause_now(world.ruth, case, _asked(world, case, 7))
    with pytest.raises(Conflict, match="already"):
        make.pause_asked(world.ana, case)
    withdraw_pause(of, by=world.ana)
    for act in (approve_pause, withdraw_pause):
        with pytest.raises(Conflict, match="meanwhile"):
            act(of, by=world.ruth)
    with pytest.raises(Conflict, match="meanwhile"):
        refuse_pause(of, "No.", by=world.ruth)
    assert case.status is Status.OPEN


def test_a_second_in_a_row_is_refused_and_after_a_new_beginning_there_may_be_one(
    clock: Traveller, world: make.World, case: Case
) -> None:
    on_hold(world, case)
    clock.shift(timedelta(days=3))
    opened(world, case)
    with pytest.raises(Refused, match="on hold for another reason already"):
        make.pause_asked(world.ana, case)
    clock.shift(timedelta(days=3))
    make.closed(case, by=world.ruth)
    opened(world, case)
    assert make.pause_asked(world.ana, case).pause.state is PauseState.ASKED


def test_an_approval_asks_again_whether_it_may_be(clock: Traveller, world: make.World, case: Case) -> None:
    of = make.pause_now(world.ruth, case, _asked(world, case, 7))
    set_other_pauses(world.te_awa.id, False, by=world.ruth)
    with pytest.raises(Refused, match="does not put"):
        approve_pause(of, by=world.ruth)
    set_other_pauses(world.te_awa.id, True, by=world.ruth)
    clock.shift(timedelta(days=7))
    with pytest.raises(Refused, match="after today"):
        approve_pause(of, by=world.ruth)
    assert case.status is Status.OPEN


@pytest.mark.parametrize("status", [Status.CLOSED, Status.PAUSED])
def test_only_from_queue_open_and_transition(world: make.World, case: Case, status: Status) -> None:
    change_status(case, status, by=world.ruth)
    with pytest.raises(Refused, match="cannot be put on hold"):
        make.pause_asked(world.ruth, case)
    queued = make.submitted(world.priya, make.student("Ara", world.tawa), contact=world.tom)
    assert on_hold_by_lead(world, queued).status is Status.PAUSED


def on_hold_by_lead(world: make.World, case: Case) -> Case:
    return approve_pause(make.pause_asked(world.ruth, case), by=world.ruth)


def test_what_waits_ends_when_the_case_closes(world: make.World, case: Case) -> None:
    of = make.pause_asked(world.ana, case)
    make.closed(case, by=world.ruth)
    db.session.refresh(of.pause)
    assert of.pause.state is PauseState.WITHDRAWN


def test_nobody_else_finds_it(world: make.World, case: Case) -> None:
    public_id = make.pause_asked(world.ana, case).pause.public_id
    another = make.submitted(world.priya, make.student("Ara", world.tawa), contact=world.tom)
    assert pause_for(world.ruth, case.number, public_id)
    for who, number in (
        (world.lupe, case.number),
        (world.david, case.number),
        (world.mere, case.number),
        (world.ruth, another.number),
    ):
        assert pause_for(who, number, public_id) is None


def test_it_stays_in_lists_and_counts_and_a_lead_or_manager_opens_it(world: make.World, case: Case) -> None:
    on_hold(world, case)
    assert case.number in {each.number for each in cases_for(world.ana, statuses=NOT_CLOSED)}
    assert counts_for(world.ruth)[Status.PAUSED] == 1
    opened(world, case)
    assert (case.status, case.pause_reason, case.pause_until) == (Status.OPEN, "", None)


def test_the_leads_are_told_once_when_the_day_has_come(clock: Traveller, own_world: make.World) -> None:
    world = own_world
    make.pauses_allowed(world.te_awa)
    case = make.open_case(world)
    on_hold(world, case, days=7)
    db.session.commit()
    clock.shift(timedelta(days=6))
    remind_of_due()
    assert told_of(PAUSE_REVIEW) == []
    clock.shift(timedelta(days=1))
    assert [remind_of_due(), remind_of_due()] == [1, 0]
    assert told_of(PAUSE_REVIEW) == [world.ruth.person_id]
    assert (reopen_due(), end_at_sixteen()) == (0, 0), "it does not go on by itself"


def test_on_the_sixteenth_birthday_it_goes_on_by_itself(clock: Traveller, own_world: make.World) -> None:
    world = own_world
    make.pauses_allowed(world.te_awa)
    case, today = make.open_case(world), core_clock.today()
    turns = today + 9 * DAY
    born(case, date(turns.year - 16, turns.month, turns.day))
    grown = make.assigned(
        make.submitted(world.priya, make.student("Ara", world.tawa, born_on=GROWN), contact=world.tom),
        to=world.ana,
        by=world.ruth,
    )
    for each in (case, grown):
        on_hold(world, each, days=8)
    db.session.commit()
    clock.shift(timedelta(days=8))
    assert end_at_sixteen() == 0
    clock.shift(timedelta(days=1))
    assert (end_at_sixteen(), end_at_sixteen()) == (1, 0)
    assert (case.status, grown.status) == (Status.OPEN, Status.PAUSED)
    assert told_of("case.reopened_by_itself") == sorted([world.ana.person_id, world.ruth.person_id])


def test_a_pause_says_why(world: make.World, case: Case) -> None:
    for why, match in (("", "Say why"), ("x" * 2001, "2,000 characters")):
        with pytest.raises(Refused, match=match):
            ask_for_pause(make.head(world.ana, case), core_clock.today() + DAY, why, by=world.ana)
    assert db.session.scalars(select(Pause)).all() == []
