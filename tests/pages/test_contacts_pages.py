"""The contacts of a case on their pages: what is said when one is named, and that an address tells nothing of whose it is."""

import re

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.people.models import Person
from app.people.queries import person_by_email
from app.people.role_requests.models import RoleRequest
from tests import make
from tests.support.client import Client

CASES = "/portal/cases/"
NAMED = "Nīkau Teacher is named. They see nothing yet: Hana Parata is asked to give them a role."
CHANGE, ADD = "Change the primary contact", "Add this contact"


@pytest.fixture
def number(client: Client, world: make.World) -> str:
    """Hēmi's, whose contact is Tom, with Ana."""
    made: str = client.outside(lambda: make.open_case(world).number)
    return made


def waiting(client: Client, email: str) -> list[str]:
    """Role requests for whoever has the address that nobody has decided."""

    def look() -> list[str]:
        asked = select(RoleRequest.public_id).join(Person, Person.id == RoleRequest.person_id)
        return list(db.session.scalars(asked.where(Person.email == email, RoleRequest.decided_at.is_(None))))

    found: list[str] = client.outside(look)
    return found


def test_one_who_never_signed_in_is_named_mended_and_removed(client: Client, world: make.World, number: str) -> None:
    path = f"{CASES}{number}/contacts"
    client.sign_in(world.tom.person_id)
    refused = client.send(f"{path}/secondary", name="", email="nobody")
    assert refused.status_code == 422
    assert "Choose somebody above, or write their name" in refused.text
    page = client.get(f"{path}/secondary")
    assert client.fill(page, ADD, name="Nīkau Teacher", email="nikua@example.nz").status_code == 303
    shown = client.get(path).text
    assert NAMED in shown
    assert "nikua@example.nz" in shown
    assert "No role yet</strong>: Hana Parata was asked today" in shown
    instead = re.search(r"secondary\?instead=[\w-]+", shown)
    assert instead
    mend = client.get(f"{path}/{instead[0]}")
    assert 'value="Nīkau Teacher"' in mend.text
    assert client.fill(mend, ADD, email="nikau@example.nz").status_code == 303
    assert "nikua@example.nz" not in client.get(path).text
    assert waiting(client, "nikua@example.nz") == []
    assert len(waiting(client, "nikau@example.nz")) == 1
    assert client.fill(client.get(path), "Remove Nīkau Teacher").status_code == 303
    after = client.get(path).text
    assert "Nīkau Teacher is no longer a contact" in after
    assert "nikau@example.nz" not in after
    assert waiting(client, "nikau@example.nz") == []
    client.sign_in(world.hana.person_id)
    assert "Somebody was named who has no role here yet" in client.get("/notifications/").text
    assert "Nīkau" not in client.get("/portal/people/").text, "nothing waits any more"


def test_an_address_is_answered_the_same_whoever_has_it(client: Client, world: make.World, number: str) -> None:
    """Somebody of another organisation, one whose access was ended, and nobody at all."""

    def end() -> str:
        gone = db.session.get_one(Person, world.niko.person_id)
        gone.ended_at, gone.phone = clock.now(), "021 555 0000"
        db.session.get_one(Person, world.kahu.person_id).phone = "021 555 0000"
        return gone.email

    addresses = [client.outside(end), world.kahu.email, "nobody@example.nz"]
    path, seen = f"{CASES}{number}/contacts", set()
    for address in addresses:
        client.sign_in(world.mere.person_id)
        answers = [client.fill(client.get(f"{path}/primary"), CHANGE, contact="", name="R. Tau", email=address)]
        answers += [client.get(there) for there in (path, f"{CASES}{number}/", f"{CASES}{number}/access-log")]
        client.sign_in(world.hana.person_id)
        answers.append(page := client.get("/portal/people/"))
        asked = re.search(r"/portal/people/requests/[\w-]+", page.text)
        assert asked
        answers.append(client.get(asked[0]))
        client.sign_in(world.ana.person_id)
        answers += [client.get(f"/workspace/cases/{number}/{there}") for there in ("", "contacts")]
        for answer in answers:
            assert not re.search(r"021 555 0000|Niko|Kahu|ended to the portal", answer.text), answer.request.path
        assert "R. Tau" in answers[1].text
        assert "R. Tau" in answers[-1].text
        seen.add(tuple(answer.status_code for answer in answers))
    assert len(seen) == 1


def test_a_role_is_given_to_any_address_alike(client: Client, world: make.World) -> None:
    def end() -> str:
        gone = db.session.get_one(Person, world.niko.person_id)
        gone.ended_at = clock.now()
        return gone.email

    client.outside(end)
    client.sign_in(world.hana.person_id)
    for address in (world.niko.email, world.kahu.email, "nobody@example.nz"):
        more = {"name": "R. Tau", "email": address, "role": "office_support"}
        assert client.send("/portal/people/new", **more).status_code == 303
        assert f"{address} is office support now, and is told." in client.get("/portal/people/").text


def test_the_authoriser_learns_no_case_number(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.mere.person_id)
    client.send(f"{CASES}{number}/contacts/secondary", name="Nīkau Teacher", email="nikau@example.nz")
    (asked,) = waiting(client, "nikau@example.nz")
    page = client.sign_in(world.hana.person_id).get(f"/portal/people/requests/{asked}").text
    assert "Named a contact of a case as Nīkau Teacher" in page
    assert number not in page


def test_somebody_chosen_and_somebody_written_are_not_both_taken(
    client: Client, world: make.World, number: str
) -> None:
    path = f"{CASES}{number}/contacts"
    client.sign_in(world.mere.person_id)
    for way, button in (("primary", CHANGE), ("secondary", ADD)):
        page = client.get(f"{path}/{way}")
        both = {"contact": world.priya.public_id, "name": "Nīkau", "email": "nikau@example.nz"}
        refused = client.fill(page, button, **both)
        assert refused.status_code == 422
        assert "You chose Priya Nair and also wrote another name. Choose one." in refused.text
    assert client.outside(lambda: person_by_email("nikau@example.nz")) is None


def test_what_happened_is_said_by_name(client: Client, world: make.World, number: str) -> None:
    path = f"{CASES}{number}/contacts"

    def sent(way: str, button: str, **more: str) -> str:
        assert client.fill(client.get(f"{path}/{way}"), button, **more).status_code == 303
        return client.get(path).text

    client.sign_in(world.mere.person_id)
    reach = {"phone": "04 555 0123", "best_times": "Monday"}
    assert "Kept how Tom Hargreaves is best reached. Nobody was told." in sent("primary", CHANGE, **reach)
    assert "Nothing changed, and nobody was told." in sent("primary", CHANGE)
    said = sent("primary", CHANGE, contact=world.aroha.public_id)
    assert "Aroha Ngata is the primary contact now; both are told." in said
    assert "04 555 0123" not in said, "that is Tom’s"
    assert "best reached" not in said
    assert "Tom Hargreaves is a contact now, and is told." in sent("secondary", ADD, contact=world.tom.public_id)
    client.sign_in(world.ana.person_id)
    for_the_service = client.get(f"/workspace/cases/{number}/contacts").text
    assert all(known in for_the_service for known in ("Aroha Ngata", world.aroha.email, "04 555 0123"))
    refused = client.fill(client.get(f"/workspace/cases/{number}/contacts/primary"), CHANGE, phone="call me")
    assert refused.status_code == 422
    assert "Write a New Zealand phone number" in refused.text


def test_a_contact_changed_meanwhile_and_wrong_days_of_cover_are_said_where_they_were_sent(
    client: Client, world: make.World, number: str
) -> None:
    path = f"{CASES}{number}/contacts"
    old = client.sign_in(world.mere.person_id).get(f"{path}/primary")
    assert client.fill(old, CHANGE, contact=world.aroha.public_id).status_code == 303
    again = client.fill(old, CHANGE, contact=world.priya.public_id, once="another-key")
    assert again.status_code == 409
    assert "Aroha Ngata was made the primary contact meanwhile." in again.text
    days = {f"{end}-{box}": text for end in ("first", "last") for box, text in (("day", "3"), ("month", "3"))}
    last_year, next_year = (
        {**days, "first-year": str(year), "last-year": str(year)} for year in (clock.today().year + n for n in (-1, 1))
    )

    def stands_in(who: str, **when: str) -> tuple[int, str]:
        answer = client.send(f"{path}/cover", contact=who, **when)
        return answer.status_code, answer.text

    late = stands_in(world.tom.public_id, **last_year)
    assert late[0] == 422
    assert "Those days are over already" in late[1]
    themselves = stands_in(world.aroha.public_id, **next_year)
    assert themselves[0] == 422
    assert "Choose somebody from the list" in themselves[1]
    said = {"first-day": f"3/3/{clock.today().year + 1}", "last-day": f"3 March {clock.today().year + 1}"}
    assert stands_in(world.tom.public_id, **said)[0] == 303, "as people write days"
    twice = stands_in(world.tom.public_id, **next_year, once="another-key")
    assert twice[0] == 409
    assert "Tom Hargreaves stands in on some of these days already." in twice[1]
