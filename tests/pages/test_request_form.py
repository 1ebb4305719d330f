"""The form of a request is short: nothing twice, nothing that the system knows, and what is missing leads to its field."""

import pytest

from app.referrals.questions import FIELDS, LATER
from app.students.actions import add_caregiver
from tests import make
from tests.support.client import Client
from tests.support.markup import Element, Markup

KNOWN = ("name", "born", "birth", "school", "year", "nsn")
MOST_IN_VIEW = 25
"""Questions that stand open on an empty form; radios are one."""
MOST_FROM_MEMORY = 8
"""Answers that make a whole request, where the roll and the school know student and caregiver."""
MOST_AT_ALL = 60
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
    labels = [question.label for question in FIELDS.values()]
    assert len(set(labels)) == len(labels)
    own = [name for name in FIELDS if not name.startswith(("caregiver_", "advice_"))]
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
