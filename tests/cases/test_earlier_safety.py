"""What somebody who knocks at the door must know is known on the student’s next case too, where the same service has it (SHARE-8)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.cases.models import Case, SafetyNote
from app.cases.queries import safety_notes_for
from app.core import clock as clocks
from app.core.db import db
from app.people.queries import Actor
from tests import make
from tests.support.client import Client

DOG, NEW = make.SAFETY["safety_fact"], "An uncle shouts: ring before you come."


@pytest.fixture
def again(world: make.World, clock: Traveller) -> Case:
    """Hēmi's next case, with Ana again; the one with the dog closed four months ago."""
    return _again(world, clock)


def _again(world: make.World, clock: Traveller) -> Case:
    make.closed(make.open_case(world), by=world.ruth)
    clock.shift(timedelta(days=120))
    asked = make.submitted(
        world.priya, world.whanau, contact=world.tom, urgent_why="", safety_kind="person", safety_fact=NEW
    )
    return make.assigned(asked, to=world.ana, by=world.ruth)


def facts(who: Actor, case: Case) -> list[tuple[str | None, bool]]:
    """What it says, and whether it stands on an earlier case."""
    return [(note.fact, bool(note.earlier_number)) for note in safety_notes_for(who, [case.id]).get(case.id, [])]


def test_notes_of_a_closed_case_stand_on_the_next_one_behind_its_own(world: make.World, again: Case) -> None:
    earlier = db.session.scalars(select(Case).where(Case.id != again.id)).one()
    for who in (world.ana, world.ruth):
        assert facts(who, again) == [(NEW, False), (DOG, True)]
    assert facts(make.seeing_service_cases(world.david), again) == [(None, False), (None, True)]
    (*_, note) = safety_notes_for(world.ana, [again.id])[again.id]
    assert (note.earlier_number, note.name) == (earlier.number, world.tawa.name)
    assert facts(world.ruth, earlier) == [(DOG, False)], "the earlier case has nothing of the later one"
    assert facts(world.tom, again) == [(NEW, False)], "a school has them on pages of their own"


@pytest.mark.parametrize(
    "values",
    [
        lambda: {"review_by": clocks.today() - timedelta(days=1)},
        lambda: {"ended_at": clocks.now()},
    ],
)
def test_what_is_out_of_date_or_true_no_more_does_not_come_along(
    world: make.World, again: Case, values: Callable[[], dict[str, object]]
) -> None:
    db.session.execute(update(SafetyNote).where(SafetyNote.fact == DOG).values(**values()))
    assert facts(world.ana, again) == [(NEW, False)]


def test_a_note_is_in_date_on_its_last_day(world: make.World, again: Case) -> None:
    db.session.execute(update(SafetyNote).where(SafetyNote.fact == DOG).values(review_by=clocks.today()))
    assert facts(world.ana, again) == [(NEW, False), (DOG, True)]


def test_another_service_is_not_told_what_this_one_knew(world: make.World, clock: Traveller) -> None:
    make.closed(make.open_case(world), by=world.ruth)
    clock.shift(timedelta(days=120))
    make.left(world.whanau, world.tawa)
    make.enrolled(world.whanau.id, world.bay)
    case = make.submitted(world.kahu, world.whanau, contact=world.kahu)
    make.assigned(case, to=world.wiremu, by=world.lupe)
    assert facts(world.wiremu, case) == facts(world.lupe, case) == []


def test_pages_and_the_visit_sheet_show_them_with_their_source(
    client: Client, own_world: make.World, clock: Traveller
) -> None:
    number = client.outside(lambda: _again(own_world, clock).number)
    client.sign_in(own_world.ana.person_id)
    for page in ("", "visit-sheet", "meetings"):
        text = client.get(f"/workspace/cases/{number}/{page}").text
        assert DOG in text
        assert "On the earlier case" in text
        assert f"From <bdi>{own_world.tawa.name}</bdi>" in text
    assert DOG not in client.sign_in(own_world.tom.person_id).get(f"/portal/cases/{number}/").text
