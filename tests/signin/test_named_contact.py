"""Somebody who was named a contact by an e-mail address, and comes for the first time: bound by a verified address alone, and let
into the case by a role at that school alone (CASE-3)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.cases.contacts.actions import add_secondary
from app.cases.contacts.rules import Whom
from app.core.db import db
from app.people.models import Identity, Person, Role
from app.people.queries import person_by_email
from app.people.roles.actions import give_role
from app.settings import Settings
from tests import make
from tests.signin.peers import Hostile
from tests.signin.test_hostile import GOOD
from tests.signin.visits import Visit, sign_in_rows
from tests.support.client import Client
from tests.support.databases import Database
from tests.support.settings import settings_for

pytestmark = pytest.mark.writes  # the callback is the one GET that may

NAMED = "Rina.Tau@Tawa-Awa.example"
AT_SCHOOL = "9001/primary_contact"


@pytest.fixture
def settings(database: Database, tmp_path: Any, hostile_peer: Hostile) -> Settings:
    return settings_for(database.url, tmp_path, OIDC_ISSUER=hostile_peer.issuer)


@pytest.fixture
def world(client: Client) -> make.World:
    made: make.World = client.outside(make.world)
    return made


@pytest.fixture
def case(client: Client, world: make.World) -> str:
    """The address of Hēmi's case, of which Tom named Rina another contact."""

    def named() -> str:
        case = make.open_case(world)
        add_secondary(make.head(world.tom, case), Whom(name="Rina Tau", email=NAMED), by=world.tom)
        return f"/portal/cases/{case.number}/"

    found: str = client.outside(named)
    return found


@pytest.fixture
def comes(client: Client, hostile_peer: Hostile) -> Callable[..., str]:
    """Somebody signs in with these claims: where they are led, or the page that stops them."""

    def sign_in(email: str, *roles: str, sub: str = "rina", is_verified: bool = True) -> str:
        who = {"sub": sub, "email": email, "email_verified": is_verified, "waharoa_roles": list(roles)}
        hostile_peer.wish(claims={**GOOD, **who})
        client.sign_out()
        answer = Visit(client).sign_in()
        return answer.location or f"{answer.status_code} {answer.text}"

    return sign_in


def bound(client: Client) -> list[str]:
    """The subjects that Rina's row is bound to; there is one row with her address."""

    def look() -> list[str]:
        rina = person_by_email(NAMED)
        assert rina is not None
        assert db.session.scalar(select(func.count()).where(func.lower(Person.email) == NAMED.lower())) == 1
        return list(db.session.scalars(select(Identity.subject).where(Identity.person_id == rina.id)))

    found: list[str] = client.outside(look)
    return found


@pytest.mark.parametrize("email", [NAMED, NAMED.lower(), NAMED.upper()])
def test_a_verified_address_binds_in_whatever_letters_and_the_role_opens_the_case(
    client: Client, case: str, comes: Callable[..., str], email: str
) -> None:
    assert comes(email, AT_SCHOOL) == "/portal/"
    assert bound(client) == ["rina"]
    page = client.get(case)
    assert page.status_code == 200
    assert "Rina Tau" in client.get(f"{case}contacts").text, "by the name she was given here"
    assert "No role at the school yet" not in client.get(f"{case}contacts").text


def test_an_address_that_is_not_verified_binds_nothing(client: Client, case: str, comes: Callable[..., str]) -> None:
    assert comes(NAMED, AT_SCHOOL, is_verified=False).startswith("4")
    assert bound(client) == []
    assert sign_in_rows(client) == []
    assert (client.get(case).location or "").startswith("/sign-in")


def test_a_role_at_another_school_does_not_open_the_case(client: Client, case: str, comes: Callable[..., str]) -> None:
    assert comes(NAMED, "9002/primary_contact", "9002/attendance_lead") == "/portal/"
    assert bound(client) == ["rina"]
    assert client.get(case).status_code == 404
    assert case not in client.get("/portal/cases/").text


def test_without_a_role_she_waits_until_the_authoriser_gives_one(
    client: Client, world: make.World, case: str, comes: Callable[..., str]
) -> None:
    assert comes(NAMED) == "/sign-in/no-access"
    assert client.get(case).status_code == 303

    def give() -> None:
        rina = person_by_email(NAMED)
        assert rina is not None
        give_role(rina, Role.PRIMARY_CONTACT, by=world.hana)

    client.outside(give)
    assert comes(NAMED) == "/portal/"
    assert client.get(case).status_code == 200
    assert client.get(case.replace(case.split("/")[3], "26-000000-0")).status_code == 404


def test_of_two_people_with_one_address_the_second_is_turned_away(
    client: Client, case: str, comes: Callable[..., str]
) -> None:
    assert comes(NAMED, AT_SCHOOL) == "/portal/"
    assert comes(NAMED.lower(), AT_SCHOOL, sub="another") == "/sign-in/no-access"
    assert "belongs to another sign-in" in client.get("/sign-in/no-access").text
    assert bound(client) == ["rina"]
    assert client.get(case).status_code == 303
    assert comes("rina.tau@elsewhere.example", AT_SCHOOL) == "/portal/", (
        "the same subject, whatever address it has by now"
    )
    assert client.get(case).status_code == 200
