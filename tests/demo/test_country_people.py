"""Whom one may sign in as in a country that was invented."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.people.models import Organisation, Person, RoleHeld
from demo import people
from demo.country.country import Country
from demo.country.filling import fill
from demo.country.people import offer_people
from tests.demo.small import SMALL


@pytest.fixture
def offered(
    context: AppContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[people.DemoPerson, ...]]:
    fill(Country(1, 60, clock.today(), SMALL), abs)
    offer_people(tmp_path)
    monkeypatch.setenv("DEMO_DIR", str(tmp_path))
    people.everybody.cache_clear()
    yield people.everybody()
    people.everybody.cache_clear()


def test_the_sign_in_offers_people_where_there_is_most_to_see_with_all_their_roles(
    offered: tuple[people.DemoPerson, ...],
) -> None:
    roles = {role for person in offered for _, role in person.roles}
    assert {"attendance_lead", "primary_contact", "workflow_lead", "case_manager"} <= roles
    for person in offered:
        held = select(Organisation.number, RoleHeld.role).join(RoleHeld).join(Person, Person.id == RoleHeld.person_id)
        known = db.session.execute(held.where(Person.email == person.email, RoleHeld.ended_at.is_(None)))
        assert sorted(person.roles) == sorted((number, role.value) for number, role in known)
        assert people.person_for(person.subject) is person
    number = next(at for person in offered for at, role in person.roles if role == "workflow_lead")
    service = select(Organisation.id).where(Organisation.number == number).scalar_subquery()
    assert db.session.scalar(select(Case.id).where(Case.service_id == service).limit(1)) is not None
