"""Who signed in when, and how it ended: an authoriser reads of their own organisation's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from time_machine import Traveller

from app.core import clock as core_clock
from app.core.db import db
from app.people.actions import add_person, end_role, end_sign_ins_of, start_sign_in
from app.people.models import Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.sign_in_log.actions import note_turned_away
from app.people.sign_in_log.queries import sign_ins_for, turned_away_for
from app.people.sign_in_log.rules import LATELY, TURNED_AWAY, End, ended, event_of
from app.signin.arrivals import Cause
from tests import make
from tests.people.test_sign_ins import LIMITS

NINE = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Row:
    """From nine o'clock on, half an hour at a time, two hours in all."""

    last_seen_at: datetime = NINE
    idle_minutes: int = 30
    ends_at: datetime = NINE + timedelta(hours=2)
    ended_at: datetime | None = None
    role_ended_at: datetime | None = None
    left_at: datetime | None = None


def test_whatever_came_first_ended_it() -> None:
    quarter, half, hour = (NINE + timedelta(minutes=minutes) for minutes in (15, 30, 60))
    until = NINE + timedelta(hours=2)
    cases = (
        (Row(), half - MINUTE, None),
        (Row(), half, (half, End.IDLE)),
        (Row(last_seen_at=until - MINUTE), until, (until, End.LIMIT)),
        (Row(ended_at=quarter), hour, (quarter, End.OUT)),
        (Row(ended_at=hour), hour, (half, End.IDLE)),
        (Row(ended_at=quarter, role_ended_at=quarter), hour, (quarter, End.ROLE)),
        (Row(ended_at=quarter, role_ended_at=half), hour, (quarter, End.OUT)),
        (Row(left_at=quarter), hour, (quarter, End.LEFT)),
    )
    assert [ended(row, now) for row, now, _ in cases] == [found for _, _, found in cases]


def signed_in(who: Actor) -> None:
    start_sign_in(db.session.get_one(RoleHeld, who.role_held_id), limits=LIMITS, issuer="x")


def listed(reader: Actor, **more: str) -> list[tuple[str, str]]:
    return [(row.name, row.organisation) for row in sign_ins_for(reader, **more)]  # type: ignore[arg-type]


def test_of_ones_own_organisation_only_and_the_operator_of_all(world: make.World) -> None:
    elsewhere = make.actor(world.mere, Role.OFFICE_SUPPORT, world.puna)
    for who in (world.mere, elsewhere, world.ana, world.tom):
        signed_in(who)
    tawa = ("Tom Hargreaves", "Tawa Awa College"), ("Mere Fa‘asavalu", "Tawa Awa College")
    assert listed(world.hana) == [*tawa]
    assert listed(world.hana, of=world.mere.public_id) == [tawa[1]]
    assert listed(world.tane) == [("Ana Tuhoro", "Te Awa Attendance Service")]
    assert listed(world.tane, of=world.mere.public_id) == listed(world.wini) == []
    assert len(listed(world.oscar)) == 4
    assert not [who.name for who in (world.mere, world.ruth, world.rachel) if listed(who)]


def test_a_role_that_ends_and_signing_out_are_told_apart(world: make.World) -> None:
    for who in (world.tom, world.mere, world.aroha):
        signed_in(who)
    end_role(db.session.get_one(RoleHeld, world.tom.role_held_id), by=world.hana)
    end_sign_ins_of(world.mere.person_id)
    db.session.get_one(Person, world.aroha.person_id).ended_at = core_clock.now()
    db.session.flush()
    found = {row.name: ended(row, core_clock.now()) for row in sign_ins_for(world.hana)}
    assert {name: end and end.why for name, end in found.items()} == {
        "Tom Hargreaves": End.ROLE,
        "Mere Fa‘asavalu": End.OUT,
        "Aroha Ngata": End.LEFT,
    }


def test_who_was_turned_away_stands_there_for_a_month_at_their_own_organisation_and_for_the_operator(
    world: make.World, clock: Traveller
) -> None:
    for who, cause in ((world.tom, Cause.INACTIVE), (world.ana, Cause.LINK_USED)):
        note_turned_away(db.session.get_one(Person, who.person_id), cause)
    stranger = add_person(name="Rina Tau", email="rina@elsewhere.example")
    note_turned_away(stranger, Cause.NO_ROLE)

    def names(reader: Actor) -> list[str]:
        return [row.name for row in turned_away_for(reader)]

    assert names(world.oscar) == ["Rina Tau", world.ana.name, world.tom.name]
    assert names(world.hana) == [world.tom.name]
    assert names(world.tane) == [world.ana.name]
    assert not any(names(reader) for reader in (world.wini, world.mere, world.ruth, world.moana))
    clock.shift(LATELY)
    assert names(world.oscar)
    clock.shift(MINUTE)
    note_turned_away(stranger, Cause.WRONG_ORGANISATION)
    assert names(world.oscar) == ["Rina Tau"]
    assert not names(world.hana)


def test_every_cause_has_its_words() -> None:
    assert {event_of(cause) for cause in Cause} == set(TURNED_AWAY)
