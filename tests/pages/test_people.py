"""Who holds which role, as an authoriser and as everybody else sees it (A2)."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from time_machine import Traveller

from app.core import clock as core_clock
from app.core.db import db
from app.people.actions import add_person
from app.people.models import Person, Role, RoleHeld, Source
from app.people.queries import person_by_email, roles_of
from app.people.role_requests.actions import ask_for_role, name_contact
from app.people.role_requests.queries import waiting_for
from app.people.rules import SEES
from tests import make
from tests.support.client import Client

AT = {"hana": "/portal/people/", "tane": "/workspace/people/", "wini": "/ministry/people/"}
OTHERS = {"hana": ("mere", "tom"), "tane": ("ruth", "ana"), "wini": ("moana", "petra")}


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
        assert f"mailto:{world.people[authoriser].email}" in plain
        for shown in (who, authoriser):
            plain = plain.replace(world.people[shown].email, "")
        assert "example.nz" not in plain
        assert "command line" not in plain
        assert "Last here" not in plain
        assert client.statements.count <= 3


def test_nobody_of_another_organisation_is_on_the_page(client: Client, world: make.World) -> None:
    full = page(client, world, "hana", AT["hana"])
    assert not [who.name for who in world.people.values() if who.organisation_id != world.tawa.id and who.name in full]


def test_the_authoriser_begins_there_and_sees_whose_mail_comes_back(client: Client, world: make.World) -> None:
    def fail() -> None:
        db.session.get_one(Person, world.tom.person_id).mail_failed_at = core_clock.now()

    client.outside(fail)
    client.sign_in(world.hana.person_id)
    assert client.get("/").headers["Location"] == AT["hana"]
    assert "Mail comes back" in client.get(AT["hana"]).get_data(as_text=True)


def test_the_ministrys_authoriser_gives_and_ends_roles_of_the_ministry_only(client: Client, world: make.World) -> None:
    client.sign_in(world.wini.person_id)
    assert client.get("/").headers["Location"] == AT["wini"]
    form = client.get(f"{AT['wini']}new")
    assert (
        client.fill(form, "Give the role", name="Rina", email="rina@example.nz", role="case_manager").status_code == 422
    )
    client.fill(form, "Give the role", name="Rina", email="rina@example.nz", role="regional_adviser")
    assert roles(client, "rina@example.nz") == ["regional_adviser"]
    client.fill(client.get(ending(world, "niko", "wini")), "End the role")
    assert roles(client, world.niko.email) == []
    assert [client.get(ending(world, who, "wini")).status_code for who in ("tom", "ana", "oscar")] == [404] * 3
    client.sign_in(world.moana.person_id)
    assert f'href="{AT["wini"]}"' in client.get("/account").text


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


def test_each_role_says_what_it_lets_somebody_see(client: Client, world: make.World) -> None:
    assert set(SEES) == set(Role)
    for who, at in AT.items():
        offered = unescape(page(client, world, who, f"{at}new"))
        for role in Role:
            assert (SEES[role] in offered) is (f'value="{role}"' in offered)


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
    said = client.get(AT["hana"]).get_data(as_text=True)
    assert f"knows them as {world.jin.name}; the name that you typed was not used" in said


def test_a_name_typed_as_the_portal_knows_it_is_not_remarked_on(client: Client, world: make.World) -> None:
    """With or without macrons and capitals; nor is the name of somebody new."""
    client.sign_in(world.hana.person_id)
    for name, email in ((world.jin.name.upper(), world.jin.email), ("Rina Pōtae", "rina@example.nz")):
        client.fill(client.get(f"{AT['hana']}new"), name=name, email=email, role="office_support")
        assert "you typed" not in client.get(AT["hana"]).get_data(as_text=True)


def test_a_refused_form_says_nothing_of_whose_an_address_is(client: Client, world: make.World) -> None:
    client.sign_in(world.hana.person_id)
    refused = client.fill(client.get(f"{AT['hana']}new"), name="J", email=world.jin.email, role="case_manager")
    assert refused.status_code == 422
    assert world.jin.name not in refused.get_data(as_text=True)


def test_an_authoriser_asks_the_second_one_for_their_own_role(client: Client, world: make.World) -> None:
    client.outside(lambda: make.actor(world.mere, Role.DELEGATED_AUTHORISER, world.tawa))
    client.sign_in(world.hana.person_id)
    form = client.get(f"{AT['hana']}new?person={world.hana.public_id}")
    client.fill(form, "Give the role", role="attendance_lead")
    assert roles(client, world.hana.email) == ["delegated_authoriser"]
    assert "a second person gives it to you: Mere Fa‘asavalu" in client.get(AT["hana"]).get_data(as_text=True)
    waiting = client.outside(lambda: [row.name for row in waiting_for(world.hana)])
    assert waiting == [world.hana.name]


def ending(world: make.World, who: str, at: str) -> str:
    return f"{AT[at]}{world.people[who].public_id}/{world.people[who].role}/ending"


def test_a_role_ends_with_its_sign_ins_and_the_page_says_what_follows(
    client: Client, another_client: Callable[[], Client], world: make.World
) -> None:
    client.outside(make.open_case, world)
    tom = another_client()
    tom.sign_in(world.tom.person_id)
    client.sign_in(world.hana.person_id)
    page = client.get(ending(world, "tom", "hana"))
    assert "They are the primary contact of 1 case" in page.get_data(as_text=True)
    assert "Hēmi" not in page.get_data(as_text=True)
    wrong = client.fill(page, "End the role", school_heir="")
    assert wrong.status_code == 422
    assert "Choose who takes it over" in wrong.get_data(as_text=True)
    assert tom.get("/portal/").status_code == 200
    assert client.fill(page, "End the role", school_heir=world.aroha.public_id).headers["Location"] == AT["hana"]
    assert "Tom Hargreaves is primary contact no more" in client.get(AT["hana"]).get_data(as_text=True)
    assert tom.get("/portal/").headers["Location"].startswith("/sign-in")
    assert client.get(ending(world, "tom", "hana")).status_code == 404
    assert "Tom Hargreaves" in client.get(f"{AT['hana']}?former=yes").get_data(as_text=True)


def test_a_case_managers_cases_go_back_to_the_queue(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.tane.person_id)
    page = client.get(ending(world, "ana", "tane"))
    assert number not in page.get_data(as_text=True)
    client.fill(page, "End the role")
    assert "Their cases are back in the queue." in client.get(AT["tane"]).get_data(as_text=True)
    client.sign_in(world.ruth.person_id)
    assert number in client.get("/workspace/queue/").get_data(as_text=True)


def test_a_role_from_a_claim_says_where_it_ends(client: Client, world: make.World) -> None:
    def claim() -> None:
        db.session.get_one(RoleHeld, world.tom.role_held_id).source = Source.CLAIM

    client.outside(claim)
    client.sign_in(world.hana.person_id)
    path = ending(world, "tom", "hana")
    listed = client.get(AT["hana"]).get_data(as_text=True)
    assert listed.count("From the sign-in server: whoever looks after it ends it.") == 1
    assert path not in listed
    assert ending(world, "mere", "hana") in listed
    said = client.get(path).get_data(as_text=True)
    assert "comes from the sign-in server" in said
    assert "End the role</button>" not in said
    assert client.send(path).status_code == 403


def test_no_other_organisations_role_can_be_ended(client: Client, world: make.World) -> None:
    client.sign_in(world.hana.person_id)
    for who in ("jin", "ana"):
        assert client.get(ending(world, who, "hana")).status_code == 404
    assert client.get(f"{AT['hana']}{world.tom.public_id}/no-role/ending").status_code == 404


def asked_for(world: make.World, name: str = "Rina Pōtae", email: str = "rina@example.nz") -> str:
    who = add_person(name=name, email=email)
    request = ask_for_role(who, world.tawa.id, Role.OFFICE_SUPPORT, why="I am at the desk", by=world.priya)
    return request.public_id


def test_what_waits_stands_first_and_is_given(client: Client, world: make.World) -> None:
    client.outside(asked_for, world)
    client.sign_in(world.mere.person_id)
    assert "Waiting for your answer" not in client.get(AT["hana"]).get_data(as_text=True)
    client.sign_in(world.hana.person_id)
    first = client.get(AT["hana"])
    assert "Waiting for your answer" in first.get_data(as_text=True)
    assert client.statements.count <= 4
    page = client.get(re.search(r'href="(/portal/people/requests/[^"]+)"', first.get_data(as_text=True))[1])  # type: ignore[index]
    assert "I am at the desk" in page.get_data(as_text=True)
    assert client.fill(page, "Give the role").headers["Location"] == AT["hana"]
    assert roles(client, "rina@example.nz") == ["office_support"]
    assert "Waiting for your answer" not in client.get(AT["hana"]).get_data(as_text=True)


def test_who_was_named_by_another_name_is_said_to_be_the_same_once_they_have_the_role(
    client: Client, world: make.World
) -> None:
    jin = world.jin.person_id
    client.outside(lambda: name_contact(db.session.get_one(Person, jin), world.tawa.id, "Jean Woo", by=world.priya))
    client.sign_in(world.hana.person_id)
    listed = client.get(AT["hana"])
    assert "Jean Woo: primary contact" in " ".join(listed.text.split())
    assert world.jin.name not in listed.text
    page = client.get(re.search(r'href="(/portal/people/requests/[^"]+)"', listed.text)[1])  # type: ignore[index]
    client.fill(page, "Give the role")
    given = client.get(AT["hana"]).text
    assert f"{world.jin.name} is primary contact now, and is told. They were named here as Jean Woo." in given


def test_a_refusal_needs_a_reason_and_whoever_asked_reads_it(client: Client, world: make.World) -> None:
    path = f"{AT['hana']}requests/{client.outside(asked_for, world)}"
    client.sign_in(world.hana.person_id)
    wrong = client.fill(client.get(path), "Refuse", why=" ")
    assert wrong.status_code == 422
    assert "Write why" in wrong.get_data(as_text=True)
    client.fill(client.get(path), "Refuse", why="She works at the kindergarten")
    assert "it was refused" in client.get(path).get_data(as_text=True)
    client.sign_in(world.priya.person_id)
    assert "She works at the kindergarten" in client.get(AT["hana"]).get_data(as_text=True)
    assert client.statements.count <= 3
    client.sign_in(world.tom.person_id)
    assert "kindergarten" not in client.get(AT["hana"]).get_data(as_text=True)


def test_what_is_to_be_looked_at_stands_first_and_is_ticked_off(
    clock: Traveller, client: Client, world: make.World
) -> None:
    clock.shift(timedelta(days=400))
    client.sign_in(world.hana.person_id)
    first = client.get(AT["hana"])
    assert client.statements.count <= 4
    assert client.fill(first, "Still right").status_code == 422
    ticked = [f"{world.people[who].public_id}/{world.people[who].role}" for who in ("tom", "mere", "jin")]
    client.fill(first, "Still right", role=ticked)
    after = client.get(AT["hana"]).get_data(as_text=True)
    assert "Noted: 2 roles still right." in after
    still_due = after.partition("Everyone")[0]
    assert "Aroha Ngata: primary contact" in still_due
    assert "Tom Hargreaves: primary contact" not in still_due
    assert "Still right, said Hana Parata" in after


def test_what_the_sign_in_server_left_without_anybody_is_handed_on(client: Client, world: make.World) -> None:
    client.outside(make.open_case, world)
    client.outside(make.end_roles, world.tom)
    client.sign_in(world.hana.person_id)
    former = client.get(f"{AT['hana']}?former=yes")
    assert "Hand on what Tom Hargreaves left" in former.get_data(as_text=True)
    assert client.statements.count <= 3
    path = f"{AT['hana']}{world.tom.public_id}/left"
    page = client.get(path)
    assert "They are the primary contact of 1 case" in page.get_data(as_text=True)
    assert client.fill(page, "Hand it on").status_code == 422
    client.fill(page, "Hand it on", school_heir=world.mere.public_id)
    after = client.get(f"{AT['hana']}?former=yes").get_data(as_text=True)
    assert "What they had to do was handed on." in after
    assert "Left without anybody" not in after
    assert "Nothing is left" in client.get(path).get_data(as_text=True)


def test_a_page_of_another_role_of_ones_own_is_opened_by_a_button(client: Client, world: make.World) -> None:
    """Whoever holds no such role is offered none."""
    client.outside(make.actor, world.tom, Role.DELEGATED_AUTHORISER, world.tawa)
    refused = client.sign_in(world.tom.person_id, role=Role.DELEGATED_AUTHORISER).get("/portal/cases/?status=queue")
    assert refused.status_code == 403
    assert "· Switch role" in refused.text
    label = f"Work as primary contact of {world.tawa.name} and open this page"
    assert client.fill(refused, label).location == "/portal/cases/?status=queue"
    assert client.get("/portal/cases/?status=queue").status_code == 200
    assert "and open this page" not in client.sign_in(world.hana.person_id).get("/portal/cases/").text
