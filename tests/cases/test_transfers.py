"""A case is asked for elsewhere, offered, accepted or refused; until then whoever has it acts (CASE-18)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from time_machine import Traveller

from app.cases.actions import close_case
from app.cases.arrivals.actions import enrol_with_case
from app.cases.entries import Audience
from app.cases.models import Case, CaseKind, SafetyKind, Status, StatusChange
from app.cases.pauses.rules import OTHER
from app.cases.policy import can_assign
from app.cases.queries import case_for
from app.cases.safety.actions import add_safety_note
from app.cases.statuses.actions import reopen_due
from app.cases.timeline import timeline_for
from app.cases.transfers.actions import (
    accept_transfer,
    ask_by_request,
    ask_for_transfer,
    offer_transfer,
    refuse_transfer,
    withdraw_transfer,
)
from app.cases.transfers.models import Transfer, TransferState
from app.cases.transfers.policy import can_answer, can_ask, can_offer
from app.cases.transfers.queries import (
    Offer,
    transfer_for,
    transfers_of_ours,
    transfers_offered,
    transfers_on,
    transfers_waiting,
)
from app.cases.transfers.routing import region_at, services_where, suggested
from app.core import clock as core_clock
from app.core.clock import PACIFIC_AUCKLAND
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Outbox
from app.core.told import places
from app.people.models import Catchment, Organisation, School
from app.people.queries import Actor
from app.students.models import Student
from tests import make

WHY = "The whānau moved."
NO_TRANSFERS = ("mere", "priya", "tom", "ana", "david", "wiremu", "rachel", "niko", "petra", "oscar", "tane", "wini")


def only(of: make.World) -> Transfer:
    return db.session.scalars(select(Transfer).execution_options(populate_existing=True)).one()


def seen_by(who: Actor, transfer: Transfer) -> Offer:
    found = transfer_for(who, transfer.public_id)
    assert found is not None
    return found


def offered_to_maunga(of: make.World) -> tuple[Case, Offer]:
    asked = make.wanted_elsewhere(of, of.whanau)
    make.offered(of, asked, to=of.maunga)
    return db.session.get_one(Case, asked.case_id), seen_by(of.lupe, asked)


def said(who: Actor, case: Case) -> set[str]:
    return {entry.body for entry in timeline_for(who, case.id) if entry.body}


def test_asked_for_it_stands_with_the_investigators_and_on_the_case(world: make.World) -> None:
    asked = make.wanted_elsewhere(world, world.whanau)
    assert (asked.state, asked.due_on) == (TransferState.ASKED, None)
    case = db.session.get_one(Case, asked.case_id)
    head = make.head(world.ana, case)
    assert (head.transfer_state, head.transfer_to) == (TransferState.ASKED, None)
    assert [each.public_id for each in transfers_waiting(world.moana)] == [asked.public_id]
    assert {WHY, "A transfer to another service is asked for."} <= said(world.ruth, case)
    assert WHY not in said(world.tom, case), "why is the service’s"
    assert "A transfer to another service is asked for." in said(world.tom, case)


def test_a_case_has_one_transfer_that_waits(world: make.World) -> None:
    asked = make.wanted_elsewhere(world, world.whanau)
    case = db.session.get_one(Case, asked.case_id)
    with pytest.raises(Conflict):
        ask_for_transfer(make.head(world.ruth, case), world.maunga.id, WHY, by=world.ruth)
    another = {
        column: getattr(asked, column) for column in ("case_id", "from_id", "state", "why", "asked_at", "asked_by_id")
    }
    with pytest.raises(IntegrityError):
        db.session.execute(insert(Transfer).values(public_id="another", answer="", **another))


def test_the_service_that_serves_the_students_school_is_suggested_and_asked_at_once(world: make.World) -> None:
    case = make.open_case(world)
    assert suggested(services_where(case.student_id, case.school_id), case.service_id) is None
    make.left(world.whanau, world.tawa)
    make.enrolled(world.whanau.id, world.bay)
    there = suggested(services_where(case.student_id, case.school_id), case.service_id)
    assert there
    assert there.service_id == world.maunga.id
    asked = ask_for_transfer(make.head(world.ana, case), world.maunga.id, WHY, by=world.ana)
    assert asked.state is TransferState.OFFERED
    assert [each.public_id for each in transfers_offered(world.lupe)] == [asked.public_id]


def test_a_service_that_does_not_serve_the_school_waits_for_an_investigator(world: make.World) -> None:
    case = make.open_case(world)
    asked = ask_for_transfer(make.head(world.ana, case), world.maunga.id, WHY, by=world.ana)
    assert (asked.state, asked.to_id) == (TransferState.ASKED, world.maunga.id)
    assert not transfers_offered(world.lupe)
    assert transfer_for(world.lupe, asked.public_id) is None
    assert offer_transfer(seen_by(world.moana, asked), world.maunga.id, by=world.moana)
    assert not offer_transfer(seen_by(world.moana, asked), world.maunga.id, by=world.moana), "once"
    assert len(transfers_offered(world.lupe)) == 1


def test_it_cannot_go_to_where_it_is(world: make.World) -> None:
    asked = make.wanted_elsewhere(world, world.whanau)
    with pytest.raises(Refused):
        offer_transfer(seen_by(world.moana, asked), world.te_awa.id, by=world.moana)
    withdraw_transfer(make.head(world.ana, db.session.get_one(Case, asked.case_id)), by=world.ana)
    with pytest.raises(Refused):
        ask_for_transfer(
            make.head(world.ana, db.session.get_one(Case, asked.case_id)), world.te_awa.id, WHY, by=world.ana
        )


def test_it_is_to_be_answered_within_three_working_days_of_the_region(world: make.World, clock: Traveller) -> None:
    clock.move_to(datetime(2026, 10, 22, 9, tzinfo=PACIFIC_AUCKLAND))  # a Thursday; Labour Day comes on the 26th
    offered_to_maunga(world)
    assert only(world).due_on == date(2026, 10, 28)
    clock.move_to(datetime(2026, 10, 28, 23, tzinfo=PACIFIC_AUCKLAND))
    assert not transfers_offered(world.lupe)[0].is_overdue
    clock.shift(timedelta(hours=2))
    assert transfers_offered(world.lupe)[0].is_overdue
    assert transfers_waiting(world.moana)[0].is_overdue


def test_accepted_the_case_goes_with_its_history_and_new_clocks(world: make.World, clock: Traveller) -> None:
    case, offer = offered_to_maunga(world)
    make.note(world.ana, case, Audience.SERVICE, "What we tried")
    clock.shift(timedelta(days=7))
    assert case_for(world.lupe, case.number) is None, "not yet"
    accept_transfer(offer, by=world.lupe)
    assert (case.service_id, case.status, case.service_started_on) == (
        world.maunga.id,
        Status.QUEUE,
        core_clock.today(),
    )
    assert "What we tried" in said(world.lupe, case)
    assert case_for(world.ruth, case.number) is None
    assert make.head(world.ana, case), "who managed it reads on"
    assert only(world).state is TransferState.ACCEPTED
    assert not can_ask(world.ana, make.head(world.ana, case))


def test_the_clocks_follow_the_region_where_the_student_is(world: make.World) -> None:
    case, offer = offered_to_maunga(world)
    bay = db.session.get_one(Catchment, db.session.get_one(School, world.bay.id).catchment_id)
    assert region_at(case, world.maunga.id) == bay.region
    accept_transfer(offer, by=world.lupe)
    assert case.region == bay.region


def test_refused_it_stays_and_whoever_asked_reads_why(world: make.World) -> None:
    case, offer = offered_to_maunga(world)
    refuse_transfer(offer, "Too far for us.", by=world.lupe)
    assert (case.service_id, case.status) == (world.te_awa.id, Status.OPEN)
    assert "Too far for us." in said(world.ana, case)
    assert "Too far for us." not in said(world.tom, case)
    (row,) = transfers_of_ours(world.ruth)
    assert (row.state, row.answer) == (TransferState.REFUSED, "Too far for us.")
    assert not transfers_waiting(world.moana)
    assert ask_for_transfer(make.head(world.ana, case), None, WHY, by=world.ana), "it may be asked for again"


@pytest.mark.parametrize(
    "answer", [lambda offer, by: accept_transfer(offer, by=by), lambda offer, by: refuse_transfer(offer, "No", by=by)]
)
def test_an_answer_counts_once_and_only_from_where_it_is_offered(
    world: make.World, answer: Callable[[Offer, Actor], object]
) -> None:
    case, offer = offered_to_maunga(world)
    with pytest.raises(Conflict):
        answer(offer, world.ruth)
    refuse_transfer(offer, "Too far.", by=world.lupe)
    with pytest.raises(Conflict):
        answer(offer, world.lupe)
    with pytest.raises(Conflict):
        offer_transfer(offer, world.maunga.id, by=world.moana)
    assert not can_answer(world.lupe, seen_by(world.lupe, only(world)))
    assert not can_offer(world.moana, seen_by(world.moana, only(world)))
    assert case.service_id == world.te_awa.id


def test_a_child_on_hold_stays_so_at_the_other_service_until_the_day_comes(
    own_world: make.World, clock: Traveller
) -> None:
    """CASE-7: then it waits in the queue there, as whoever took it over agreed."""
    case, offer = offered_to_maunga(own_world)
    make.paused(case, by=own_world.ana)
    until = case.pause_until
    accept_transfer(offer, by=own_world.lupe)
    assert (case.service_id, case.status, case.pause_until) == (own_world.maunga.id, Status.PAUSED, until)
    assert can_assign(own_world.lupe, make.head(own_world.lupe, case))
    db.session.commit()
    clock.shift(timedelta(days=8))
    assert (reopen_due(), case.status) == (1, Status.QUEUE)
    changes = select(StatusChange.by_id).where(StatusChange.case_id == case.id).order_by(StatusChange.id.desc())
    assert db.session.scalars(changes).first() == own_world.lupe.person_id


def test_another_pause_ends_where_another_service_takes_over(world: make.World) -> None:
    case, offer = offered_to_maunga(world)
    make.paused(case, by=world.ana)
    case.pause_reason = OTHER
    accept_transfer(offer, by=world.lupe)
    assert (case.status, case.pause_until) == (Status.QUEUE, None)


def test_withdrawn_nobody_answers_it_any_more(world: make.World) -> None:
    case, offer = offered_to_maunga(world)
    assert withdraw_transfer(make.head(world.ruth, case), by=world.ruth)
    assert not withdraw_transfer(make.head(world.ruth, case), by=world.ruth)
    assert make.head(world.ana, case).transfer_state is None
    assert not [*transfers_offered(world.lupe), *transfers_waiting(world.moana)]
    with pytest.raises(Conflict):
        accept_transfer(offer, by=world.lupe)


def test_what_waits_ends_with_the_case(world: make.World) -> None:
    case, offer = offered_to_maunga(world)
    close_case(case, "attending_regularly", by=world.ruth, why="Attends.")
    assert only(world).state is TransferState.WITHDRAWN
    with pytest.raises(Conflict):
        accept_transfer(offer, by=world.lupe)
    assert not can_ask(world.ruth, make.head(world.ruth, case))


def test_what_waits_ends_when_a_request_takes_the_case_elsewhere(world: make.World) -> None:
    case, _ = offered_to_maunga(world)
    make.enrolled(world.whanau.id, world.bay)
    make.submitted(world.kahu, world.whanau, contact=world.kahu)
    assert (case.service_id, only(world).state) == (world.maunga.id, TransferState.WITHDRAWN)


def test_a_request_of_the_school_takes_the_place_of_what_was_asked_for_by_hand(world: make.World) -> None:
    asked = make.wanted_elsewhere(world, world.whanau)
    case = db.session.get_one(Case, asked.case_id)
    ask_by_request(case, world.maunga.id, by=world.kahu)
    assert [row.state for row in transfers_on(case.id)] == [TransferState.OFFERED, TransferState.WITHDRAWN]


def test_nobody_sees_another_services_transfers(world: make.World) -> None:
    """What waits for an investigator, and what is offered to Maunga; Te Awa’s own stand with Te Awa’s lead alone."""
    asked = make.wanted_elsewhere(world, world.ng)
    offered_to_maunga(world)
    offered = transfers_offered(world.lupe)[0]
    for name in NO_TRANSFERS:
        who = world.people[name]
        assert not [*transfers_waiting(who), *transfers_offered(who)]
        assert transfer_for(who, asked.public_id) is None
        assert transfer_for(who, offered.public_id) is None
    assert [row.public_id for row in transfers_offered(world.lupe)] == [offered.public_id]
    assert transfer_for(world.lupe, asked.public_id) is None
    assert not transfers_offered(world.ruth)
    assert not transfers_of_ours(world.lupe)
    assert {row.public_id for row in transfers_of_ours(world.ruth)} == {asked.public_id, offered.public_id}


def test_pages_of_them_follow_one_another_oldest_first(world: make.World, clock: Traveller) -> None:
    found = []
    for pupil in (world.whanau, world.ng):
        found.append(make.wanted_elsewhere(world, pupil))
        make.offered(world, found[-1], to=world.maunga)
        clock.shift(timedelta(days=1))
    first, second = (each.public_id for each in found)
    for pages, who in ((transfers_waiting, world.moana), (transfers_offered, world.lupe)):
        assert [row.public_id for row in pages(who)] == [first, second]
        assert [row.public_id for row in pages(who, after=first)] == [second]
        assert not pages(who, after=second)
    assert [row.public_id for row in transfers_of_ours(world.ruth, before=second)] == [first]
    assert not transfers_offered(world.lupe, after="unknown")


def test_an_offer_counts_the_safety_notes_that_stand(world: make.World) -> None:
    case, offer = offered_to_maunga(world)
    assert offer.safety_notes == 0
    add_safety_note(case, SafetyKind.DOG, "A dog", by=world.ana)
    assert transfers_offered(world.lupe)[0].safety_notes == 1


def test_whoever_is_told_is_led_to_where_they_decide(world: make.World) -> None:
    case, offer = offered_to_maunga(world)

    def paths(who: Actor) -> set[str]:
        rows = db.session.scalars(
            select(Outbox).where(Outbox.person_id == who.person_id, Outbox.case_id == case.id)
        ).all()
        told = [row for row in rows if row.event.startswith("case.transfer")]
        return {place.path for place in places(who, told).values()}

    assert paths(world.lupe) == {f"/workspace/transfers/{offer.public_id}"}
    assert paths(world.moana) == {f"/ministry/transfers/{offer.public_id}"}
    assert paths(world.ruth) == {f"/workspace/cases/{case.number}/"}


@pytest.fixture
def newcomer(world: make.World) -> Callable[[make.Place], Case]:
    """Hēmi, whose case Ana has, comes to this school."""

    def comes(to: make.Place, kind: CaseKind = CaseKind.CA) -> Case:
        case = make.open_case(world)
        case.kind = kind
        student, school = db.session.get_one(Student, case.student_id), db.session.get_one(Organisation, to.id)
        enrol_with_case(student, school, from_on=core_clock.today(), year_level=10)
        return case

    return comes


def test_a_student_who_comes_into_another_catchment_asks_by_itself(
    world: make.World, newcomer: Callable[[make.Place], Case]
) -> None:
    case = newcomer(world.bay)
    asked = only(world)
    assert (asked.state, asked.to_id, asked.asked_by_id) == (
        TransferState.OFFERED,
        world.maunga.id,
        world.ana.person_id,
    )
    assert any(body.startswith("By itself:") for body in said(world.ana, case))
    assert case.service_id == world.te_awa.id
    student, school = db.session.get_one(Student, case.student_id), db.session.get_one(Organisation, world.bay.id)
    enrol_with_case(student, school, from_on=core_clock.today() + timedelta(days=1), year_level=10)
    assert only(world), "once"


def test_within_the_catchment_and_for_a_notice_nothing_is_asked(
    world: make.World, newcomer: Callable[[make.Place], Case]
) -> None:
    case = newcomer(world.puna)
    assert not transfers_on(case.id)


def test_a_notice_stays_until_triage_or_a_request_says_otherwise(
    world: make.World, newcomer: Callable[[make.Place, CaseKind], Case]
) -> None:
    assert not transfers_on(newcomer(world.bay, CaseKind.NEN).id)


def test_without_anybody_to_ask_for_it_nothing_is_asked(
    world: make.World, newcomer: Callable[[make.Place], Case]
) -> None:
    case = make.submitted(world.priya, world.ng, contact=world.tom)
    make.end_roles(world.ruth)
    student, school = db.session.get_one(Student, case.student_id), db.session.get_one(Organisation, world.bay.id)
    enrol_with_case(student, school, from_on=core_clock.today(), year_level=10)
    assert not transfers_on(case.id)
