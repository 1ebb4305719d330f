"""Who holds which role, as an authoriser and as everybody else sees it (A2)."""

import pytest

from app.core import clock
from app.core.db import db
from app.people.models import Person
from tests import make
from tests.support.client import Client

AT = {"hana": "/portal/people/", "tane": "/workspace/people/"}
OTHERS = {"hana": ("mere", "tom"), "tane": ("ruth", "ana")}


def page(client: Client, world: make.World, who: str, path: str) -> str:
    client.sign_in(world.people[who].person_id)
    return str(client.get(path).get_data(as_text=True))


@pytest.mark.parametrize("authoriser", AT)
def test_only_the_authoriser_sees_where_roles_came_from(client: Client, world: make.World, authoriser: str) -> None:
    full = page(client, world, authoriser, AT[authoriser])
    assert world.people[authoriser].email in full
    assert "given from the command line" in full
    assert client.statements.count <= 4
    for who in OTHERS[authoriser]:
        plain = page(client, world, who, f"{AT[authoriser]}?former=yes")
        assert world.people[authoriser].name in plain
        assert "delegated authoriser" in plain
        assert "example.nz" not in plain.replace(world.people[who].email, "")
        assert "command line" not in plain
        assert "Last here" not in plain
        assert client.statements.count <= 3


def test_nobody_of_another_organisation_is_on_the_page(client: Client, world: make.World) -> None:
    full = page(client, world, "hana", AT["hana"])
    assert not [who.name for who in world.people.values() if who.organisation_id != world.tawa.id and who.name in full]


def test_the_authoriser_begins_there_and_sees_whose_mail_comes_back(client: Client, world: make.World) -> None:
    def fail() -> None:
        db.session.get_one(Person, world.tom.person_id).mail_failed_at = clock.now()

    client.outside(fail)
    client.sign_in(world.hana.person_id)
    assert client.get("/").headers["Location"] == AT["hana"]
    assert "Mail comes back" in client.get(AT["hana"]).get_data(as_text=True)
