"""Which cases and entries each role may see, in every relation (`permissions.md`, "Seeing a case")."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.cases import listing, queries
from app.cases.entries import Audience
from app.cases.models import Case, CasePerson, Part
from app.cases.parts import name_person
from app.cases.timeline import audience_history, shown_to_school, timeline_for
from app.core import clock
from app.core.db import db
from app.people.models import Role
from app.people.queries import Actor
from app.students.models import Enrolment
from tests import make

EVERYBODY = [key for key, *_ in make.WHO]
SEE = {"priya", "mere", "tom", "ruth", "ana"}  # org, org, own, org, own
TEXT = {Audience.SHARED: "said to all", Audience.SERVICE: "said at the service", Audience.RESTRICTED: "said to few"}
SCHOOL, SERVICE = {Audience.SHARED}, {Audience.SHARED, Audience.SERVICE}
READ = {"priya": SCHOOL, "mere": SCHOOL, "tom": SCHOOL, "ruth": set(Audience), "ana": set(Audience)}


@pytest.fixture
def case(world: make.World) -> Case:
    """Hēmi's, with a note of Ana's for each audience."""
    made = make.open_case(world)
    for audience, text in TEXT.items():
        make.note(world.ana, made, audience, text)
    return made


def sees(who: Actor, case: Case) -> bool:
    is_listed = case.number in {found.number for found in listing.cases_for(who)}
    assert is_listed is (queries.case_for(who, case.number) is not None) is bool(sum(listing.counts_for(who).values()))
    return is_listed


def reads(who: Actor, case: Case) -> set[Audience]:
    bodies = {row.body for row in timeline_for(who, case.id)}
    return {audience for audience, text in TEXT.items() if text in bodies}


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_case_is_seen_by_exactly_those_whom_it_concerns(world: make.World, case: Case, who: str) -> None:
    assert sees(world.people[who], case) is (who in SEE)


@pytest.mark.parametrize("who", READ)
def test_an_entry_is_read_by_its_audience(world: make.World, case: Case, who: str) -> None:
    assert reads(world.people[who], case) == READ[who]


def test_with_the_setting_a_case_manager_sees_the_services_cases_but_nothing_restricted(
    world: make.World, case: Case
) -> None:
    david = make.seeing_service_cases(world.david)
    assert sees(david, case)
    assert reads(david, case) == SERVICE
    assert Audience.RESTRICTED in {row.audience for row in timeline_for(david, case.id)}


def test_the_setting_of_one_service_opens_nothing_of_another(world: make.World, case: Case) -> None:
    assert not sees(make.seeing_service_cases(world.wiremu), case)


def test_of_a_restricted_entry_a_school_does_not_learn_that_it_exists(world: make.World, case: Case) -> None:
    for who in (world.mere, world.priya, world.tom):
        assert {row.audience for row in timeline_for(who, case.id)} == {Audience.SHARED}


def test_the_services_view_of_the_schools_page_shows_what_the_school_reads(world: make.World, case: Case) -> None:
    assert [row.id for row in shown_to_school(case.id)] == [row.id for row in timeline_for(world.mere, case.id)]


def test_a_text_that_may_not_be_read_is_not_even_fetched(world: make.World, case: Case) -> None:
    hidden = [row for row in timeline_for(make.seeing_service_cases(world.david), case.id) if not row.is_readable]
    assert [row.body for row in hidden] == [None]


def test_when_the_enrolment_ends_the_school_sees_the_case_no_more(world: make.World, case: Case) -> None:
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.student_id == case.student_id)).one()
    enrolment.to_on = clock.today() - timedelta(days=1)
    db.session.flush()
    assert not any(sees(who, case) for who in (world.mere, world.priya, world.tom))
    assert sees(world.ana, case)


def test_a_second_school_sees_the_case_while_the_student_is_enrolled_there(world: make.World, case: Case) -> None:
    make.enrolled(case.student_id, world.puna)
    assert sees(world.jin, case)
    assert sees(world.sione, case)
    assert not sees(world.kahu, case)


def test_somebody_who_manages_it_does_not_see_it_in_a_role_at_a_school(world: make.World, case: Case) -> None:
    assert not sees(make.actor(world.ana, Role.PRIMARY_CONTACT, world.tawa), case)


def test_cover_sees_the_case_in_its_dates(world: make.World, case: Case) -> None:
    name_person(case, world.david.person_id, Part.COVER, organisation_id=world.te_awa.id, by=world.ruth)
    cover = db.session.scalars(select(CasePerson).where(CasePerson.part == Part.COVER)).one()
    assert sees(world.david, case)
    assert reads(world.david, case) == set(Audience)
    cover.until = clock.now() - timedelta(seconds=1)
    db.session.flush()
    assert not sees(world.david, case)
    cover.until, cover.since = None, clock.now() + timedelta(days=1)
    db.session.flush()
    assert not sees(world.david, case)


def test_a_secondary_contact_sees_the_case(world: make.World, case: Case) -> None:
    name_person(case, world.aroha.person_id, Part.SECONDARY_CONTACT, organisation_id=world.tawa.id, by=world.mere)
    assert sees(world.aroha, case)


def test_a_former_contact_and_a_former_manager_see_it_no_more(world: make.World, case: Case) -> None:
    make.submitted(world.mere, world.whanau, contact=world.aroha)
    make.assigned(case, to=world.david, by=world.ruth)
    assert sees(world.aroha, case)
    assert sees(world.david, case)
    assert not sees(world.tom, case)
    assert not sees(world.ana, case)


def test_a_closed_case_keeps_those_it_closed_with(world: make.World, case: Case) -> None:
    make.closed(case, by=world.ruth)
    assert {who for who in EVERYBODY if sees(world.people[who], case)} == SEE


def test_a_case_in_the_queue_is_seen_by_the_lead_and_by_no_case_manager(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    assert sees(world.ruth, case)
    assert not sees(world.ana, case)


def test_safety_is_read_by_the_service_and_by_the_school_that_gave_it(world: make.World, case: Case) -> None:
    make.enrolled(case.student_id, world.puna)
    for who, is_read in (
        (world.ana, True),
        (world.ruth, True),
        (world.mere, True),
        (world.tom, True),
        (world.jin, False),
    ):
        assert bool(queries.safety_notes_for(who, [case.id])) is is_read, who.name


def test_entries_come_newest_first_in_pages(world: make.World, case: Case) -> None:
    for number in range(45):
        make.note(world.ana, case, body=f"note {number}")
    first = timeline_for(world.mere, case.id)
    second = timeline_for(world.mere, case.id, before=first[24].public_id)
    assert [row.body for row in first][:2] == ["note 44", "note 43"]
    assert len(first) == 26
    assert {row.id for row in first[:25]}.isdisjoint(row.id for row in second)
    assert len({row.id for row in [*first[:25], *second]}) == 45 + 3  # with the shared note, the request, the status


def test_an_entry_without_changes_has_no_history(world: make.World, case: Case) -> None:
    assert not audience_history(make.note(world.ana, case))
