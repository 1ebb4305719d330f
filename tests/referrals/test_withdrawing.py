"""A school withdraws a request that nobody has taken up (REQ-1)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from time_machine import Traveller

from app.cases.actions import close_case
from app.cases.entries import Entry
from app.cases.models import Case, Status, StatusChange
from app.cases.queries import case_for
from app.cases.timeline import timeline_for
from app.core.db import db
from app.core.errors import Conflict
from app.core.events import Audit, Outbox
from app.people.models import Catchment
from app.people.queries import Actor
from app.referrals import policy
from app.referrals.actions import take_up
from app.referrals.models import Referral, State
from app.referrals.queries import Request, requests_for, requests_on_case
from app.referrals.withdrawing.actions import CLOSED, NOT_ANY_MORE, withdraw
from tests import make
from tests.support.client import Client

WHY = "The whānau has moved to Ōtaki."


def sent(by: Actor, of: make.World) -> Request:
    """The last request of the school, as this person loads it."""
    last = select(Referral.public_id).where(Referral.school_id == by.organisation_id).order_by(Referral.id.desc())
    return make.request_now(by, str(db.session.scalar(last.limit(1))))


def test_a_case_that_a_request_began_closes_with_it(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    db.session.execute(delete(Outbox))
    request = sent(world.mere, world)
    assert withdraw(request, WHY, by=world.mere)
    assert (case.status, case.close_reason) == (Status.CLOSED, "withdrawn_by_school")
    referral = request.referral
    assert (referral.state, referral.ended_why) == (State.WITHDRAWN, WHY)
    assert referral.ended_by_id == world.mere.person_id
    assert referral.ended_at is not None
    assert db.session.scalar(select(StatusChange.why).order_by(StatusChange.id.desc()).limit(1)) == WHY
    told = db.session.execute(select(Outbox.event, Outbox.person_id, Outbox.channel)).all()
    assert {(row.event, row.person_id, row.channel.value) for row in told} == {
        ("referral.withdrawn", world.tom.person_id, "app"),
        ("referral.withdrawn", world.ruth.person_id, "app"),
    }
    assert not withdraw(request, "Again", by=world.mere), "once is enough"
    assert referral.ended_why == WHY
    assert len(db.session.scalars(select(Audit.id).where(Audit.event == "referral.withdrawn")).all()) == 1


def test_a_case_in_triage_closes_too(world: make.World) -> None:
    db.session.execute(update(Catchment).values(service_id=None))
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    withdraw(sent(world.priya, world), WHY, by=world.priya)
    assert (case.status, case.close_reason) == (Status.CLOSED, "withdrawn_by_school")


def test_a_case_that_a_request_opened_again_closes_with_it(world: make.World) -> None:
    case = make.closed(make.open_case(world), by=world.ruth)
    make.submitted(world.mere, world.whanau, contact=world.tom)
    withdraw(sent(world.mere, world), WHY, by=world.mere)
    assert (case.status, case.close_reason) == (Status.CLOSED, "withdrawn_by_school")


def test_a_case_that_was_asked_for_again_closes_as_it_had_and_when_it_had(clock: Traveller, world: make.World) -> None:
    """With the service and the case manager that it closed with."""
    case = make.open_case(world)
    close_case(case, "attending_regularly", by=world.ruth, why="Well again.")
    closed_at = case.status_at
    clock.shift(timedelta(days=40))
    make.enrolled(world.whanau.id, world.bay)
    make.submitted(world.kahu, world.whanau, contact=world.kahu, **make.URGENT)
    assert (case.status, case.service_id) == (Status.QUEUE, world.maunga.id)
    withdraw(sent(world.kahu, world), WHY, by=world.kahu)
    assert (case.status, case.close_reason, case.status_at) == (Status.CLOSED, "attending_regularly", closed_at)
    assert (case.service_id, case.urgency, case.school_id) == (world.te_awa.id, 1, world.tawa.id)
    head = make.head(world.ana, case)
    assert (head.manager_name, head.contact_name) == ("Ana Tuhoro", "Tom Hargreaves")
    clock.shift(timedelta(days=80))
    again = make.submitted(world.mere, world.whanau, contact=world.tom)
    assert again.id != case.id, "its three months did not begin anew"


def test_what_only_that_request_had_set_is_put_back(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    make.submitted(world.mere, world.whanau, contact=world.aroha, **make.URGENT)
    assert (case.urgency, make.head(world.mere, case).contact_name) == (0, "Aroha Ngata")
    withdraw(sent(world.mere, world), WHY, by=world.mere)
    assert (case.urgency, case.urgent_why, make.head(world.mere, case).contact_name) == (1, "", "Tom Hargreaves")
    timeline = timeline_for(world.mere, case.id)
    assert "not urgent any more" in str(timeline[0].body)
    assert "Primary contact: Tom Hargreaves" in {row.body for row in timeline}


def test_what_another_request_says_too_stays(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom, **make.URGENT)
    make.submitted(world.mere, world.whanau, contact=world.aroha, urgent="yes", urgent_why="Sleeps in a car.")
    second = sent(world.mere, world)
    make.submitted(world.mere, world.whanau, contact=world.aroha)
    withdraw(second, WHY, by=world.mere)
    assert (case.urgent_why, make.head(world.mere, case).contact_name) == (make.URGENT["urgent_why"], "Aroha Ngata")


def test_once_the_student_has_left_only_the_request_ends_and_no_other_school_reads_of_it(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom, **make.URGENT)
    request = sent(world.priya, world)
    make.left(world.whanau, world.tawa)
    make.enrolled(world.whanau.id, world.puna)
    withdraw(request, WHY, by=world.priya)
    assert (case.status, case.urgency, request.referral.state) == (Status.QUEUE, 0, State.WITHDRAWN)
    assert case_for(world.jin, case.number) is not None
    assert WHY not in " ".join(entry.body or "" for entry in timeline_for(world.jin, case.id))
    assert WHY in " ".join(entry.body or "" for entry in timeline_for(world.ruth, case.id))


def test_where_it_joined_only_the_request_ends(world: make.World) -> None:
    case = make.open_case(world)
    make.submitted(world.mere, world.whanau, contact=world.tom)
    request = sent(world.mere, world)
    withdraw(request, WHY, by=world.mere)
    assert (case.status, case.close_reason, request.referral.state) == (Status.OPEN, "", State.WITHDRAWN)
    assert WHY in str(db.session.scalar(select(Entry.body).order_by(Entry.id.desc()).limit(1)))


def test_a_case_that_another_request_has_joined_since_goes_on(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    first = sent(world.priya, world)
    make.submitted(world.mere, world.whanau, contact=world.tom)
    withdraw(first, WHY, by=world.priya)
    assert case.status is Status.QUEUE
    withdraw(sent(world.mere, world), WHY, by=world.mere)
    assert case.status is Status.QUEUE, "it joined: it did not begin the case"


def test_what_somebody_has_taken_up_is_not_withdrawn(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    request = sent(world.priya, world)
    assert policy.can_withdraw(world.priya, request)
    make.assigned(case, to=world.ana, by=world.ruth)
    take_up(case.id)
    with pytest.raises(Conflict):
        withdraw(request, WHY, by=world.priya)
    assert case.status is Status.OPEN
    assert not policy.can_withdraw(world.priya, sent(world.priya, world))


@pytest.mark.parametrize(("has_left", "why"), [(False, CLOSED), (True, NOT_ANY_MORE)])
def test_a_request_that_joined_is_not_withdrawn_once_the_case_is_closed(
    world: make.World, has_left: bool, why: str
) -> None:
    """CASE-2: its contact and its timeline stay. A school whose student has left is not told that it closed."""
    case = make.open_case(world)
    make.submitted(world.mere, world.whanau, contact=world.aroha)
    request = sent(world.mere, world)
    assert policy.can_withdraw(world.mere, request)
    make.closed(case, by=world.ruth)
    if has_left:
        make.left(world.whanau, world.tawa)
    assert not policy.can_withdraw(world.mere, sent(world.mere, world))
    before = db.session.scalar(select(func.count()).select_from(Entry))
    with pytest.raises(Conflict, match=why):
        withdraw(request, WHY, by=world.mere)
    assert (request.referral.state, request.referral.ended_why) == (State.SUBMITTED, "")
    assert db.session.scalar(select(func.count()).select_from(Entry)) == before
    assert make.head(world.ruth, case).contact_name == "Aroha Ngata"


def test_both_sides_see_that_it_was_withdrawn_and_another_school_does_not(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    withdraw(sent(world.priya, world), WHY, by=world.priya)
    assert [row.state for row in requests_for(world.aroha)] == []
    assert [row.state for row in requests_for(world.priya)] == [State.WITHDRAWN]
    assert [request.row.ended_why for request in requests_on_case(case.id)] == [WHY]
    assert requests_on_case(case.id, school_id=world.puna.id) == []
    assert not requests_for(world.jin)


def test_the_page_of_a_former_school_says_only_what_it_may_know(client: Client) -> None:
    world: make.World = client.outside(make.world)

    def gone() -> str:
        make.submitted(world.priya, world.whanau, contact=world.tom)
        make.left(world.whanau, world.tawa)
        make.enrolled(world.whanau.id, world.puna)
        make.submitted(world.jin, world.whanau, contact=world.jin)
        return str(db.session.scalar(select(Referral.public_id).order_by(Referral.id)))

    public_id = client.outside(gone)
    client.sign_in(world.priya.person_id)
    page = client.get(f"/portal/referrals/{public_id}/withdrawal")
    assert "only your request ends" in page.text
    assert "no other school does" in page.text
    assert not [said for said in ("goes on", "without it", "closes", world.te_awa.name) if said in page.text]
    assert client.fill(page, "Withdraw the request", why=WHY).status_code == 303
    assert "/portal/referrals/new" not in client.get(f"/portal/referrals/{public_id}/submitted").text.split("<main")[1]


def test_the_page_asks_why_and_says_what_becomes_of_the_case(client: Client) -> None:
    world: make.World = client.outside(make.world)
    client.outside(lambda: make.submitted(world.priya, world.whanau, contact=world.tom).id)
    public_id = client.outside(lambda: db.session.scalar(select(Referral.public_id)))
    client.sign_in(world.priya.person_id)
    address = f"/portal/referrals/{public_id}"
    assert f"{address}/withdrawal" in client.get(f"{address}/submitted").text
    page = client.get(f"{address}/withdrawal")
    assert "closes with it" in page.text
    assert "Te Awa Attendance Service, and whoever at a school" in page.text
    refused = client.fill(page, "Withdraw the request", why=" ")
    assert refused.status_code == 422
    assert "Say in a sentence why" in refused.text
    assert client.fill(refused, "Withdraw the request", why=WHY).status_code == 303
    after = client.get(f"{address}/submitted").text
    assert WHY in after
    assert "/withdrawal" not in after
    assert client.get(f"{address}/withdrawal").status_code == 403
    assert ", withdrawn" in client.get("/portal/referrals/").text
    status = client.outside(lambda: db.session.scalar(select(Case.status)))
    assert status is Status.CLOSED
