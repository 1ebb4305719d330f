"""Whom a second school's request names: what they hear of it while the school waits to see the case, and what they are once it
does (CASE-3, CASE-10)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.cases.arrivals.actions import show_to_new_school
from app.cases.contacts.queries import contacts_of
from app.cases.models import Case, CasePerson, Part
from app.cases.policy import can_comment
from app.cases.queries import case_for
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Channel, Outbox
from app.core.told import Place, places
from app.people.models import Organisation, Role, RoleHeld
from app.people.queries import Actor
from app.people.role_requests.models import RoleRequest
from app.people.telling.queries import told_to
from app.referrals.actions import submit
from app.students.models import Enrolment
from tests import make
from tests.referrals.second import DAY, begun, by_hand, by_roll, sees, takes_back, told


@pytest.fixture
def case(clock: Traveller, world: make.World) -> Case:
    found = begun(clock, world)
    by_hand(world)
    return found


@pytest.fixture
def hana(world: make.World) -> Actor:
    """Somebody at Puna Street School who sees what they are named on, and nothing else."""
    return make.person("Hana Te Rito", Role.PRIMARY_CONTACT, db.session.get_one(Organisation, world.puna.id))


def asks_naming(whom: Actor, of: make.World) -> Case:
    return make.submitted(of.jin, of.whanau, contact=whom)


def others(who: Actor, case: Case) -> set[str]:
    return {row.name for row in contacts_of(make.head(who, case)).others}


def place_of(who: Actor, event: str) -> Place | None:
    """Where they are led who are told of it."""
    row = db.session.scalars(select(Outbox).where(Outbox.event == event, Outbox.person_id == who.person_id)).one()
    return places(who, [row]).get(row.id)


def test_until_then_they_see_nothing_and_are_nobodys_contact(world: make.World, case: Case, hana: Actor) -> None:
    asks_naming(hana, world)
    assert not sees(hana, case)
    for who in (world.mere, world.ana):
        assert others(who, case) == set()
        assert make.head(who, case).contact_name == world.tom.name
    make.note(world.ana, case, body="Once more.")
    assert hana.person_id not in told("comment.added")


def test_also_where_no_school_has_the_student_but_the_one_that_waits(
    world: make.World, case: Case, hana: Actor
) -> None:
    asks_naming(hana, world)
    make.left(world.whanau, world.tawa)
    assert others(world.ana, case) == set()
    assert not sees(hana, case)


def test_after_five_working_days_they_are_a_contact_beside_the_first_schools(
    clock: Traveller, world: make.World, case: Case, hana: Actor
) -> None:
    """They read it, write on it, and are told what is shared; nobody had to name them."""
    asks_naming(hana, world)
    clock.shift(7 * DAY)
    assert not sees(hana, case)
    clock.shift(DAY)
    assert sees(hana, case)
    assert can_comment(hana, make.head(hana, case))
    assert others(world.mere, case) == {"Hana Te Rito"}
    assert make.head(hana, case).contact_name == world.tom.name
    make.note(world.ana, case, body="Once more.")
    clock.shift(timedelta(minutes=10))
    assert {world.tom.person_id, hana.person_id} <= told("comment.added")


def test_where_the_case_manager_lets_the_school_in_they_are_a_contact_at_once(
    world: make.World, case: Case, hana: Actor
) -> None:
    asks_naming(hana, world)
    assert show_to_new_school(make.head(world.ana, case), by=world.ana)
    assert sees(hana, case)
    assert others(world.ana, case) == {"Hana Te Rito"}
    assert case.school_id == world.tawa.id


def test_who_is_named_is_sent_the_reference_at_once_and_nothing_of_the_case(
    world: make.World, case: Case, hana: Actor
) -> None:
    """REQ-9: as whoever sent it is; the first school's contact hears that another school asked, as before."""
    asks_naming(hana, world)
    mails = select(Outbox.person_id).where(Outbox.event == "referral.submitted", Outbox.channel == Channel.APP_EMAIL)
    assert set(db.session.scalars(mails)) == {world.jin.person_id, hana.person_id}
    place = place_of(hana, "referral.submitted")
    assert place is not None
    assert (place.number, place.name) == (case.number, "")
    assert place.path.startswith("/portal/referrals/")
    assert place_of(world.tom, "referral.second_school") is not None


def test_who_is_written_and_holds_a_role_there_is_sent_the_number_alone(
    world: make.World, case: Case, hana: Actor
) -> None:
    """The request they may not open: it names them by their address."""
    written = {**make.ANSWERS, "contact_name": "Hana", "contact_email": hana.email.title()}
    request = make.draft(world.jin, world.whanau, **written)
    submit(request, version=request.version, by=world.jin)
    assert place_of(hana, "referral.submitted") == Place("", case.number)


@pytest.mark.parametrize("is_let_in", [False, True])
def test_they_and_whoever_sent_it_are_told_by_mail_that_the_wait_is_over(
    clock: Traveller, world: make.World, case: Case, hana: Actor, is_let_in: bool
) -> None:
    asks_naming(hana, world)
    assert told("contact.begun") == set()
    assert not [line for line in told_to(hana).lines if line.event == "contact.begun"]
    assert place_of(hana, "contact.begun") is None
    if is_let_in:
        show_to_new_school(make.head(world.ana, case), by=world.ana)
    else:
        clock.shift(8 * DAY)
    assert told("contact.begun") == {hana.person_id, world.jin.person_id}
    assert set(db.session.scalars(select(Outbox.channel).where(Outbox.event == "contact.begun"))) == {Channel.APP_EMAIL}
    place = place_of(hana, "contact.begun")
    assert place is not None
    assert place.path == f"/portal/cases/{case.number}/"


def test_a_request_that_is_withdrawn_takes_its_contact_back(
    clock: Traveller, world: make.World, case: Case, hana: Actor
) -> None:
    asks_naming(hana, world)
    takes_back(world)
    clock.shift(8 * DAY)
    assert not sees(hana, case)
    assert others(world.ana, case) == set()
    assert told("contact.begun") == set()


def test_another_request_of_the_school_that_names_them_keeps_them(
    clock: Traveller, world: make.World, case: Case, hana: Actor
) -> None:
    asks_naming(hana, world)
    asks_naming(hana, world)
    named = select(CasePerson).where(CasePerson.person_id == hana.person_id, CasePerson.until.is_(None))
    assert len(db.session.scalars(named).all()) == 1
    takes_back(world)
    clock.shift(8 * DAY)
    assert sees(hana, case)


def test_who_has_no_role_yet_is_asked_for_and_becomes_a_contact_as_anybody(
    clock: Traveller, world: make.World, case: Case
) -> None:
    request = make.draft(
        world.jin,
        world.whanau,
        **{**make.ANSWERS, "contact_name": "Ihaia Moana", "contact_email": "Ihaia@puna.example"},
    )
    submit(request, version=request.version, by=world.jin)
    (asked,) = db.session.scalars(select(RoleRequest)).all()
    assert asked.organisation_id == world.puna.id
    assert "Ihaia" not in " ".join(others(world.mere, case))
    clock.shift(8 * DAY)
    assert others(world.mere, case) == {"Ihaia Moana"}
    assert told("contact.begun") == {world.jin.person_id}


def test_once_its_roll_says_so_the_school_acts_and_its_contact_is_the_primary_one(
    world: make.World, case: Case, hana: Actor
) -> None:
    """As a school does that is not known by its own hand alone (REQ-7)."""
    asks_naming(hana, world)
    by_roll(world)
    for enrolment in db.session.scalars(select(Enrolment).where(Enrolment.school_id == world.puna.id)):
        assert enrolment.cases_from is None or enrolment.cases_from > core_clock.today()
    asks_naming(hana, world)
    assert (sees(hana, case), case.school_id) == (True, world.puna.id)
    parts = select(CasePerson.part).where(CasePerson.person_id == hana.person_id, CasePerson.until.is_(None))
    assert db.session.scalars(parts).all() == [Part.PRIMARY_CONTACT]
    assert case_for(world.mere, case.number) is not None


def test_who_holds_no_role_any_more_when_the_wait_is_over_sees_nothing(
    clock: Traveller, world: make.World, case: Case, hana: Actor
) -> None:
    asks_naming(hana, world)
    make.end_roles(hana)
    clock.shift(8 * DAY)
    held = select(RoleHeld.id).where(RoleHeld.person_id == hana.person_id, RoleHeld.ended_at.is_(None))
    assert db.session.scalars(held).all() == []
    make.note(world.ana, case, body="Once more.")
    assert hana.person_id not in told("comment.added")
