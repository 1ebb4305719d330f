"""A sign-in lasts until it is idle, too old, ended, or its role is (A5)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.core.db import db
from app.people import actions, queries
from app.people.actions import Limits
from app.people.models import Organisation, Person, Role, RoleHeld, SignIn, Source
from app.people.queries import Actor
from app.people.sign_ins import sign_ins_of
from tests import make
from tests.support.statements import Statements

LIMITS = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
SECOND = timedelta(seconds=1)


def held(who: Actor) -> RoleHeld:
    return db.session.get_one(RoleHeld, who.role_held_id)


@pytest.fixture
def token(world: make.World, clock: Traveller) -> str:
    return actions.start_sign_in(held(world.mere), limits=LIMITS, issuer="https://idp.example", issuer_sid="a-sid")


def is_in(token: str) -> bool:
    return queries.actor_for(token) is not None


def touch(clock: Traveller) -> None:
    row = db.session.scalars(select(SignIn)).one()
    actions.touch_sign_in(row.id, row.last_seen_at + timedelta(minutes=29))
    clock.shift(timedelta(minutes=29))
    db.session.expire_all()


def test_the_person_is_who_they_are_in_the_role_they_work_in(world: make.World, token: str) -> None:
    actor = queries.actor_for(token)
    assert actor is not None
    assert (actor.person_id, actor.role, actor.organisation_id) == (
        world.mere.person_id,
        world.mere.role,
        world.tawa.id,
    )
    assert not actor.sees_service_cases
    assert not actor.has_other_roles


def test_only_a_digest_of_the_token_is_kept(world: make.World, token: str) -> None:
    row = db.session.scalars(select(SignIn)).one()
    assert token not in {str(getattr(row, column.name)) for column in SignIn.__table__.columns}


def test_a_made_up_token_is_nobody(world: make.World, token: str) -> None:
    assert not is_in(token + "x")
    assert not is_in("")


def test_it_ends_when_idle(token: str, clock: Traveller) -> None:
    clock.shift(timedelta(minutes=30) - SECOND)
    assert is_in(token)
    clock.shift(SECOND)
    assert not is_in(token)


def test_being_there_keeps_it_and_twelve_hours_end_it(token: str, clock: Traveller) -> None:
    for _ in range(24):
        touch(clock)
        assert is_in(token)
    clock.shift(timedelta(minutes=24) - SECOND)
    assert is_in(token)
    clock.shift(SECOND)
    assert not is_in(token)


def test_a_shared_computer_halves_both(world: make.World, clock: Traveller) -> None:
    token = actions.start_sign_in(held(world.mere), limits=LIMITS, issuer="i", is_shared_computer=True)
    actor = queries.actor_for(token)
    assert actor is not None
    row = db.session.scalars(select(SignIn)).one()
    assert row.ends_at - row.started_at == timedelta(hours=6)
    clock.shift(timedelta(minutes=15))
    assert not is_in(token)


def test_a_role_that_ended_bites_at_once(world: make.World, token: str) -> None:
    actions.end_role(held(world.mere), by=None)
    assert not is_in(token)


def test_another_role_that_ended_does_not(world: make.World, token: str) -> None:
    other = make.actor(world.mere, Role.DELEGATED_AUTHORISER, world.tawa)
    actions.end_role(held(other), by=None)
    assert is_in(token)


def test_a_person_who_has_left_is_out(world: make.World, token: str) -> None:
    person = db.session.get_one(Person, world.mere.person_id)
    person.ended_at = person.made_at
    db.session.flush()
    assert not is_in(token)


def test_sign_out_everywhere_ends_all_of_mine_and_nobody_elses(world: make.World, token: str) -> None:
    second = actions.start_sign_in(held(world.mere), limits=LIMITS, issuer="i")
    other = actions.start_sign_in(held(world.tom), limits=LIMITS, issuer="i")
    actions.end_sign_ins_of(world.mere.person_id)
    assert (is_in(token), is_in(second), is_in(other)) == (False, False, True)
    assert not sign_ins_of(world.mere.person_id)


def test_the_issuers_session_ends_its_own_sign_in_only(world: make.World, token: str) -> None:
    second = actions.start_sign_in(held(world.mere), limits=LIMITS, issuer="https://idp.example", issuer_sid="b")
    elsewhere = actions.start_sign_in(
        held(world.mere), limits=LIMITS, issuer="https://other.example", issuer_sid="a-sid"
    )
    actions.end_sign_ins_at_issuer(issuer="https://idp.example", sid="a-sid")
    assert (is_in(token), is_in(second), is_in(elsewhere)) == (False, True, True)


def test_working_in_another_role_is_seen_at_once(world: make.World, token: str) -> None:
    other = make.actor(world.mere, Role.OFFICE_SUPPORT, world.puna)
    row = db.session.scalars(select(SignIn)).one()
    actions.switch_role(row.id, held(other))
    actor = queries.actor_for(token)
    assert actor is not None
    assert (actor.role, actor.organisation_id, actor.has_other_roles) == (other.role, world.puna.id, True)


def test_somebody_elses_role_cannot_be_taken(world: make.World, token: str) -> None:
    row = db.session.scalars(select(SignIn)).one()
    actions.switch_role(row.id, held(world.ruth))
    actor = queries.actor_for(token)
    assert actor is not None
    assert actor.role is world.mere.role


def test_the_setting_is_read_with_the_person(world: make.World) -> None:
    token = actions.start_sign_in(held(world.david), limits=LIMITS, issuer="i")
    actions.set_case_managers_see_cases(world.te_awa.id, True, by=world.ruth)
    db.session.flush()
    actor = queries.actor_for(token)
    assert actor is not None
    assert actor.sees_service_cases


def test_the_setting_gives_a_lead_nothing_to_see_as_case_manager(world: make.World) -> None:
    token = actions.start_sign_in(held(world.ruth), limits=LIMITS, issuer="i")
    actions.set_case_managers_see_cases(world.te_awa.id, True, by=world.ruth)
    db.session.flush()
    actor = queries.actor_for(token)
    assert actor is not None
    assert not actor.sees_service_cases


def test_who_is_signed_in_is_one_statement(token: str, statements: Statements) -> None:
    with statements.counted():
        queries.actor_for(token)
    assert statements.count == 1


def test_claimed_roles_become_exactly_what_the_claim_says(world: make.World) -> None:
    person = db.session.get_one(Person, world.mere.person_id)
    puna = db.session.get_one(Organisation, world.puna.id)
    given_by_person = held(world.mere)
    actions.take_claimed_roles(person, [(puna, Role.OFFICE_SUPPORT)])
    assert {(role.organisation_id, role.role, role.source) for role in queries.roles_of(person.id)} == {
        (world.tawa.id, given_by_person.role, Source.PERSON),
        (world.puna.id, Role.OFFICE_SUPPORT, Source.CLAIM),
    }
    actions.take_claimed_roles(person, [])
    assert queries.roles_of(person.id) == [given_by_person]


def test_people_with_a_role_are_those_who_hold_it_now(world: make.World) -> None:
    actions.end_role(held(world.tom), by=None)
    assert [row.name for row in queries.people_with(world.tawa.id, Role.PRIMARY_CONTACT)] == ["Aroha Ngata"]
