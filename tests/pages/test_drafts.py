"""Two people in one draft, a draft that was sent meanwhile, and what the form says of faults."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from app.cases.models import Case
from app.core.db import db
from app.referrals import actions
from tests import make
from tests.support.client import Client


def texts(client: Client, world: make.World, address: str) -> dict[str, str]:
    found: dict[str, str] = client.outside(
        lambda: dict(make.request_now(world.priya, address.strip("/").rpartition("/")[2]).texts)
    )
    return found


def open_twice(
    client: Client, another_client: Callable[[], Client], world: make.World, address: str
) -> tuple[Client, TestResponse, TestResponse]:
    """Priya and Mere have the same draft open."""
    client.sign_in(world.priya.person_id)
    other = another_client().sign_in(world.mere.person_id)
    return other, client.get(address), other.get(address)


def test_different_answers_of_two_people_both_stand(
    client: Client, another_client: Callable[[], Client], world: make.World, address: str
) -> None:
    other, mine, theirs = open_twice(client, another_client, world, address)
    assert other.fill(theirs, "Save draft", address="2 Mere Road").status_code == 303
    assert client.fill(mine, "Save draft", meet_instead="the dean").status_code == 303
    now = texts(client, world, address)
    assert (now["address"], now["meet_instead"]) == ("2 Mere Road", "the dean")


@pytest.mark.parametrize("whose", ["mine", "theirs"])
def test_an_answer_changed_on_another_page_is_shown_beside_ones_own_and_chosen(
    client: Client, another_client: Callable[[], Client], world: make.World, address: str, whose: str
) -> None:
    other, mine, theirs = open_twice(client, another_client, world, address)
    other.fill(theirs, "Save draft", reason="Mere’s reason")
    shown = client.fill(mine, "Save draft", reason="Priya’s reason", no_actions_why="Priya’s why")
    assert shown.status_code == 409
    assert "Mere Fa‘asavalu changed this on another page, today" in shown.text
    for text in ("Mere’s reason", "Priya’s reason", "Priya’s why"):
        assert text in shown.text
    now = texts(client, world, address)
    assert (now["reason"], now["no_actions_why"]) == ("Mere’s reason", "Priya’s why")
    undecided = client.fill(shown, "Save draft")
    assert undecided.status_code == 409
    assert "Priya’s reason" in undecided.text
    assert client.fill(undecided, "Save draft", **{"choice-reason": f"{whose}:2"}).status_code == 303
    now = texts(client, world, address)
    assert now["reason"] == {"mine": "Priya’s reason", "theirs": "Mere’s reason"}[whose]


def test_one_choice_is_kept_while_another_is_open(
    client: Client, another_client: Callable[[], Client], world: make.World, address: str
) -> None:
    other, mine, theirs = open_twice(client, another_client, world, address)
    other.fill(theirs, "Save draft", reason="Mere’s reason", barriers="Mere’s barriers")
    shown = client.fill(mine, "Save draft", reason="Priya’s reason", barriers="Priya’s barriers")
    half = client.fill(shown, "Save draft", **{"choice-reason": "theirs:2"})
    assert half.status_code == 409
    assert client.fill(half, "Save draft", **{"choice-barriers": "mine:2"}).status_code == 303
    now = texts(client, world, address)
    assert (now["reason"], now["barriers"]) == ("Mere’s reason", "Priya’s barriers")


def test_a_form_that_clashed_can_be_sent_again_as_it_is(
    client: Client, another_client: Callable[[], Client], world: make.World, address: str
) -> None:
    """Pressed twice: the second press shows the same page, not that it was sent before."""
    other, mine, theirs = open_twice(client, another_client, world, address)
    other.fill(theirs, "Save draft", reason="Mere’s reason")
    for _ in range(2):
        assert client.fill(mine, "Save draft", reason="Priya’s reason").status_code == 409


def test_what_was_typed_into_a_draft_sent_meanwhile_stands_there_to_be_copied(
    client: Client, world: make.World, address: str
) -> None:
    client.sign_in(world.priya.person_id)
    mine = client.get(address)
    number = client.outside(lambda: send(world, address).number)
    late = client.fill(mine, "Save draft", reason="Typed too late")
    assert late.status_code == 409
    assert "Typed too late" in late.text
    assert number in late.text
    assert texts(client, world, address)["reason"] == make.ANSWERS["reason"]


def test_whoever_sent_it_from_another_page_is_no_colleague(client: Client, world: make.World, address: str) -> None:
    mine = client.sign_in(world.mere.person_id).get(address)
    number = client.outside(lambda: send(world, address).number)
    late = client.fill(mine, "Save draft", reason="Typed too late")
    assert "This request was already sent" in late.text
    assert "You sent it today, " in late.text
    assert "colleague" not in late.text
    assert f"/portal/cases/{number}/" in late.text


def test_a_maker_who_is_not_its_contact_is_not_led_to_a_case_that_is_closed_to_them(
    client: Client, world: make.World
) -> None:
    request = client.outside(
        lambda: make.filled(world.tom, make.student("Ani Rua", world.tawa), contact=world.mere).referral.public_id
    )
    client.sign_in(world.tom.person_id)
    sent = client.fill(client.get(f"/portal/referrals/{request}/check"), "Send the request")
    page = client.get(sent.location).text
    assert "The request is sent" in page
    assert "Open the case" not in page
    assert "Its contacts, your attendance leads and your office can open the case." in page


def test_a_file_that_came_after_checking_is_looked_at_before_it_is_sent(
    client: Client, world: make.World, address: str
) -> None:
    def put(*names: str) -> list[str]:
        return make.request_with(world.mere, make.request_now(world.mere, address.split("/")[3]), *names)

    checked = client.sign_in(world.priya.person_id).get(f"{address}check")
    client.outside(put, "theirs.txt", "another.txt")
    refused = client.fill(checked, "Send the request")
    assert refused.status_code == 409
    assert "Somebody changed this request after you opened the page" in refused.text
    assert "theirs.txt" in refused.text
    assert client.fill(refused, "Send the request").status_code == 303


def test_the_check_page_of_a_sent_request_leads_to_what_was_sent(
    client: Client, world: make.World, address: str
) -> None:
    client.outside(send, world, address)
    answer = client.sign_in(world.priya.person_id).get(f"{address}check")
    assert (answer.status_code, answer.location) == (303, f"{address}submitted")


def test_a_faulty_answer_is_kept_beside_its_error_and_the_rest_is_saved(
    client: Client, world: make.World, address: str
) -> None:
    client.sign_in(world.priya.person_id)
    saved = client.fill(client.get(address), "Save draft", caregiver_relationship="x" * 80, reason="Another reason")
    assert saved.status_code == 303
    page = client.get(address)
    assert "Relationship to the student: make this shorter, 60 characters at most" in page.text
    now = texts(client, world, address)
    assert (now["reason"], now["caregiver_relationship"]) == ("Another reason", "x" * 80)
    check = client.get(f"{address}check")
    assert "Send the request" not in check.text


@pytest.mark.parametrize("loaded", ["", "{", "[]", '{"reason": 1}', '{"reason": [1e999, "x"]}', "[" * 5000])
def test_a_spoilt_field_of_the_page_does_no_harm(client: Client, world: make.World, address: str, loaded: str) -> None:
    client.sign_in(world.priya.person_id)
    answer = client.fill(client.get(address), "Save draft", loaded=loaded, reason="Another reason")
    assert answer.status_code in {303, 409}


def test_a_contact_whose_role_ended_is_missing_before_sending(client: Client, world: make.World, address: str) -> None:
    client.outside(make.end_roles, world.tom)
    check = client.sign_in(world.priya.person_id).get(f"{address}check")
    assert "that person has no role at your school now" in check.text
    assert "Send the request" not in check.text


def test_a_student_who_has_left_cannot_be_asked_for(client: Client, world: make.World, address: str) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}check")
    client.outside(make.left, world.whanau, world.tawa)
    refused = client.fill(page, "Send the request")
    assert refused.status_code == 422
    assert "no longer on your school’s roll" in refused.text
    assert client.outside(lambda: db.session.query(Case).count()) == 0


def test_the_search_leads_to_a_draft_or_names_the_case_there_is(
    client: Client, world: make.World, address: str
) -> None:
    client.sign_in(world.priya.person_id)
    page = client.get("/portal/referrals/new?q=whanau")
    assert address in page.text
    assert "Start the request" not in page.text
    number = client.outside(lambda: send(world, address).number)
    page = client.get("/portal/referrals/new?q=whanau")
    assert f"/portal/cases/{number}/" in page.text
    assert "Start the request" in page.text


def send(world: make.World, address: str) -> Case:
    """Mere sends it."""
    found = make.request_now(world.mere, address.strip("/").rpartition("/")[2])
    return actions.submit(found, version=found.version, by=world.mere)
