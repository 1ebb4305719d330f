"""Whoever gives away what let them see a case is led to a page that they may still see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.cases.contacts.actions import add_secondary
from app.cases.contacts.rules import Whom
from app.cases.models import Case
from app.core.db import db
from tests import make
from tests.support.client import Client

Prepares = Callable[[make.World, Case], Mapping[str, str]]


def nothing(world: make.World, case: Case) -> Mapping[str, str]:
    return {}


def aroha_follows_it_too(world: make.World, case: Case) -> Mapping[str, str]:
    add_secondary(make.head(world.tom, case), Whom(person_id=world.aroha.person_id), by=world.tom)
    return {}


@dataclass(frozen=True)
class Act:
    """Somebody gives something away, and what was theirs is not there for them any more."""

    who: str
    gone: str
    path: str
    values: Mapping[str, str]
    prepare: Prepares = nothing


CASE = "/portal/cases/{number}/"
ACTS = {
    "another contact": Act("tom", CASE, CASE + "contacts/primary", {"contact": "{aroha}", "has_now": "{tom}"}),
    "a contact no more": Act("aroha", CASE, CASE + "contacts/ending", {"contact": "{aroha}"}, aroha_follows_it_too),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_the_next_page_is_one_they_may_see(client: Client, world: make.World, number: str, act: Act) -> None:
    def prepare() -> Mapping[str, str]:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        return act.prepare(world, case)

    people = {name: person.public_id for name, person in world.people.items()}
    known = {"number": number, **people, **client.outside(prepare)}
    gone = act.gone.format(**known)
    client.sign_in(world.people[act.who].person_id)
    assert client.get(gone).status_code == 200
    answer = client.send(act.path.format(**known), **{name: text.format(**known) for name, text in act.values.items()})
    assert answer.status_code == 303, answer.text
    assert client.get(gone).status_code == 404
    assert client.get(answer.location).status_code == 200
