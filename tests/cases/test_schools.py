"""The schools of a service: which it serves, how many cases are open there, and when it last met one (P19)."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import update
from time_machine import Traveller

from app.cases.comments.actions import retract
from app.cases.entries import Audience
from app.cases.schools.queries import LOOKED_BACK, cases_at, known_of, school_for
from app.cases.schools.rules import PAGE, narrowed, page_after
from app.core import clock as clocks
from app.core.db import db
from app.people.catchments.queries import schools_served
from app.people.models import Catchment, School
from app.people.queries import Actor
from tests import make


class Row(NamedTuple):
    number: str
    name: str
    catchment: str = "Te Awa"


ROWS = [Row("1", "Ōtaki School"), Row("2", "St Mary’s College", "Maunga"), Row("3", "Te Kura o Ōtaki")]


@pytest.mark.parametrize(
    ("name", "catchment", "found"),
    [
        ("", "", "123"),
        ("otaki", "", "13"),
        ("ota kura", "", "3"),
        ("marys", "", "2"),
        ("taki", "", ""),
        ("", "Maunga", "2"),
    ],
)
def test_a_school_is_found_by_how_its_words_begin(name: str, catchment: str, found: str) -> None:
    assert "".join(row.number for row in narrowed(ROWS, name=name, catchment=catchment)) == found


def test_a_page_begins_after_the_last_one() -> None:
    many = [Row(str(number), "School") for number in range(PAGE + 3)]
    assert [row.number for row in page_after(many, "")] == [str(number) for number in range(PAGE + 1)]
    assert [row.number for row in page_after(many, str(PAGE))] == [str(PAGE + 1), str(PAGE + 2)]
    assert page_after(many, "nobody") == []


def served(who: Actor) -> set[str]:
    return {row.name for row in schools_served(who.organisation_id)}


def test_a_service_serves_its_catchments_and_a_provision_its_school(world: make.World, clock: Traveller) -> None:
    assert served(world.ruth) == {world.tawa.name, world.puna.name}
    assert served(world.lupe) == {world.bay.name}
    db.session.execute(
        update(School).where(School.organisation_id == world.bay.id).values(provision_id=world.te_awa.id)
    )
    assert served(world.ruth) == {world.tawa.name, world.puna.name, world.bay.name}
    db.session.execute(update(Catchment).values(service_id=None))
    assert served(world.ruth) == {world.bay.name}


def met_on(who: Actor, school: make.Place) -> date | None:
    return known_of(who, [school.id])[school.id].met_on


def test_the_last_contact_is_what_was_done_with_the_school(world: make.World, clock: Traveller) -> None:
    case, today = make.open_case(world), clocks.today()
    assert met_on(world.ana, world.tawa) is None
    make.event(world.ana, case, is_done=False)
    make.event(world.ana, case, with_school=False, with_student=True)
    make.event(world.ana, case, happened_on=today - LOOKED_BACK - timedelta(days=1))
    assert met_on(world.ana, world.tawa) is None
    make.event(world.ana, case, happened_on=today - timedelta(days=3))
    last = make.event(world.ana, case)
    assert met_on(world.ana, world.tawa) == today
    assert known_of(world.lupe, [world.tawa.id]) == {}
    retract(make.head(world.ana, case), last, by=world.ana)
    make.event(world.ana, case, Audience.RESTRICTED)
    assert met_on(world.david, world.tawa) == today - timedelta(days=3)
    assert met_on(world.ruth, world.tawa) == today


def test_open_cases_are_counted_for_all_and_shown_to_whom_they_are(world: make.World, clock: Traveller) -> None:
    case = make.open_case(world)
    make.closed(
        make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth),
        by=world.ruth,
    )
    for who in (world.ruth, world.ana, world.david):
        assert known_of(who, [world.tawa.id, world.puna.id])[world.tawa.id].open_cases == 1
        assert known_of(who, [world.puna.id])[world.puna.id].open_cases == 0
    for who, sees in ((world.ruth, True), (world.ana, True), (world.david, False), (world.lupe, False)):
        assert [head.number for head in cases_at(who, world.tawa.id)] == ([case.number] if sees else [])
    assert cases_at(world.ruth, world.puna.id) == []
    assert cases_at(world.ruth, world.tawa.id, after=case.number) == []


def test_one_school_is_found_by_whoever_works_cases_of_its_service(world: make.World, clock: Traveller) -> None:
    found = school_for(world.ana, "9001")
    assert found is not None
    assert [lead.name for lead in found.known.leads] == [world.mere.name]
    assert (found.row.name, found.row.provision, found.known.open_cases) == (world.tawa.name, None, 0)
    for who, number in ((world.lupe, "9001"), (world.ana, "9003"), (world.tane, "9001"), (world.moana, "9001")):
        assert school_for(who, number) is None
