"""A role is asked for, once, and who can give it is told (A2, CASE-3)."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Refused
from app.core.events import Outbox
from app.people.actions import add_person
from app.people.models import Person, Role
from app.people.queries import Actor
from app.people.role_requests.actions import ask_for_role
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.queries import request_for, waiting_for
from app.people.role_requests.rules import ASKED, NAMED, Applicant
from tests import make


def newcomer(name: str = "Ngaire Hohepa", email: str = "ngaire@tawa.example.nz") -> Person:
    return add_person(name=name, email=email)


def asked(world: make.World, who: Person, role: Role = Role.ATTENDANCE_LEAD) -> RoleRequest:
    return ask_for_role(who, world.tawa.id, role, why="I do the roll", by=Applicant(who.id, world.tawa.id))


def told(event: str) -> set[int]:
    return set(db.session.scalars(select(Outbox.person_id).where(Outbox.event == event)))


def names(actor: Actor) -> list[str]:
    return [row.name for row in waiting_for(actor)]


def test_the_authorisers_of_that_organisation_are_told_and_nobody_else(world: make.World) -> None:
    asked(world, newcomer())
    assert told(ASKED) == {world.hana.person_id}


def test_who_is_named_by_a_colleague_is_told_to_the_attendance_leads_too(world: make.World) -> None:
    who = newcomer()
    ask_for_role(who, world.tawa.id, Role.PRIMARY_CONTACT, why="Named on a case", by=world.priya)
    assert told(NAMED) == {world.hana.person_id, world.mere.person_id}


def test_the_same_role_is_not_asked_for_twice_while_it_waits(world: make.World) -> None:
    who = newcomer()
    first = asked(world, who)
    again = ask_for_role(who, world.tawa.id, Role.ATTENDANCE_LEAD, why="Other words", by=world.priya)
    another = asked(world, who, Role.OFFICE_SUPPORT)
    assert (again.id, again.why) == (first.id, "I do the roll")
    assert another.id != first.id
    assert not told(NAMED)


def test_only_authorisers_of_that_organisation_see_what_waits(world: make.World) -> None:
    request = asked(world, newcomer())
    others = [world.mere, world.priya, world.jin, world.tane, world.rachel, world.oscar]
    assert names(world.hana) == ["Ngaire Hohepa"]
    assert not [who.name for who in others if names(who) or request_for(who, request.public_id)]
    assert request_for(world.hana, request.public_id) is request


def test_who_holds_the_role_waits_no_longer_and_need_not_ask(world: make.World) -> None:
    who = newcomer()
    asked(world, who)
    make.actor(who, Role.ATTENDANCE_LEAD, world.tawa)
    assert names(world.hana) == []
    with pytest.raises(Refused, match="attendance lead of Tawa Awa College already"):
        ask_for_role(
            db.session.get_one(Person, world.mere.person_id),
            world.tawa.id,
            Role.ATTENDANCE_LEAD,
            why="",
            by=world.priya,
        )


def test_a_role_that_such_an_organisation_has_not_cannot_be_asked_for(world: make.World) -> None:
    with pytest.raises(Refused, match="has no case manager"):
        asked(world, newcomer(), Role.CASE_MANAGER)
