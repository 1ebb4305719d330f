"""Giving cases out, writing on them, and changing who reads it: what happens, who is told, what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from time_machine import Traveller

from app.cases import listing, policy
from app.cases.actions import change_status
from app.cases.assignment.actions import assign
from app.cases.assignment.queries import case_managers_with_load, queue_with_notes
from app.cases.comments.actions import add_comment, change_audience, share_now
from app.cases.comments.policy import can_change_audience
from app.cases.entries import Audience, Entry
from app.cases.models import Case, CasePerson, Part, Status, StatusChange
from app.cases.parts import name_person
from app.cases.timeline import audience_history, entry_for
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Audit, Outbox
from app.people.actions import add_person, end_role, grant_role, set_case_managers_see_cases
from app.people.models import Organisation, Role, RoleHeld, Source
from tests import make


@pytest.fixture
def case(world: make.World) -> Case:
    """Hēmi's, in the queue; nobody has been told of anything yet."""
    made = make.submitted(world.priya, world.whanau, contact=world.tom)
    db.session.execute(delete(Outbox))
    return made


def told(event: str) -> dict[int, str]:
    rows = db.session.execute(select(Outbox.person_id, Outbox.channel).where(Outbox.event == event)).all()
    assert len(rows) == len({row.person_id for row in rows}), "somebody is told twice"
    return {row.person_id: row.channel.value for row in rows}


def forget() -> None:
    db.session.execute(delete(Outbox))


def test_assigning_opens_the_case_and_tells_manager_and_contact(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    assert case.status is Status.OPEN
    assert told("case.assigned") == {world.ana.person_id: "app+email", world.tom.person_id: "app+email"}
    assert told("case.taken_from") == {}


def test_a_secondary_contact_is_told_too(world: make.World, case: Case) -> None:
    name_person(case, world.aroha.person_id, Part.SECONDARY_CONTACT, organisation_id=world.tawa.id, by=world.mere)
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    assert told("case.assigned").keys() == {world.ana.person_id, world.tom.person_id, world.aroha.person_id}


def test_reassigning_tells_the_former_case_manager(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    forget()
    assign(case.id, to=world.david.person_id, by=world.ruth)
    assert told("case.assigned").keys() == {world.david.person_id, world.tom.person_id}
    assert told("case.taken_from") == {world.ana.person_id: "app+email"}
    assert case.status is Status.OPEN


def test_the_same_person_again_changes_nothing_and_tells_nobody(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    forget()
    audits = len(db.session.scalars(select(Audit.id)).all())
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    assert not db.session.scalars(select(Outbox)).all()
    assert len(db.session.scalars(select(Audit.id)).all()) == audits
    assert len(db.session.scalars(select(CasePerson).where(CasePerson.part == Part.MANAGER)).all()) == 1


def test_nobody_is_told_of_their_own_act(world: make.World, case: Case) -> None:
    make.actor(world.ruth, Role.CASE_MANAGER, world.te_awa)
    assign(case.id, to=world.ruth.person_id, by=world.ruth)
    assert told("case.assigned").keys() == {world.tom.person_id}


def test_who_holds_two_roles_is_told_once_in_one_that_sees_the_case(world: make.World, case: Case) -> None:
    for role in (Role.DELEGATED_AUTHORISER, Role.ATTENDANCE_LEAD):
        make.actor(world.tom, role, world.tawa)
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    as_role = db.session.scalars(select(Outbox.role).where(Outbox.person_id == world.tom.person_id)).one()
    assert as_role in {Role.PRIMARY_CONTACT, Role.ATTENDANCE_LEAD}


def test_who_has_left_is_not_told(world: make.World, case: Case) -> None:
    end_role(db.session.get_one(RoleHeld, world.tom.role_held_id), by=None)
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    assert told("case.assigned").keys() == {world.ana.person_id, world.mere.person_id}, "the lead in their place"


@pytest.mark.parametrize(
    ("who", "may"),
    [("ruth", True), ("ana", False), ("david", False), ("mere", False), ("tane", False), ("moana", False)],
)
def test_only_the_lead_assigns(world: make.World, case: Case, who: str, may: bool) -> None:
    assert policy.can_assign(world.people[who], make.head(world.ruth, case)) is may


def test_a_closed_case_is_not_assigned(world: make.World, case: Case) -> None:
    make.closed(case, by=world.ruth)
    assert not policy.can_assign(world.ruth, make.head(world.ruth, case))


def test_the_load_counts_cases_that_are_not_closed(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    assert {row.name: row.load for row in case_managers_with_load(world.ruth)} == {
        "Ana Tuhoro": 1,
        "David Chen": 0,
    }
    make.closed(case, by=world.ruth)
    assert {row.load for row in case_managers_with_load(world.ruth)} == {0}


def test_a_services_list_says_whom_the_school_is_reached_by(world: make.World) -> None:
    make.open_case(world)
    for who in (world.ruth, world.ana):
        assert [row.contact_name for row in listing.cases_for(who)] == ["Tom Hargreaves"]
    assert not listing.cases_for(world.lupe)


def test_the_queue_is_urgent_first_then_earliest_due(world: make.World, clock: Traveller) -> None:
    pupils = [make.student(f"Tama Number{number}", world.tawa) for number in range(3)]
    first = make.submitted(world.priya, pupils[0], contact=world.tom)
    clock.shift(timedelta(days=1))
    second = make.submitted(world.priya, pupils[1], contact=world.tom)
    clock.shift(timedelta(days=1))
    urgent = make.submitted(world.priya, pupils[2], contact=world.tom, **make.URGENT)
    queue = [head.number for head, _ in queue_with_notes(world.ruth)]
    assert queue == [urgent.number, first.number, second.number]
    assert [head.number for head, _ in queue_with_notes(world.ruth, after=urgent.number)] == queue[1:]
    assert queue_with_notes(world.lupe) == []


def test_a_second_page_begins_after_the_last_of_the_first(world: make.World) -> None:
    for number in range(30):
        make.submitted(world.priya, make.student(f"Tama N{number}", world.tawa), contact=world.tom)
    first = listing.cases_for(world.ruth)
    assert len(first) == listing.PAGE + 1
    second = listing.cases_for(world.ruth, after=first[listing.PAGE - 1].number)
    assert len({row.number for row in [*first[: listing.PAGE], *second]}) == 30


def test_every_change_of_status_says_who_when_and_from_what(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    make.closed(case, by=world.ana)
    rows = db.session.execute(
        select(StatusChange.was, StatusChange.became, StatusChange.by_id).order_by(StatusChange.id)
    )
    assert [tuple(row) for row in rows] == [
        (None, Status.QUEUE, world.priya.person_id),
        (Status.QUEUE, Status.OPEN, world.ruth.person_id),
        (Status.OPEN, Status.CLOSED, world.ana.person_id),
    ]


def test_two_who_change_an_audience_each_keep_what_it_was(world: make.World, case: Case) -> None:
    """The entry as it is in the database counts, not as it was when the page was loaded."""
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    entry = make.note(world.ana, case, Audience.SHARED)
    meanwhile = update(Entry).where(Entry.id == entry.id).values(audience=Audience.RESTRICTED)
    db.session.execute(meanwhile.execution_options(synchronize_session=False))
    change_audience(make.head(world.ruth, case), entry, Audience.SERVICE, by=world.ruth)
    assert [(row.was, row.became) for row in audience_history(entry)] == [(Audience.RESTRICTED, Audience.SERVICE)]


def test_a_closed_case_may_go_back_to_be_checked(world: make.World, case: Case) -> None:
    """Asked for again where no service covers the catchment any more."""
    make.closed(case, by=world.ruth)
    change_status(case, Status.TRIAGE, by=world.ruth)
    assert case.status is Status.TRIAGE


@pytest.mark.parametrize("becomes", [Status.TRIAGE, Status.TRANSITION])
def test_a_case_in_the_queue_cannot_become(world: make.World, case: Case, becomes: Status) -> None:
    with pytest.raises(Refused):
        change_status(case, becomes, by=world.ruth)


def test_a_shared_note_of_the_service_tells_the_school(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    forget()
    make.note(world.ana, case)
    assert told("comment.added") == {world.tom.person_id: "app+email", world.mere.person_id: "app"}


@pytest.mark.parametrize("audience", [Audience.SERVICE, Audience.RESTRICTED])
def test_a_note_that_is_not_shared_tells_nobody(world: make.World, case: Case, audience: Audience) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    forget()
    make.note(world.ana, case, audience)
    assert told("comment.added") == {}


def test_a_comment_of_the_school_tells_the_case_manager(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    forget()
    make.note(world.tom, case)
    assert told("comment.added") == {world.ana.person_id: "app"}


def test_a_comment_of_the_school_in_the_queue_tells_the_lead(world: make.World, case: Case) -> None:
    make.note(world.tom, case)
    assert told("comment.added") == {world.ruth.person_id: "app"}


@pytest.mark.parametrize("audience", [Audience.SERVICE, Audience.RESTRICTED])
def test_a_school_writes_only_what_is_shared(world: make.World, case: Case, audience: Audience) -> None:
    with pytest.raises(Refused):
        add_comment(make.head(world.mere, case), by=world.mere, body="Ours", audience=audience)


def test_a_closed_case_takes_the_services_corrections_only(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    make.closed(case, by=world.ruth)
    may = {
        who: policy.can_comment(world.people[who], make.head(world.people[who], case))
        for who in ("mere", "priya", "tom", "ana", "ruth")
    }
    assert may == {"mere": False, "priya": False, "tom": False, "ana": True, "ruth": True}


def test_with_the_setting_a_colleague_reads_and_does_not_write(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    david = make.seeing_service_cases(world.david)
    assert not policy.can_comment(david, make.head(david, case))
    assert not policy.can_work(david, make.head(david, case))


def test_a_changed_audience_keeps_from_what_when_and_by_whom(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    entry = make.note(world.ana, case, Audience.SERVICE)
    forget()
    change_audience(make.head(world.ruth, case), entry, Audience.SHARED, by=world.ruth)
    assert [(row.was, row.became, row.name) for row in audience_history(entry)] == [
        (Audience.SERVICE, Audience.SHARED, "Ruth Whaanga")
    ]
    assert told("comment.audience_changed").keys() == {world.tom.person_id, world.mere.person_id}
    share_now(make.head(world.ana, case), entry, by=world.ana)
    assert entry_for(world.mere, case.number, entry.public_id) is not None


def test_narrowing_takes_the_entry_from_the_school_and_tells_nobody(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    entry = make.note(world.ana, case)
    forget()
    change_audience(make.head(world.ana, case), entry, Audience.RESTRICTED, by=world.ana)
    assert told("comment.audience_changed") == {}
    assert entry_for(world.mere, case.number, entry.public_id) is None
    assert entry_for(make.seeing_service_cases(world.david), case.number, entry.public_id) is None


def test_the_same_audience_again_leaves_no_trace(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    entry = make.note(world.ana, case)
    change_audience(make.head(world.ana, case), entry, Audience.SHARED, by=world.ana)
    assert not audience_history(entry)


def test_the_audience_of_what_the_school_wrote_is_not_the_services_to_change(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    entry = make.note(world.tom, case)
    found = entry_for(world.ana, case.number, entry.public_id)
    assert not can_change_audience(world.ana, found)
    with pytest.raises(Refused):
        change_audience(make.head(world.ana, case), entry, Audience.SERVICE, by=world.ana)


def test_an_entry_of_another_case_is_not_found_under_this_one(world: make.World, case: Case) -> None:
    assign(case.id, to=world.ana.person_id, by=world.ruth)
    another = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth)
    entry = make.note(world.ana, another)
    assert entry_for(world.ana, case.number, entry.public_id) is None


def test_the_setting_is_kept_with_who_changed_it(world: make.World) -> None:
    set_case_managers_see_cases(world.te_awa.id, True, by=world.ruth)
    set_case_managers_see_cases(world.te_awa.id, True, by=world.ruth)
    rows = db.session.execute(select(Audit.event, Audit.person_id).where(Audit.event.like("setting.%"))).all()
    assert [tuple(row) for row in rows] == [("setting.case_managers_see_cases_on", world.ruth.person_id)]
    assert db.session.get_one(Organisation, world.te_awa.id).case_managers_see_cases


def test_a_role_the_organisation_does_not_have_is_refused(world: make.World) -> None:
    school = db.session.get_one(Organisation, world.tawa.id)
    somebody = add_person(name="Somebody", email="somebody@example.nz")
    with pytest.raises(Refused):
        grant_role(somebody, school, Role.CASE_MANAGER, source=Source.PERSON, by=None)
