"""A service declines a request: after a talk with the school, on a ground, and with why (CASE-6, REQ-1)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from time_machine import Traveller

from app.cases.entries import Audience, Entry
from app.cases.models import Case, Status, StatusChange
from app.cases.statuses.models import StatusFact
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Outbox
from app.core.told import places
from app.people.queries import Actor
from app.referrals.actions import take_up
from app.referrals.declining.queries import live_requests, requests_of
from app.referrals.models import Referral, State
from app.referrals.queries import requests_on_case
from app.referrals.withdrawing.actions import DECLINED, withdraw
from tests import make

A_DAY = timedelta(days=1)
NOT_REACHED = {"agreed": "not_reached", "decided_why": "It is for the school to do."}


@pytest.fixture
def case(world: make.World) -> Case:
    """Hēmi's, with Ana, who has talked with the school."""
    made = make.open_case(world)
    take_up(made.id)
    make.event(world.ana, made, Audience.SERVICE)
    return made


def states(case: Case) -> list[State]:
    return [each.referral.state for each in requests_of(case.id)]


def joined(world: make.World) -> None:
    """Another school of the student asks too."""
    make.enrolled(world.whanau.id, world.puna)
    make.submitted(world.jin, world.whanau, contact=world.jin)


def test_a_case_that_is_there_for_it_alone_closes_with_ground_and_why(world: make.World, case: Case) -> None:
    assert make.declined(world.ana, case)
    assert (case.status, case.close_reason) == (Status.CLOSED, "rejected")
    referral = requests_of(case.id)[0].referral
    assert (referral.state, referral.ended_by_id) == (State.DECLINED, world.ana.person_id)
    assert referral.ended_at is not None
    said = "Attendance already improving with what is being done. It gets better by itself."
    assert referral.ended_why == said
    last = db.session.scalars(select(StatusChange).order_by(StatusChange.id.desc())).first()
    assert last
    assert (last.became, last.by_id, last.why) == (Status.CLOSED, world.ana.person_id, "It gets better by itself.")
    rows = db.session.execute(select(StatusFact.field, StatusFact.text).where(StatusFact.change_id == last.id))
    kept = {row.field: row.text for row in rows}
    assert kept.pop("talked").startswith("Visit, in person, on ")
    assert kept == {"reason": "rejected", "ground": "improving", "with_whom": "Mere", "agreed": "yes"}
    body = db.session.scalars(select(Entry.body).order_by(Entry.id.desc())).first()
    assert body == f"Closed. The request was declined. {said}"


def test_a_request_that_joined_ends_and_the_case_goes_on_until_the_last_has_ended(
    world: make.World, case: Case
) -> None:
    joined(world)
    assert [each.ends_case for each in live_requests(case.id)] == [False, False]
    assert not make.declined(world.ruth, case, 1)
    assert (case.status, states(case)) == (Status.OPEN, [State.TAKEN_UP, State.DECLINED])
    shared, ours = db.session.execute(select(Entry.body, Entry.audience).order_by(Entry.id.desc()).limit(2)).all()[::-1]
    assert shared.audience is Audience.SHARED
    assert shared.body.startswith(
        f"The request of {world.puna.name} was declined; the case goes on. Attendance already"
    )
    assert (ours.audience, "With whom" in ours.body) == (Audience.SERVICE, True)
    assert make.declined(world.ruth, case)
    assert (case.status, states(case)) == (Status.CLOSED, [State.DECLINED] * 2)


def test_no_other_school_reads_why_once_the_student_has_left(world: make.World, case: Case) -> None:
    joined(world)
    make.left(world.whanau, world.puna)
    make.declined(world.ruth, case, 1)
    bodies = db.session.scalars(select(Entry.body).where(Entry.audience == Audience.SHARED)).all()
    assert not any("was declined" in body for body in bodies)
    make.left(world.whanau, world.tawa)
    make.declined(world.ruth, case)
    last = db.session.scalars(select(Entry.body).order_by(Entry.id.desc())).first()
    assert last == "Closed. The request was declined."


@pytest.mark.parametrize(("reached", "why"), [(False, "No talk with the school"), (True, "a workflow lead decides")])
def test_what_stands_in_the_way_of_a_case_manager(world: make.World, reached: bool, why: str) -> None:
    """No talk; or two attempts, after which a lead decides."""
    case = make.open_case(world)
    if reached:
        db.session.query(Referral).update({"submitted_at": core_clock.now() - A_DAY})
        for day in (core_clock.today(), core_clock.today() - A_DAY):
            make.event(world.ana, case, Audience.SERVICE, is_done=False, happened_on=day)
    with pytest.raises(Refused, match=why):
        make.declined(world.ana, case)
    assert states(case) == [State.SUBMITTED]
    if reached:
        with pytest.raises(Refused, match="whether the school agrees"):
            make.declined(world.ruth, case, agreed="yes")
        assert make.declined(world.ruth, case, **NOT_REACHED)


def test_a_talk_before_the_request_came_or_one_taken_back_is_none(world: make.World) -> None:
    case = make.open_case(world)
    make.event(world.ana, case, Audience.SERVICE, happened_on=core_clock.today() - A_DAY)
    with pytest.raises(Refused, match="No talk"):
        make.declined(world.ruth, case)
    entry = make.event(world.ana, case, Audience.SERVICE)
    entry.retracted_at = core_clock.now()
    with pytest.raises(Refused, match="No talk"):
        make.declined(world.ruth, case)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"ground": ""}, "on which ground"),
        ({"ground": "made_up"}, "on which ground"),
        ({"with_whom": " "}, "with whom"),
        ({"agreed": ""}, "whether the school agrees"),
        ({"agreed": "not_reached", "decided_why": "Why"}, "whether the school agrees"),
        ({"agreed": "no"}, "although the school does not agree"),
        ({"why": ""}, "Say why"),
    ],
)
def test_all_of_it_is_demanded(world: make.World, case: Case, answers: dict[str, str], why: str) -> None:
    with pytest.raises(Refused, match=why):
        make.declined(world.ruth, case, **answers)
    assert (case.status, states(case)) == (Status.OPEN, [State.TAKEN_UP])


def test_without_agreement_only_a_lead_decides(world: make.World, case: Case) -> None:
    for answer in ("", "no"):
        with pytest.raises(Refused, match="a workflow lead decides"):
            make.declined(world.ana, case, agreed=answer, decided_why="I think so.")
    assert make.declined(world.ruth, case, agreed="no", decided_why="The school has not tried.")


def test_after_it_another_request_begins_a_new_case(world: make.World, case: Case) -> None:
    make.declined(world.ruth, case)
    again = make.submitted(world.priya, world.whanau, contact=world.tom)
    assert again.id != case.id
    assert [each.ends_case for each in live_requests(again.id)] == [True]


def test_an_earlier_rounds_request_is_not_declined_any_more(clock: Traveller, world: make.World, case: Case) -> None:
    make.closed(case, by=world.ruth)
    clock.shift(A_DAY)
    make.submitted(world.priya, world.whanau, contact=world.tom)
    assert [(each.is_live, each.ends_case) for each in requests_of(case.id)] == [(False, False), (True, True)]


def test_a_case_that_was_there_before_any_request_goes_on(world: make.World, case: Case) -> None:
    db.session.query(Referral).update({"outcome": "joined"})
    assert not make.declined(world.ruth, case)
    assert case.status is Status.OPEN


@pytest.mark.parametrize("status", [Status.TRANSITION, Status.PAUSED, Status.CLOSED])
def test_in_other_statuses_no_request_is_declined(world: make.World, case: Case, status: Status) -> None:
    case.status = status
    with pytest.raises(Refused, match="No request is declined"):
        make.declined(world.ruth, case)


def test_who_withdraws_it_meanwhile_or_declines_it_twice_is_told(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    make.event(world.ruth, case, Audience.SERVICE)
    request = make.request_now(world.priya, live_requests(case.id)[0].referral.public_id)
    make.declined(world.ruth, case)
    with pytest.raises(Conflict, match="declined this request"):
        withdraw(request, "Too late.", by=world.priya)
    assert "says why" in DECLINED


def test_the_school_reads_why_where_its_news_lead_and_another_school_is_told_nothing(
    world: make.World, case: Case
) -> None:
    joined(world)
    db.session.execute(delete(Outbox))
    make.declined(world.ruth, case)
    told = db.session.scalars(select(Outbox).where(Outbox.event == "referral.declined")).all()
    assert {row.person_id for row in told} == {world.priya.person_id}, "the contact is the other school's now"
    (request,) = requests_on_case(case.id, school_id=world.tawa.id)
    assert request.row.ended_why.startswith("Attendance already improving")
    assert leads_to(world.priya, told[0]).startswith("/portal/referrals/")


def leads_to(reader: Actor, row: Outbox) -> str:
    return places(reader, [row])[row.id].path
