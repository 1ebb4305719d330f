"""A student has left: the school goes on reading what it wrote itself, and nothing else (CASE-10)."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from time_machine import Traveller

from app.cases.comments.actions import retract
from app.cases.entries import Audience, EntryKind
from app.cases.files.queries import files_for
from app.cases.former import queries
from app.cases.former.queries import former_case_for, former_cases, former_file_for, written_by_school
from app.cases.models import Case
from app.cases.queries import case_for
from app.core import clock as core_clock
from app.core.db import db
from app.people.queries import Actor
from app.students.models import Enrolment
from tests import make
from tests.cases.test_contacts import change

DAY = timedelta(days=1)


@pytest.fixture
def case(clock: Traveller, world: make.World) -> Case:
    """Grace's, who was at Tawa Awa College until two days ago, and is at Puna Street School now."""
    return make.moved(world, world.ng)


def reads(who: Actor, case: Case) -> bool:
    """By every way there is."""
    found = former_case_for(who, case.number) is not None
    assert found is (case.number in {row.number for row in former_cases(who)})
    return found


def test_who_saw_the_case_until_the_student_left_reads_on_and_nobody_else_does(world: make.World, case: Case) -> None:
    assert {name for name, who in world.people.items() if reads(who, case)} == {"mere", "priya", "tom"}
    assert case_for(world.mere, case.number) is None
    found = former_case_for(world.tom, case.number)
    assert found is not None
    assert (found.student_name, found.left_on) == ("Grace Ng", core_clock.today() - 2 * DAY)


def test_only_what_the_school_wrote_is_read(world: make.World, case: Case) -> None:
    make.note(world.ana, case, body="By the service.")
    make.note(world.jin, case, body="By the new school.")
    comment, request = written_by_school(world.mere, case.id)
    assert (comment.body, request.kind) == ("What we wrote.", EntryKind.REQUEST)


def test_what_the_school_took_back_is_read_no_more(world: make.World) -> None:
    case = make.submitted(world.priya, world.ng, contact=world.tom)
    note = make.note_with(world.tom, case, Audience.SHARED, "a.txt")
    (file,) = make.files_of_entry(world.tom, note)
    retract(make.head(world.tom, case), note, by=world.tom)
    make.left(world.ng, world.tawa)
    assert [row.kind for row in written_by_school(world.mere, case.id)] == [EntryKind.REQUEST]
    assert former_file_for(world.mere, case.number, file) is None


def test_a_file_is_opened_by_the_school_that_put_it_in(world: make.World, case: Case) -> None:
    make.note_with(world.ana, case, Audience.SHARED, "shared.txt")
    make.note_with(world.jin, case, Audience.SHARED, "new.txt")
    files = {file.name: file.public_id for file in files_for(world.jin, case.id)}
    opened = {name for name, file in files.items() if former_file_for(world.mere, case.number, file)}
    assert opened == {"ours.txt"}
    assert former_file_for(world.jin, case.number, files["new.txt"]) is None
    assert former_file_for(world.mere, make.open_case(world).number, files["ours.txt"]) is None


def test_a_school_that_wrote_nothing_or_never_had_the_student_has_no_former_case(world: make.World) -> None:
    make.enrolled(world.other.id, world.tawa, to_on=core_clock.today() - DAY)
    case = make.submitted(world.sione, world.other, contact=world.jin)
    assert not any(reads(who, case) for who in world.people.values())


def test_until_the_end_of_the_last_day_and_once_they_are_back_it_is_a_case_like_others(
    clock: Traveller, world: make.World
) -> None:
    case = make.submitted(world.priya, world.ng, contact=world.tom)
    here = update(Enrolment).where(Enrolment.student_id == world.ng.id)
    db.session.execute(here.values(to_on=core_clock.today()))
    for has_left in (False, True):
        assert reads(world.mere, case) is has_left is (case_for(world.mere, case.number) is None)
        clock.shift(DAY)
    make.enrolled(world.ng.id, world.tawa, from_on=core_clock.today())
    assert not reads(world.mere, case)


def test_a_contact_who_was_one_on_the_last_day_reads_on_whoever_is_now(world: make.World, case: Case) -> None:
    change(world.ana, case, world.jin)
    assert reads(world.tom, case)
    assert not reads(world.aroha, case)
    assert not reads(world.jin, case)


def test_a_contact_who_was_one_no_more_by_then_reads_nothing(clock: Traveller, world: make.World) -> None:
    case = make.submitted(world.priya, world.ng, contact=world.tom)
    clock.shift(DAY)
    change(world.mere, case, world.aroha)
    clock.shift(3 * DAY)
    make.left(world.ng, world.tawa)
    assert [reads(who, case) for who in (world.tom, world.aroha, world.mere)] == [False, True, True]


def test_the_list_goes_by_family_name_page_after_page(
    world: make.World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    names = [make.moved(world, make.student(f"Tama {name}", world.tawa)).number for name in ("Ābel", "Walker")]
    numbers = [names[0], case.number, names[1]]
    assert [row.number for row in former_cases(world.mere)] == numbers
    assert [row.number for row in former_cases(world.mere, after=case.number)] == names[1:]
    elsewhere = make.submitted(world.sione, world.other, contact=world.jin)
    assert former_cases(world.mere, after=elsewhere.number) == []
