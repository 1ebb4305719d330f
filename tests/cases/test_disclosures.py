"""On what basis an agency, or the school, may be told something (PRIV-2)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.cases.agencies.models import Agency
from app.cases.agencies.rules import kinds_on
from app.cases.disclosures.actions import end_disclosure, record_disclosure, say_basis
from app.cases.disclosures.models import Disclosure, EntryBasis
from app.cases.disclosures.queries import agencies_told, bases_said
from app.cases.disclosures.rules import (
    ToldFacts,
    bases_on,
    basis,
    basis_for_agency,
    basis_for_entry,
    fault_of,
    fault_of_basis,
)
from app.cases.entries import EntryKind
from app.core.db import db
from app.core.errors import Refused
from tests import make

TODAY = date(2026, 3, 3)
TOLD = ToldFacts("The plan", TODAY, "child_safety")


def test_each_kind_of_agency_and_entry_has_a_basis_of_the_list() -> None:
    codes = {each.code for each in bases_on(TODAY)}
    assert {basis_for_agency(code) for code, _ in kinds_on(TODAY)} <= codes
    assert {basis_for_entry(kind) for kind in EntryKind} <= codes
    assert [basis_for_agency(code) for code in ("oranga_tamariki", "health", "te_kura", "police", "gone")] == [
        *("child_safety", "health", "education", "purpose", "purpose")
    ]
    assert basis_for_entry(EntryKind.LETTER) == "education"
    assert "66C" in basis("child_safety").words


@pytest.mark.parametrize(
    ("said", "may_be_told", "field"),
    [
        ({"told": ""}, None, "told"),
        ({"told": "x" * 10_001}, None, "told"),
        ({"told_on": None}, None, "told_on"),
        ({"told_on": TODAY + timedelta(days=1)}, None, "told_on"),
        ({"basis": "nobody", "why": "x"}, None, "basis"),
        ({"basis": "threat"}, None, "why"),
        ({}, False, "why"),
    ],
)
def test_what_is_to_be_mended(said: dict[str, Any], may_be_told: bool | None, field: str) -> None:
    told = replace(TOLD, **said)
    assert set(fault_of(told, TODAY, usual="child_safety", may_be_told=may_be_told)) == {field}


def test_what_is_in_order() -> None:
    for told, may_be_told in ((TOLD, True), (TOLD, None), (replace(TOLD, basis="threat", why="A knife."), False)):
        assert not fault_of(told, TODAY, usual="child_safety", may_be_told=may_be_told)
    assert set(fault_of_basis("threat", "", TODAY)) == {"why"}
    assert not fault_of_basis("threat", "A knife.", TODAY)


def test_what_was_told_keeps_whom_it_was_told_and_its_basis(world: make.World, clock: Traveller) -> None:
    case = make.open_case(world)
    head, agency = make.head(world.ana, case), make.agency(world.ana, case, person="Rina Pōtae")
    told = record_disclosure(head, agency, TOLD, by=world.ana)
    with pytest.raises(Refused):
        record_disclosure(head, agency, replace(TOLD, basis="threat"), by=world.ana)
    db.session.get_one(Agency, agency.id).name = "Another team"
    assert end_disclosure(head, told.id, by=world.ruth)
    assert not end_disclosure(head, told.id, by=world.ana)
    named, (row,) = agencies_told(case.student_id, case.id)
    assert [each.name for each in named] == ["Another team"]
    assert agencies_told(case.student_id, 0)[1] == []
    assert (row.whom, row.basis, row.recorded_by, row.mistaken_by) == (
        "Oranga Tamariki, Tawa team, Rina Pōtae",
        "child_safety",
        world.ana.name,
        world.ruth.name,
    )
    assert db.session.scalars(select(Disclosure.told_on)).all() == [TODAY]


def test_another_basis_is_said_once_and_the_last_one_holds(world: make.World, clock: Traveller) -> None:
    case = make.open_case(world)
    head, entry = make.head(world.ana, case), make.note(world.ana, case)
    assert not say_basis(head, entry, "purpose", "It is that one", by=world.ana)
    assert say_basis(head, entry, "agreed", "Nan asked for it.", by=world.ana)
    assert not say_basis(head, entry, "agreed", "Again", by=world.ana)
    assert say_basis(head, entry, "purpose", "Nan meant another note.", by=world.ruth)
    assert [(row.basis, row.name) for row in bases_said(entry)] == [
        ("agreed", world.ana.name),
        ("purpose", world.ruth.name),
    ]
    with pytest.raises(Refused):
        say_basis(head, entry, "agreed", "", by=world.ana)
    assert len(db.session.scalars(select(EntryBasis)).all()) == 2
