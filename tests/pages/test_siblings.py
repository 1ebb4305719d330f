"""Siblings as a service links them: nobody learns of a student whose case they may not know of, nor of a sibling's caregivers."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app.cases.models import Case
from app.core.db import db
from app.students.siblings.models import Sibling
from tests import make
from tests.support.client import Client
from tests.support.markup import words

MARK = "Zqxwvnan"


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/student"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


@pytest.fixture
def others(client: Client, world: make.World) -> dict[str, str]:
    """A case of Ng Wei at the same service, whose caregiver is marked; and one at another service."""

    def make_them() -> dict[str, str]:
        ours = make.submitted(world.priya, world.ng, contact=world.tom)
        make.caregiver(ours, world.priya, MARK)
        away = make.student("Rangi Paki", world.bay)
        return {"ours": ours.number, "away": make.submitted(world.kahu, away, contact=world.kahu).number}

    found: dict[str, str] = client.outside(make_them)
    return found


def links(client: Client, **values: Any) -> int:
    statement = select(func.count()).select_from(Sibling).filter_by(**values)
    found: int = client.outside(lambda: db.session.scalar(statement))
    return found


def link(client: Client, here: str, number: str) -> TestResponse:
    page = client.get(f"{here}/siblings?q={number}")
    return client.fill(page, "Link as siblings", case=number, source="Ngaire, by phone")


def test_two_students_are_linked_on_both_records_and_parted_again(
    ana: Client, world: make.World, here: str, others: dict[str, str]
) -> None:
    assert f'href="{here}/siblings"' in ana.get(here).text
    assert link(ana, here, others["ours"]).status_code == 303
    assert ana.statements.count <= 9
    page = words(ana.get(here))
    for text in (world.ng.name, others["ours"], "from Ngaire, by phone"):
        assert text in page
    assert MARK not in page + words(ana.get(f"{here}/siblings?q={others['ours']}"))
    link(ana, here, others["ours"])
    assert links(ana) == 1, "linked once"
    there = here.replace(here.split("/")[3], others["ours"])
    ruth = ana.sign_in(world.ruth.person_id)
    assert world.whanau.name in words(ruth.get(there))
    assert ruth.fill(ruth.get(there), f"Not siblings: {world.whanau.name}").status_code == 303
    assert (links(ana), links(ana, ended_at=None)) == (1, 0)
    assert world.ng.name not in words(ruth.get(here))


def test_who_said_so_stays_with_those_who_may_open_both_cases(
    ana: Client, world: make.World, here: str, others: dict[str, str]
) -> None:
    link(ana, here, others["ours"])

    def give() -> bool:
        case = db.session.scalars(select(Case).where(Case.number == others["ours"])).one()
        return bool(make.assigned(case, to=world.david, by=world.ruth))

    ana.outside(give)
    assert "from Ngaire, by phone" in words(ana.get(here)), "she wrote it"
    there = here.replace(here.split("/")[3], others["ours"])
    assert "from Ngaire, by phone" in words(ana.sign_in(world.ruth.person_id).get(there))
    page = words(ana.sign_in(world.david.person_id).get(there))
    assert world.whanau.name in page
    assert "Ngaire" not in page


def test_a_case_that_one_may_not_know_of_is_neither_found_nor_linked(
    ana: Client, here: str, others: dict[str, str]
) -> None:
    found = words(ana.get(f"{here}/siblings?q=rangi"))
    assert "Nobody else found" in found
    assert ana.send(f"{here}/siblings", case=others["away"], source="Nan").status_code == 422
    own = here.split("/")[3]
    assert "this student’s own case" in words(ana.send(f"{here}/siblings", case=own, source="Nan"))
    assert links(ana) == 0


def test_once_the_other_case_has_gone_it_is_not_shown(
    ana: Client, world: make.World, here: str, others: dict[str, str]
) -> None:
    link(ana, here, others["ours"])
    assert world.ng.name in words(ana.get(here))
    away = update(Case).where(Case.number == others["ours"]).values(service_id=world.maunga.id)
    ana.outside(lambda: db.session.execute(away))
    assert world.ng.name not in words(ana.get(here))


def test_who_said_so_is_asked(ana: Client, here: str, others: dict[str, str]) -> None:
    page = ana.get(f"{here}/siblings?q={others['ours']}")
    answer = ana.fill(page, "Link as siblings", source=" ")
    assert answer.status_code == 422
    for text in ("Choose the student", "Say who said"):
        assert text in words(answer)


@pytest.mark.parametrize("who", ["mere", "tom", "lupe", "david", "moana"])
def test_nobody_else_links(
    another_client: Callable[[], Client], world: make.World, here: str, others: dict[str, str], who: str
) -> None:
    browser = another_client().sign_in(world.people[who].person_id)
    for path in (here, here.replace("workspace", "portal")):
        assert browser.get(f"{path}/siblings").status_code == 404
        assert browser.send(f"{path}/siblings", case=others["ours"], source="Nan").status_code == 404
