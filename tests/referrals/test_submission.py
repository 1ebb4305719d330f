"""A request is sent once, and becomes, joins, reopens or moves a case (REQ-7, REQ-8)."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from time_machine import Traveller

from app.cases.actions import change_status
from app.cases.entries import Entry
from app.cases.models import Case, CasePerson, Part, SafetyNote, Status, StatusChange
from app.core import clock as core_clock
from app.core.clock import PACIFIC_AUCKLAND, add_months
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Channel, Outbox
from app.people.models import Catchment, Organisation, School
from app.referrals import actions
from app.referrals.models import Outcome, Referral, State
from app.referrals.queries import requests_for
from app.referrals.routing import known_case, route_of
from app.referrals.saving import Page, save_draft
from app.students.models import Caregiver
from tests import make


def outcomes() -> list[Outcome | None]:
    return list(db.session.scalars(select(Referral.outcome).order_by(Referral.id)))


def cases() -> int:
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=PACIFIC_AUCKLAND)


def test_a_first_request_makes_a_case_in_the_queue_of_the_catchments_service(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    assert (case.status, case.service_id, case.school_id) == (Status.QUEUE, world.te_awa.id, world.tawa.id)
    assert outcomes() == [Outcome.NEW]
    request = db.session.scalars(select(Referral)).one()
    assert (request.state, request.case_id, request.submitted_by_id) == (
        State.SUBMITTED,
        case.id,
        world.priya.person_id,
    )


def test_what_the_request_says_stands_where_the_service_looks(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom, **make.URGENT, **make.SAFETY)
    assert case.urgency == 0
    assert db.session.scalars(select(SafetyNote.fact)).all() == [make.SAFETY["safety_fact"]]
    assert db.session.scalars(select(Caregiver.name)).all() == [make.ANSWERS["caregiver_name"]]
    assert db.session.scalars(select(CasePerson.person_id)).all() == [world.tom.person_id]
    body = db.session.scalars(select(Entry.body)).one()
    assert make.ANSWERS["reason"] in body
    assert "Rang home (last week)" in body


def test_without_a_service_the_case_waits_in_triage(world: make.World) -> None:
    for catchment in db.session.scalars(select(Catchment)):
        catchment.service_id = None
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    assert (case.status, case.service_id) == (Status.TRIAGE, None)


def test_sent_twice_gives_one_case(world: make.World) -> None:
    request = make.filled(world.priya, world.whanau, contact=world.tom)
    first = actions.submit(request, version=request.version, by=world.priya)
    again = actions.submit(make.request_now(world.mere, request.referral.public_id), version=0, by=world.mere)
    assert again.id == first.id
    assert cases() == 1
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 1
    assert db.session.scalar(select(Referral.submitted_by_id)) == world.priya.person_id


def test_an_older_version_than_the_one_now_is_a_conflict(world: make.World) -> None:
    request = make.filled(world.priya, world.whanau, contact=world.tom)
    checked = request.version
    save_draft(request, {"reason": "Another reason"}, page=Page(request.versions), by=world.mere)
    with pytest.raises(Conflict):
        actions.submit(request, version=checked, by=world.priya)
    assert cases() == 0


def test_something_missing_is_refused(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau, reason="Why")
    with pytest.raises(Refused):
        actions.submit(request, version=request.version, by=world.priya)
    assert cases() == 0


@pytest.mark.parametrize("who", ["jin", "ana", "hana"])
def test_a_contact_without_a_role_at_the_school_that_sees_cases_is_refused(world: make.World, who: str) -> None:
    request = make.filled(world.priya, world.whanau, contact=getattr(world, who))
    with pytest.raises(Refused):
        actions.submit(request, version=request.version, by=world.priya)


def test_an_open_case_is_joined(world: make.World) -> None:
    case = make.open_case(world)
    joined = make.submitted(world.mere, world.whanau, contact=world.aroha)
    assert (joined.id, joined.status) == (case.id, Status.OPEN)
    assert outcomes() == [Outcome.NEW, Outcome.JOINED]


def test_the_primary_contact_of_a_joining_request_takes_over(world: make.World) -> None:
    case = make.open_case(world)
    make.submitted(world.mere, world.whanau, contact=world.aroha)
    statement = select(CasePerson.person_id).where(CasePerson.part == Part.PRIMARY_CONTACT, CasePerson.until.is_(None))
    assert db.session.scalars(statement.where(CasePerson.case_id == case.id)).all() == [world.aroha.person_id]


@pytest.mark.parametrize("status", [Status.TRANSITION, Status.PAUSED])
def test_a_case_that_was_set_aside_goes_back_to_open_when_the_school_asks_again(
    world: make.World, status: Status
) -> None:
    case = make.open_case(world)
    change_status(case, status, by=world.ruth, why="For now.")
    make.submitted(world.mere, world.whanau, contact=world.tom)
    assert case.status is Status.OPEN
    assert db.session.scalars(select(StatusChange.why).order_by(StatusChange.id.desc())).first()


def test_the_school_of_a_joining_request_acts_from_then_on(world: make.World) -> None:
    """CASE-10."""
    case = make.open_case(world)
    make.enrolled(world.whanau.id, world.puna)
    make.submitted(world.jin, world.whanau, contact=world.jin)
    assert case.school_id == world.puna.id


def test_a_request_that_joins_starts_no_clock(world: make.World, clock: Traveller) -> None:
    case = make.open_case(world)
    due = case.due_on
    clock.shift(timedelta(days=3))
    make.submitted(world.mere, world.whanau, contact=world.tom)
    assert case.due_on == due


def test_a_request_that_names_another_service_moves_the_case(world: make.World, clock: Traveller) -> None:
    case = make.open_case(world)
    make.note(world.ana, case)
    due = case.due_on
    clock.shift(timedelta(days=3))
    make.enrolled(world.whanau.id, world.bay)
    moved = make.submitted(world.kahu, world.whanau, contact=world.kahu)
    assert (moved.id, moved.service_id, moved.status, moved.region) == (case.id, world.maunga.id, Status.QUEUE, "TKI")
    assert moved.due_on > due
    assert outcomes()[-1] is Outcome.MOVED
    assert len(db.session.scalars(select(Entry).where(Entry.case_id == case.id)).all()) >= 4
    manager = select(CasePerson).where(CasePerson.part == Part.MANAGER, CasePerson.until.is_(None))
    assert not db.session.scalars(manager).all()


@pytest.mark.parametrize(("days", "outcome"), [(0, Outcome.REOPENED), (1, Outcome.NEW)])
def test_a_case_closed_three_months_ago_reopens_and_one_day_more_does_not(
    world: make.World, clock: Traveller, days: int, outcome: Outcome
) -> None:
    case = make.closed(make.open_case(world), by=world.ruth)
    clock.move_to(noon(add_months(core_clock.today(), 3) + timedelta(days=days)))
    again = make.submitted(world.mere, world.whanau, contact=world.tom)
    assert outcomes()[-1] is outcome
    assert (again.id == case.id) is (outcome is Outcome.REOPENED)
    assert again.status is Status.QUEUE


def test_three_months_from_the_last_of_a_long_month_end_with_the_short_one(world: make.World, clock: Traveller) -> None:
    clock.move_to(noon(date(2026, 11, 30)))
    make.closed(make.open_case(world), by=world.ruth)
    clock.move_to(noon(date(2027, 2, 28)))
    make.submitted(world.mere, world.whanau, contact=world.tom)
    assert outcomes()[-1] is Outcome.REOPENED


def test_a_reopened_case_has_new_clocks_and_no_manager(world: make.World, clock: Traveller) -> None:
    case = make.closed(make.open_case(world), by=world.ruth)
    clock.shift(timedelta(days=30))
    again = make.submitted(world.mere, world.whanau, contact=world.tom)
    assert again.service_started_on == core_clock.today()
    assert again.due_on > core_clock.today()
    assert make.head(world.ruth, case).manager_name is None


def test_a_case_that_reopens_goes_to_the_service_of_today(world: make.World) -> None:
    case = make.closed(make.open_case(world), by=world.ruth)
    for catchment in db.session.scalars(select(Catchment)):
        catchment.service_id = world.maunga.id
    make.submitted(world.mere, world.whanau, contact=world.tom)
    assert (case.service_id, case.status) == (world.maunga.id, Status.QUEUE)


def test_a_school_is_told_before_sending_only_of_a_case_it_may_see(world: make.World) -> None:
    """REQ-10."""
    make.open_case(world)
    assert known_case(world.mere, world.whanau.id)
    assert known_case(world.tom, world.whanau.id)
    assert known_case(world.aroha, world.whanau.id) is None
    assert known_case(world.jin, world.whanau.id) is None


def test_a_case_closed_long_ago_is_not_announced(world: make.World, clock: Traveller) -> None:
    make.closed(make.open_case(world), by=world.ruth)
    clock.shift(timedelta(days=120))
    assert known_case(world.mere, world.whanau.id) is None


def test_a_school_without_a_catchment_service_has_a_route_without_one(world: make.World) -> None:
    lone = make.catchment("Nobody's", "WKO", None)
    made = Organisation(kind=world.tawa.kind, number="9009", name="Far School")
    db.session.add(made)
    db.session.flush()
    db.session.add(School(organisation_id=made.id, catchment_id=lone.id))
    db.session.flush()
    assert route_of(made.id).service_id is None
    assert route_of(made.id).region == "WKO"


def told(event: str) -> dict[int, str]:
    rows = db.session.execute(select(Outbox.person_id, Outbox.channel).where(Outbox.event == event))
    found = [(row.person_id, row.channel.value) for row in rows]
    assert len(found) == len(dict(found)), "somebody is told twice"
    return dict(found)


def test_submitter_and_contact_are_sent_the_reference_and_the_lead_is_told(world: make.World) -> None:
    make.submitted(world.priya, world.whanau, contact=world.tom)
    assert told("referral.submitted") == {
        world.priya.person_id: "app+email",
        world.tom.person_id: "app+email",
        world.ruth.person_id: "app",
    }


def test_an_urgent_request_reaches_the_lead_by_mail(world: make.World) -> None:
    make.submitted(world.priya, world.whanau, contact=world.tom, **make.URGENT)
    assert told("referral.submitted")[world.ruth.person_id] == "app+email"


def test_a_contact_who_submits_is_told_once(world: make.World) -> None:
    make.submitted(world.tom, world.whanau, contact=world.tom)
    assert told("referral.submitted") == {world.tom.person_id: "app+email", world.ruth.person_id: "app"}


def test_a_request_that_joins_tells_the_case_manager(world: make.World) -> None:
    make.open_case(world)
    db.session.query(Outbox).delete()
    make.submitted(world.mere, world.whanau, contact=world.aroha)
    assert told("referral.submitted") == {
        world.mere.person_id: "app+email",
        world.aroha.person_id: "app+email",
        world.ana.person_id: "app",
    }


def test_a_reopening_without_a_service_waits_in_triage(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    change_status(case, Status.CLOSED, by=world.ruth)
    for catchment in db.session.scalars(select(Catchment)):
        catchment.service_id = None
    db.session.flush()
    again = make.submitted(world.priya, world.whanau, contact=world.tom)
    assert (again.id, again.status, again.service_id) == (case.id, Status.TRIAGE, None)


def test_a_paused_case_nobody_works_goes_back_to_the_queue(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    change_status(case, Status.PAUSED, by=world.ruth)
    assert make.submitted(world.priya, world.whanau, contact=world.tom).status is Status.QUEUE


def test_an_urgent_request_that_joins_a_case_in_the_queue_tells_the_leads_by_mail(world: make.World) -> None:
    make.submitted(world.priya, world.whanau, contact=world.tom)
    db.session.execute(delete(Outbox))
    make.submitted(world.priya, world.whanau, contact=world.tom, **make.URGENT)
    told = {row.person_id: row.channel for row in db.session.scalars(select(Outbox))}
    assert told[world.ruth.person_id] is Channel.APP_EMAIL


def test_a_reopened_case_is_no_longer_urgent_for_what_was(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom, **make.URGENT)
    change_status(case, Status.CLOSED, by=world.ruth)
    assert make.submitted(world.priya, world.whanau, contact=world.tom).urgency == 1


def test_a_former_school_sees_that_it_asked_but_not_how_the_case_stands(world: make.World) -> None:
    make.submitted(world.priya, world.whanau, contact=world.tom)
    make.left(world.whanau, world.tawa)
    (row,) = requests_for(world.priya)
    assert (row.number, row.status) == (None, None)


def test_the_investigators_hear_of_a_catchment_without_a_service(world: make.World) -> None:
    for catchment in db.session.scalars(select(Catchment)):
        catchment.service_id = None
    db.session.flush()
    make.submitted(world.priya, world.whanau, contact=world.tom)
    assert world.moana.person_id in db.session.scalars(select(Outbox.person_id)).all()
