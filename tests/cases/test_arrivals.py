"""A student moves with a case: from when on the new school sees it, and what of it (CASE-10)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from time_machine import Traveller

from app.cases.arrivals.actions import enrol_with_case, show_to_new_school
from app.cases.contacts.actions import ask_for_missing, change_primary
from app.cases.contacts.queries import contacts_of
from app.cases.contacts.rules import Whom
from app.cases.files.queries import files_for, files_on
from app.cases.listing import counts_for
from app.cases.models import Case, Status
from app.cases.queries import case_for, safety_notes_for
from app.cases.school_list.queries import choices_for, school_cases
from app.cases.school_list.rules import Wanted
from app.cases.search.queries import cases_found
from app.cases.search.rules import sought
from app.cases.timeline import shown_to_school, timeline_for
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Outbox
from app.people.models import Organisation
from app.people.queries import Actor
from app.referrals.actions import submit
from app.referrals.files.actions import files_now
from app.referrals.queries import requests_on_case
from app.students.models import Enrolment, Student
from tests import make

DAY = timedelta(days=1)


@pytest.fixture
def case(clock: Traveller, world: make.World) -> Case:
    """Hēmi's, of Tawa Awa College, who comes to Puna Street School today; nobody has been told of anything yet."""
    made = make.open_case(world)
    db.session.execute(delete(Outbox))
    return made


def comes(case: Case, at: make.Place, on: date) -> None:
    student, school = db.session.get_one(Student, case.student_id), db.session.get_one(Organisation, at.id)
    enrol_with_case(student, school, from_on=on, year_level=10)


def sees(who: Actor, case: Case) -> bool:
    """By every way there is."""
    head = case_for(who, case.number)
    found = head is not None
    assert found is (case.number in {row.number for row in school_cases(who, Wanted(tuple(Status)))})
    assert found is bool(sum(counts_for(who).values()))
    assert bool(choices_for(who, Wanted(tuple(Status))).managers) is (
        head is not None and head.manager_name is not None
    )
    assert found is (case.number in {row.number for row in cases_found(who, sought(case.number)).cases})
    return found


def test_a_new_school_sees_the_case_after_five_working_days(clock: Traveller, world: make.World, case: Case) -> None:
    comes(case, world.puna, core_clock.today())
    told = db.session.execute(select(Outbox.person_id).where(Outbox.event == "student.arrived")).scalars().all()
    assert told == [world.ana.person_id]
    assert not sees(world.jin, case)
    assert not sees(world.sione, case)
    assert sees(world.mere, case), "still enrolled there too"
    clock.shift(7 * DAY)
    assert not sees(world.jin, case), "to the end of the fifth"
    clock.shift(DAY)
    assert sees(world.jin, case)
    assert not sees(world.kahu, case)


def test_the_case_manager_may_show_it_before(world: make.World, case: Case) -> None:
    comes(case, world.puna, core_clock.today())
    head = make.head(world.ana, case)
    assert head.new_school_from is not None
    assert show_to_new_school(head, by=world.ana)
    assert not show_to_new_school(head, by=world.ana)
    assert sees(world.jin, case)
    assert make.head(world.ana, case).new_school_from is None


def test_a_school_that_asks_itself_sees_it_at_once(world: make.World, case: Case) -> None:
    comes(case, world.puna, core_clock.today())
    joined = make.submitted(world.sione, world.whanau, contact=world.jin)
    assert joined.number == case.number
    assert sees(world.jin, case)


def test_safety_given_by_the_former_school_stays_with_it_and_the_service(world: make.World, case: Case) -> None:
    comes(case, world.puna, core_clock.today())
    show_to_new_school(make.head(world.ana, case), by=world.ana)
    assert safety_notes_for(world.jin, [case.id]) == {}
    assert make.SAFETY["safety_fact"] not in {row.body for row in timeline_for(world.jin, case.id)}


def test_what_had_closed_before_the_student_came_stays_with_the_school_that_had_it(
    clock: Traveller, world: make.World, case: Case
) -> None:
    """The new school sees it once it opens again, as it asks for that itself."""
    make.closed(case, by=world.ruth)
    clock.shift(2 * DAY)
    comes(case, world.puna, core_clock.today())
    assert not sees(world.jin, case)
    assert sees(world.mere, case)
    later = make.submitted(world.sione, world.whanau, contact=world.jin)
    assert later.number == case.number
    assert sees(world.jin, case)


def test_what_closes_while_the_student_is_there_stays_visible_to_both_schools(
    clock: Traveller, world: make.World, case: Case
) -> None:
    comes(case, world.puna, core_clock.today())
    clock.shift(2 * DAY)
    show_to_new_school(make.head(world.ana, case), by=world.ana)
    make.closed(case, by=world.ruth)
    assert sees(world.jin, case)
    assert sees(world.mere, case)


def test_what_another_school_asked_for_is_read_by_nobody_else_at_school(world: make.World) -> None:
    """Neither its reason nor its files; the service goes on reading both, and what the case's school reads of its own."""
    request = make.filled(world.priya, world.whanau, contact=world.tom, health="Epilepsy", reason="A reason of ours.")
    make.request_with(world.priya, request, "medical certificate.txt")
    case = submit(request, version=request.version, files=files_now(request.referral), by=world.priya)
    comes(case, world.puna, core_clock.today())
    show_to_new_school(make.head(world.ruth, case), by=world.ruth)
    make.note(world.ruth, case, body="Shared again.")

    def read(who: Actor) -> str:
        rows = timeline_for(who, case.id)
        files = [file.name for listed in files_on(who, rows).values() for file in listed]
        listed = [file.name for file in files_for(who, case.id)]
        return " ".join([*(row.body or "" for row in rows), *files, *listed])

    for who in (world.jin, world.sione):
        assert "Shared again." in read(who)
        assert not [text for text in ("A reason of ours", "Epilepsy", "medical") if text in read(who)]
        assert not requests_on_case(case.id, school_id=who.organisation_id)
    for who in (world.mere, world.priya, world.ruth):
        assert "A reason of ours." in read(who)
        assert read(who).count("medical certificate.txt") == 2
    assert [row.id for row in shown_to_school(case.id)] == [row.id for row in timeline_for(world.mere, case.id)]


def test_after_a_move_the_new_schools_leads_are_told_and_asked_for_a_contact(
    clock: Traveller, own_world: make.World
) -> None:
    """And the former school's people no more (CASE-3, CASE-10, SHARE-7)."""

    def told(event: str) -> set[int]:
        found = set(db.session.scalars(select(Outbox.person_id).where(Outbox.event == event)))
        db.session.execute(delete(Outbox))
        return found

    of = own_world
    case = make.open_case(of)
    db.session.execute(delete(Outbox))
    comes(case, of.puna, core_clock.today())
    told("student.arrived")
    make.note(of.ana, case)
    assert told("comment.added") == {of.tom.person_id, of.mere.person_id}, "the new school waits to see it"
    make.left(of.whanau, of.tawa)
    clock.shift(8 * DAY)
    make.note(of.ana, case)
    assert told("comment.added") == {of.jin.person_id}
    db.session.commit()
    ask_for_missing()
    ask_for_missing()
    assert told("contact.missed") == {of.jin.person_id, of.ana.person_id}
    here = make.head(of.jin, case)
    assert (here.contact_name, contacts_of(here).primary) == (None, None)
    sione = Whom(person_id=of.sione.person_id)
    assert change_primary(make.head(of.jin, case), sione, best_times="", instead_of="", by=of.jin)
    assert told("contact.replaced") == set()
    make.note(of.ana, case)
    assert told("comment.added") == {of.sione.person_id, of.jin.person_id}


def test_a_planned_last_day_leaves_the_year_level_until_it_is_over(clock: Traveller, world: make.World) -> None:
    """On the header, the list, the search, and the form of a request."""
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    request = make.draft(world.mere, world.whanau)
    db.session.execute(
        update(Enrolment).where(Enrolment.student_id == case.student_id).values(to_on=core_clock.today())
    )

    def levels() -> list[int | None]:
        listed = [*school_cases(world.mere, Wanted()), *cases_found(world.mere, sought("whanau")).cases]
        form = make.request_now(world.mere, request.referral.public_id).student
        return [row.year_level for row in (make.head(world.ruth, case), *listed, form)]

    assert levels() == [make.YEAR_LEVEL] * 4
    clock.shift(DAY)
    assert set(levels()) == {None}
