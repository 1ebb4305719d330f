"""Both clocks against a slow count of their own (CASE-8), and what a school learns of an event (SHARE-1, SHARE-3)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from time_machine import Traveller

from app.cases.actions import move_to
from app.cases.comments.actions import change_audience, retract
from app.cases.counting import counting
from app.cases.entries import Audience, Meeting
from app.cases.meetings.queries import meetings_for
from app.cases.meetings.rules import MODES, Said, clocks_of, days_late, fault_of, happened_at, kinds
from app.cases.models import Case
from app.cases.queries import case_to_change
from app.cases.timeline import shown_to_school, timeline_for
from app.core import clock as clocks
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Outbox
from app.reports.queries import lines_for
from tests import make

A_DAY = date(2026, 3, 3)
IN_PERSON = {"meeting", "visit"}
DIRECT = {
    ("meeting", "video"),
    ("meeting", "phone"),
    ("call", "phone"),
    ("call", "video"),
    ("call", ""),
    ("meeting", ""),
}


def counts(kind: str, mode: str) -> bool:
    """As the issue says it, in words of its own: face to face, by video or by phone."""
    return (kind in IN_PERSON and mode in {"in_person", ""}) or (kind, mode) in DIRECT


EVENTS = st.builds(
    Said,
    kind=st.sampled_from(sorted(kinds())),
    is_done=st.just(True),
    happened_on=st.integers(0, 6).map(lambda days: A_DAY + timedelta(days=days)),
    mode=st.sampled_from(["", *MODES]),
    with_school=st.booleans(),
    with_student=st.booleans(),
    with_caregiver=st.booleans(),
)


@settings(max_examples=60)
@given(st.lists(EVENTS, max_size=5))
def test_both_clocks_stop_on_the_day_that_a_slow_count_finds(events: list[Said]) -> None:
    school, seen, engaged = None, set(), None
    for day in (A_DAY + timedelta(days=days) for days in range(7)):
        for event in events:
            if event.happened_on == day and counts(event.kind, event.mode):
                school = school or (day if event.with_school else None)
                seen |= {who for who in ("student", "caregiver") if getattr(event, f"with_{who}")}
        engaged = engaged or (day if len(seen) == 2 else None)
    assert clocks_of(events) == (school, engaged)


def test_the_list_says_which_modes_count() -> None:
    assert set(counting("counts_school_contact")) >= {("message", "email"), ("transition_meeting", "")}
    assert ("message", "") not in counting("counts_school_contact")
    assert not [kind for kind, _ in counting("counts_school_meeting") if kind in {"agency", "other", "message"}]


@pytest.fixture
def case(world: make.World, clock: Traveller) -> Case:
    return make.open_case(world)


def clocks_now(case: Case) -> tuple[date | None, date | None]:
    row = db.session.execute(select(Case.met_school_on, Case.engaged_on).where(Case.id == case.id)).one()
    return row.met_school_on, row.engaged_on


def test_the_clocks_follow_what_is_recorded_and_taken_back(world: make.World, case: Case, clock: Traveller) -> None:
    today = clocks.today()
    make.event(world.ana, case, is_done=False, with_student=True, with_caregiver=True)
    assert clocks_now(case) == (None, None)
    make.event(world.ana, case, Audience.SERVICE, with_school=False, with_student=True)
    clock.shift(timedelta(days=2))
    both = make.event(world.ana, case, Audience.RESTRICTED, with_caregiver=True)
    assert clocks_now(case) == (today + timedelta(days=2), today + timedelta(days=2))
    earlier = make.event(world.ana, case, Audience.SERVICE, happened_on=today, kind="call")
    assert clocks_now(case) == (today, today + timedelta(days=2))
    retract(make.head(world.ana, case), both, by=world.ana)
    assert clocks_now(case) == (today, None)
    retract(make.head(world.ana, case), earlier, by=world.ana)
    assert clocks_now(case) == (None, None)


def test_a_move_starts_both_clocks_anew(world: make.World, case: Case, clock: Traveller) -> None:
    make.event(world.ana, case, with_student=True, with_caregiver=True)
    assert None not in clocks_now(case)
    clock.shift(timedelta(days=3))
    move_to(case_to_change(case.id), world.maunga.id, "TKI", by=world.ruth)
    db.session.flush()
    assert clocks_now(case) == (None, None)


def test_a_school_that_was_met_is_overdue_no_more(world: make.World, case: Case, clock: Traveller) -> None:
    clock.shift(timedelta(days=9))
    assert make.head(world.ana, case).is_late
    make.event(world.ana, case)
    head = make.head(world.ana, case)
    assert not head.is_late
    assert head.clock_line == "Met on Thu 12 March, day 7 of 10; the first 5 ended Tue 10 March"


def of_school(world: make.World, case: Case) -> list[tuple[str, date]]:
    """Kind and day of the events on its timeline, which is what the service is shown of it too."""
    rows = [row for row in timeline_for(world.mere, case.id) if row.kind == "event"]
    shown = [row for row in shown_to_school(case.id) if row.kind == "event"]
    assert [row.id for row in shown] == [row.id for row in rows]
    for row in [*rows, *shown]:
        told = {row.body, row.author_name, row.mode, row.with_others, row.done_by, row.next_step, row.is_done}
        assert row.is_readable or told == {None}
    return [(row.event_kind, row.happened_on) for row in rows]


@pytest.mark.parametrize(
    ("audience", "said", "is_known"),
    [
        (Audience.SERVICE, {}, True),
        (Audience.SERVICE, {"is_hidden": True}, False),
        (Audience.SERVICE, {"kind": "agency"}, False),
        (Audience.RESTRICTED, {}, False),
    ],
)
def test_of_what_a_service_keeps_a_school_learns_kind_and_day_at_most(
    world: make.World, case: Case, audience: Audience, said: dict[str, Any], is_known: bool
) -> None:
    told: dict[str, Any] = {"with_others": "Zqxwv others", "done_by": "Zqxwv by", "next_step": "", **said}
    entry = make.event(world.ana, case, audience, "Zqxwv said", **told)
    assert of_school(world, case) == ([("visit", clocks.today())] if is_known else [])
    (line,) = lines_for(world.mere)
    assert line.met_on == (clocks.today() if is_known else None), "nor by a count"
    assert not db.session.scalars(select(Outbox.id).where(Outbox.thing == "entry", Outbox.thing_id == entry.id)).all()
    assert lines_for(world.jin) == []
    seen = next(row for row in meetings_for(world.ruth, case.id) if row.id == entry.id)
    assert (seen.body, seen.with_others) == ("Zqxwv said", "Zqxwv others")


def test_a_restricted_event_is_known_to_colleagues_and_not_what_it_was(world: make.World, case: Case) -> None:
    make.event(world.ana, case, Audience.RESTRICTED, "Zqxwv said")
    (row,) = meetings_for(make.seeing_service_cases(world.david), case.id)
    assert (row.author_name, row.event_kind, row.happened_on, row.body) == ("Ana Tuhoro", None, None, None)


def test_a_shared_event_is_told_narrowed_it_is_hidden_and_retracted_it_leaves_a_mark(
    world: make.World, case: Case, clock: Traveller
) -> None:
    waits = make.event(world.ana, case, waits=True)
    assert of_school(world, case) == [], "for some minutes it can be undone"
    clock.shift(timedelta(minutes=6))
    assert of_school(world, case) == [("visit", clocks.today())]
    told = db.session.scalars(select(Outbox.person_id).where(Outbox.event == "meeting.recorded")).all()
    assert world.tom.person_id in told
    change_audience(make.head(world.ana, case), waits, Audience.RESTRICTED, by=world.ana)
    assert of_school(world, case) == []
    change_audience(make.head(world.ana, case), waits, Audience.SERVICE, by=world.ana)
    retract(make.head(world.ana, case), waits, by=world.ana)
    assert of_school(world, case) == []


def test_what_is_hidden_is_not_shared(world: make.World, case: Case) -> None:
    with pytest.raises(Refused):
        make.event(world.ana, case, is_hidden=True)
    assert not db.session.scalars(select(Meeting.id)).all()


def test_a_day_and_a_time_to_come_are_refused() -> None:
    now = datetime(2026, 3, 3, 9, tzinfo=clocks.PACIFIC_AUCKLAND)
    said = Said("visit", False, A_DAY, with_school=True)
    assert fault_of(said, now=now) == {}
    assert "other_day" in fault_of(Said("visit", True, A_DAY + timedelta(days=1), with_school=True), now=now)
    assert "other_day" in fault_of(said, now=now, closed_on=A_DAY - timedelta(days=1))
    assert happened_at(said, now) == now
    assert clocks.nz(happened_at(Said("visit", True, A_DAY - timedelta(days=1)), now)).hour == 12
    assert days_late(date(2026, 2, 5), now, "WGN") == 17, "Waitangi Day is not counted"
