"""A second school asks for support with a student who has a case: what it reads of it, and what withdrawing puts back (CASE-10)."""

import pytest
from sqlalchemy import delete, select
from time_machine import Traveller

from app.cases.arrivals.actions import show_to_new_school
from app.cases.models import Case, Status
from app.core.db import db
from app.core.events import Outbox
from app.referrals.models import Outcome, Referral
from tests import make
from tests.referrals.second import DAY, asks, begun, by_hand, by_roll, sees, takes_back, told


@pytest.fixture
def case(clock: Traveller, world: make.World) -> Case:
    return begun(clock, world)


def test_who_is_known_by_the_schools_own_hand_shows_it_nothing_by_a_request(world: make.World, case: Case) -> None:
    """It joins; case and contact stay whose they are, and the manager was told to look through what is shared."""
    by_hand(world)
    assert told("student.arrived") == {world.ana.person_id}
    assert asks(world).id == case.id
    assert not sees(world.jin, case)
    assert not sees(world.sione, case)
    assert case.school_id == world.tawa.id
    assert make.head(world.ruth, case).contact_name == world.tom.name
    takes_back(world)
    assert not sees(world.jin, case)
    assert (case.school_id, make.head(world.ruth, case).contact_name) == (world.tawa.id, world.tom.name)
    assert sees(world.mere, case)


def test_it_sees_the_case_once_its_manager_says_so(world: make.World, case: Case) -> None:
    by_hand(world)
    asks(world)
    assert show_to_new_school(make.head(world.ana, case), by=world.ana)
    assert sees(world.jin, case)


def test_it_sees_the_case_after_five_working_days(clock: Traveller, world: make.World, case: Case) -> None:
    by_hand(world)
    asks(world)
    clock.shift(7 * DAY)
    assert not sees(world.jin, case)
    clock.shift(DAY)
    assert sees(world.jin, case)


def test_a_closed_case_that_its_request_opens_again_waits_too(clock: Traveller, world: make.World, case: Case) -> None:
    """That it says the student came long ago does not help."""
    make.closed(case, by=world.ruth)
    clock.shift(DAY)
    by_hand(world)
    assert not sees(world.jin, case)
    assert asks(world).id == case.id
    assert db.session.scalar(select(Referral.outcome).order_by(Referral.id.desc()).limit(1)) is Outcome.REOPENED
    assert (case.status, sees(world.jin, case), sees(world.mere, case)) == (Status.QUEUE, False, True)
    takes_back(world)
    assert (case.status, sees(world.jin, case), sees(world.mere, case)) == (Status.CLOSED, False, True)


def test_on_its_own_roll_it_acts_at_once_and_waits_again_once_it_withdraws(
    clock: Traveller, world: make.World, case: Case
) -> None:
    by_roll(world)
    asks(world)
    assert (sees(world.jin, case), case.school_id) == (True, world.puna.id)
    takes_back(world)
    assert (sees(world.jin, case), case.school_id) == (False, world.tawa.id)
    assert make.head(world.ruth, case).contact_name == world.tom.name
    clock.shift(8 * DAY)
    assert sees(world.jin, case)


def test_where_the_student_has_left_the_first_school_it_waits_again_too(world: make.World, case: Case) -> None:
    by_roll(world)
    make.left(world.whanau, world.tawa)
    asks(world)
    assert sees(world.jin, case)
    takes_back(world)
    assert not sees(world.jin, case)


def test_what_was_looked_through_stays_open_to_a_school_that_withdraws(world: make.World, case: Case) -> None:
    by_roll(world)
    show_to_new_school(make.head(world.ana, case), by=world.ana)
    asks(world)
    takes_back(world)
    assert sees(world.jin, case)


def test_a_closed_case_that_a_roll_school_opened_and_let_go_is_the_former_ones_again(
    clock: Traveller, world: make.World, case: Case
) -> None:
    make.closed(case, by=world.ruth)
    clock.shift(2 * DAY)
    by_roll(world)
    asks(world)
    assert sees(world.jin, case)
    takes_back(world)
    assert (sees(world.jin, case), sees(world.mere, case), case.school_id) == (False, True, world.tawa.id)


@pytest.mark.parametrize("comes", [by_hand, by_roll])
def test_the_other_school_is_told_that_a_second_one_asked_and_no_third_one(
    world: make.World, case: Case, comes: object
) -> None:
    assert callable(comes)
    comes(world)
    db.session.execute(delete(Outbox))
    asks(world)
    leads = {world.mere.person_id} | ({world.tom.person_id} if comes is by_hand else set())
    assert told("referral.second_school") == leads
    assert world.tom.person_id not in told("referral.submitted")
    assert set(db.session.scalars(select(Outbox.channel).where(Outbox.event == "referral.second_school"))) == {"app"}


def test_where_only_one_school_has_the_student_nobody_is_told_of_a_second(world: make.World, case: Case) -> None:
    make.submitted(world.mere, world.whanau, contact=world.tom)
    assert told("referral.second_school") == set()
