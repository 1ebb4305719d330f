"""A role is asked for, once, and who can give it is told (A2, CASE-3)."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Outbox
from app.deliveries.readers import reader_of
from app.people.actions import add_person, end_role
from app.people.models import Person, Role, RoleHeld
from app.people.queries import Actor, holds_role
from app.people.role_requests.actions import ask_for_role, give, refuse, settle
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.queries import answered_to, organisation_named, request_for, waiting_for
from app.people.role_requests.rules import ASKED, NAMED, REFUSED, Applicant
from app.people.roles.actions import end_given_role, give_role
from app.people.roles.rules import ENDED, GIVEN
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


def test_giving_it_makes_it_theirs_once(world: make.World) -> None:
    who = newcomer()
    request = asked(world, who)
    assert give(request, by=world.hana)
    assert not give(request, by=world.hana)
    assert not refuse(request, "Too late", by=world.hana)
    assert holds_role(who.id, world.tawa.id, Role.ATTENDANCE_LEAD)
    assert (request.is_given, request.decided_by_id) == (True, world.hana.person_id)
    assert told(GIVEN) == {who.id}


def test_refusing_it_says_why_to_whoever_asked(world: make.World) -> None:
    who = newcomer()
    request = ask_for_role(who, world.tawa.id, Role.PRIMARY_CONTACT, why="", by=world.priya)
    assert refuse(request, "She left", by=world.hana)
    assert not give(request, by=world.hana)
    assert told(REFUSED) == {world.priya.person_id}
    assert not holds_role(who.id, world.tawa.id, Role.PRIMARY_CONTACT)
    (answer,) = answered_to(world.priya.person_id, world.tawa.id)
    assert (answer.is_given, answer.decided_why, answer.decided_by) == (False, "She left", "Hana Parata")
    assert not answered_to(world.priya.person_id, world.puna.id)
    assert not answered_to(who.id)


def test_nobody_gives_themselves_what_they_asked_for_where_a_second_one_can(world: make.World) -> None:
    second = make.actor(world.mere, Role.DELEGATED_AUTHORISER, world.tawa)
    hana = db.session.get_one(Person, world.hana.person_id)
    request = ask_for_role(hana, world.tawa.id, Role.ATTENDANCE_LEAD, why="", by=world.hana)
    with pytest.raises(Refused, match="not given to oneself"), db.session.begin_nested():
        give(request, by=world.hana)
    assert give(request, by=second)
    assert holds_role(hana.id, world.tawa.id, Role.ATTENDANCE_LEAD)


def test_who_ends_the_second_one_is_not_free_to_give_themselves_what_they_had_asked_for(world: make.World) -> None:
    second = make.actor(world.mere, Role.DELEGATED_AUTHORISER, world.tawa)
    hana = db.session.get_one(Person, world.hana.person_id)
    request = ask_for_role(hana, world.tawa.id, Role.ATTENDANCE_LEAD, why="", by=world.hana)
    held = select(RoleHeld).where(RoleHeld.person_id == second.person_id, RoleHeld.role == second.role)
    end_given_role(db.session.scalars(held).one(), by=world.hana)
    with pytest.raises(Refused, match="not given to oneself"), db.session.begin_nested():
        give(request, by=world.hana)
    assert not holds_role(hana.id, world.tawa.id, Role.ATTENDANCE_LEAD)


def test_what_was_given_in_another_way_is_settled_and_may_be_asked_for_again(world: make.World) -> None:
    who = newcomer()
    first = asked(world, who)
    held = give_role(who, Role.ATTENDANCE_LEAD, by=world.hana)
    settle(who, Role.ATTENDANCE_LEAD, by=world.hana)
    assert held is not None
    end_role(held, by=world.hana)
    assert names(world.hana) == []
    assert asked(world, who).id != first.id


def test_who_is_told_of_a_refusal_or_an_end_holds_no_role(world: make.World) -> None:
    """They get the mail all the same; of anything else they are told only in a role that they hold."""
    who = newcomer()

    def is_read(event: str) -> bool:
        row = SimpleNamespace(event=event, person_id=who.id, role="office_support", organisation_id=world.tawa.id)
        return reader_of(row) is not None  # type: ignore[arg-type]  # all that is asked of a row

    assert [is_read(event) for event in (REFUSED, ENDED, GIVEN)] == [True, True, False]
    who.ended_at = clock.now()
    db.session.flush()
    assert not is_read(REFUSED)


def test_an_organisation_is_known_by_its_number_or_name_as_people_write_them(world: make.World) -> None:
    typed = ("9001", " 9001 ", "tawa awa college", "TAWA ĀWA COLLEGE")
    assert {organisation_named(text) for text in typed} == {world.tawa.id}
    assert [organisation_named(text) for text in ("", "’", "Tawa", "900", "9001 Tawa")] == [None] * 5
    make.school("9009", "Tawa Awa College", make.catchment("Tawa", "WGN", None))
    assert organisation_named("Tawa Awa College") is None
