"""A request names as primary contact somebody who has no role at the school (R4, CASE-3)."""

import pytest
from sqlalchemy import delete, select

from app.cases.contacts.actions import change_primary
from app.cases.contacts.rules import Whom
from app.cases.models import Case, CasePerson, Status
from app.cases.queries import case_for
from app.core.db import db
from app.core.events import Outbox
from app.people.actions import bind_identity
from app.people.models import Person, Role
from app.people.queries import Actor, person_by_email
from app.people.role_requests.models import RoleRequest
from app.referrals.models import Referral
from app.referrals.queries import Request
from app.referrals.withdrawing.actions import withdraw
from tests import make

RINA = {"contact_name": "Rina  Tau", "contact_email": "Rina.Tau@tawa.example.nz", "contact_phone": "04 555 0123"}
NIKAU = {"contact_name": "Nīkau Teacher", "contact_email": "nikau@tawa.example.nz"}


def asked(by: Actor, of: make.World, **written: str) -> Case:
    """Sent, with a contact who was written and not chosen."""
    return make.submitted(by, of.whanau, contact=of.tom, primary_contact="", **written)


def last(by: Actor) -> Request:
    sent = select(Referral.public_id).where(Referral.school_id == by.organisation_id).order_by(Referral.id.desc())
    return make.request_now(by, str(db.session.scalar(sent.limit(1))))


def told(event: str) -> set[int]:
    return set(db.session.scalars(select(Outbox.person_id).where(Outbox.event == event)))


def waiting() -> list[str]:
    """Whom a role is asked for now, by address."""
    statement = select(Person.email).join(RoleRequest, RoleRequest.person_id == Person.id)
    return list(db.session.scalars(statement.where(RoleRequest.decided_at.is_(None)).order_by(Person.email)))


def rina() -> Person:
    found = person_by_email(RINA["contact_email"])
    assert found is not None
    return found


def test_nobody_is_known_before_it_is_sent(world: make.World) -> None:
    make.draft(world.priya, world.whanau, **RINA)
    assert person_by_email(RINA["contact_email"]) is None
    assert (waiting(), told("role.named")) == ([], set())


def test_a_role_is_asked_for_and_the_leads_are_told_in_their_place(world: make.World) -> None:
    case = asked(world.priya, world, **RINA)
    assert waiting() == ["rina.tau@tawa.example.nz"]
    assert told("role.named") == {world.hana.person_id, world.mere.person_id}
    assert told("referral.submitted") == {each.person_id for each in (world.priya, world.mere, world.ruth)}
    assert make.head(world.mere, case).contact_name == "Rina Tau"
    assert rina().phone == "04 555 0123"
    elsewhere = make.actor(rina(), Role.PRIMARY_CONTACT, world.puna)
    assert case_for(elsewhere, case.number) is None
    here = make.actor(rina(), Role.PRIMARY_CONTACT, world.tawa)
    assert case_for(here, case.number) is not None


def test_nothing_is_written_into_the_account_of_whoever_has_the_address(world: make.World) -> None:
    bind_identity(db.session.get_one(Person, world.wiremu.person_id), issuer="https://example.nz", subject="w")
    case = asked(world.priya, world, **RINA | {"contact_email": world.wiremu.email})
    assert make.head(world.mere, case).contact_name == "Rina Tau", "as they were written"
    wiremu = db.session.get_one(Person, world.wiremu.person_id)
    assert (wiremu.name, wiremu.phone) == ("Wiremu Paki", "04 555 0199")
    assert case_for(world.wiremu, case.number) is None


def test_a_colleague_who_is_written_and_not_chosen_is_that_colleague(world: make.World) -> None:
    case = asked(world.priya, world, contact_name="A. Ngata", contact_email=world.aroha.email)
    assert make.head(world.aroha, case).contact_name == "Aroha Ngata"
    assert waiting() == []


def test_written_again_in_a_request_that_joins_they_are_named_once(world: make.World) -> None:
    case = asked(world.priya, world, **RINA)
    asked(world.mere, world, **RINA | {"contact_name": "Rina Tau-Smith"})
    assert len(db.session.scalars(select(CasePerson).where(CasePerson.case_id == case.id)).all()) == 1
    assert waiting() == ["rina.tau@tawa.example.nz"]
    assert make.head(world.mere, case).contact_name == "Rina Tau-Smith"


def test_whoever_was_the_contact_is_told(world: make.World) -> None:
    make.open_case(world)
    db.session.execute(delete(Outbox))
    asked(world.mere, world, **RINA)
    assert told("contact.replaced") == {world.tom.person_id}


@pytest.mark.parametrize("is_named_elsewhere", [False, True])
def test_withdrawn_no_role_is_asked_for_any_more(world: make.World, is_named_elsewhere: bool) -> None:
    case = asked(world.priya, world, **RINA)
    if is_named_elsewhere:
        make.submitted(world.priya, world.ng, contact=world.tom, primary_contact="", **RINA)
    first = db.session.scalar(select(Referral.public_id).where(Referral.case_id == case.id))
    withdraw(make.request_now(world.priya, str(first)), "In error", by=world.priya)
    assert case.status is Status.CLOSED
    assert waiting() == (["rina.tau@tawa.example.nz"] if is_named_elsewhere else [])


def test_withdrawn_whoever_was_the_contact_is_it_again(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    asked(world.mere, world, **RINA)
    withdraw(last(world.mere), "In error", by=world.mere)
    assert make.head(world.mere, case).contact_name == "Tom Hargreaves"
    assert waiting() == []


def test_withdrawn_one_who_waits_for_a_first_role_is_the_contact_again(world: make.World) -> None:
    case = asked(world.priya, world, **RINA)
    asked(world.mere, world, **NIKAU)
    assert waiting() == ["nikau@tawa.example.nz"]
    withdraw(last(world.mere), "In error", by=world.mere)
    assert make.head(world.mere, case).contact_name == "Rina Tau"
    assert waiting() == ["rina.tau@tawa.example.nz"]


def test_named_by_hand_since_they_stay(world: make.World) -> None:
    case = asked(world.priya, world, **RINA)
    head = make.head(world.mere, case)
    change_primary(head, Whom(person_id=world.tom.person_id), best_times="", instead_of=rina().public_id, by=world.mere)
    withdraw(last(world.priya), "In error", by=world.priya)
    assert make.head(world.mere, case).contact_name == "Tom Hargreaves"
