"""The calendar at a private address: as RFC 5545 has it, of one's own tasks, and nothing personal (P17)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import update
from time_machine import Traveller

from app.cases.contacts.actions import change_primary, cover_contact, end_contact
from app.cases.contacts.rules import Whom
from app.cases.diary.actions import end_feed, is_read_anew, make_feed
from app.cases.diary.queries import feed_behind, feed_of, planned_for
from app.cases.diary.rules import LONGEST_LINE, Planned, calendar, escaped, folded
from app.cases.models import Case, Status
from app.cases.plans.models import PlanAction
from app.cases.tasks.actions import finish_task, give_task
from app.cases.tasks.rules import Arranged
from app.core import clock as core_clock
from app.core.db import db
from app.people.actions import end_role
from app.people.models import RoleHeld
from app.people.queries import Actor
from app.referrals.drafts.actions import discard
from app.referrals.drafts.queries import drafts_ending
from tests import make

MADE = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def event(day: date, at: time | None, kind: str = "visit") -> list[str]:
    text = calendar([Planned("a task", "26-004217-4", kind, day, at, MADE)], "portal.example.nz")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines = text.split("\r\n")
    return lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT") + 1]


def numbers(who: Actor) -> list[tuple[str, str]]:
    return [(each.number, each.meeting_kind) for each in planned_for(who)]


def test_an_event_says_its_kind_its_case_and_its_day_and_nothing_else() -> None:
    assert [line for line in event(date(2026, 3, 4), None) if not line.startswith("UID")] == [
        "BEGIN:VEVENT",
        "DTSTAMP:20260302T213000Z",
        "LAST-MODIFIED:20260302T213000Z",
        "DTSTART;VALUE=DATE:20260304",
        "TRANSP:TRANSPARENT",
        "SUMMARY:Visit 26-004217-4",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]
    assert "SUMMARY:Task 26-004217-4" in event(date(2026, 3, 4), None, kind="")


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 4, 4), "20260404T013000Z"),  # the day before the clocks go back
        (date(2026, 4, 5), "20260405T023000Z"),
        (date(2026, 9, 26), "20260926T023000Z"),  # the day before they go on
        (date(2026, 9, 27), "20260927T013000Z"),
    ],
)
def test_half_past_two_is_that_in_new_zealand_in_summer_and_winter(day: date, instant: str) -> None:
    assert f"DTSTART:{instant}" in event(day, time(14, 30))


def test_an_event_keeps_its_name_when_its_day_changes_and_gives_nothing_away() -> None:
    one, later = event(date(2026, 3, 4), None), event(date(2026, 3, 9), time(9, 0))
    uid = [line for line in one if line.startswith("UID:")]
    assert uid == [line for line in later if line.startswith("UID:")]
    assert "a task" not in uid[0]
    assert uid[0].endswith("@portal.example.nz")


@given(some.text(max_size=200))
@settings(max_examples=40, deadline=None)
def test_long_lines_are_folded_between_characters_and_come_together_again(text: str) -> None:
    line = f"SUMMARY:{escaped(text)}".replace("\r", "")
    parts = folded(line).split("\r\n")
    assert all(len(part.encode()) <= LONGEST_LINE for part in parts)
    assert all(part.startswith(" ") for part in parts[1:])
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line


def test_what_would_end_a_value_is_escaped() -> None:
    assert escaped("a;b,c\\d\ne\r\nf") == "a\\;b\\,c\\\\d\\ne\\nf"


def test_ones_own_tasks_stand_in_it_and_nobody_elses(world: make.World, clock: Traveller) -> None:
    case = make.open_case(world)
    davids = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.david, by=world.ruth)
    make.task(world.ana, case, meeting_kind="visit")
    make.task(world.ana, case, person_id=world.ruth.person_id)
    make.task(world.david, davids)
    assert numbers(world.ana) == [(case.number, "visit")]
    assert numbers(world.ruth) == [(case.number, "")], "a lead has what was given to them alone"
    assert numbers(make.seeing_service_cases(world.david)) == [(davids.number, "")]
    for other in (world.lupe, world.wiremu, world.tom):
        assert numbers(other) == []


def test_what_is_done_closed_gone_or_long_ago_stands_in_it_no_more(world: make.World, clock: Traveller) -> None:
    case = make.open_case(world)
    head, today = make.head(world.ana, case), core_clock.today()
    done = give_task(head, "Ring", Arranged(today), by=world.ana)
    give_task(head, "Ring", Arranged(today + DAY, time(9)), by=world.ana)
    finish_task(head, done.id, by=world.ana)
    assert [(each.day, each.at) for each in planned_for(world.ana)] == [(today + DAY, time(9))]
    clock.shift(61 * DAY)
    assert planned_for(world.ana) != []
    clock.shift(2 * DAY)
    assert planned_for(world.ana) == []
    make.task(world.ana, case)
    db.session.get_one(Case, case.id).status = Status.CLOSED
    assert planned_for(world.ana) == []
    gone = make.gone(world, make.student("Rangi Paki", world.tawa))
    assert gone.number not in [number for number, _ in numbers(world.ana)]


def days(who: Actor) -> list[tuple[str, int]]:
    """What stands in it, and in how many days that is."""
    found = (*planned_for(who), *drafts_ending(who))
    return [(each.words, (each.day - core_clock.today()).days) for each in found]


def test_a_contact_has_the_days_of_the_plan_they_read_and_of_no_other(world: make.World, clock: Traveller) -> None:
    """Nor has a lead who is named on no case, of any: it is one's own calendar."""
    case = make.open_case(world)
    arohas = make.assigned(make.submitted(world.priya, world.ng, contact=world.aroha), to=world.ana, by=world.ruth)
    kept = make.student("Rangi Paki", world.tawa)
    unshared = make.assigned(make.submitted(world.priya, kept, contact=world.tom), to=world.ana, by=world.ruth)
    for each in (case, arohas):
        make.planned(world.ana, each)
    make.planned(world.ana, unshared, is_shared=False)
    assert days(world.tom) == [(f"Plan action {case.number}", 7), (f"Plan review {case.number}", 28)]
    assert [words for words, _ in days(world.aroha)] == [
        f"Plan {what} {arohas.number}" for what in ("action", "review")
    ]
    for other in (world.mere, world.priya, world.jin, world.ana, world.ruth, world.moana):
        assert days(other) == []
    db.session.execute(update(PlanAction).values(done_on=core_clock.today()))
    assert days(world.tom) == [(f"Plan review {case.number}", 28)], "what is done is done"
    make.closed(case, by=world.ruth)
    assert days(world.tom) == []


def test_it_follows_who_is_the_contact_and_where_the_student_is(world: make.World) -> None:
    case = make.open_case(world)
    make.planned(world.ana, case)
    to = Whom(world.aroha.person_id)
    change_primary(make.head(world.tom, case), to, best_times="", instead_of=world.tom.public_id, by=world.tom)
    assert (days(world.tom), len(days(world.aroha))) == ([], 2)
    make.left(world.whanau, world.tawa)
    assert days(world.aroha) == []


def test_cover_for_a_contact_stands_there_from_its_first_to_its_last_day(world: make.World) -> None:
    case, today = make.open_case(world), core_clock.today()
    cover_contact(make.head(world.tom, case), world.aroha.person_id, today, today + 3 * DAY, by=world.tom)
    for who in (world.tom, world.aroha):
        assert days(who) == [(f"Cover begins {case.number}", 0), (f"Cover ends {case.number}", 3)]
    for other in (world.mere, world.jin, world.ana):
        assert days(other) == []
    end_contact(make.head(world.tom, case), world.aroha.person_id, by=world.tom)
    assert days(world.aroha) == []


def test_the_end_of_ones_own_drafts_stands_there_and_of_nobody_elses(world: make.World) -> None:
    mine = make.draft(world.priya, world.whanau, primary_contact=world.tom.public_id)
    make.draft(world.mere, world.ng)
    for who in (world.priya, world.tom):
        assert days(who) == [("Draft of a request ends", 90)]
    for other in (world.aroha, world.jin, world.sione, world.hana, world.ana, world.ruth):
        assert days(other) == []
    discard(mine, by=world.priya)
    assert days(world.tom) == []


def test_a_new_address_ends_the_one_before(world: make.World) -> None:
    first, second = make_feed(by=world.ana), make_feed(by=world.ana)
    assert feed_behind(first) is None
    assert feed_behind("") is None
    found = feed_behind(second)
    assert found is not None
    assert found.actor.person_id == world.ana.person_id
    assert feed_of(world.david) is None
    assert feed_of(world.ana) is not None
    assert end_feed(by=world.ana)
    assert not end_feed(by=world.ana)
    assert feed_behind(second) is None
    assert feed_of(world.ana) is None


def test_it_ends_with_the_role(world: make.World) -> None:
    token = make_feed(by=world.ana)
    end_role(db.session.get_one(RoleHeld, world.ana.role_held_id), by=None)
    assert feed_behind(token) is None


def test_that_it_is_read_is_noted_once_an_hour(clock: Traveller) -> None:
    now = core_clock.now()
    assert is_read_anew(None)
    clock.shift(timedelta(minutes=59))
    assert not is_read_anew(now)
    clock.shift(timedelta(minutes=1))
    assert is_read_anew(now)
