"""For whom an announcement stands, and for how long (H4)."""

from datetime import date, datetime, timedelta

import pytest
from time_machine import Traveller

from app.announcements.actions import announce, end_announcement, put_away
from app.announcements.models import Announcement
from app.announcements.queries import announcement_for, announcements_for
from app.announcements.rules import Said, as_roles, as_text, begins_at, ends_at, faults, last_day
from app.core import clock
from app.core import clock as core_clock
from app.core.errors import Refused
from app.people.actions import Limits, start_sign_in
from app.people.models import Role
from app.people.queries import Actor, actor_for, roles_of
from tests import make

TODAY = date(2026, 3, 3)


def strip(who: Actor) -> str | None:
    """What stands at the top of this person's pages."""
    limits = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
    (held,) = roles_of(who.person_id)
    signed_in = actor_for(start_sign_in(held, limits=limits, issuer="https://sign-in.example"))
    assert signed_in is not None
    return signed_in.announced and signed_in.announced.partition(" ")[2]


def said(*, from_on: date = TODAY, until_on: date = TODAY, roles: tuple[Role, ...] = ()) -> Said:
    return Said("Closed on Friday", "From 6 pm.", roles, from_on, until_on)


def test_roles_are_kept_between_bars() -> None:
    roles = (Role.ATTENDANCE_LEAD, Role.OPERATOR)
    assert as_text(roles) == "|attendance_lead|operator|"
    assert as_roles(as_text(roles)) == roles
    assert (as_text(()), as_roles("")) == ("", ())


@pytest.mark.parametrize(
    ("from_on", "until_on", "is_wrong"),
    [
        (TODAY, TODAY, False),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), True),
        (TODAY + timedelta(days=2), TODAY + timedelta(days=1), True),
        (TODAY, TODAY + timedelta(days=366), False),
        (TODAY, TODAY + timedelta(days=367), True),
    ],
)
def test_the_days_make_sense(from_on: date, until_on: date, is_wrong: bool) -> None:
    assert bool(faults(said(from_on=from_on, until_on=until_on), TODAY)) is is_wrong


def test_days_are_new_zealands() -> None:
    now = datetime.fromisoformat("2026-03-03T09:00+13:00")
    assert begins_at(TODAY, now) == now
    assert begins_at(TODAY + timedelta(days=1), now) == datetime.fromisoformat("2026-03-04T00:00+13:00")
    assert ends_at(TODAY) == datetime.fromisoformat("2026-03-04T00:00+13:00")
    assert last_day(Announcement(until_at=ends_at(TODAY))) == TODAY


def test_it_stands_for_its_roles_and_no_other(world: make.World) -> None:
    make.announced(world.oscar, Role.ATTENDANCE_LEAD, Role.CASE_MANAGER, title="For two roles")
    assert {who for who in ("mere", "kahu", "ana") if strip(world.people[who])} == {"mere", "kahu", "ana"}
    assert [strip(world.people[who]) for who in ("priya", "tom", "ruth", "oscar", "hana")] == [None] * 5
    make.announced(world.niko, title="For everybody")
    assert {strip(world.people[who]) for who in ("mere", "priya", "ruth", "oscar", "hana", "niko")} == {"For everybody"}


def test_who_is_given_the_role_afterwards_sees_it(world: make.World) -> None:
    make.announced(world.oscar, Role.ATTENDANCE_LEAD, title="For leads")
    make.end_roles(world.priya)
    later = make.actor(world.priya, Role.ATTENDANCE_LEAD, world.tawa)
    assert strip(later) == "For leads"
    assert [row.Announcement.title for row in announcements_for(later)] == ["For leads"]


def test_put_away_is_for_one_person(world: make.World) -> None:
    first, second = make.announced(world.oscar, title="First"), make.announced(world.oscar, title="Second")
    assert strip(world.tom) == "Second"
    put_away(second, by=world.tom)
    put_away(second, by=world.tom)
    assert (strip(world.tom), strip(world.mere)) == ("First", "Second")
    put_away(first, by=world.tom)
    assert strip(world.tom) is None
    assert [row.is_put_away for row in announcements_for(world.tom)[:2]] == [True, True]


def test_what_is_over_or_to_come_does_not_stand(world: make.World) -> None:
    ended = make.announced(world.oscar, title="Ended")
    assert end_announcement(ended, by=world.niko)
    assert not end_announcement(ended, by=world.oscar)
    over = make.announced(world.oscar, title="Over")
    over.from_at, over.until_at = clock.now() - timedelta(days=2), clock.now() - timedelta(days=1)
    tomorrow = clock.today() + timedelta(days=1)
    to_come = announce(said(from_on=tomorrow, until_on=tomorrow), by=world.oscar)
    assert strip(world.mere) is None
    titles = [row.Announcement.title for row in announcements_for(world.mere)]
    assert titles == ["Over", "Ended"]
    assert announcement_for(world.mere, to_come.public_id) is None
    assert announcement_for(world.niko, to_come.public_id) is to_come


def test_what_was_taken_back_before_it_began_was_never_said(clock: Traveller, world: make.World) -> None:
    tomorrow = core_clock.today() + timedelta(days=1)
    made = announce(said(from_on=tomorrow, until_on=tomorrow), by=world.oscar)
    end_announcement(made, by=world.oscar)
    clock.shift(timedelta(days=1))
    assert not announcements_for(world.mere)
    assert announcement_for(world.mere, made.public_id) is None
    assert announcement_for(world.niko, made.public_id) is made


def test_former_ones_stay_with_those_they_were_for(world: make.World) -> None:
    end_announcement(make.announced(world.oscar, Role.INVESTIGATOR, title="Not for schools"), by=world.oscar)
    assert [row.Announcement.title for row in announcements_for(world.moana)] == ["Not for schools"]
    assert not announcements_for(world.mere)


def test_pages_go_on_after_the_last_one(world: make.World) -> None:
    made = [make.announced(world.oscar, title=f"Number {number}") for number in range(3)]
    rest = announcements_for(world.tom, before=made[1].public_id)
    assert [row.Announcement.title for row in rest] == ["Number 0"]


def test_what_makes_no_sense_is_refused(world: make.World) -> None:
    with pytest.raises(Refused, match="last day"):
        announce(said(from_on=date(2020, 1, 1), until_on=date(2020, 1, 2)), by=world.oscar)
