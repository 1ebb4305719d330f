"""Contacts of a case: named, replaced, covered; who is told, and who sees what (CASE-3)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from time_machine import Traveller

from app.cases import policy
from app.cases.contacts.actions import add_secondary, ask_for_missing, change_primary, cover_contact, end_contact
from app.cases.contacts.policy import can_cover, can_name_contacts
from app.cases.contacts.queries import contacts_of, who_can_be_named
from app.cases.contacts.rules import Whom
from app.cases.models import Case, Part
from app.cases.queries import case_for
from app.cases.rules import fault_of_cover
from app.cases.timeline import timeline_for
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Outbox
from app.people.actions import end_role
from app.people.models import Role, RoleHeld
from app.people.queries import Actor, person_by_email
from app.people.role_requests.models import RoleRequest
from tests import make
from tests.support.meanwhile import somebody_writing

DAY = timedelta(days=1)
RINA = Whom(name="Rina Tau", email="rina.tau@tawa.example.nz")


@pytest.fixture
def case(world: make.World) -> Case:
    """Hēmi's, whose contact is Tom, with Ana; nobody has been told of anything yet."""
    made = make.open_case(world)
    db.session.execute(delete(Outbox))
    return made


def told(event: str) -> set[int]:
    return set(db.session.scalars(select(Outbox.person_id).where(Outbox.event == event)))


def ids(*who: Actor) -> set[int]:
    return {each.person_id for each in who}


def change(by: Actor, case: Case, to: Actor | Whom, *, times: str = "", instead_of: str | None = None) -> bool:
    head = make.head(by, case)
    now = contacts_of(head).primary
    whom = to if isinstance(to, Whom) else Whom(person_id=to.person_id)
    was = (now.public_id if now else "") if instead_of is None else instead_of
    return change_primary(head, whom, best_times=times, instead_of=was, by=by)


def sees(who: Actor, case: Case) -> bool:
    return case_for(who, case.number) is not None


@pytest.mark.parametrize("who", ["tom", "mere", "priya", "ana", "ruth"])
def test_the_primary_contact_is_changed_and_old_and_new_and_the_case_manager_are_told(
    world: make.World, case: Case, who: str
) -> None:
    by = world.people[who]
    assert change(by, case, world.aroha)
    assert make.head(world.ana, case).contact_name == "Aroha Ngata"
    assert sees(world.aroha, case)
    assert not sees(world.tom, case)
    assert told("contact.changed") == ids(world.aroha, world.ana) - ids(by)
    assert told("contact.replaced") == ids(world.tom) - ids(by)
    assert "Primary contact: Aroha Ngata" in {row.body for row in timeline_for(world.mere, case.id)}


def test_the_same_contact_again_changes_only_when_they_are_reached(world: make.World, case: Case) -> None:
    assert change(world.tom, case, world.tom, times="Tuesday, 1 to 2")
    primary = contacts_of(make.head(world.ana, case)).primary
    assert primary is not None
    assert (primary.best_times, primary.phone) == ("Tuesday, 1 to 2", "04 555 0199")
    assert not change(world.tom, case, world.tom, times="Tuesday, 1 to 2")
    assert told("contact.changed") == set()


def test_who_was_made_the_contact_meanwhile_is_not_replaced_unseen(world: make.World, case: Case) -> None:
    change(world.mere, case, world.aroha)
    with pytest.raises(Conflict, match="Aroha Ngata was made the primary contact meanwhile"):
        change(world.priya, case, world.priya, instead_of=world.tom.public_id)


def test_another_contact_sees_the_case_until_their_part_ends(world: make.World, case: Case) -> None:
    head = make.head(world.tom, case)
    aroha = Whom(person_id=world.aroha.person_id)
    assert not sees(world.aroha, case)
    assert add_secondary(head, aroha, by=world.tom)
    assert not add_secondary(head, aroha, by=world.tom), "once"
    assert told("contact.added") == ids(world.aroha)
    assert sees(world.aroha, case)
    db.session.execute(delete(Outbox))
    make.note(world.ana, case)
    assert told("comment.added") == ids(world.tom, world.aroha, world.mere)
    assert end_contact(head, world.aroha.person_id, by=world.tom)
    assert not end_contact(head, world.aroha.person_id, by=world.tom)
    assert not end_contact(head, world.tom.person_id, by=world.tom), "the primary contact is replaced, never only ended"
    assert not sees(world.aroha, case)


def test_whoever_becomes_the_primary_contact_is_no_other_contact_any_more(world: make.World, case: Case) -> None:
    add_secondary(make.head(world.tom, case), Whom(person_id=world.aroha.person_id), by=world.tom)
    change(world.tom, case, world.aroha)
    assert [row.part for row in contacts_of(make.head(world.ana, case)).rows] == [Part.PRIMARY_CONTACT]


def test_cover_sees_the_case_in_its_days_and_is_told_what_the_contact_is(clock: Traveller, world: make.World) -> None:
    case = make.open_case(world)
    today = core_clock.today()
    head = make.head(world.tom, case)
    cover_contact(head, world.aroha.person_id, today + DAY, today + 2 * DAY, by=world.tom)
    assert {world.aroha.person_id, world.ana.person_id} <= told("contact.covered")
    for days, is_covered in ((0, False), (1, True), (1, True), (1, False)):
        clock.shift(days * DAY)
        assert sees(world.aroha, case) is is_covered
        db.session.execute(delete(Outbox))
        make.note(world.ana, case)
        assert (world.aroha.person_id in told("comment.added")) is is_covered
        assert world.ana.person_id not in told("comment.added")
        db.session.execute(delete(Outbox))
        make.note(world.tom, case)
        assert told("comment.added") == ids(world.ana), "who covers at the school is no case manager"


def test_cover_ends_once_the_contact_is_at_another_school_and_not_by_another_contact_here(world: make.World) -> None:
    case, today = make.open_case(world), core_clock.today()
    make.enrolled(world.whanau.id, world.puna)
    cover_contact(make.head(world.tom, case), world.aroha.person_id, today, today + 2 * DAY, by=world.tom)
    cover_contact(make.head(world.tom, case), world.aroha.person_id, today + 9 * DAY, today + 9 * DAY, by=world.tom)
    for who, instead_of, is_covered in ((world.mere, world.tom, True), (world.jin, world.mere, False)):
        whom = Whom(person_id=who.person_id)
        assert change_primary(make.head(who, case), whom, best_times="", instead_of=instead_of.public_id, by=who)
        assert bool(contacts_of(make.head(world.ana, case)).covers) is is_covered
        assert sees(world.aroha, case) is is_covered


def test_cover_needs_days_that_make_sense_and_a_role_at_the_school(world: make.World, case: Case) -> None:
    today, head = core_clock.today(), make.head(world.tom, case)
    assert fault_of_cover(today, today, today) == ""
    assert "before the first" in fault_of_cover(today + DAY, today, today)
    assert "over already" in fault_of_cover(today - 2 * DAY, today - DAY, today)
    assert "a year at most" in fault_of_cover(today, today + 367 * DAY, today)
    assert "a year ahead" in fault_of_cover(date.max, date.max, today)
    for who, first in ((world.ana, today), (world.aroha, today + 9 * DAY)):
        with pytest.raises(Refused):
            cover_contact(head, who.person_id, first, today + DAY, by=world.tom)


def test_somebody_who_never_signed_in_is_named_sees_nothing_and_a_role_is_asked_for(
    world: make.World, case: Case
) -> None:
    assert change(world.ana, case, RINA)
    rina = person_by_email(RINA.email)
    assert rina is not None
    assert db.session.scalars(select(RoleHeld).where(RoleHeld.person_id == rina.id)).all() == []
    asked = db.session.scalars(select(RoleRequest).where(RoleRequest.person_id == rina.id)).one()
    assert (asked.role, asked.organisation_id) == (Role.PRIMARY_CONTACT, world.tawa.id)
    assert told("role.named") == ids(world.hana, world.mere)
    assert told("contact.changed") == ids(world.mere), "in their place"
    primary = contacts_of(make.head(world.ana, case)).primary
    assert primary is not None
    assert not primary.has_role
    db.session.execute(delete(Outbox))
    make.note(world.ana, case)
    assert told("comment.added") == ids(world.mere)
    elsewhere = make.actor(rina, Role.PRIMARY_CONTACT, world.puna)
    assert not sees(elsewhere, case), "a role at another school is none at this one"
    make.actor(rina, Role.PRIMARY_CONTACT, world.tawa)
    db.session.execute(delete(Outbox))
    make.note(world.ana, case)
    assert told("comment.added") == {rina.id, world.mere.person_id}


def test_without_an_attendance_lead_the_office_is_told_in_their_place(world: make.World, case: Case) -> None:
    assert not policy.can_read_log(world.priya, make.head(world.priya, case))
    for held in db.session.scalars(select(RoleHeld).where(RoleHeld.person_id == world.mere.person_id)):
        end_role(held, by=None)
    change(world.ana, case, RINA)
    assert told("contact.changed") == ids(world.priya)
    assert told("role.named") == ids(world.hana, world.priya)
    assert policy.can_read_log(world.priya, make.head(world.priya, case))
    assert not policy.can_read_log(world.tom, make.head(world.ana, case))


def test_where_the_role_of_a_contact_has_ended_a_new_one_is_asked_for_once(own_world: make.World) -> None:
    of = own_world
    gone, waiting, closed = (
        make.open_case(of),
        *(make.submitted(of.priya, pupil, contact=of.tom) for pupil in (of.ng, make.student("Rangi Tāne", of.tawa))),
    )
    make.closed(closed, by=of.ruth)
    change(of.mere, waiting, RINA)
    make.end_roles(of.tom)
    db.session.execute(delete(Outbox))
    db.session.commit()
    for _ in range(2):
        ask_for_missing()
    rows = db.session.execute(select(Outbox.person_id, Outbox.case_id).where(Outbox.event == "contact.missed")).all()
    assert {tuple(row) for row in rows} == {(who.person_id, gone.id) for who in (of.mere, of.ana)}
    assert len(rows) == 2
    change(of.mere, gone, of.aroha)
    db.session.commit()
    make.end_roles(of.aroha)
    db.session.commit()
    ask_for_missing()
    assert len(told("contact.missed")) == 2, "and again of the next one"
    missed = select(Outbox).where(Outbox.event == "contact.missed")
    assert len(db.session.scalars(missed).all()) == 4


def test_others_write_while_it_is_looked_for_who_is_left_without_a_contact(own_world: make.World) -> None:
    make.open_case(own_world)
    db.session.commit()
    with somebody_writing():
        ask_for_missing()


def test_who_may_name_contacts(world: make.World, case: Case) -> None:
    allowed = {who for who in ("mere", "priya", "tom", "ruth", "ana") if _may(world.people[who], case)}
    assert allowed == {"mere", "priya", "tom", "ruth", "ana"}
    assert not can_name_contacts(make.seeing_service_cases(world.david), make.head(world.ruth, case))
    assert [can_cover(who, make.head(who, case)) for who in (world.tom, world.ana)] == [True, False]
    make.closed(case, by=world.ruth)
    assert not any(_may(world.people[who], case) for who in allowed)


def _may(who: Actor, case: Case) -> bool:
    return can_name_contacts(who, make.head(who, case))


def test_a_service_is_offered_the_contacts_and_no_list_of_the_schools_people(world: make.World, case: Case) -> None:
    known = contacts_of(make.head(world.ana, case))
    assert {person_id for person_id, _ in who_can_be_named(world.ana, known).values()} == ids(world.tom)
    here = {person_id for person_id, _ in who_can_be_named(world.mere, known).values()}
    assert here == ids(world.tom, world.mere, world.priya, world.aroha)


def test_a_request_names_the_contact_as_the_case_page_does(world: make.World, case: Case) -> None:
    """It joins the case: who it was is told, who it is now is told, and the timeline says so (CASE-3)."""
    aroha = Whom(person_id=world.aroha.person_id)
    add_secondary(make.head(world.tom, case), aroha, by=world.tom)
    change(world.tom, case, world.tom, times="Tuesday")
    make.submitted(world.priya, world.whanau, contact=world.tom)
    primary = contacts_of(make.head(world.ana, case)).primary
    assert primary
    assert primary.best_times == "Tuesday", "the same one keeps their times"
    assert told("contact.changed") | told("contact.replaced") == set()
    make.submitted(world.priya, world.whanau, contact=world.aroha)
    assert [row.part for row in contacts_of(make.head(world.ana, case)).rows] == [Part.PRIMARY_CONTACT]
    assert told("contact.replaced") == ids(world.tom)
    assert told("contact.changed") == ids(world.aroha, world.ana)
    assert "Primary contact: Aroha Ngata" in {row.body for row in timeline_for(world.mere, case.id)}


def test_of_two_schools_the_others_contact_is_told(world: make.World, case: Case) -> None:
    make.enrolled(case.student_id, world.puna)
    make.submitted(world.sione, world.whanau, contact=world.jin)
    assert told("contact.replaced") == ids(world.tom)


def test_nobody_covers_twice_or_for_themselves(world: make.World, case: Case) -> None:
    head, today = make.head(world.tom, case), core_clock.today()
    cover_contact(head, world.aroha.person_id, today + DAY, today + 2 * DAY, by=world.tom)
    for who, first, last, why in (
        (world.aroha, 2, 3, "on some of these days already"),
        (world.tom, 5, 6, "is the primary contact"),
    ):
        with pytest.raises(Refused, match=why):
            cover_contact(head, who.person_id, today + first * DAY, today + last * DAY, by=world.tom)
    cover_contact(head, world.aroha.person_id, today + 3 * DAY, today + 4 * DAY, by=world.tom)
    cover_contact(head, world.priya.person_id, today + DAY, today + 2 * DAY, by=world.tom)
