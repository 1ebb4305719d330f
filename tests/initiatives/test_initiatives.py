"""What may be said of an initiative, by whom, and how it is found again (MEAS-6)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from time_machine import Traveller

from app.cases.services.actions import ask_for_group
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Audit
from app.core.versions import version_of
from app.initiatives.actions import add_initiative, change_initiative
from app.initiatives.models import Initiative, InitiativeState
from app.initiatives.queries import LOOKED_BACK, InitiativeFound, groups_asked, initiative_for, initiatives_for
from app.initiatives.rules import LIMITS, InitiativeFacts, SchoolTakingPart, fault_of, kinds_on
from app.people.queries import Actor
from tests import make

TODAY = date(2026, 3, 3)
TOLD = InitiativeFacts(
    name="Walking bus",
    kind="travel",
    state=InitiativeState.PLANNED,
    aim="Fewer late starts",
    from_on=TODAY,
    schools=(SchoolTakingPart("9001", "Tawa Awa College"),),
)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * (LIMITS["name"] + 1)}, "name"),
        ({"kind": ""}, "kind"),
        ({"kind": "nobody"}, "kind"),
        ({"aim": ""}, "aim"),
        ({"aim": "x" * (LIMITS["aim"] + 1)}, "aim"),
        ({"schools": ()}, "schools"),
        ({"from_on": None}, "from_on"),
        ({"to_on": TODAY - timedelta(days=1)}, "to_on"),
        ({"state": InitiativeState.DONE}, "to_on"),
        ({"state": InitiativeState.STOPPED}, "to_on"),
        ({"before": "x" * 301}, "before"),
    ],
)
def test_what_is_to_be_mended(said: dict[str, Any], field: str) -> None:
    assert set(fault_of(replace(TOLD, **said), TODAY)) == {field}


@pytest.mark.parametrize("said", [{}, {"schools": (), "group": "Year 9"}, {"to_on": TODAY}])
def test_what_is_in_order(said: dict[str, Any]) -> None:
    assert not fault_of(replace(TOLD, **said), TODAY)
    assert not fault_of(replace(TOLD, kind="ended long ago"), TODAY, was_kind="ended long ago")
    assert "other" in kinds_on(TODAY)


def added(by: Actor, **said: Any) -> Initiative:
    return add_initiative(replace(TOLD, **said), by=by)


def now(by: Actor, initiative: Initiative) -> InitiativeFound:
    found = initiative_for(by, initiative.public_id)
    assert found is not None
    return found


def test_it_is_for_the_people_of_its_service_alone(world: make.World, clock: Traveller) -> None:
    made = added(world.ana)
    for who in (world.ruth, world.david):
        assert now(who, made).facts == TOLD
        assert [row.schools for row in initiatives_for(who, states=[InitiativeState.PLANNED])] == [world.tawa.name]
    for who in (world.lupe, world.wiremu, world.mere, world.moana, world.tane, world.rachel):
        assert initiative_for(who, made.public_id) is None
    assert initiatives_for(world.lupe, states=tuple(InitiativeState)) == []
    assert db.session.scalar(select(func.count()).where(Audit.event == "initiative.added")) == 1


def test_a_school_that_another_service_serves_takes_no_part(world: make.World, clock: Traveller) -> None:
    elsewhere = (SchoolTakingPart("9003", world.bay.name),)
    with pytest.raises(Refused):
        added(world.ana, schools=elsewhere)
    made = added(world.ana)
    version = version_of(now(world.ana, made).facts.texts)
    with pytest.raises(Refused):
        change_initiative(made.id, replace(TOLD, schools=elsewhere), version=version, by=world.ana)


def test_of_two_changes_at_once_the_second_is_told(world: make.World, clock: Traveller) -> None:
    made = added(world.ana)
    version = version_of(now(world.ana, made).facts.texts)
    both = (*TOLD.schools, SchoolTakingPart("9002", world.puna.name))
    becomes = replace(TOLD, schools=tuple(sorted(both, key=lambda school: school.name)), learned="It works.")
    assert change_initiative(made.id, becomes, version=version, by=world.ruth)
    with pytest.raises(Conflict):
        change_initiative(made.id, replace(TOLD, aim="Another"), version=version, by=world.ana)
    found = now(world.ana, made)
    assert (found.facts, found.changed_by) == (becomes, world.ruth.name)
    assert not change_initiative(made.id, becomes, version=version_of(becomes.texts), by=world.ana)


def test_they_are_listed_by_state_and_school_the_latest_first(world: make.World, clock: Traveller) -> None:
    first, last = added(world.ana), added(world.ana, from_on=TODAY + timedelta(days=9), name="Breakfast")
    over = added(world.ana, state=InitiativeState.DONE, to_on=TODAY, schools=(), group="Year 9")
    listed = initiatives_for(world.ruth, states=tuple(InitiativeState))
    assert [row.public_id for row in listed] == [last.public_id, over.public_id, first.public_id]
    after = initiatives_for(world.ruth, states=tuple(InitiativeState), after=over.public_id)
    assert [row.public_id for row in after] == [first.public_id]
    assert [row.name for row in initiatives_for(world.ruth, states=[InitiativeState.DONE])] == ["Walking bus"]
    of_school = initiatives_for(world.ruth, states=tuple(InitiativeState), school="9001")
    assert {row.public_id for row in of_school} == {first.public_id, last.public_id}


def test_what_a_school_asked_for_a_group_waits_until_something_comes_of_it(world: make.World, clock: Traveller) -> None:
    ask_for_group("class", "5", "fell", by=world.mere)
    ask_for_group("year", "15", "fell", by=world.mere)
    ask_for_group("other", "15", "fell", by=world.kahu)
    assert [(row.number, row.thing) for row in groups_asked(world.ruth)] == [("9001", "year|15|fell")]
    assert [row.number for row in groups_asked(world.lupe)] == ["9003"]
    clock.shift(timedelta(minutes=1))
    added(world.ana)
    assert groups_asked(world.ruth) == []
    clock.shift(timedelta(minutes=1))
    ask_for_group("year", "15", "fell", by=world.mere)
    assert [row.number for row in groups_asked(world.ana)] == ["9001"]
    clock.shift(LOOKED_BACK + timedelta(minutes=1))
    assert [row.number for row in groups_asked(world.ana)] == []
