"""A role is given by whoever gives roles here, and not alone to oneself (A2)."""

from typing import Any

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Audit, Outbox
from app.people.actions import add_person
from app.people.models import Person, Role, Source
from app.people.queries import Actor, holds_role
from app.people.roles.actions import give_role
from app.people.roles.rules import GIVEN, roles_at
from tests import make


def person(who: Actor) -> Person:
    return db.session.get_one(Person, who.person_id)


def told() -> list[Any]:
    return [
        tuple(row) for row in db.session.execute(select(Outbox.person_id, Outbox.role).where(Outbox.event == GIVEN))
    ]


def test_it_is_noted_who_gave_it_and_the_person_is_told_once(world: make.World) -> None:
    held = give_role(person(world.tom), Role.OFFICE_SUPPORT, by=world.hana)
    assert held is not None
    assert (held.given_by_id, held.source, held.organisation_id) == (
        world.hana.person_id,
        Source.PERSON,
        world.tawa.id,
    )
    assert give_role(person(world.tom), Role.OFFICE_SUPPORT, by=world.hana) is None
    assert told() == [(world.tom.person_id, "office_support")]
    assert db.session.scalars(select(Audit.thing_id).where(Audit.event == GIVEN)).all() == [held.id]


def test_a_role_that_such_an_organisation_has_not_is_not_given(world: make.World) -> None:
    with pytest.raises(Refused, match="has no case manager"):
        give_role(person(world.tom), Role.CASE_MANAGER, by=world.hana)


def test_who_was_shut_out_of_the_portal_is_given_none(world: make.World) -> None:
    person(world.tom).ended_at = clock.now()
    with pytest.raises(Refused, match="was ended"):
        give_role(person(world.tom), Role.OFFICE_SUPPORT, by=world.hana)
    stranger = add_person(name="Gone", email="gone@example.nz")
    stranger.ended_at = clock.now()
    assert give_role(stranger, Role.OFFICE_SUPPORT, by=world.hana), "what became of strangers nobody learns here"


def test_the_only_authoriser_may_take_a_role_and_one_of_two_may_not(world: make.World) -> None:
    assert give_role(person(world.tane), Role.WORKFLOW_LEAD, by=world.tane)
    make.actor(world.mere, Role.DELEGATED_AUTHORISER, world.tawa)
    with pytest.raises(Refused) as refused:
        give_role(person(world.hana), Role.ATTENDANCE_LEAD, by=world.hana)
    assert refused.value.who_can == "Ask Mere Fa‘asavalu to give you the role of attendance lead."
    assert not holds_role(world.hana.person_id, world.tawa.id, Role.ATTENDANCE_LEAD)


def test_an_authoriser_of_another_organisation_is_no_second(world: make.World) -> None:
    make.actor(world.mere, Role.DELEGATED_AUTHORISER, world.puna)
    assert give_role(person(world.hana), Role.ATTENDANCE_LEAD, by=world.hana)


def test_what_can_be_given_follows_from_the_kind_of_organisation(world: make.World) -> None:
    assert roles_at(world.te_awa.kind) == (Role.WORKFLOW_LEAD, Role.CASE_MANAGER, Role.DELEGATED_AUTHORISER)
