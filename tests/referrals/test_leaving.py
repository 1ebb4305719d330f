"""A role ends, and what its holder still owned is handed on in the same act (A2, CASE-3, CASE-9)."""

from collections.abc import Iterable
from datetime import timedelta
from logging import getLogger

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.cases.actions import change_status
from app.cases.contacts.actions import add_secondary, cover_contact
from app.cases.contacts.rules import Whom
from app.cases.entries import Entry
from app.cases.models import PAUSED_UNTIL_SIX, Case, CasePerson, Part, Status
from app.cases.queries import case_for
from app.cases.statuses.actions import reopen_due
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Audit, Outbox
from app.people.actions import end_role
from app.people.models import Person, Role, RoleHeld, Source
from app.people.queries import Actor, holds_role
from app.people.roles.rules import ENDED, HANDED_ON
from app.referrals.leaving.actions import end_and_hand_on, hand_on_what_was_left, put_back_what_was_left
from app.referrals.leaving.queries import heirs_at, left_behind, left_by, owned_by
from app.referrals.leaving.rules import CONTACT_HANDED_ON, Heirs, Owned
from app.referrals.models import Referral
from app.signin.arrivals import Turned, arrive
from app.signin.rules import Rule, Rules
from tests import make
from tests.support.statements import Statements


def held(who: Actor) -> RoleHeld:
    return db.session.get_one(RoleHeld, who.role_held_id)


def owned(who: Actor) -> Owned:
    return owned_by(who.person_id, who.organisation_id, ending=who.role)


def on(case: Case, part: Part) -> list[int]:
    statement = select(CasePerson.person_id).where(
        CasePerson.case_id == case.id, CasePerson.part == part, CasePerson.until.is_(None)
    )
    return list(db.session.scalars(statement))


def told(event: str) -> set[int]:
    return set(db.session.scalars(select(Outbox.person_id).where(Outbox.event == event)))


def ids(*people: Actor) -> set[int]:
    return {who.person_id for who in people}


def said(case: Case) -> Iterable[str]:
    return db.session.scalars(select(Entry.body).where(Entry.case_id == case.id))


def test_what_is_counted_is_theirs_open_and_here(world: make.World) -> None:
    case = make.open_case(world)
    make.draft(world.tom, world.ng)
    make.closed(make.submitted(world.jin, world.other, contact=world.jin), by=world.ruth)
    assert owned(world.tom) == Owned(drafts=1, contact_of=1)
    assert owned(world.ana) == Owned(managed=1)
    assert owned(world.jin) == owned(world.priya) == owned(world.david) == Owned()
    make.closed(case, by=world.ruth)
    assert owned(world.tom) == Owned(drafts=1)
    assert owned(world.ana) == Owned()


def test_another_role_that_may_keep_it_keeps_it(world: make.World) -> None:
    make.open_case(world)
    make.actor(world.tom, Role.OFFICE_SUPPORT, world.tawa)
    make.actor(world.ana, Role.WORKFLOW_LEAD, world.te_awa)
    assert owned(world.tom) == Owned()
    assert owned(world.ana) == Owned(managed=1)
    make.actor(world.priya, Role.DELEGATED_AUTHORISER, world.tawa)
    make.draft(world.priya, world.ng)
    assert owned(world.priya) == Owned(drafts=1)


def test_whoever_has_drafts_and_is_contact_of_no_case_leaves_the_drafts_alone(world: make.World) -> None:
    draft = make.draft(world.tom, world.ng, reason="Why")
    assert end_and_hand_on(held(world.tom), Heirs(at_school=world.aroha.person_id), by=world.hana)
    assert db.session.get_one(Referral, draft.referral.id).owner_id == world.aroha.person_id
    assert told(CONTACT_HANDED_ON) == set()


def test_drafts_and_contacts_go_to_whom_was_chosen(world: make.World) -> None:
    case, draft = make.open_case(world), make.draft(world.tom, world.ng, reason="Why")
    changed_at = draft.referral.changed_at
    assert end_and_hand_on(held(world.tom), Heirs(at_school=world.aroha.person_id), by=world.hana)
    assert db.session.get_one(Referral, draft.referral.id).owner_id == world.aroha.person_id
    assert draft.referral.changed_at == changed_at
    assert on(case, Part.PRIMARY_CONTACT) == [world.aroha.person_id]
    assert "Primary contact: Aroha Ngata" in said(case)
    assert case_for(world.aroha, case.number) is not None
    assert not holds_role(world.tom.person_id, world.tawa.id, Role.PRIMARY_CONTACT)
    assert told(ENDED) == ids(world.tom)
    assert told(HANDED_ON) == ids(world.aroha)
    assert told(CONTACT_HANDED_ON) == ids(world.ana)


def test_without_an_heir_a_schools_things_stay_as_they_are(world: make.World) -> None:
    case = make.open_case(world)
    end_and_hand_on(held(world.tom), Heirs(), by=world.hana)
    assert on(case, Part.PRIMARY_CONTACT) == [world.tom.person_id]
    assert told(HANDED_ON) == set()


def test_cases_go_to_another_case_manager(world: make.World) -> None:
    case = make.open_case(world)
    end_and_hand_on(held(world.ana), Heirs(cases=world.david.person_id), by=world.tane)
    assert on(case, Part.MANAGER) == [world.david.person_id]
    assert case.status is Status.OPEN
    assert told(HANDED_ON) == ids(world.david)
    assert told("case.assigned") == ids(world.ana, world.tom), "Ana then, and David of everything at once"


@pytest.mark.parametrize("status", [Status.OPEN, Status.TRANSITION])
def test_or_back_to_the_queue_and_the_leads_are_told(world: make.World, status: Status) -> None:
    case = make.open_case(world)
    if status is not Status.OPEN:
        change_status(case, status, by=world.ruth)
    end_and_hand_on(held(world.ana), Heirs(), by=world.tane)
    assert on(case, Part.MANAGER) == []
    assert case.status is Status.QUEUE
    assert told(HANDED_ON) == ids(world.ruth)


def test_an_heir_needs_a_role_here_that_lasts(world: make.World) -> None:
    make.open_case(world)
    assert {row.name for row in heirs_at(world.te_awa.id, world.te_awa.kind, but=world.ana.person_id)} == {"David Chen"}
    for wrong in (world.ruth, world.wiremu, world.ana):
        with pytest.raises(Refused, match="holds a role here"), db.session.begin_nested():
            end_and_hand_on(held(world.ana), Heirs(cases=wrong.person_id), by=world.tane)
    assert holds_role(world.ana.person_id, world.te_awa.id, Role.CASE_MANAGER)


def test_the_other_authorisers_are_told_and_it_ends_once(world: make.World) -> None:
    make.actor(world.mere, Role.DELEGATED_AUTHORISER, world.tawa)
    role = held(world.priya)
    assert end_and_hand_on(role, Heirs(), by=world.hana)
    assert not end_and_hand_on(role, Heirs(), by=world.hana)
    assert told(HANDED_ON) == ids(world.mere)


def test_a_role_from_a_claim_and_the_last_authorisers_do_not_end_by_hand(world: make.World) -> None:
    claimed = held(world.priya)
    claimed.source = Source.CLAIM
    db.session.flush()
    for role, why in ((claimed, "sign-in server"), (held(world.hana), "Nobody else gives roles")):
        with pytest.raises(Refused, match=why):
            end_and_hand_on(role, Heirs(), by=world.hana)
        assert role.ended_at is None
    make.actor(world.mere, Role.DELEGATED_AUTHORISER, world.tawa)
    assert end_and_hand_on(held(world.hana), Heirs(), by=world.hana)


def ended_by_itself(who: Actor) -> RoleHeld:
    """As the sign-in server ends it: nobody hands anything on."""
    end_role(held(who), by=None)
    db.session.flush()
    return held(who)


def left(who: Actor) -> list[str]:
    return [row.name for row in left_behind(who)]


def test_what_was_left_without_anybody_is_found_and_handed_on(world: make.World) -> None:
    case = make.open_case(world)
    make.draft(world.aroha, world.ng)
    assert left(world.hana) == left(world.tane) == []
    tom, ana = ended_by_itself(world.tom), ended_by_itself(world.ana)
    ended_by_itself(world.aroha)
    ended_by_itself(world.david)
    assert left(world.hana) == ["Aroha Ngata", "Tom Hargreaves"]
    assert left(world.tane) == ["Ana Tuhoro"]
    assert left_by(world.hana, world.tom.public_id) is tom
    assert left_by(world.tane, world.tom.public_id) is None
    assert left_by(world.hana, world.priya.public_id) is None
    assert hand_on_what_was_left(tom, Heirs(at_school=world.priya.person_id), by=world.hana)
    assert hand_on_what_was_left(ana, Heirs(), by=world.tane)
    assert not hand_on_what_was_left(tom, Heirs(), by=world.hana)
    assert on(case, Part.PRIMARY_CONTACT) == [world.priya.person_id]
    assert case.status is Status.QUEUE
    assert left(world.hana) == ["Aroha Ngata"]
    assert told(HANDED_ON) == ids(world.priya, world.ruth)


def test_whatever_else_took_the_role_its_cases_are_back_in_the_queue_and_the_leads_are_told(
    own_world: make.World,
) -> None:
    """CASE-9: nobody has them, and nothing of anybody who may still work theirs changes."""
    world = own_world
    case, paused = make.open_case(world), make.paused(_another(world, world.ana, "Ruru"), by=world.ana)
    stays, closed = _another(world, world.david, "Kea"), make.closed(_another(world, world.ana, "Tui"), by=world.ruth)
    theirs = [make.task(world.ana, case), make.task(world.ana, case, person_id=world.ana.person_id)]
    db.session.commit()
    assert put_back_what_was_left() == 0
    ended_by_itself(world.ana)
    db.session.commit()
    assert put_back_what_was_left() == 1
    assert [each.status for each in (case, paused, stays, closed)] == [
        *(Status.QUEUE, Status.PAUSED, Status.OPEN, Status.CLOSED)
    ]
    assert (on(case, Part.MANAGER), on(paused, Part.MANAGER)) == ([], [])
    assert (on(stays, Part.MANAGER), on(closed, Part.MANAGER)) == ([world.david.person_id], [world.ana.person_id])
    assert [task.person_id for task in theirs] == [None, None]
    assert told(HANDED_ON) == ids(world.ruth, world.tane)
    db.session.commit()
    assert put_back_what_was_left() == 0


def test_a_case_that_is_opened_again_after_its_manager_has_left_comes_into_the_queue(own_world: make.World) -> None:
    case = make.closed(make.open_case(own_world), by=own_world.ruth)
    ended_by_itself(own_world.ana)
    db.session.commit()
    assert put_back_what_was_left() == 0
    change_status(case, Status.OPEN, by=own_world.ruth)
    db.session.commit()
    assert (put_back_what_was_left(), case.status, on(case, Part.MANAGER)) == (1, Status.QUEUE, [])


def test_whose_access_was_ended_works_no_case_any_more(own_world: make.World) -> None:
    case = make.open_case(own_world)
    db.session.get_one(Person, own_world.ana.person_id).ended_at = core_clock.now()
    db.session.commit()
    assert (put_back_what_was_left(), on(case, Part.MANAGER), case.status) == (1, [], Status.QUEUE)


@pytest.mark.parametrize("count", [1, 12])
def test_however_much_somebody_leaves_it_takes_as_few_statements(world: make.World, count: int) -> None:
    for number in range(count):
        _another(world, world.ana, f"N{number}")
        make.draft(world.tom, make.student(f"Tama D{number}", world.tawa))
    roles = [
        (held(world.ana), world.tane, Heirs(cases=world.david.person_id)),
        (held(world.david), world.tane, Heirs()),
    ]
    roles.append((held(world.tom), world.hana, Heirs(at_school=world.priya.person_id)))
    for role, by, heirs in roles:
        db.session.flush()
        seen = Statements()
        with seen.counted():
            assert end_and_hand_on(role, heirs, by=by)
            db.session.flush()
        assert seen.count <= 26, "\n".join(" ".join(text.split())[:160] for text in seen.texts)


def _another(world: make.World, manager: Actor, name: str) -> Case:
    asked = make.submitted(world.priya, make.student(f"Tama {name}", world.tawa), contact=world.tom)
    return make.assigned(asked, to=manager, by=world.ruth)


def test_what_somebody_else_is_beside_is_not_what_a_former_person_left(world: make.World) -> None:
    """Another contact and a cover of today, and somebody whose role ended here and who owned nothing."""
    case = make.open_case(world)
    add_secondary(make.head(world.mere, case), Whom(person_id=world.aroha.person_id), by=world.mere)
    today = core_clock.today()
    cover_contact(make.head(world.mere, case), world.priya.person_id, today, today, by=world.mere)
    ended_by_itself(world.david)
    ended_by_itself(world.mere)
    assert left(world.hana) == left(world.tane) == []
    ended_by_itself(world.aroha)
    assert left(world.hana) == [world.aroha.name]


def test_whoever_still_may_keep_it_left_nothing(world: make.World) -> None:
    make.open_case(world)
    make.actor(world.tom, Role.OFFICE_SUPPORT, world.tawa)
    make.actor(world.ana, Role.WORKFLOW_LEAD, world.te_awa)
    ended_by_itself(world.tom)
    ended_by_itself(world.ana)
    assert left(world.hana) == []
    assert left(world.tane) == ["Ana Tuhoro"]
    make.actor(world.ana, Role.CASE_MANAGER, world.te_awa)
    assert left(world.tane) == []


def beside(world: make.World, case: Case, who: Actor) -> None:
    """Another contact, and cover from tomorrow on."""
    head, today = make.head(world.tom, case), core_clock.today()
    add_secondary(head, Whom(person_id=who.person_id), by=world.tom)
    cover_contact(head, who.person_id, today + timedelta(days=1), today + timedelta(days=9), by=world.tom)


def parts_of(who: Actor) -> set[tuple[int, Part]]:
    """Those that have not ended."""
    named = select(CasePerson).where(CasePerson.person_id == who.person_id)
    until = (row for row in db.session.scalars(named) if row.until is None or row.until > core_clock.now())
    return {(row.case_id, row.part) for row in until}


def test_other_contacts_and_cover_end_with_the_role_and_it_is_written_down(world: make.World) -> None:
    case, closed = make.open_case(world), make.submitted(world.priya, world.ng, contact=world.tom)
    for each in (case, closed):
        beside(world, each, world.aroha)
    make.closed(closed, by=world.ruth)
    assert owned(world.aroha) == Owned(beside=1)
    end_and_hand_on(held(world.aroha), Heirs(), by=world.hana)
    assert parts_of(world.aroha) == {(closed.id, Part.SECONDARY_CONTACT), (closed.id, Part.COVER)}, "as it closed"
    assert "No contact and no cover any more: Aroha Ngata" in said(case)
    ended = select(Audit.case_id).where(Audit.event == "contact.ended", Audit.person_id == world.hana.person_id)
    assert db.session.scalars(ended).all() == [case.id, case.id]
    again = make.actor(world.aroha, Role.PRIMARY_CONTACT, world.tawa)
    assert case_for(again, case.number) is None


def test_whoever_keeps_a_role_here_stays_a_contact_beside_others(world: make.World) -> None:
    case = make.open_case(world)
    beside(world, case, world.aroha)
    make.actor(world.aroha, Role.OFFICE_SUPPORT, world.tawa)
    assert owned(world.aroha) == Owned()
    end_and_hand_on(held(world.aroha), Heirs(), by=world.hana)
    assert len(parts_of(world.aroha)) == 2


def test_what_was_left_beside_others_is_found_and_ended(world: make.World) -> None:
    beside(world, make.open_case(world), world.aroha)
    gone = ended_by_itself(world.aroha)
    assert left(world.hana) == ["Aroha Ngata"]
    assert left(world.tane) == []
    assert hand_on_what_was_left(gone, Heirs(), by=world.hana)
    assert parts_of(world.aroha) == set()
    assert left(world.hana) == []
    assert not hand_on_what_was_left(gone, Heirs(), by=world.hana)


def test_what_is_on_hold_stays_so_without_its_manager_until_its_day_comes(
    own_world: make.World, clock: Traveller
) -> None:
    """CASE-2: then it waits in the queue."""
    case = make.paused(make.open_case(own_world), by=own_world.ana)
    end_and_hand_on(held(own_world.ana), Heirs(), by=own_world.tane)
    assert (on(case, Part.MANAGER), case.status, case.pause_reason) == ([], Status.PAUSED, PAUSED_UNTIL_SIX)
    assert told(HANDED_ON) == ids(own_world.ruth)
    db.session.commit()
    assert reopen_due() == 0
    clock.shift(timedelta(days=8))
    assert (reopen_due(), case.status) == (1, Status.QUEUE)


def test_the_sign_in_server_takes_a_role_away_as_somebody_here_does(world: make.World) -> None:
    """CASE-9: nobody manages it any more, the leads are told, and it stands in the queue; what is a school's waits."""
    case, draft = make.open_case(world), make.draft(world.aroha, world.ng)
    beside(world, case, world.aroha)
    rules = Rules((Rule("roles", "prefix", "", "{number}", "{role}"),))
    for who in (world.ana, world.aroha, world.david):
        held(who).source = Source.CLAIM
        claims = {"sub": who.name, "email": who.email, "email_verified": True, "roles": []}
        assert isinstance(arrive(claims, issuer="https://id.example", rules=rules, log=getLogger()), Turned)
    assert (on(case, Part.MANAGER), case.status) == ([], Status.QUEUE)
    assert told(HANDED_ON) == ids(world.ruth, world.tane, world.hana), "nobody of David, who had nothing"
    assert parts_of(world.aroha) == set()
    assert db.session.get_one(Referral, draft.referral.id).owner_id == world.aroha.person_id
    assert (left(world.tane), left(world.hana)) == ([], ["Aroha Ngata"])
