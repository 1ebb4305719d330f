"""Who holds which role, as an authoriser and as everybody else sees it (A2)."""

import pytest

from app.core import clock
from app.core.db import db
from app.people.models import Person, Role
from app.people.queries import person_by_email, roles_of
from app.people.role_requests.queries import waiting_for
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


def roles(client: Client, email: str) -> list[str]:
    def read() -> list[str]:
        person = person_by_email(email)
        return sorted(held.role.value for held in roles_of(person.id)) if person else []

    found: list[str] = client.outside(read)
    return found


def test_a_role_is_given_to_somebody_new(client: Client, world: make.World) -> None:
    client.sign_in(world.hana.person_id)
    form = client.get(f"{AT['hana']}new")
    wrong = client.fill(form, "Give the role", name=" ", email="rina at example", role="case_manager")
    assert wrong.status_code == 422
    said = wrong.get_data(as_text=True)
    assert all(words in said for words in ("Write their name", "like name@example.nz", "Choose a role from the list"))
    assert roles(client, "rina@example.nz") == []
    right = client.fill(form, "Give the role", name="Rina  Pōtae", email="Rina@Example.nz", role="office_support")
    assert right.headers["Location"] == AT["hana"]
    assert roles(client, "rina@example.nz") == ["office_support"]
    assert "Rina Pōtae" in client.get(AT["hana"]).get_data(as_text=True)


def test_another_role_is_given_to_a_colleague_whatever_address_is_sent(client: Client, world: make.World) -> None:
    client.sign_in(world.hana.person_id)
    form = client.get(f"{AT['hana']}new?person={world.tom.public_id}")
    client.fill(form, "Give the role", role="office_support", email="other@example.nz")
    assert roles(client, world.tom.email) == ["office_support", "primary_contact"]
    assert roles(client, "other@example.nz") == []


def test_somebody_known_elsewhere_is_found_by_address_and_not_named_before(client: Client, world: make.World) -> None:
    client.sign_in(world.hana.person_id)
    elsewhere = client.get(f"{AT['hana']}new?person={world.jin.public_id}").get_data(as_text=True)
    assert world.jin.name not in elsewhere
    given = client.fill(client.get(f"{AT['hana']}new"), name="J", email=world.jin.email, role="office_support")
    assert given.status_code == 303
    assert roles(client, world.jin.email) == ["attendance_lead", "office_support"]


def test_an_authoriser_asks_the_second_one_for_their_own_role(client: Client, world: make.World) -> None:
    client.outside(lambda: make.actor(world.mere, Role.DELEGATED_AUTHORISER, world.tawa))
    client.sign_in(world.hana.person_id)
    form = client.get(f"{AT['hana']}new?person={world.hana.public_id}")
    client.fill(form, "Give the role", role="attendance_lead")
    assert roles(client, world.hana.email) == ["delegated_authoriser"]
    assert "a second person gives it to you: Mere Fa‘asavalu" in client.get(AT["hana"]).get_data(as_text=True)
    waiting = client.outside(lambda: [row.name for row in waiting_for(world.hana)])
    assert waiting == [world.hana.name]
