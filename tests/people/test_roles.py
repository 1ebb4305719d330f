"""Who holds, or held, which role at an organisation (A2)."""

from datetime import timedelta

import pytest
from time_machine import Traveller

from app.core import clock as core_clock
from app.core.db import db
from app.people.actions import end_role, start_sign_in
from app.people.models import Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.roles import queries
from app.people.roles.actions import review
from app.people.roles.queries import Colleague, colleagues, due_for_review, roles_named
from app.people.roles.rules import due_before
from tests import make
from tests.people.test_sign_ins import LIMITS
from tests.support.statements import Statements


def names(actor: Actor, *, after: str = "", is_former: bool = False) -> list[str]:
    return [person.of.name for person in colleagues(actor, after=after, is_former=is_former)]


def of(actor: Actor, name: str, *, is_former: bool = False) -> Colleague:
    return next(person for person in colleagues(actor, is_former=is_former) if person.of.name == name)


def test_everyone_of_ones_own_organisation_and_nobody_else(world: make.World) -> None:
    assert names(world.hana) == ["Aroha Ngata", "Hana Parata", "Mere Fa‘asavalu", "Priya Nair", "Tom Hargreaves"]
    assert names(world.jin) == ["Jin Wu-Bennett", "Sione Tau"]


def test_who_left_stands_among_the_former_with_what_they_held(world: make.World) -> None:
    held = db.session.get_one(RoleHeld, world.tom.role_held_id)
    end_role(held, by=world.hana)
    db.session.get_one(Person, world.aroha.person_id).ended_at = core_clock.now()
    db.session.flush()
    assert names(world.hana) == ["Hana Parata", "Mere Fa‘asavalu", "Priya Nair"]
    assert names(world.hana, is_former=True) == ["Aroha Ngata", "Tom Hargreaves"]
    (role,) = of(world.hana, "Tom Hargreaves", is_former=True).former
    assert (role.role, role.ended_by) == (Role.PRIMARY_CONTACT, "Hana Parata")


def test_who_has_another_role_here_is_not_former(world: make.World) -> None:
    make.actor(world.tom, Role.OFFICE_SUPPORT, world.tawa)
    end_role(db.session.get_one(RoleHeld, world.tom.role_held_id), by=world.hana)
    tom = of(world.hana, "Tom Hargreaves")
    assert [role.role for role in tom.held] == [Role.OFFICE_SUPPORT]
    assert [role.role for role in tom.former] == [Role.PRIMARY_CONTACT]
    assert names(world.hana, is_former=True) == []


def test_a_role_says_who_gave_it(world: make.World) -> None:
    held = db.session.get_one(RoleHeld, world.tom.role_held_id)
    held.given_by_id, held.given_by_command = world.hana.person_id, False
    db.session.flush()
    (role,) = of(world.hana, "Tom Hargreaves").held
    assert role.given_by == "Hana Parata"


def test_last_here_is_what_they_did_for_this_organisation(world: make.World) -> None:
    elsewhere = make.actor(world.mere, Role.OFFICE_SUPPORT, world.puna)
    start_sign_in(db.session.get_one(RoleHeld, elsewhere.role_held_id), limits=LIMITS, issuer="x")
    assert of(world.hana, "Mere Fa‘asavalu").of.last_here is None
    start_sign_in(db.session.get_one(RoleHeld, world.mere.role_held_id), limits=LIMITS, issuer="x")
    assert of(world.hana, "Mere Fa‘asavalu").of.last_here is not None


def test_the_list_goes_on_after_a_person_with_one_statement_a_page(
    world: make.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    make.actor(world.hana, Role.OFFICE_SUPPORT, world.tawa)
    with (statements := Statements()).counted():
        first = colleagues(world.hana)
    assert statements.count == 1
    assert [person.of.name for person in first] == ["Aroha Ngata", "Hana Parata", "Mere Fa‘asavalu"]
    assert names(world.hana, after=first[1].of.public_id)[:2] == ["Mere Fa‘asavalu", "Priya Nair"]
    assert names(world.hana, after="nobody") == []


def due(actor: Actor) -> list[str]:
    return [f"{row.name} {row.role}" for row in due_for_review(actor)]


def test_a_role_is_due_on_the_same_day_of_the_next_year(world: make.World, clock: Traveller) -> None:
    given_on = core_clock.nz(db.session.get_one(RoleHeld, world.tom.role_held_id).given_at)
    assert (due_before(given_on.date(), 12).month, due_before(given_on.date(), 12).day) == (
        given_on.month,
        given_on.day + 1,
    )
    clock.move_to(given_on.replace(year=given_on.year + 1, hour=0, minute=0, second=0) - timedelta(seconds=1))
    assert due(world.hana) == []
    clock.shift(timedelta(seconds=2))
    assert len(due(world.hana)) == 5
    assert "Tom Hargreaves primary_contact" in due(world.hana)
    assert not [line for line in due(world.hana) if "Jin" in line]


def test_what_was_looked_at_is_due_a_year_later_again(world: make.World, clock: Traveller) -> None:
    clock.shift(timedelta(days=400))
    keys = [f"{world.tom.public_id}/primary_contact", f"{world.jin.public_id}/attendance_lead", "x", "/", ""]
    chosen = roles_named(world.hana, keys)
    assert [held.id for held in chosen] == [world.tom.role_held_id]
    review(chosen, by=world.hana)
    assert "Tom Hargreaves primary_contact" not in due(world.hana)
    assert of(world.hana, "Tom Hargreaves").held[0].reviewed_by == "Hana Parata"
    clock.shift(timedelta(days=364))
    assert "Tom Hargreaves primary_contact" not in due(world.hana)
    clock.shift(timedelta(days=2))
    assert due(world.hana)[-1] == "Tom Hargreaves primary_contact"
