"""Two records of one student are found, merged by two people, and come apart again; nothing is lost on the way (CASE-18)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.attendance.queries import statements_of
from app.cases.actions import close_case
from app.cases.arrivals.actions import add_newcomer, show_to_new_school
from app.cases.arrivals.rules import Newcomer
from app.cases.entries import Entry
from app.cases.models import Case, Status
from app.cases.queries import case_for
from app.cases.school_list.queries import school_cases
from app.cases.school_list.rules import Wanted
from app.cases.search.queries import cases_found
from app.cases.search.rules import sought
from app.cases.standing import move
from app.core import clock
from app.core.db import Base, db
from app.core.errors import Conflict, Refused
from app.core.events import Audit, Outbox
from app.core.security import public_id
from app.core.versions import version_of
from app.people.models import Organisation, Role
from app.people.queries import Actor
from app.referrals.actions import submit
from app.referrals.duplicates.actions import confirm_merge, propose_merge, refuse_merge, say_two, undo_merge
from app.referrals.duplicates.listing import duplicates_for
from app.referrals.duplicates.policy import can_decide, can_undo
from app.referrals.duplicates.queries import Merge, merge_for, merges_for, pair_for
from app.referrals.duplicates.rules import Pair, is_one_letter_apart
from app.referrals.models import Referral
from app.students.actions import add_student
from app.students.merging.rules import MOVES, STAYS
from app.students.models import Caregiver, Enrolment, Student
from app.students.particulars.actions import change_student
from app.students.particulars.queries import recorded_of
from app.students.records.finding import find_by_details, make_findable
from app.students.records.models import MergedRow, MergeState, StudentMerge
from app.students.siblings.models import Sibling
from tests import make

EVERYBODY = [key for key, *_ in make.WHO]
WHY = "The same mother came to both meetings."


@pytest.fixture
def cases(world: make.World) -> tuple[Case, Case]:
    """Hēmi’s with Ana, and another one of his, also with her, which was asked for with another date of birth."""
    first = make.open_case(world)
    return first, make.twice(world, first)


@pytest.fixture
def another_lead(world: make.World) -> Actor:
    service = db.session.get_one(Organisation, world.te_awa.id)
    return make.person("Rangi Moana", Role.WORKFLOW_LEAD, service)


def student(case: Case) -> Student:
    return db.session.get_one(Student, case.student_id)


def pair_of(who: Actor, *cases: Case) -> Pair | None:
    one, other = (student(case).public_id for case in cases)
    return pair_for(who, one, other)


def the_pair(who: Actor, *cases: Case) -> Pair:
    found = pair_of(who, *cases)
    assert found
    return found


def proposed(who: Actor, first: Case, second: Case) -> StudentMerge:
    """That the record of the second case goes into that of the first."""
    pair = the_pair(who, first, second)
    return propose_merge(pair, pair.later, why=WHY, by=who)


def now(who: Actor, merge: StudentMerge) -> Merge:
    found = merge_for(who, merge.public_id)
    assert found
    return found


def merged(world: make.World, by: Actor, first: Case, second: Case) -> StudentMerge:
    """The second case closed as a duplicate, its record into that of the first."""
    close_case(second, "duplicate", by=world.ruth, why="Duplicate.")
    merge = proposed(world.ruth, first, second)
    assert confirm_merge(now(by, merge), by=by)
    return merge


def listed(who: Actor) -> list[tuple[str, str]]:
    return [(row.earlier_legal_name, row.later_legal_name) for row in duplicates_for(who)]


def test_a_pair_is_listed_for_those_who_work_the_cases_of_both(world: make.World, cases: tuple[Case, Case]) -> None:
    found = {who for who in EVERYBODY if listed(world.people[who])}
    assert found == {"ruth", "ana"}
    assert {who for who in EVERYBODY if pair_of(world.people[who], *cases)} == {"ruth", "ana"}
    assert not listed(make.seeing_service_cases(world.david))
    assert listed(world.ruth) == [("Hēmi Whānau", "Hēmi Whānau")]


def test_a_record_of_another_service_is_nowhere(world: make.World, cases: tuple[Case, Case]) -> None:
    move(cases[1], service_id=world.maunga.id, by=world.ruth)
    db.session.flush()
    for who in ("ruth", "ana", "lupe", "wiremu"):
        assert (listed(world.people[who]), pair_of(world.people[who], *cases)) == ([], None)


def test_the_same_name_alone_is_no_pair_but_with_an_address_or_phone_it_is(
    world: make.World, cases: tuple[Case, Case]
) -> None:
    one, other = (student(case) for case in cases)
    other.born_on = clock.today() - timedelta(5000)
    db.session.flush()
    assert not listed(world.ruth)
    one.address, other.address = "14 Rātā Street, Tawa", "14 Rata St\nTawa"
    db.session.flush()
    find_by_details(one.id)
    find_by_details(other.id)
    assert listed(world.ruth)


def second_record(world: make.World, first: Case, name: str, *, preferred: str = "", **facts: Any) -> Case:
    """Another record of Te Awa’s, called so, with the same date of birth unless something else is said."""
    known = student(first)
    pupil = make.student(name, world.puna, preferred=preferred, born_on=known.born_on - timedelta(1000))
    asked = make.submitted(world.sione, pupil, contact=world.jin, caregiver_phone="04 555 0123")
    case = make.assigned(asked, to=world.ana, by=world.ruth)
    for fact, value in {"born_on": known.born_on, **facts}.items():
        setattr(student(case), fact, value)
    db.session.flush()
    find_by_details(case.student_id)
    return case


def of_hana(world: make.World, name: str = "Hana Rose Waititi-O’Brien", preferred: str = "") -> Case:
    pupil = make.student(name, world.tawa, preferred=preferred, address="14 Rātā Street, Tawa")
    return make.assigned(make.submitted(world.priya, pupil, contact=world.tom), to=world.ana, by=world.ruth)


@pytest.mark.parametrize(
    ("name", "preferred"),
    [
        ("Waititi-O’Brien Hana Rose", ""),
        ("Hana Rose Waititi OBrien", ""),
        ("Hana Rose Waititi O'Brien", ""),
        ("HĀNA ROSE WAITITI-O`BRIEN", ""),
        ("Hana Waititi O’Brien", ""),
        ("Hana Rose Mere Waititi-O’Brien", ""),
        ("Rose Waititi-OBrien", ""),
        ("Johanna Rose Waititi-O’Brien", "Hana"),
    ],
)
def test_a_name_that_is_written_otherwise_is_a_pair_with_the_date_of_birth(
    world: make.World, name: str, preferred: str
) -> None:
    first = of_hana(world)
    second = second_record(world, first, name, preferred=preferred)
    assert listed(world.ruth) == [("Hana Rose Waititi-O’Brien", name)]
    assert the_pair(world.ruth, first, second).alike[0].startswith("the name")
    assert not listed(world.lupe)
    student(second).born_on = clock.today() - timedelta(4000)
    db.session.flush()
    assert not listed(world.ruth)


def test_a_preferred_name_is_the_legal_one_of_another_record(world: make.World) -> None:
    first = of_hana(world, "Alexandra Fa‘asavalu", "Lexi")
    second_record(world, first, "Lexi Faasavalu")
    assert listed(world.ruth) == [("Alexandra Fa‘asavalu", "Lexi Faasavalu")]


@pytest.mark.parametrize("name", ["Hanna Rose Waititi-O’Brien", "Hana Rose Waitit-O’Brien"])
def test_one_letter_apart_is_a_pair_with_an_address_or_a_phone(world: make.World, name: str) -> None:
    first = of_hana(world)
    second = second_record(world, first, name)
    assert not listed(world.ruth)
    for detail in ({"address": "14 Rata St\nTawa", "phone": ""}, {"address": "", "phone": "(04) 555 0777"}):
        student(first).phone = "+64 4 555 0777"
        student(second).address, student(second).phone = detail["address"], detail["phone"]
        db.session.flush()
        for case in (first, second):
            find_by_details(case.student_id)
        assert listed(world.ruth) == [("Hana Rose Waititi-O’Brien", name)]
        assert "the name, but for how it is written" in the_pair(world.ruth, first, second).alike
    student(second).born_on = clock.today() - timedelta(4000)
    db.session.flush()
    assert not listed(world.ruth)


@pytest.mark.parametrize(
    "name",
    ["Mere Rose Waititi-O’Brien", "Rangi Waititi-O’Brien", "Hana", "Johanna Rose Waititi-O’Brien", "Hana Rose Ngata"],
)
def test_twins_are_no_pair(world: make.World, name: str) -> None:
    """Born on one day, at one address, with one phone: but called otherwise."""
    first = of_hana(world)
    student(first).phone = "04 555 0777"
    db.session.flush()
    find_by_details(first.student_id)
    second = second_record(world, first, name, address="14 Rata St, Tawa", phone="04 555 0777")
    assert not listed(world.ruth)
    assert "the name" not in " ".join(the_pair(world.ruth, first, second).alike)


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [
        *(("ngata hana", "ngata hanna", True), ("ngata hana", "ngata hina", True), ("ngata hana", "ngata han", True)),
        *(("ngata hana", "ngata hana", False), ("ngata hana", "ngata mere", False), ("", "ab", False)),
        *(("ngata hana", "ngata haan", False), ("ab", "abcd", False), ("ngata", "gata", True)),
    ],
)
def test_one_letter_apart(one: str, other: str, *, is_so: bool) -> None:
    assert is_one_letter_apart(one, other) is is_one_letter_apart(other, one) is is_so


def test_a_pair_waits_at_likely_matches_only_where_a_request_found_it(world: make.World) -> None:
    make.open_case(world)
    make.submitted(world.sione, make.student("Hemi Whanau", world.puna), contact=world.jin)
    assert not listed(world.ruth)


def test_pairs_come_page_by_page(world: make.World, cases: tuple[Case, Case]) -> None:
    third = make.submitted(
        world.priya, make.student("Hemi Whanau", world.tawa, born_on=clock.today() - timedelta(3000)), contact=world.tom
    )
    student(third).born_on = student(cases[0]).born_on
    db.session.flush()
    rows = duplicates_for(world.ruth)
    assert len(rows) == 3
    for place in range(3):
        after = f"{rows[place].later_public_id}.{rows[place].earlier_public_id}"
        assert list(duplicates_for(world.ruth, after=after)) == list(rows[place + 1 :])
    assert len(duplicates_for(world.ruth, after="no.where")) == 3


def test_one_proposes_and_the_leads_are_told(world: make.World, cases: tuple[Case, Case], another_lead: Actor) -> None:
    merge = proposed(world.ana, *cases)
    assert proposed(world.ana, *cases).id == merge.id
    told = select(Outbox.person_id).where(Outbox.event == "merge.proposed")
    assert set(db.session.scalars(told)) == {world.ruth.person_id, another_lead.person_id}
    assert not listed(world.ruth)
    for who, has in (("ruth", 1), ("ana", 1), ("david", 0), ("lupe", 0), ("mere", 0)):
        assert len(merges_for(world.people[who])) == has, who
        assert (merge_for(world.people[who], merge.public_id) is not None) == bool(has)


def test_a_second_lead_decides(world: make.World, cases: tuple[Case, Case], another_lead: Actor) -> None:
    found = now(world.ruth, proposed(world.ruth, *cases))
    assert not can_decide(world.ruth, found)
    assert can_decide(another_lead, now(another_lead, found.row))
    assert not can_decide(world.ana, found)
    of_ana = now(world.ruth, found.row)
    of_ana.row.proposed_by_id = world.ana.person_id
    assert can_decide(world.ruth, of_ana)


def test_an_only_lead_may_do_both_and_that_is_kept(world: make.World, cases: tuple[Case, Case]) -> None:
    merge = merged(world, world.ruth, *cases)
    assert merge.is_alone
    assert can_undo(world.ruth, now(world.ruth, merge))


def test_of_two_cases_not_closed_one_must_be_closed_first(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    merge = proposed(world.ruth, *cases)
    assert now(another_lead, merge).pair.is_blocked
    with pytest.raises(Refused, match="Close one of them as a duplicate first"):
        confirm_merge(now(another_lead, merge), by=another_lead)
    assert merge.state is MergeState.PROPOSED


def test_an_open_case_of_another_service_is_in_the_way_too(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    """Whoever confirms it may not see that case, and it may have been opened since the page was."""
    first, second = cases
    make.closed(first, by=world.ruth)
    found = now(another_lead, proposed(world.ruth, first, second))
    theirs = make.submitted(world.kahu, make.student("Hemi Elsewhere", world.bay), contact=world.kahu)
    theirs.student_id = first.student_id
    db.session.flush()
    for pair in (found, now(another_lead, found.row)):
        assert not pair.pair.is_blocked
        with pytest.raises(Refused, match="Close one of them as a duplicate first"):
            confirm_merge(pair, by=another_lead)


def test_whether_the_record_may_go_is_asked_again(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    first, second = cases
    make.closed(second, by=world.ruth)
    found = now(another_lead, proposed(world.ruth, first, second))
    move(second, service_id=world.maunga.id, by=world.ruth)
    db.session.flush()
    with pytest.raises(Refused, match="stays"):
        confirm_merge(found, by=another_lead)


def test_nothing_goes_into_a_record_that_went_into_another(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    first, second = cases
    make.closed(second, by=world.ruth)
    third = make.closed(make.twice(world, first), by=world.ruth)
    merge = proposed(world.ruth, second, third)
    with pytest.raises(Conflict, match="third record"):
        proposed(world.ruth, first, second)
    later = now(another_lead, merge)
    student(second).merged_into_id = first.student_id
    db.session.flush()
    with pytest.raises(Refused, match="went into another record"):
        confirm_merge(later, by=another_lead)
    assert third.student_id == merge.from_id


def test_everything_goes_along_and_comes_back(world: make.World, cases: tuple[Case, Case], another_lead: Actor) -> None:
    first, second = cases
    stays, goes = student(first), student(second)
    goes.national_number = "990001"
    state_absences(make.head(world.ruth, second), make.absences(clock.today()), by=world.ruth)
    db.session.flush()
    before = everything()
    merge = merged(world, another_lead, first, second)
    assert merge.is_alone is False
    for table in (Case, Referral, Enrolment, Caregiver):
        assert not db.session.scalars(select(table).where(table.student_id == goes.id)).all(), table.__name__
    assert (goes.merged_into_id, stays.national_number, stays.address) == (stays.id, "990001", "3 Awa Lane")
    assert len(statements_of(stays.id)) == 1
    assert add_student(legal_name="Hēmi Whānau", born_on=stays.born_on, national_number="990001").id == stays.id
    assert {row.number for row in cases_found(world.ruth, sought("whanau")).cases} >= {first.number, second.number}
    assert merge_said(second) == [
        "The record of Hēmi Whānau, born 4 May 2011, went into that of Hēmi Whānau, born 4 May 2011."
    ]
    assert merge_said(first) == []
    assert undo_merge(now(another_lead, merge), by=another_lead)
    assert not undo_merge(now(another_lead, merge), by=another_lead)
    assert everything() == before | {("attendance_case", second.id): before["attendance_case", second.id]}
    assert (goes.merged_into_id, goes.national_number, stays.national_number, stays.address) == (
        None,
        "990001",
        None,
        "",
    )
    assert len(statements_of(stays.id)) == 0
    assert not listed(world.ruth)


def reads(who: Actor, *cases: Case) -> list[bool]:
    return [case_for(who, case.number) is not None for case in cases]


def test_the_school_of_the_other_record_waits_before_it_sees_the_case(
    clock: Traveller, world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    """As after a move (CASE-10); what is its own it reads all the time, and so does the case's school."""
    merge = merged(world, another_lead, *cases)
    told = select(Outbox.person_id).where(Outbox.event == "student.arrived")
    assert list(db.session.scalars(told)) == [world.ana.person_id]
    assert make.head(world.ana, cases[0]).new_school_from is not None
    assert [reads(who, *cases) for who in (world.jin, world.sione)] == [[False, True], [False, True]]
    assert reads(world.mere, cases[0]) == [True]
    undo_merge(now(another_lead, merge), by=another_lead)
    assert [reads(who, *cases) for who in (world.jin, world.mere)] == [[False, True], [True, False]]
    assert not db.session.scalars(select(Enrolment).where(Enrolment.cases_from.is_not(None))).all()
    again = proposed(world.ruth, *cases)
    confirm_merge(now(another_lead, again), by=another_lead)
    clock.shift(timedelta(days=7))
    assert reads(world.jin, *cases) == [False, True], "to the end of the fifth working day"
    clock.shift(timedelta(days=1))
    assert reads(world.jin, *cases) == [True, True]


def test_what_a_school_saw_by_its_own_word_it_sees_again_when_the_two_come_apart(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    first, second = cases
    student(second).national_number = "990001"
    db.session.flush()
    told = Newcomer("Hēmi Whānau", student(second).born_on, date(2026, 2, 2), 10, "Form", national_number="990001")
    add_newcomer(told, by=world.kahu)
    assert show_to_new_school(make.head(world.ana, second), by=world.ana)
    assert reads(world.kahu, *cases) == [False, True]
    merge = merged(world, another_lead, *cases)
    assert reads(world.kahu, first) == [False]
    undo_merge(now(another_lead, merge), by=another_lead)
    assert reads(world.kahu, *cases) == [False, True]


def test_a_school_waits_too_where_the_case_comes_to_its_record(
    clock: Traveller, world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    first, second = cases
    close_case(second, "duplicate", by=world.ruth, why="Duplicate.")
    pair = the_pair(world.ruth, first, second)
    merge = propose_merge(pair, pair.earlier, why=WHY, by=world.ruth)
    confirm_merge(now(another_lead, merge), by=another_lead)
    assert reads(world.jin, first) == [False]
    assert reads(world.mere, first) == [True]
    assert show_to_new_school(make.head(world.ana, first), by=world.ana)
    assert reads(world.jin, first) == [True]
    undo_merge(now(another_lead, merge), by=another_lead)
    assert [reads(who, first) for who in (world.jin, world.mere)] == [[False], [True]]


def all_ways(who: Actor, case: Case) -> set[bool]:
    """Whether this person of a school comes to the case: its page, the list, the search."""
    listed = {row.number for row in school_cases(who, Wanted(tuple(Status)))}
    found = {row.number for row in cases_found(who, sought("whanau")).cases}
    return {case_for(who, case.number) is not None, case.number in listed, case.number in found}


@pytest.mark.parametrize("goes", ["later", "earlier"])
def test_what_had_closed_before_is_for_the_school_that_had_it(
    clock: Traveller, world: make.World, cases: tuple[Case, Case], another_lead: Actor, goes: str
) -> None:
    """As after a move (CASE-10), whichever record goes; what closes later is for both."""
    first, second = cases
    make.closed(second, by=world.ruth)
    pair = the_pair(world.ruth, first, second)
    merge = propose_merge(pair, getattr(pair, goes), why=WHY, by=world.ruth)
    clock.shift(timedelta(days=1))
    confirm_merge(now(another_lead, merge), by=another_lead)
    clock.shift(timedelta(days=14))
    assert all_ways(world.mere, second) == {False}
    assert all_ways(world.jin, second) == {True}
    assert {who: all_ways(world.people[who], first) for who in ("mere", "jin")} == {"mere": {True}, "jin": {True}}
    make.closed(first, by=world.ruth)
    assert {who: all_ways(world.people[who], first) for who in ("mere", "jin")} == {"mere": {True}, "jin": {True}}
    undo_merge(now(another_lead, merge), by=another_lead)
    assert {who: all_ways(world.people[who], first) for who in ("mere", "jin")} == {"mere": {True}, "jin": {False}}
    assert all_ways(world.mere, second) == {False}


def everything() -> dict[tuple[str, int], Any]:
    """To whom each row that may move belongs."""
    found: dict[tuple[str, int], Any] = {}
    for name, column in MOVES:
        table = Base.metadata.tables[name]
        found |= {(name, row.id): row.of for row in db.session.execute(select(table.c.id, table.c[column].label("of")))}
    return found


def merge_said(case: Case) -> list[str]:
    said = select(Entry.body).where(Entry.case_id == case.id, Entry.body.startswith("The record of"))
    return list(db.session.scalars(said))


def test_no_school_finds_in_its_own_words_what_another_found(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    """The first record came with the roll of Tawa Awa College; the address is that of the second."""
    first, second = cases
    merge = merged(world, another_lead, first, second)
    recorded = recorded_of(first.student_id)
    assert recorded.facts.address == "3 Awa Lane"
    assert recorded.known_to(world.tawa.id).address == ""
    assert recorded.known_to(world.te_awa.id).address == "3 Awa Lane"
    sought_by = [who for who in (world.priya, world.ruth) if cases_found(who, sought("3 Awa Lane")).cases]
    assert sought_by == [world.ruth]
    undo_merge(now(another_lead, merge), by=another_lead)
    assert [row.address for row in recorded_of(first.student_id).former] == ["", "3 Awa Lane"]


@pytest.mark.parametrize("goes", ["later", "earlier"])
def test_each_school_reads_what_it_said_itself(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor, goes: str
) -> None:
    """Its roll, or a change of its own, of whichever record; and finds by that, and by nothing that the other said."""
    first, second = cases
    student(first).address = "14 Rata Street"
    make.closed(second, by=world.ruth)
    head = make.head(world.jin, second)
    was = recorded_of(second.student_id).facts
    change_student(head, replace(was, phone="04 555 0777"), version=version_of(was.texts), by=world.jin)
    find_by_details(first.student_id)
    pair = the_pair(world.ruth, first, second)
    merge = propose_merge(pair, getattr(pair, goes), why=WHY, by=world.ruth)
    confirm_merge(now(another_lead, merge), by=another_lead)
    recorded, both = recorded_of(first.student_id), ("14 Rata Street", "3 Awa Lane", "04 555 0777")
    assert recorded.facts.phone == "04 555 0777"
    own = {place.name: recorded.known_to(place.id) for place in (world.tawa, world.puna)}
    assert [(facts.address, facts.phone) for facts in own.values()] == [
        ("14 Rata Street", ""),
        ("3 Awa Lane", "04 555 0777"),
    ]
    show_to_new_school(make.head(world.ruth, first), by=world.ruth)
    found = {
        who: [bool(cases_found(world.people[who], sought(each)).cases) for each in both] for who in ("mere", "jin")
    }
    assert found == {"mere": [True, False, False], "jin": [False, True, True]}
    undo_merge(now(another_lead, merge), by=another_lead)
    assert [recorded_of(case.student_id).known_to(world.puna.id).address for case in cases] == ["", "3 Awa Lane"]
    assert not cases_found(world.jin, sought("14 Rata Street")).cases


def test_a_request_goes_back_with_its_case_and_stays_with_the_case_that_it_joined(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    """One of the first record was asked meanwhile and joined the case that had come; another one the case that stays."""
    first, second = cases
    make.closed(first, by=world.ruth)
    merge = proposed(world.ruth, first, second)
    draft = make.filled(world.sione, make.Pupil(second.student_id, "", ""), contact=world.jin)
    confirm_merge(now(another_lead, merge), by=another_lead)
    whanau = make.Pupil(first.student_id, "", "")
    joined = make.submitted(world.mere, whanau, contact=world.tom)
    assert joined.id == second.id
    make.closed(second, by=world.ruth)
    move_last(first)
    request = make.request_now(world.sione, draft.referral.public_id)
    assert submit(request, version=request.version, by=world.sione).id == first.id
    undo_merge(now(another_lead, merge), by=another_lead)
    asked = db.session.execute(select(Referral.student_id, Case.student_id).join(Case, Case.id == Referral.case_id))
    assert {row[0] - row[1] for row in asked} == {0}
    assert (first.student_id, second.student_id) == (merge.into_id, merge.from_id)
    assert len(db.session.scalars(select(Referral.id).where(Referral.case_id == second.id)).all()) == 2


def move_last(case: Case) -> None:
    """It closed after all others of the student."""
    case.status_at = clock.now() + timedelta(seconds=1)
    db.session.flush()


def test_what_went_to_another_service_is_not_taken_from_it(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    """Of the record that stays the other service may have had a case before: that does not change."""
    first, second = cases
    merge = merged(world, another_lead, first, second)
    move(second, service_id=world.maunga.id, by=world.ruth)
    db.session.flush()
    before = everything()
    found = now(another_lead, merge)
    assert found.is_elsewhere
    assert second.number not in {case.number for record in found.pair.records for case in record.cases}
    with pytest.raises(Refused, match="with another service now"):
        undo_merge(found, by=another_lead)
    assert (merge.state, everything()) == (MergeState.CONFIRMED, before)
    move(second, service_id=world.te_awa.id, by=world.ruth)
    move(first, service_id=world.maunga.id, by=world.ruth)
    db.session.flush()
    assert undo_merge(now(another_lead, merge), by=another_lead)


def test_what_came_by_another_merge_stays_when_one_is_undone(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    """The names by which it is found, too."""
    first, second = cases
    third = make.closed(make.twice(world, make.closed(first, by=world.ruth)), by=world.ruth)
    student(third).legal_name = "Piripi Whānau"
    make_findable(student(third), world.te_awa.id)
    one, other = merged(world, another_lead, first, second), proposed(world.ruth, first, third)
    confirm_merge(now(another_lead, other), by=another_lead)
    undo_merge(now(another_lead, one), by=another_lead)
    assert {third.number, first.number} <= {row.number for row in cases_found(world.ruth, sought("piripi")).cases}
    assert second.number not in {row.number for row in cases_found(world.ruth, sought("piripi")).cases}


def test_log_lines_stay_and_say_what_happened(world: make.World, cases: tuple[Case, Case], another_lead: Actor) -> None:
    lines = select(Audit.id).where(Audit.case_id == cases[1].id)
    before = set(db.session.scalars(lines))
    merged(world, another_lead, *cases)
    assert before < set(db.session.scalars(lines))
    assert db.session.scalar(select(Audit.id).where(Audit.event == "merge.confirmed", Audit.case_id == cases[1].id))


def test_after_the_days_it_stays_merged(world: make.World, cases: tuple[Case, Case], another_lead: Actor) -> None:
    merge = merged(world, another_lead, *cases)
    long_ago = clock.now() - timedelta(days=30, minutes=1)
    db.session.execute(update(StudentMerge).values(decided_at=long_ago))
    db.session.expire_all()
    found = now(another_lead, merge)
    assert not can_undo(another_lead, found)
    assert not merges_for(another_lead)
    with pytest.raises(Refused, match="are over"):
        undo_merge(found, by=another_lead)


def test_two_students_stay_two_and_are_listed_no_more(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    merge = proposed(world.ruth, *cases)
    assert refuse_merge(now(another_lead, merge), answer="Cousins.", by=another_lead)
    assert not refuse_merge(now(another_lead, merge), answer="Cousins.", by=another_lead)
    with pytest.raises(Conflict):
        confirm_merge(now(another_lead, merge), by=another_lead)
    assert (listed(world.ruth), list(merges_for(world.ruth))) == ([], [])
    assert not db.session.scalars(select(MergedRow)).all()


def test_whoever_looks_may_say_at_once_that_they_are_two(world: make.World, cases: tuple[Case, Case]) -> None:
    say_two(the_pair(world.ana, *cases), why="Cousins.", by=world.ana)
    assert not listed(world.ana)
    with pytest.raises(Refused):
        say_two(the_pair(world.ana, *cases), why="  ", by=world.ana)


def test_what_is_proposed_is_answered_and_not_waved_away(world: make.World, cases: tuple[Case, Case]) -> None:
    proposed(world.ana, *cases)
    with pytest.raises(Conflict):
        say_two(the_pair(world.ruth, *cases), why="Cousins.", by=world.ruth)


def test_a_record_that_another_service_has_a_case_of_does_not_go(world: make.World, cases: tuple[Case, Case]) -> None:
    first, second = cases
    close_case(second, "duplicate", by=world.ruth, why="Duplicate.")
    older = make.submitted(world.kahu, make.student("Hemi Elsewhere", world.bay), contact=world.kahu)
    make.closed(older, by=world.lupe)
    older.student_id = second.student_id
    db.session.flush()
    pair = the_pair(world.ruth, first, second)
    assert pair.may_go == [pair.earlier]
    assert older.number not in {case.number for record in pair.records for case in record.cases}
    with pytest.raises(Refused, match="stays"):
        propose_merge(pair, pair.later, why=WHY, by=world.ruth)


def test_a_record_goes_into_one_other_only(world: make.World, cases: tuple[Case, Case], another_lead: Actor) -> None:
    first, second = cases
    merged(world, another_lead, first, second)
    third = make.submitted(
        world.priya, make.student("Hemi Whanau", world.tawa, born_on=clock.today() - timedelta(3000)), contact=world.tom
    )
    student(third).born_on = student(first).born_on
    db.session.flush()
    pair = the_pair(world.ruth, first, third)
    assert pair.may_go == [pair.later]
    assert pair_for(world.ruth, student(first).public_id, "nobody") is None


def test_no_table_that_refers_to_a_student_is_forgotten() -> None:
    refers = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "student" for key in column.foreign_keys)
    }
    assert refers == {*MOVES, *STAYS}


def test_siblings_the_interpreter_and_the_day_of_return_go_along(
    world: make.World, cases: tuple[Case, Case], another_lead: Actor
) -> None:
    """A pair that had ended is not in the way of one that stands."""
    first, second = cases
    stays, goes = student(first), student(second)
    goes.needs_interpreter, goes.return_on, goes.return_said_by = False, clock.today(), "Ngaire"
    other = make.student("Aroha Whānau", world.puna).id
    pairs = [sibling(each.id, other, by=world.ana) for each in (stays, goes)]
    pairs[0].ended_at = clock.now()
    db.session.flush()
    merge = merged(world, another_lead, first, second)
    db.session.expire_all()
    assert {pairs[1].student_id, pairs[1].other_id} == {stays.id, other}
    assert (stays.needs_interpreter, stays.return_on, stays.return_said_by) == (False, clock.today(), "Ngaire")
    undo_merge(now(another_lead, merge), by=another_lead)
    assert {pairs[1].student_id, pairs[1].other_id} == {goes.id, other}
    assert (stays.needs_interpreter, stays.return_on, stays.return_said_by) == (None, None, "")


def sibling(one: int, other: int, *, by: Actor) -> Sibling:
    who = {"organisation_id": by.organisation_id, "added_by_id": by.person_id, "added_at": clock.now()}
    made = Sibling(public_id=public_id(), student_id=min(one, other), other_id=max(one, other), **who)
    db.session.add(made)
    return made
