"""The list of drafts, handing one over, discarding and bringing back: without JavaScript, and with stale pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.core.db import db
from app.core.events import Outbox
from app.people.queries import Actor
from app.referrals import actions as requests
from app.referrals.drafts import actions
from app.referrals.models import Referral
from app.referrals.queries import kept_request_for
from app.rounds import end_drafts
from tests import make
from tests.support.client import Client

LIST = "/portal/referrals/"


@pytest.fixture
def address(client: Client, world: make.World) -> str:
    """A draft of Priya's for Hēmi, with a reason, a plan and barriers."""
    answers = {"reason": "Why", "plan": "None yet", "barriers": "The bus"}
    started = client.outside(lambda: make.draft(world.priya, world.whanau, **answers).referral.public_id)
    return f"{LIST}{started}/"


def discarded(client: Client, address: str, by: Actor) -> None:
    def work() -> None:
        found = kept_request_for(by, address.removeprefix(LIST).strip("/"))
        assert found
        actions.discard(found, by=by)

    client.outside(work)


def sent(world: make.World, public_id: str) -> None:
    found = make.request_now(world.mere, public_id)
    requests.submit(found, version=found.version, by=world.mere)


def owner_of(client: Client) -> int:
    return int(client.outside(lambda: db.session.scalars(select(Referral.owner_id)).one()))


def test_the_list_names_owner_last_change_and_what_is_missing(
    clock: Traveller, client: Client, world: make.World, address: str
) -> None:
    page = client.sign_in(world.mere.person_id).get(LIST)
    for words in ("Hēmi Whānau", "Priya Nair", "today, 9:00 am, Priya Nair", "and 4 more", f"{address}handover"):
        assert words in page.text, words
    client.outside(lambda: make.filled(world.tom, world.ng, contact=world.tom).referral.public_id)
    assert "Nothing: ready to check and send" in client.get(LIST).text


@pytest.mark.parametrize("count", [1, 40])
def test_the_list_asks_three_statements_however_many_drafts_there_are(
    client: Client, world: make.World, count: int
) -> None:
    def fill() -> None:
        for number in range(count):
            made = make.filled(world.priya, make.student(f"Tama Number{number}", world.tawa), contact=world.tom)
            if number % 2:
                actions.discard(made, by=world.priya)

    client.outside(fill)
    client.sign_in(world.mere.person_id)
    assert client.get(LIST).status_code == 200
    assert client.statements.count <= 3
    assert client.get("/portal/").status_code == 200
    assert client.statements.count <= 4


def test_without_drafts_the_list_says_what_to_do(client: Client, world: make.World) -> None:
    assert "Start with the button above" in client.sign_in(world.mere.person_id).get(LIST).text


def test_the_week_before_its_end_the_list_says_when_a_draft_is_deleted(
    clock: Traveller, client: Client, world: make.World
) -> None:
    client.outside(make.draft, world.priya, world.whanau)
    client.sign_in(world.mere.person_id)
    assert "Deleted on" not in client.get(LIST).text
    clock.shift(timedelta(days=83))
    client.outside(end_drafts)
    client.sign_in(world.priya.person_id)
    assert "Deleted on Mon 1 June" in client.get(LIST).text
    assert "Deleted on Mon 1 June" in client.get("/portal/").text
    told = client.get("/notifications/")
    assert "A draft that nobody has changed for long will be deleted" in told.text


def test_handing_over_tells_the_new_owner_where_to_go_on(client: Client, world: make.World, address: str) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}handover")
    assert "You can still see and change it" in page.text
    answer = client.fill(page, "Hand over", owner=world.aroha.public_id)
    assert (answer.status_code, answer.location) == (303, LIST)
    assert "Aroha Ngata finishes the draft from now on, and is told." in client.get(LIST).text
    client.sign_in(world.aroha.person_id)
    told = client.get("/notifications/")
    assert "A draft was handed over to you" in told.text
    assert address in told.text
    assert client.get(address).status_code == 200


def test_who_will_lose_the_draft_by_handing_it_over_is_told_so(client: Client, world: make.World, address: str) -> None:
    client.outside(lambda: db.session.execute(update(Referral).values(owner_id=world.tom.person_id)))
    page = client.sign_in(world.tom.person_id).get(f"{address}handover")
    assert "You will not see it any more" in page.text
    assert client.fill(page, "Hand over", owner=world.aroha.public_id).status_code == 303
    assert client.get(LIST).status_code == 200
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("who", ["", "jin", "nobody"])
def test_nobody_chosen_or_somebody_from_elsewhere_is_refused(
    client: Client, world: make.World, address: str, who: str
) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}handover")
    chosen = world.people[who].public_id if who in world.people else who
    refused = client.fill(page, "Hand over", owner=chosen)
    assert refused.status_code == 422
    assert "Choose somebody" in refused.text
    assert owner_of(client) == world.priya.person_id


def test_two_who_hand_it_over_at_once_do_not_undo_each_other(
    client: Client, another_client: Callable[[], Client], world: make.World, address: str
) -> None:
    other = another_client().sign_in(world.mere.person_id)
    mine = client.sign_in(world.priya.person_id).get(f"{address}handover")
    theirs = other.get(f"{address}handover")
    assert other.fill(theirs, "Hand over", owner=world.tom.public_id).status_code == 303
    refused = client.fill(mine, "Hand over", owner=world.aroha.public_id)
    assert refused.status_code == 409
    assert "Tom Hargreaves was given this draft meanwhile" in refused.text
    assert owner_of(client) == world.tom.person_id
    assert client.fill(refused, "Hand over", owner=world.aroha.public_id).status_code == 303
    assert owner_of(client) == world.aroha.person_id


def test_sent_twice_a_handover_tells_once(client: Client, world: make.World, address: str) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}handover")
    for _ in range(2):
        assert client.fill(page, "Hand over", owner=world.aroha.public_id).status_code == 303
    assert client.outside(lambda: db.session.query(Outbox).count()) == 1


def test_a_discarded_draft_can_be_brought_back_from_the_list_until_tomorrow(
    clock: Traveller, client: Client, world: make.World, address: str
) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}discard")
    assert "tomorrow, 9:00 am" in page.text
    assert client.fill(page, "Discard the draft").location == LIST
    shown = client.get(LIST)
    assert "It can be brought back until tomorrow, 9:00 am" in shown.text
    assert "Discarded in the last day" in shown.text
    back = client.fill(shown, "Bring back the draft for Hēmi Whānau")
    assert (back.status_code, back.location) == (303, address)
    assert "The draft is back." in client.get(address).text


def test_after_a_day_there_is_nothing_to_bring_back(
    clock: Traveller, client: Client, world: make.World, address: str
) -> None:
    page = client.sign_in(world.priya.person_id).get(f"{address}discard")
    client.fill(page, "Discard the draft")
    shown = client.get(LIST)
    clock.shift(timedelta(days=1))
    client.outside(end_drafts)
    client.sign_in(world.priya.person_id)
    assert client.fill(shown, "Bring back the draft for Hēmi Whānau").status_code == 404
    assert client.get(address).status_code == 404
    assert "Discarded in the last day" not in client.get(LIST).text


def test_a_discarded_draft_opens_as_a_page_that_says_so_and_brings_it_back(
    client: Client, world: make.World, address: str
) -> None:
    discarded(client, address, world.mere)
    page = client.sign_in(world.priya.person_id).get(address)
    assert page.status_code == 200
    assert "Mere Fa‘asavalu discarded it today" in page.text
    assert client.fill(page, "Bring back").location == address


def test_what_was_typed_into_a_draft_discarded_meanwhile_stands_there_to_be_copied(
    client: Client, world: make.World, address: str
) -> None:
    page = client.sign_in(world.priya.person_id).get(address)
    discarded(client, address, world.mere)
    late = client.fill(page, "Save draft", reason="Typed too late")
    assert late.status_code == 409
    assert "Typed too late" in late.text


@pytest.mark.parametrize("path", ["check", "submitted"])
def test_other_pages_of_a_discarded_draft_do_not_exist(
    client: Client, world: make.World, address: str, path: str
) -> None:
    discarded(client, address, world.mere)
    assert client.sign_in(world.priya.person_id).get(f"{address}{path}").status_code == 404


def test_a_page_that_is_stale_does_not_send_a_discarded_draft(client: Client, world: make.World) -> None:
    made = client.outside(lambda: make.filled(world.priya, world.ng, contact=world.tom).referral.public_id)
    page = client.sign_in(world.priya.person_id).get(f"{LIST}{made}/check")
    discarded(client, f"{LIST}{made}/", world.mere)
    refused = client.fill(page, "Send the request")
    assert refused.status_code == 409
    assert "This draft was discarded" in refused.text
    assert client.outside(lambda: db.session.scalars(select(Referral.case_id)).all()) == [None]


def test_a_page_that_is_stale_does_not_discard_a_sent_request(client: Client, world: make.World) -> None:
    made = client.outside(lambda: make.filled(world.priya, world.ng, contact=world.tom).referral.public_id)
    page = client.sign_in(world.priya.person_id).get(f"{LIST}{made}/discard")
    client.outside(sent, world, made)
    refused = client.fill(page, "Discard the draft")
    assert refused.status_code == 409
    assert "sent meanwhile" in refused.text
    for path in ("handover", "discard"):
        assert client.get(f"{LIST}{made}/{path}").location == f"{LIST}{made}/submitted"


def test_of_two_who_discard_it_the_second_learns_that_it_was_done(
    client: Client, another_client: Callable[[], Client], world: make.World, address: str
) -> None:
    mine = client.sign_in(world.priya.person_id).get(f"{address}discard")
    discarded(client, address, world.mere)
    assert client.fill(mine, "Discard the draft").status_code == 303
    assert "was discarded already" in client.get(LIST).text


def test_beside_another_draft_it_is_not_brought_back_and_the_way_to_that_one_is_shown(
    client: Client, world: make.World, address: str
) -> None:
    discarded(client, address, world.priya)
    another = client.outside(lambda: make.draft(world.priya, world.whanau).referral.public_id)
    client.sign_in(world.priya.person_id)
    refused = client.fill(client.get(LIST), "Bring back the draft for Hēmi Whānau")
    assert refused.status_code == 409
    assert "Another draft for this student was begun meanwhile" in refused.text
    assert f"{LIST}{another}/" in refused.text


def test_a_contact_who_may_not_see_the_other_draft_learns_who_can(client: Client, world: make.World) -> None:
    mine = client.outside(lambda: make.draft(world.tom, world.whanau).referral.public_id)
    discarded(client, f"{LIST}{mine}/", world.tom)
    another = client.outside(lambda: make.draft(world.priya, world.whanau).referral.public_id)
    client.sign_in(world.tom.person_id)
    refused = client.fill(client.get(LIST), "Bring back the draft for Hēmi Whānau")
    assert "An attendance lead or the office can open the other draft" in refused.text
    assert another not in refused.text


@pytest.mark.parametrize("who", ["jin", "sione", "kahu", "aroha"])
def test_neither_another_school_nor_who_is_not_named_learns_of_a_discarded_draft(
    client: Client, world: make.World, address: str, who: str
) -> None:
    discarded(client, address, world.priya)
    client.sign_in(world.people[who].person_id)
    assert "Hēmi" not in client.get(LIST).text
    for path in ("", "handover", "discard"):
        assert client.get(f"{address}{path}").status_code == 404
    assert client.send(f"{address}bring-back").status_code == 404
