"""Whoever gives away what let them see a case is led to a page that they may still see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.cases.assignment.actions import assign
from app.cases.contacts.actions import add_secondary
from app.cases.contacts.rules import Whom
from app.cases.covers.actions import Days, cover_case
from app.cases.entries import Audience
from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.people.models import Role
from app.people.queries import Actor
from app.referrals.models import Referral
from tests import make
from tests.support.client import Client

Prepares = Callable[[make.World, Case], Mapping[str, str]]


def nothing(world: make.World, case: Case) -> Mapping[str, str]:
    return {}


def aroha_follows_it_too(world: make.World, case: Case) -> Mapping[str, str]:
    add_secondary(make.head(world.tom, case), Whom(person_id=world.aroha.person_id), by=world.tom)
    return {}


@dataclass(frozen=True)
class Act:
    """Somebody gives something away, and what was theirs is not there for them any more."""

    who: str
    gone: str
    path: str
    values: Mapping[str, str]
    prepare: Prepares = nothing


CASE = "/portal/cases/{number}/"
ACTS = {
    "another contact": Act("tom", CASE, CASE + "contacts/primary", {"contact": "{aroha}", "has_now": "{tom}"}),
    "a contact no more": Act("aroha", CASE, CASE + "contacts/ending", {"contact": "{aroha}"}, aroha_follows_it_too),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_the_next_page_is_one_they_may_see(client: Client, world: make.World, number: str, act: Act) -> None:
    def prepare() -> Mapping[str, str]:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        return act.prepare(world, case)

    people = {name: person.public_id for name, person in world.people.items()}
    known = {"number": number, **people, **client.outside(prepare)}
    gone = act.gone.format(**known)
    client.sign_in(world.people[act.who].person_id)
    assert client.get(gone).status_code == 200
    answer = client.send(act.path.format(**known), **{name: text.format(**known) for name, text in act.values.items()})
    assert answer.status_code == 303, answer.text
    assert client.get(gone).status_code == 404
    assert client.get(answer.location).status_code == 200


def at_provision(world: make.World, case: Case) -> Mapping[str, str]:
    """Lupe leads the service in the school, and has the case of Grace as one of its case managers; Wiremu stands in."""
    make.actor(world.lupe, Role.CASE_MANAGER, world.maunga)
    there = make.at_provision(world, world.ng)
    assign(there.id, to=world.lupe.person_id, by=world.lupe)
    stands_in(world.lupe, there, world.wiremu.person_id)
    return {"there": there.number}


def stands_in(lead: Actor, case: Case, person_id: int) -> None:
    today = clock.today()
    cover_case(make.head(lead, case), person_id, Days(today, today + timedelta(days=9)), by=lead)


def managed_by_its_lead(world: make.World, case: Case) -> Mapping[str, str]:
    make.actor(world.ruth, Role.CASE_MANAGER, world.te_awa)
    assign(case.id, to=world.ruth.person_id, by=world.ruth)
    return {}


def covered_by_its_lead(world: make.World, case: Case) -> Mapping[str, str]:
    make.actor(world.ruth, Role.CASE_MANAGER, world.te_awa)
    stands_in(world.ruth, case, world.ruth.person_id)
    return {}


def offered(world: make.World, case: Case) -> Mapping[str, str]:
    """Lupe, who leads both services, is to answer for Maunga."""
    make.actor(world.lupe, Role.WORKFLOW_LEAD, world.te_awa)
    return {"transfer": make.offered(world, make.wanted_elsewhere(world, world.ng), to=world.maunga).public_id}


def talked_with(world: make.World, case: Case) -> Mapping[str, str]:
    make.event(world.ana, case, Audience.SERVICE)
    return {"request": db.session.scalars(select(Referral.public_id).where(Referral.case_id == case.id)).one()}


def leading_too(world: make.World, case: Case) -> Mapping[str, str]:
    """Ruth is at a school besides, which has nothing to do with the case."""
    return {"role": str(make.actor(world.ruth, Role.ATTENDANCE_LEAD, world.bay).role_held_id)}


@dataclass(frozen=True)
class Press:
    """Somebody presses a button of a page of the workspace; `sees`: may still see the case afterwards."""

    who: str
    page: str
    button: str
    values: Mapping[str, str] = field(default_factory=dict)
    prepare: Prepares = nothing
    role: str | None = None
    sees: bool = True


WORK, THERE = "/workspace/cases/{number}/", "/workspace/cases/{there}/"
DECLINED = {"ground": "improving", "agreed": "yes", "why": "It gets better."}
SENDS = "Refer to the provider"
PRESSES = {
    "referred by its lead": Press(
        "lupe", THERE + "provider", SENDS, prepare=at_provision, role="workflow_lead", sees=False
    ),
    "referred by its manager": Press("lupe", THERE + "provider", SENDS, prepare=at_provision, role="case_manager"),
    "referred by who stands in": Press("wiremu", THERE + "provider", SENDS, prepare=at_provision, sees=False),
    "handed over": Press(
        "ruth",
        "/workspace/caseloads/{ruth}/handover",
        "Hand over",
        {"to": "{ana}"},
        managed_by_its_lead,
        "workflow_lead",
    ),
    "given away": Press(
        "ruth", WORK + "assignment", "Give the case", {"case_manager": "{ana}"}, managed_by_its_lead, "workflow_lead"
    ),
    "taken over": Press("lupe", "/workspace/transfers/{transfer}", "Accept the case", prepare=offered, sees=False),
    "declined": Press("ana", WORK + "status/decline/{request}", "Decline the request", DECLINED, talked_with),
    "cover ended": Press("ruth", WORK + "cover", "End it now: Ruth Whaanga", {}, covered_by_its_lead, "workflow_lead"),
    "role switched": Press("ruth", "/account", "", {"role": "{role}"}, leading_too, "workflow_lead", sees=False),
}


@pytest.mark.parametrize("press", PRESSES.values(), ids=list(PRESSES))
def test_so_is_the_next_page_at_a_service(client: Client, world: make.World, number: str, press: Press) -> None:
    def prepare() -> Mapping[str, str]:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        return press.prepare(world, case)

    people = {name: person.public_id for name, person in world.people.items()}
    known = {"number": number, **people, **client.outside(prepare)}
    client.sign_in(world.people[press.who].person_id, press.role)
    values = {name: text.format(**known) for name, text in press.values.items()}
    page = client.get(press.page.format(**known))
    assert page.status_code == 200
    sent = client.fill(page, press.button, **values) if press.button else client.send("/account/role", **values)
    assert sent.status_code == 303, sent.text
    assert client.get(sent.location).status_code == 200
    case = (THERE if "there" in known else WORK).format(**known)
    if "transfer" not in known:
        assert client.get(case).status_code == (200 if press.sees else 404)
