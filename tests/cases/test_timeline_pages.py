"""A timeline of two thousand entries: a page of it at a time, of one kind and for one audience (SHARE-1, issue 7)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from time_machine import Traveller

from app.cases.entries import Audience, Entry, EntryKind
from app.cases.models import Case
from app.cases.timeline import PAGE, timeline_for
from app.core import clock as clocks
from app.core.db import db
from app.core.security import public_id
from app.people.queries import Actor
from tests import make
from tests.support.plans import read_through
from tests.support.statements import Statements

MANY = 2_000
AUDIENCES = (Audience.SHARED, Audience.SERVICE, Audience.RESTRICTED, Audience.SERVICE)


@pytest.fixture
def case(world: make.World, clock: Traveller) -> Case:
    """With two thousand notes of Ana’s, of which each fourth is restricted."""
    case, now = make.open_case(world), clocks.now()
    one: dict[str, Any] = {"case_id": case.id, "kind": EntryKind.COMMENT, "body": "A note."}
    one |= {"author_id": world.ana.person_id, "organisation_id": world.te_awa.id}
    rows = []
    for number in range(MANY):
        at = now - timedelta(hours=number + 1)
        times = dict.fromkeys(("happened_at", "recorded_at", "opens_at"), at)
        rows.append({**one, **times, "public_id": public_id(), "audience": AUDIENCES[number % 4]})
    db.session.execute(insert(Entry), rows)
    return case


def walked(who: Actor, case: Case, **chosen: Any) -> list[Any]:
    """Every page of it."""
    found: list[Any] = []
    before = ""
    while page := timeline_for(who, case.id, before=before, **chosen):
        found += page[:PAGE]
        before = page[PAGE - 1].public_id if len(page) > PAGE else found[-1].public_id
    return found


def test_every_entry_stands_on_one_page_newest_first(world: make.World, case: Case) -> None:
    found = walked(world.ana, case, only=EntryKind.COMMENT)
    assert len({row.id for row in found}) == len(found) == MANY
    assert [row.happened_at for row in found] == sorted((row.happened_at for row in found), reverse=True)


def test_of_one_audience_nothing_else_is_shown(world: make.World, case: Case) -> None:
    found = walked(world.ana, case, audience=Audience.RESTRICTED)
    assert {row.audience for row in found} == {Audience.RESTRICTED}
    assert len(found) == MANY // 4
    assert walked(world.mere, case, audience=Audience.RESTRICTED) == []
    assert {
        row.body for row in timeline_for(make.seeing_service_cases(world.david), case.id, audience=Audience.RESTRICTED)
    } == {None}


@pytest.mark.parametrize("chosen", [{}, {"only": EntryKind.EVENT}, {"audience": Audience.RESTRICTED}])
def test_a_page_costs_one_statement_along_an_index(
    world: make.World, case: Case, statements: Statements, chosen: dict[str, Any]
) -> None:
    of_case = select(Entry.public_id).where(Entry.case_id == case.id, Entry.audience == Audience.RESTRICTED)
    last = db.session.scalars(of_case.order_by(Entry.happened_at)).all()[MANY // 8]
    with statements.counted():
        timeline_for(world.ana, case.id, before=last, **chosen)
    assert statements.count == 1
    assert not re.search(r"OFFSET (?!\?)", statements.texts[0])
    assert "entry" not in read_through(statements.texts[0], statements.values[0], is_large=False)
