"""Whom an announcement tells, and from when on (`notifications.csv`: announcement, known_issue_changed)."""

from datetime import timedelta

from sqlalchemy import select
from time_machine import Traveller

from app.announcements.actions import announce, change_issue, end_announcement, put_away
from app.announcements.rules import Said, texts_of
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Channel, Outbox
from app.core.versions import version_of
from app.people.actions import end_role
from app.people.models import Role, RoleHeld
from app.people.queries import Actor
from app.people.telling.queries import told_to
from tests import make

BOTH = (Role.ATTENDANCE_LEAD, Role.CASE_MANAGER)


def unread(world: make.World) -> list[str]:
    """Who has something new to read, once for each thing."""
    names = {person.person_id: name for name, person in world.people.items()}
    new = select(Outbox.person_id).where(Outbox.made_at <= core_clock.now(), Outbox.read_at.is_(None))
    return sorted(names[person_id] for person_id in db.session.scalars(new))


def read_by(who: Actor) -> list[tuple[str, str]]:
    return [(line.place.path, line.place.name) for line in told_to(who).lines]


def test_whoever_it_is_for_is_told_once_in_the_app(world: make.World) -> None:
    """Also who holds two of these roles; never who writes it, nor whose role has ended."""
    make.actor(world.mere, Role.CASE_MANAGER, world.te_awa)
    end_role(db.session.get_one(RoleHeld, world.david.role_held_id), by=None)
    db.session.execute(Outbox.__table__.delete())  # type: ignore[attr-defined]
    make.announced(world.oscar, *BOTH, title="Closed")
    assert unread(world) == ["ana", "jin", "kahu", "mere", "wiremu"]
    assert set(db.session.scalars(select(Outbox.channel))) == {Channel.APP}
    assert read_by(world.jin) == [("/announcements/", "Closed")]
    assert (read_by(world.priya), read_by(world.oscar)) == ([], [])


def test_for_everybody_is_everybody_else(world: make.World) -> None:
    make.announced(world.niko)
    assert unread(world) == sorted(set(world.people) - {"niko"})


def test_nobody_is_told_before_the_day_it_starts(clock: Traveller, world: make.World) -> None:
    today = core_clock.today()
    said = Said("Closed", "From 6 pm.", BOTH, today + timedelta(days=1), today + timedelta(days=2))
    announcement = announce(said, by=world.oscar)
    assert unread(world) == []
    clock.move_to(announcement.from_at - timedelta(seconds=1))
    assert (unread(world), read_by(world.mere)) == ([], [])
    clock.move_to(announcement.from_at)
    assert "mere" in unread(world)
    assert read_by(world.mere) == [("/announcements/", "Closed")]


def test_what_is_ended_before_it_starts_tells_nobody(clock: Traveller, world: make.World) -> None:
    today = core_clock.today()
    said = Said("Closed", "From 6 pm.", (Role.OFFICE_SUPPORT,), today + timedelta(days=1), today + timedelta(days=2))
    taken_back, other = announce(said, by=world.oscar), announce(said, by=world.oscar)
    end_announcement(taken_back, by=world.oscar)
    clock.move_to(other.from_at)
    assert unread(world) == ["priya", "sione"]


def test_what_is_put_away_is_read(world: make.World) -> None:
    """By this person, and nothing else of theirs."""
    first, _ = make.announced(world.oscar, Role.OFFICE_SUPPORT), make.announced(world.oscar, Role.OFFICE_SUPPORT)
    assert unread(world) == ["priya", "priya", "sione", "sione"]
    put_away(first, by=world.priya)
    assert unread(world) == ["priya", "sione", "sione"]
    put_away(first, by=world.priya)
    assert unread(world) == ["priya", "sione", "sione"]


def test_of_a_known_issue_everybody_is_told_when_it_is_known_and_when_it_changes(world: make.World) -> None:
    issue = make.known_issue(world.oscar, "Letters are slow")
    others = sorted(set(world.people) - {"oscar"})
    assert unread(world) == others
    seen = version_of(texts_of(issue))
    assert not change_issue(issue, issue.title, issue.body, is_solved=False, version=seen, by=world.oscar)
    assert unread(world) == others
    change_issue(issue, issue.title, issue.body, is_solved=True, version=seen, by=world.oscar)
    assert unread(world) == sorted(others * 2)
    assert read_by(world.tom) == [("/help/known-issues", "Letters are slow")] * 2
