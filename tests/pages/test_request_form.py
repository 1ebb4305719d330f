"""The form of a request is short: nothing twice, nothing that the system knows, and what is missing leads to its field."""

import re

import pytest

from app.referrals.queries import Request
from app.referrals.questions import FIELDS, LATER
from app.students.caregivers.actions import add_caregiver
from tests import make
from tests.pages.test_autosave import Page
from tests.support.client import Client
from tests.support.markup import Element, Markup

KNOWN = ("name", "born", "birth", "school", "year", "nsn")
MOST_IN_VIEW = 25
"""Questions that stand open on an empty form; radios are one."""
MOST_FROM_MEMORY = 8
"""Answers that make a whole request, where the roll and the school know student and caregiver."""
MOST_AT_ALL = 61
"""Questions of the whole form with all that is folded away; more than a third are the ticks of the advice."""


@pytest.fixture
def address(client: Client, world: make.World) -> str:
    """A draft begun for a student whose caregiver and address the school knows."""

    def known() -> None:
        pupil = make.student("Ani Rua", world.tawa, address="12 Kōwhai Street")
        details = {"relationship": "mother", "phone": "04 555 0100", "email": "", "address": "", "language": ""}
        add_caregiver(pupil.id, given_by=world.tawa.id, name="Ngaire Rua", **details)

    client.outside(known)
    page = client.sign_in(world.priya.person_id).get("/portal/referrals/new?q=ani")
    begun = client.fill(page, "Start the request for Ani Rua")
    assert [text for text in client.statements.writes if "referral_answer" in text][1:] == []
    return str(begun.location)


def in_view(html: str) -> dict[str, list[Element]]:
    """Name → its controls, of those that can be seen without opening anything."""
    markup = Markup(html)
    found: dict[str, list[Element]] = {}
    (form,) = [form for form in markup.all("form") if form.get("id") == "draft"]
    for element in markup.all("input", "select", "textarea"):
        is_folded = any(each.tag == "details" and "open" not in each.attributes for each in element.within)
        if form in element.within and element.get("type") != "hidden" and not is_folded:
            found.setdefault(element.get("name"), []).append(element)
    return found


def test_the_form_asks_little_at_once(client: Client, world: make.World, address: str) -> None:
    page = client.get(address).text
    asked = in_view(page)
    assert len(asked) <= MOST_IN_VIEW, sorted(asked)
    assert len(asked) < len(in_view(page.replace("<details", "<details open"))) <= MOST_AT_ALL
    labels = [question.words for question in FIELDS.values()]
    assert len(set(labels)) == len(labels)
    own = [name for name in FIELDS if not name.startswith(("caregiver_", "contact_", "advice_"))]
    assert [name for name in own if any(word in name.split("_") for word in KNOWN)] == []
    assert {f"{topic}_later" for topic in LATER} <= asked.keys()
    assert [each.get("value") for each in asked["whanau_knows"]] == ["yes", "no", "later"]


def test_what_is_missing_is_counted_and_leads_to_its_field(client: Client, world: make.World, address: str) -> None:
    page = client.get(address).text
    markup = Markup(page)
    (panel,) = [each for each in markup.elements if each.get("id") == "missing"]
    ids = {each.get("id") for each in markup.elements}
    links = [each.get("href") for each in markup.all("a") if panel in each.within]
    assert f"{len(links)} things before you can send this" in panel.text
    assert len(links) <= MOST_FROM_MEMORY
    assert {link.removeprefix("#") for link in links} <= ids & in_view(page).keys()


def test_what_is_known_of_caregiver_address_and_contact_is_not_asked(
    client: Client, world: make.World, address: str
) -> None:
    """Whoever is a contact themselves is one already; the others answer one question more."""
    known = {"caregiver_name": "Ngaire Rua", "caregiver_phone": "04 555 0100", "address": "12 Kōwhai Street"}
    by_office = missing_on(client.get(address).text)
    assert by_office.isdisjoint(known)
    page = client.sign_in(world.tom.person_id).get("/portal/referrals/new?q=ng")
    started = client.get(client.fill(page, "Start the request for Grace Ng").location)
    assert "primary_contact" in by_office - missing_on(started.text)
    shown = in_view(client.sign_in(world.priya.person_id).get(address).text)
    assert {name: shown[name][0].get("value") for name in known} == known


def missing_on(html: str) -> set[str]:
    """The fields that the panel leads to."""
    markup = Markup(html)
    (panel,) = [each for each in markup.elements if each.get("id") == "missing"]
    return {each.get("href").removeprefix("#") for each in markup.all("a") if panel in each.within}


def test_a_whole_request_takes_few_answers(client: Client, world: make.World, address: str) -> None:
    answers = {
        "reason": "Away most Mondays",
        "action_1": "Rang home",
        "action_1_when": "last week",
        **{f"{topic}_later": "y" for topic in LATER},
        "whanau_knows": "later",
        "primary_contact": world.tom.public_id,
    }
    assert len(answers) <= MOST_FROM_MEMORY
    assert client.fill(client.get(address), "Save draft", **answers).status_code == 303
    checked = client.get(f"{address}check")
    assert "missing before you can send this" not in checked.text
    assert client.fill(checked, "Send the request").location == f"{address}submitted"


WRITTEN = {"contact_name": "Rina Tau", "contact_email": "Rina.Tau@tawa.example.nz", "contact_phone": "04 555 0123"}


def test_a_contact_who_is_not_in_the_list_is_written(client: Client, world: make.World) -> None:
    """Kept as typed and told on the way; bound to nobody before it is sent, and then by the address alone."""
    answers = {**make.ANSWERS, "primary_contact": world.tom.public_id}
    begun = client.outside(lambda: make.draft(world.priya, world.ng, **answers).referral.public_id)
    address = f"/portal/referrals/{begun}/"
    client.sign_in(world.priya.person_id)
    kept = client.fill(client.get(address), "Save draft", **WRITTEN)
    assert "contact_name" in missing_on(client.get(kept.location).text), "one of the two"
    client.fill(client.get(address), "Save draft", primary_contact="", contact_email="rina at tawa")
    page = client.get(address).text
    assert "contact_email" in missing_on(page)
    assert "rina at tawa" in page
    client.fill(client.get(address), "Save draft", contact_email=WRITTEN["contact_email"])
    checked = client.get(f"{address}check")
    assert all(text in checked.text for text in WRITTEN.values())
    assert "Rina Tau sees nothing until" in checked.text
    client.fill(checked, "Send the request")
    sent = client.get(f"{address}submitted").text
    assert "The request names Rina Tau as primary contact. Whoever is named without a role" in sent
    assert "and to the primary contact by e-mail" not in sent
    case = re.search(r"/portal/cases/([\d-]+)/", sent)
    assert case
    shown = client.get(f"{case[0]}contacts").text
    assert "Rina Tau" in shown
    assert "Hana Parata was asked today" in shown
    assert "Rina Tau" in client.sign_in(world.hana.person_id).get("/portal/people/").text
    assert client.sign_in(world.jin.person_id).get(case[0]).status_code == 404
    assert "rina" not in client.get("/portal/people/").text.lower()


def test_whoever_looks_later_is_not_told_that_they_named_the_contact(client: Client, world: make.World) -> None:
    """Nor of a role that is still to be given, which may have been given since."""
    sent = client.outside(lambda: make.draft(world.priya, world.ng, **make.ANSWERS, **WRITTEN).referral.public_id)
    address = f"/portal/referrals/{sent}/"
    client.sign_in(world.priya.person_id)
    client.fill(client.get(f"{address}check"), "Send the request")
    shown = client.sign_in(world.mere.person_id).get(f"{address}submitted").text
    assert "The request names Rina Tau as primary contact. Who it is now" in shown
    assert not any(text in shown for text in ("You named", "who was asked"))
    link = re.search(r"/portal/cases/[\d-]+/contacts", shown)
    assert link
    assert client.get(link[0]).status_code == 200


def test_the_form_costs_few_statements(client: Client, world: make.World, address: str) -> None:
    """Also where it is begun, with what is known; files and texts kept beside an answer cost one more each where there are any."""
    assert client.statements.count <= 9, client.statements.texts
    client.get(address)
    assert client.statements.count <= 6, client.statements.texts
    client.get(f"{address}check")
    assert client.statements.count <= 8, client.statements.texts
    client.outside(lambda: make.request_with(world.priya, begun(world, address), "plan.txt"))
    shown = client.get(address)
    assert "plan.txt" in shown.text
    assert client.statements.count <= 7, client.statements.texts


def begun(world: make.World, address: str) -> Request:
    return make.request_now(world.priya, address.strip("/").rpartition("/")[2])


def test_limits_are_said_and_counted_near_the_end(client: Client, world: make.World, address: str) -> None:
    """By the page that saves itself too, without a script that counts."""
    page = client.get(address).text
    assert "up to 300 characters, a longer answer 10,000" in page
    assert "characters used" not in page
    assert "Needed where it is urgent" in page
    client.fill(client.get(address), "Save draft", urgent_why="a" * 239, reason="b" * 8_000)
    shown = client.get(address).text
    assert "8,000 of 10,000 characters used" in shown
    assert "of 300 characters used" not in shown
    assert "240 of 300 characters used" in Page(client, address).type(urgent_why="a" * 240).text
    assert "make this shorter" in Page(client, address).type(urgent_why="a" * 301).text


def test_beside_saved_stands_how_much_is_missing(client: Client, world: make.World, address: str) -> None:
    count = len(missing_on(client.get(address).text))
    lacking = f'<a class="govuk-link" href="#missing">{count} things still missing</a>'
    assert lacking in client.get(address).text
    part = Page(client, address).type(reason="Away most Mondays").text
    assert f">{count - 1} things still missing</a>" in part
    client.fill(client.get(address), "Save draft", **{**make.ANSWERS, "primary_contact": world.tom.public_id})
    assert "still missing</a>" not in client.get(address).text


def test_what_was_done_is_counted_before_sending(client: Client, world: make.World, address: str) -> None:
    client.fill(client.get(address), "Save draft", action_1="Rang home", action_1_when="last week", action_2="Wrote")
    assert "2 steps: 1 with about when, 1 without a day." in client.get(f"{address}check").text
    client.fill(client.get(address), "Save draft", action_1_when="2 March 2026")
    assert "2 steps: 1 with a day, 1 without a day." in client.get(f"{address}check").text
    client.fill(client.get(address), "Save draft", action_2_when="in February")
    assert "2 steps: 1 with a day, 1 with about when." in client.get(f"{address}check").text
    client.fill(client.get(address), "Save draft", action_2_when="3/3/2026")
    assert "2 steps: each has its day." in client.get(f"{address}check").text
    client.fill(client.get(address), "Save draft", action_2="", action_2_when="")
    assert "1 step: it has its day." in client.get(f"{address}check").text
