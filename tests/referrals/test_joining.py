"""Which case a request joins, moves, reopens or leaves alone (REQ-7, REQ-10), at every boundary."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update
from time_machine import Traveller

from app.cases import policy
from app.cases.actions import change_status, close_case
from app.cases.assignment.queries import case_managers_with_load
from app.cases.entries import Audience, Entry
from app.cases.listing import cases_for, gone_for
from app.cases.models import Case, CaseKind, CasePerson, Part, Status
from app.cases.parts import name_person
from app.cases.queries import case_for, safety_notes_for
from app.cases.search.queries import cases_found
from app.cases.search.rules import sought
from app.cases.timeline import timeline_for
from app.cases.transfers.actions import refuse_transfer
from app.cases.transfers.models import Transfer, TransferState
from app.cases.transfers.queries import transfer_for
from app.core import clock as core_clock
from app.core.clock import PACIFIC_AUCKLAND
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Outbox
from app.people.models import Catchment
from app.people.queries import Actor
from app.referrals.actions import submit
from app.referrals.models import Outcome, Referral
from app.referrals.routing import known_case
from tests import make


def outcome() -> Outcome | None:
    return db.session.scalar(select(Referral.outcome).order_by(Referral.id.desc()).limit(1))


def no_service() -> None:
    db.session.execute(update(Catchment).values(service_id=None))


def a_notice(of: make.World) -> Case:
    """Hēmi's case as a notice would have made it: with Ana of Te Awa."""
    case = make.open_case(of)
    case.kind = CaseKind.NEN
    return case


def gone(of: make.World) -> Case:
    """Ana's case, which a request of a school in Maunga took there."""
    case = make.open_case(of)
    make.note(of.ana, case, Audience.RESTRICTED, "Old and restricted")
    make.enrolled(of.whanau.id, of.bay)
    return make.submitted(of.kahu, of.whanau, contact=of.kahu)


def bodies(who: Actor, case: Case) -> set[str | None]:
    return {entry.body for entry in timeline_for(who, case.id)}


def test_a_case_in_the_queue_is_joined_and_stays_there(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    again = make.submitted(world.mere, world.whanau, contact=world.aroha)
    assert (again.id, again.status, outcome()) == (case.id, Status.QUEUE, Outcome.JOINED)


def test_a_case_in_triage_is_joined_and_waits_on(world: make.World) -> None:
    no_service()
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    again = make.submitted(world.mere, world.whanau, contact=world.aroha)
    assert (again.id, again.status, outcome()) == (case.id, Status.TRIAGE, Outcome.JOINED)


def test_a_case_in_triage_goes_to_the_service_that_there_is_by_now(world: make.World) -> None:
    no_service()
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    db.session.execute(update(Catchment).values(service_id=world.maunga.id))
    again = make.submitted(world.mere, world.whanau, contact=world.tom)
    assert (again.id, again.status, again.service_id) == (case.id, Status.QUEUE, world.maunga.id)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("rejected", Outcome.NEW),
        ("duplicate", Outcome.NEW),
        ("deceased", Outcome.NEW),
        ("attending_regularly", Outcome.REOPENED),
        ("withdrawn_by_school", Outcome.REOPENED),
    ],
)
def test_why_a_case_closed_decides_whether_it_opens_again(world: make.World, reason: str, expected: Outcome) -> None:
    case = make.open_case(world)
    close_case(case, reason, by=world.ruth, why="So it is.")
    assert bool(known_case(world.mere, world.whanau.id)) is (expected is Outcome.REOPENED)
    again = make.submitted(world.mere, world.whanau, contact=world.tom)
    assert outcome() is expected
    assert again.close_reason == (reason if expected is Outcome.REOPENED else ""), "until somebody works it"
    make.assigned(again, to=world.ana, by=world.ruth)
    assert again.close_reason == ""
    assert (again.id == case.id) is (expected is Outcome.REOPENED)


def test_a_notice_is_joined_and_turned(world: make.World) -> None:
    case = a_notice(world)
    change_status(case, Status.PAUSED, by=world.ruth)
    make.submitted(world.mere, world.whanau, contact=world.tom)
    assert (case.kind, case.status, outcome()) == (CaseKind.CA, Status.OPEN, Outcome.JOINED)
    assert make.head(world.ruth, case).manager_name == world.ana.name


def test_a_closed_notice_that_reopens_is_turned(world: make.World) -> None:
    case = make.closed(a_notice(world), by=world.ruth)
    make.submitted(world.mere, world.whanau, contact=world.tom)
    assert (case.kind, case.status) == (CaseKind.CA, Status.QUEUE)


def test_a_notice_of_another_service_stays_with_its_manager_and_a_transfer_is_asked_for(world: make.World) -> None:
    case = a_notice(world)
    started = case.service_started_on
    make.enrolled(world.whanau.id, world.bay)
    db.session.execute(delete(Outbox))
    for _ in range(2):  # a second request asks for the same, and moves nothing either
        make.submitted(world.kahu, world.whanau, contact=world.kahu)
    assert (case.kind, case.status, case.service_id) == (CaseKind.CA, Status.OPEN, world.te_awa.id)
    assert (case.service_started_on, case.school_id) == (started, world.bay.id)
    assert make.head(world.ruth, case).manager_name == world.ana.name
    (asked,) = db.session.scalars(select(Transfer)).all()
    assert (asked.to_id, asked.from_id, asked.state) == (world.maunga.id, world.te_awa.id, TransferState.OFFERED)
    told = db.session.scalars(select(Outbox.person_id).where(Outbox.event == "case.transfer_asked")).all()
    assert set(told) == {world.ruth.person_id, world.ana.person_id, world.moana.person_id}
    assert any("transfer to Maunga Trust" in (body or "") for body in bodies(world.kahu, case))
    assert case_for(world.lupe, case.number) is None


def test_a_request_after_a_refusal_asks_again_and_takes_nothing_away(world: make.World) -> None:
    case = a_notice(world)
    make.enrolled(world.whanau.id, world.bay)
    make.submitted(world.kahu, world.whanau, contact=world.kahu)
    offer = transfer_for(world.lupe, db.session.scalars(select(Transfer.public_id)).one())
    assert offer
    refuse_transfer(offer, "Too far.", by=world.lupe)
    make.submitted(world.kahu, world.whanau, contact=world.kahu)
    assert case.service_id == world.te_awa.id
    states = db.session.scalars(select(Transfer.state).order_by(Transfer.id)).all()
    assert states == [TransferState.REFUSED, TransferState.OFFERED]


def test_a_notice_that_has_no_service_goes_to_the_schools(world: make.World) -> None:
    no_service()
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    case.kind = CaseKind.NEN
    db.session.execute(update(Catchment).values(service_id=world.te_awa.id))
    make.submitted(world.mere, world.whanau, contact=world.tom)
    assert (case.kind, case.status, case.service_id) == (CaseKind.CA, Status.QUEUE, world.te_awa.id)


def test_the_former_manager_reads_on_until_the_end_of_the_tenth_working_day(
    world: make.World, clock: Traveller
) -> None:
    clock.move_to(datetime(2026, 10, 20, 9, tzinfo=PACIFIC_AUCKLAND))  # a Tuesday; Labour Day comes on the 26th
    case = gone(world)
    last = date(2026, 11, 4)
    clock.move_to(datetime(last.year, last.month, last.day, 23, 59, tzinfo=PACIFIC_AUCKLAND))
    assert case_for(world.ana, case.number)
    clock.shift(timedelta(minutes=1))
    assert case_for(world.ana, case.number) is None


def test_the_former_manager_finds_and_lists_it_and_colleagues_do_not(world: make.World) -> None:
    case = gone(world)
    found = sought("Whānau")
    assert [row.number for row in gone_for(world.ana)] == [case.number]
    assert not cases_for(world.ana), "it is no work of theirs"
    assert [(row.number, row.opens) for row in cases_found(world.ana, found).cases] == [(case.number, True)]
    for colleague in (world.david, make.seeing_service_cases(world.david), world.ruth, world.tane):
        assert case_for(colleague, case.number) is None
        assert not [*cases_for(colleague), *gone_for(colleague)]
        assert not cases_found(colleague, found).cases


def test_the_former_manager_reads_what_was_theirs_and_what_is_shared_and_no_more(
    world: make.World, clock: Traveller
) -> None:
    case = gone(world)
    make.assigned(case, to=world.wiremu, by=world.lupe)
    clock.shift(timedelta(hours=1))
    for audience in Audience:
        make.note(world.wiremu, case, audience, f"New and {audience}")
    make.submitted(world.kahu, world.whanau, contact=world.kahu, safety_kind="dog", safety_fact="A new dog")
    read = bodies(world.ana, case)
    assert {"Old and restricted", "New and shared"} <= read
    assert not {"New and service", "New and restricted"} & read
    assert None not in read, "that there is a restricted note is the service's own"
    assert {"Old and restricted", "New and service", "New and restricted"} <= bodies(world.wiremu, case)
    facts = [note.fact for note in safety_notes_for(world.ana, [case.id])[case.id]]
    assert facts == [make.SAFETY["safety_fact"]]


def test_the_former_manager_changes_nothing(world: make.World) -> None:
    head = make.head(world.ana, gone(world))
    for rule in (policy.can_comment, policy.can_work, policy.can_change, policy.can_read_request, policy.can_assign):
        assert not rule(world.ana, head)


def test_a_case_that_comes_back_is_worked_by_its_manager_as_any_other(world: make.World, clock: Traveller) -> None:
    case = gone(world)
    make.assigned(case, to=world.wiremu, by=world.lupe)
    make.note(world.wiremu, case, Audience.SERVICE, "Theirs")
    clock.shift(timedelta(hours=1))
    make.submitted(world.mere, world.whanau, contact=world.tom)
    assert (case.service_id, case_for(world.ana, case.number)) == (world.te_awa.id, None)
    make.assigned(case, to=world.ana, by=world.ruth)
    assert "Theirs" in bodies(world.ana, case)
    assert policy.can_work(world.ana, make.head(world.ana, case))
    assert not policy.can_work(world.wiremu, make.head(world.wiremu, case))


def test_nobody_covers_a_case_that_has_gone(world: make.World) -> None:
    case = make.open_case(world)
    cover = name_person(case, world.david.person_id, Part.COVER, organisation_id=world.te_awa.id, by=world.ruth)
    cover.until = core_clock.now() + timedelta(days=9)
    make.enrolled(world.whanau.id, world.bay)
    make.submitted(world.kahu, world.whanau, contact=world.kahu)
    until = db.session.scalar(select(CasePerson.until).where(CasePerson.part == Part.COVER))
    assert until is not None
    assert until <= core_clock.now()


def test_a_school_where_the_student_no_longer_is_cannot_ask(world: make.World) -> None:
    request = make.filled(world.priya, world.whanau, contact=world.tom)
    make.left(world.whanau, world.tawa)
    make.enrolled(world.whanau.id, world.bay)
    with pytest.raises(Refused):
        submit(request, version=request.version, by=world.priya)
    assert not db.session.scalar(select(func.count()).select_from(Case))


def test_of_an_earlier_case_of_theirs_nothing_is_said_where_the_last_one_is_not(
    world: make.World, clock: Traveller
) -> None:
    close_case(make.open_case(world), "rejected", by=world.ruth, why="No.")  # Tom's
    clock.shift(timedelta(days=1))
    make.closed(make.submitted(world.mere, world.whanau, contact=world.aroha), by=world.ruth)
    assert known_case(world.aroha, world.whanau.id)
    assert known_case(world.tom, world.whanau.id) is None


def test_an_entry_that_waits_is_not_the_former_managers(world: make.World) -> None:
    case = gone(world)
    waits = make.note(world.lupe, case, waits=True)
    listed = {entry.public_id for entry in timeline_for(world.ana, case.id)}
    assert waits.public_id not in listed
    assert db.session.get_one(Entry, waits.id).public_id in {
        entry.public_id for entry in timeline_for(world.lupe, case.id)
    }


def test_the_former_manager_of_a_case_that_reopens_is_suggested(world: make.World) -> None:
    case = make.assigned(make.submitted(world.priya, world.whanau, contact=world.tom), to=world.david, by=world.ruth)
    make.closed(case, by=world.ruth)
    make.submitted(world.mere, world.whanau, contact=world.tom)
    offered = [(row.name, row.had_it) for row in case_managers_with_load(world.ruth, of_case=case.id)]
    assert offered == [(world.david.name, True), (world.ana.name, False)]
