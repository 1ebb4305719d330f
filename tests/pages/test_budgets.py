"""Statements a page asks for, at ten cases and at a thousand; bytes of a page, as a browser gets it (`quality.md`)."""

import gzip
from datetime import date

import pytest
from sqlalchemy import insert, select

from app.cases.entries import Entry
from app.cases.models import Case
from app.core.db import db
from app.core.security import public_id
from app.students.models import Enrolment, Student
from tests import make
from tests.support.client import Client

PAGES = {
    "ruth": ("/workspace/", "/workspace/cases/", "/workspace/cases/{}/"),
    "mere": ("/portal/", "/portal/cases/", "/portal/cases/{}/"),
}
CEILINGS = {"home": 4, "list": 3, "case": 6, "post": 9}


def fill(world: make.World, count: int) -> str:
    """One real case with notes, and `count` like it by bulk; the real one's number."""
    case = make.open_case(world)
    for number in range(20):
        make.note(world.ana, case, body=f"A note of an ordinary length, about what was said, number {number}.")
    first = db.session.execute(select(*Case.__table__.columns)).mappings().one()
    numbers = range(1000, 1000 + count)
    names = (
        {
            "id": n,
            "public_id": public_id(),
            "legal_name": f"Student Number{n}",
            "preferred_name": "",
            "sort_key": f"number{n} student",
            "born_on": date(2011, 1, 1),
            "address": "",
            "phone": "",
            "language": "",
        }
        for n in numbers
    )
    db.session.execute(insert(Student), list(names))
    enrolment = (
        db.session.execute(select(*Enrolment.__table__.columns).where(Enrolment.student_id == first["student_id"]))
        .mappings()
        .one()
    )
    db.session.execute(insert(Enrolment), [{**enrolment, "id": n, "student_id": n} for n in numbers])
    db.session.execute(insert(Case), [{**first, "id": n, "number": f"25-{n:06}-0", "student_id": n} for n in numbers])
    db.session.execute(
        insert(Entry),
        [
            {
                "id": n,
                "public_id": public_id(),
                "case_id": n,
                "kind": "comment",
                "happened_at": first["made_at"],
                "recorded_at": first["made_at"],
                "opens_at": first["made_at"],
                "author_id": world.ana.person_id,
                "organisation_id": world.te_awa.id,
                "audience": "shared",
                "body": "x",
            }
            for n in numbers
        ],
    )
    return case.number


@pytest.mark.parametrize("count", [9, 999])
def test_pages_keep_to_their_statements_however_many_cases_there_are(client: Client, count: int) -> None:
    world: make.World = client.outside(make.world)
    number: str = client.outside(fill, world, count)
    over = []
    for who, paths in PAGES.items():
        client.sign_in(world.people[who].person_id)
        for kind, path in zip(CEILINGS, paths, strict=False):
            assert client.get(path.format(number)).status_code == 200
            if client.statements.count > CEILINGS[kind]:
                over.append(f"{path}: {client.statements.count}, at most {CEILINGS[kind]}")
        path = f"{paths[2].format(number)}comments"
        assert client.send(path, body="Kia ora", audience="shared").status_code == 303
        if client.statements.count > CEILINGS["post"]:
            over.append(f"POST {path}: {client.statements.count}, at most {CEILINGS['post']}")
    assert not over, "; ".join(over)


def test_list_and_case_are_light(client: Client) -> None:
    world: make.World = client.outside(make.world)
    number: str = client.outside(fill, world, 40)
    for who, paths in PAGES.items():
        client.sign_in(world.people[who].person_id)
        for path in paths:
            answer = client.get(path.format(number))
            assert len(gzip.compress(answer.data, 6)) <= 8 * 1024, path
