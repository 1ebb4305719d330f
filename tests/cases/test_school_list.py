"""A school's list: which cases it holds, in which order, and what is new on them (S1, S5, S6)."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import insert, select, update
from time_machine import Traveller

from app.cases.entries import Audience
from app.cases.models import Case, Part, Status
from app.cases.parts import name_person
from app.cases.school_list.queries import PAGE, choices_for, school_cases
from app.cases.school_list.rules import IN_ORDER, Sort, Wanted
from app.cases.timeline import timeline_for
from app.core import clock as core_clock
from app.core.db import db
from app.core.seen import ViewLog
from app.people.actions import start_sign_in
from app.people.queries import Actor, roles_of
from app.students.models import Enrolment
from tests import make
from tests.support.client import LIMITS

NAMES = ("Āwhina Whānau", "Zoe Ābel", "Mia Abel", "Ōriwa Tāne", "Hēmi Walker")


@pytest.fixture
def case(world: make.World) -> Case:
    """Hēmi's, with Ana."""
    return make.open_case(world)


def looks(who: Actor, case: Case) -> None:
    """This person opens the case's page."""
    by = {"person_id": who.person_id, "role": who.role, "organisation_id": who.organisation_id}
    db.session.execute(insert(ViewLog).values(at=core_clock.now(), case_id=case.id, page="case", **by))


def signs_in(who: Actor) -> None:
    (held,) = roles_of(who.person_id)
    start_sign_in(held, limits=LIMITS, issuer="https://sign-in.example")


def listed(who: Actor, **wanted: object) -> list[str]:
    return [found.number for found in school_cases(who, Wanted(**wanted))]  # type: ignore[arg-type]


def managers(who: Actor, **wanted: object) -> list[str]:
    return list(choices_for(who, Wanted(**wanted)).managers.values())  # type: ignore[arg-type]


def is_new(who: Actor, case: Case) -> bool:
    (found,) = (found for found in school_cases(who, Wanted()) if found.number == case.number)
    assert (found.number in listed(who, is_new=True)) is bool(found.is_new)
    return bool(found.is_new)


def test_cases_come_by_status_and_in_it_as_was_asked_for_page_after_page(world: make.World) -> None:
    pupils = [make.student(f"{name} {'x' * number}", world.tawa) for name in NAMES for number in range(6)]
    for number, pupil in enumerate(pupils):
        case = make.submitted(world.priya, pupil, contact=world.tom, **(make.URGENT if number % 7 == 0 else {}))
        case.status = IN_ORDER[number % 4]
    db.session.flush()
    for sort in Sort:
        first = school_cases(world.mere, Wanted(sort=sort))
        second = school_cases(world.mere, Wanted(sort=sort), after=first[PAGE - 1].number)
        found = [*first[:PAGE], *second]
        assert len(first) == PAGE + 1
        assert len({row.number for row in found}) == len(pupils) == len(found)
        keys = [_key(row, sort) for row in found]
        assert all(one <= other for one, other in pairwise(keys)), sort


def _key(row: object, sort: Sort) -> tuple[object, ...]:
    """What comes first by hand: a macron sorts as its vowel, family names before given ones."""
    plain = str(row.student_name).translate(str.maketrans("ĀāĒēŌō", "AaEeOo")).lower().split()  # type: ignore[attr-defined]
    of_sort: dict[Sort, tuple[object, ...]] = {
        Sort.NEWEST: (-row.came_at.timestamp(),),  # type: ignore[attr-defined]
        Sort.NAME: (plain[-1], *plain[:-1]),
    }
    rank = () if sort is Sort.FIRST else (IN_ORDER.index(row.status),)  # type: ignore[attr-defined]
    return (*rank, *of_sort.get(sort, (row.urgency, row.due_on)))  # type: ignore[attr-defined]


def test_what_was_shared_since_one_looked_is_new_and_nothing_else_is(world: make.World, case: Case) -> None:
    assert not is_new(world.mere, case), "on a first visit nothing is newer than the rest"
    signs_in(world.mere)
    make.note(world.mere, case)
    assert not is_new(world.mere, case), "one's own"
    make.note(world.ana, case)
    assert is_new(world.mere, case), "never looked at, and come since the first visit"
    looks(world.mere, case)
    assert not is_new(world.mere, case)
    make.note(world.ana, case, Audience.SERVICE)
    make.note(world.ana, case, Audience.RESTRICTED)
    make.note(world.ana, case, waits=True)
    make.note(world.mere, case)
    assert not is_new(world.mere, case)
    make.note(world.ana, case, body="Shared")
    assert is_new(world.mere, case)
    assert [row.body for row in timeline_for(world.mere, case.id) if row.is_new] == ["Shared"]
    looks(world.tom, case)
    assert is_new(world.mere, case), "a colleague's look is not one's own"
    looks(world.mere, case)
    assert not is_new(world.mere, case)
    make.note(world.priya, case, waits=True)
    assert is_new(world.mere, case), "a colleague's comment is there at once"


def test_a_case_that_names_one_since_one_looked_is_new_until_one_looks(world: make.World, case: Case) -> None:
    """Where nothing else has come; and not by one's own naming, nor to a colleague."""
    for who in (world.mere, world.aroha, world.priya):
        signs_in(who)
        looks(who, case)
        by = world.mere
        name_person(case, who.person_id, Part.SECONDARY_CONTACT, organisation_id=world.tawa.id, by=by)
        db.session.flush()
        assert is_new(who, case) is (who is not by)
    looks(world.aroha, case)
    assert not is_new(world.aroha, case)
    assert is_new(world.priya, case)


def test_a_case_that_was_new_still_leads_to_the_next_page(world: make.World, case: Case) -> None:
    signs_in(world.mere)
    make.note(world.ana, case)
    other = make.submitted(world.priya, world.ng, contact=world.aroha)
    assert set(listed(world.mere, is_new=True)) == {case.number, other.number}
    first, second = school_cases(world.mere, Wanted(is_new=True))
    looks(world.mere, case if first.number == case.number else other)
    following = school_cases(world.mere, Wanted(is_new=True), after=first.number)
    assert [row.number for row in following] == [second.number]


def test_filters_leave_what_was_asked_for(world: make.World, case: Case) -> None:
    older = make.submitted(world.priya, world.ng, contact=world.aroha)
    closed = make.submitted(world.priya, make.student("Rangi Tāne", world.tawa), contact=world.aroha)
    make.closed(closed, by=world.ruth)
    db.session.execute(update(Enrolment).where(Enrolment.student_id == older.student_id).values(year_level=12))
    assert set(listed(world.mere)) == {case.number, older.number}
    assert listed(world.mere, statuses=(Status.CLOSED,)) == [closed.number]
    assert listed(world.mere, year_level=12) == [older.number]
    assert listed(world.mere, manager=world.ana.public_id) == [case.number]
    assert listed(world.mere, manager=world.wiremu.public_id) == []
    assert listed(world.mere, is_mine=True) == []
    assert listed(world.aroha) == [older.number] == listed(world.aroha, is_mine=True)
    assert managers(world.mere) == ["Ana Tuhoro"]
    assert managers(world.mere, statuses=(Status.CLOSED,)) == []
    assert managers(world.mere, statuses=(Status.CLOSED,), manager=world.ana.public_id) == ["Ana Tuhoro"]


def test_another_schools_cases_and_their_managers_are_in_no_list(world: make.World, case: Case) -> None:
    theirs = make.assigned(make.submitted(world.sione, world.other, contact=world.jin), to=world.david, by=world.ruth)
    for who, own in ((world.mere, case), (world.jin, theirs)):
        for sort in Sort:
            assert listed(who, statuses=tuple(Status), sort=sort) == [own.number]
    assert managers(world.jin) == ["David Chen"]
    assert school_cases(world.mere, Wanted(), after=theirs.number) == []
    assert listed(world.mere, manager=world.david.public_id) == []


def test_the_list_says_who_the_contact_is_and_when_the_school_is_met_as_far_as_it_may_know(
    clock: Traveller, world: make.World, case: Case
) -> None:
    def says() -> tuple[str, str]:
        (found,) = school_cases(world.mere, Wanted())
        return found.contact_name, found.meeting.day

    assert says() == ("Tom Hargreaves", "by Tue 10 March")
    make.event(world.ana, case, Audience.RESTRICTED)
    make.event(world.ana, case, Audience.SERVICE, is_hidden=True)
    assert case.met_school_on == core_clock.today()
    assert says()[1] == "by Tue 10 March", "what is kept from the school is said by no figure either"
    clock.shift(timedelta(days=8))
    assert says()[1] == "was due Tue 10 March"
    make.event(world.ana, case, Audience.SERVICE)
    assert says()[1] == "met Wed 11 March"


def test_the_years_that_are_offered_are_those_of_the_schools_own_roll(world: make.World, case: Case) -> None:
    levels = {world.whanau.id: 9, world.ng.id: 11, world.other.id: 13}
    for student_id, level in levels.items():
        db.session.execute(update(Enrolment).where(Enrolment.student_id == student_id).values(year_level=level))
    here = select(Enrolment.year_level).where(Enrolment.school_id == world.tawa.id).distinct()
    assert choices_for(world.mere, Wanted()).years == sorted(db.session.scalars(here))
    assert {9, 11} <= set(choices_for(world.mere, Wanted()).years) - {13}
    assert 13 not in choices_for(world.mere, Wanted()).years
    make.left(world.ng, world.tawa)
    assert 11 not in choices_for(world.mere, Wanted()).years


def test_what_is_closed_is_urgent_no_more(world: make.World) -> None:
    case = make.submitted(world.priya, world.ng, contact=world.tom, **make.URGENT)
    (found,) = school_cases(world.mere, Wanted())
    assert found.is_urgent
    make.closed(case, by=world.ruth)
    (found,) = school_cases(world.mere, Wanted((Status.CLOSED,)))
    assert (found.urgency, found.is_urgent) == (0, False)
    assert not make.head(world.ruth, case).is_urgent
