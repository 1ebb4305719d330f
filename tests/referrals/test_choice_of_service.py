"""A school with an in-school provision says which service it asks (REQ-6, R5)."""

import pytest
from sqlalchemy import select, update

from app.cases.models import Case, Status
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Outbox
from app.people.models import Catchment, School
from app.referrals.actions import submit
from app.referrals.drafts.queries import drafts_for
from app.referrals.models import Outcome, Referral
from app.referrals.routing import route_of
from tests import make
from tests.support.client import Client


def provision(of: make.World) -> make.World:
    """Tawa Awa College has one: here Maunga's people work in it."""
    theirs = update(School).where(School.organisation_id == of.tawa.id)
    db.session.execute(theirs.values(provision_id=of.maunga.id))
    return of


def test_without_a_choice_nothing_is_asked(world: make.World) -> None:
    route = route_of(world.tawa.id)
    assert (route.service_id, route.is_open, route.services) == (world.te_awa.id, False, {})
    assert "service_choice" not in make.filled(world.priya, world.whanau, contact=world.tom).texts


def test_the_request_goes_where_the_school_chose(world: make.World) -> None:
    provision(world)
    ours = make.submitted(world.priya, world.whanau, contact=world.tom, service_choice="provision")
    theirs = make.submitted(world.priya, world.ng, contact=world.tom, service_choice="provider")
    assert (ours.service_id, ours.region) == (world.maunga.id, "WGN")
    assert theirs.service_id == world.te_awa.id


@pytest.mark.parametrize("choice", ["", "another"])
def test_until_it_has_chosen_nothing_is_sent(world: make.World, choice: str) -> None:
    provision(world)
    request = make.filled(world.priya, world.whanau, contact=world.tom, service_choice=choice)
    assert route_of(world.tawa.id, choice).is_open
    with pytest.raises(Refused):
        submit(request, version=request.version, by=world.priya)
    (draft,), _ = drafts_for(world.priya)
    assert draft.missing == ["service_choice"]


def test_a_request_to_the_provider_takes_the_case_there_with_its_history(world: make.World) -> None:
    """ISP to provider (REQ-7): its former manager reads on."""
    provision(world)
    case = make.submitted(world.priya, world.whanau, contact=world.tom, service_choice="provision")
    make.assigned(case, to=world.wiremu, by=world.lupe)
    make.note(world.wiremu, case, body="What we tried here")
    make.submitted(world.mere, world.whanau, contact=world.tom, service_choice="provider")
    outcome = db.session.scalar(select(Referral.outcome).order_by(Referral.id.desc()).limit(1))
    assert (case.service_id, case.status, outcome) == (world.te_awa.id, Status.QUEUE, Outcome.MOVED)
    assert make.head(world.wiremu, case)
    assert make.head(world.ruth, case)
    told = db.session.scalars(select(Outbox.person_id).where(Outbox.event == "referral.submitted")).all()
    assert world.ruth.person_id in told


def test_the_same_choice_again_joins(world: make.World) -> None:
    provision(world)
    case = make.submitted(world.priya, world.whanau, contact=world.tom, service_choice="provision")
    again = make.submitted(world.mere, world.whanau, contact=world.tom, service_choice="provision")
    assert (again.id, again.service_id, again.status) == (case.id, world.maunga.id, Status.QUEUE)


def test_a_provider_that_is_not_there_yet_is_waited_for_in_triage_and_all_are_told(world: make.World) -> None:
    provision(world)
    db.session.execute(update(Catchment).values(service_id=None))
    case = make.submitted(world.priya, world.whanau, contact=world.tom, service_choice="provider")
    assert (case.status, case.service_id) == (Status.TRIAGE, None)
    told = set(db.session.scalars(select(Outbox.person_id)))
    assert told == {world.priya.person_id, world.tom.person_id, world.moana.person_id}


def test_the_form_asks_and_the_check_page_says_where_it_goes(client: Client) -> None:
    world: make.World = client.outside(make.world)
    client.outside(provision, world)
    public_id = client.outside(lambda: make.filled(world.priya, world.whanau, contact=world.tom).referral.public_id)
    client.sign_in(world.priya.person_id)
    page = client.get(f"/portal/referrals/{public_id}/").text
    assert "Our in-school provision: Maunga Trust" in page
    assert "The provider of our catchment: Te Awa Attendance Service" in page
    assert "Choose which service is asked" in page
    check = f"/portal/referrals/{public_id}/check"
    assert "Choose which service is asked" in client.get(check).text
    loaded = {"page": "p", "turn": "1", "service_choice": "provision"}
    assert client.send(f"/portal/referrals/{public_id}/fields", **loaded).status_code == 303
    page = client.get(check).text
    assert "To Maunga Trust" in page
    assert "Choose which service" not in page
    assert client.outside(lambda: db.session.scalar(select(Case.id))) is None
