"""A school puts right how a student is reached, and says what must be known at the door; a service finds out who belongs
together, and whom it told what; and what is beside the cases. Each page is looked at on the way; each case is of its journey alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.roto import FETU, IHAIA, LEAD, cases_at_roto
from tests.journeys.words import chance
from tests.support.browsers import PAIRS, Visitors
from tests.support.portals import Portal

pytestmark = pytest.mark.journey
on_a_phone = pytest.mark.parametrize("pair", [pytest.param(PAIRS[2], id=str(PAIRS[2]))], indirect=True)
at_a_desk = pytest.mark.parametrize("pair", [pytest.param(PAIRS[0], id=str(PAIRS[0]))], indirect=True)

Look = Callable[[Page, str], None]


@on_a_phone
def test_a_school_puts_a_phone_right_and_warns_of_a_dog(visitors: Visitors, portal: Portal, look_twice: Look) -> None:
    (number,) = cases_at_roto(portal, IHAIA)
    case = f"/portal/cases/{number}/"
    page = visitors.sign_in(FETU, f"{case}student")
    changes_the_phone(page, look_twice)
    page.get_by_role("link", name="The student is enrolled at another school").click()
    finds(page, "Name or number of the school", "a")
    look_twice(page, "school-enrolment-elsewhere")
    warns_of_a_dog(page, f"{case}safety", look_twice)
    page.goto(f"{case}access")
    look_twice(page, "school-access-of-case")


@at_a_desk
def test_a_lead_puts_a_phone_right_and_links_a_sibling(visitors: Visitors, portal: Portal, look_twice: Look) -> None:
    number, other = cases_at_roto(portal, IHAIA, IHAIA)
    page = visitors.sign_in(LEAD, f"/workspace/cases/{number}/student")
    changes_the_phone(page, look_twice)
    links_a_sibling(page, other, look_twice)


@at_a_desk
def test_a_lead_warns_of_a_dog_and_writes_down_whom_an_agency_was_told_of(
    visitors: Visitors, portal: Portal, look_twice: Look
) -> None:
    (number,) = cases_at_roto(portal, IHAIA)
    case = f"/workspace/cases/{number}/"
    page = visitors.sign_in(LEAD, f"{case}caregivers/")
    look_twice(page, "caregivers")
    warns_of_a_dog(page, f"{case}safety", look_twice)
    tells_an_agency(page, f"{case}agencies/new", look_twice)


@at_a_desk
def test_a_lead_makes_an_initiative_and_sees_to_what_is_beside_the_cases(
    visitors: Visitors, portal: Portal, look_twice: Look
) -> None:
    cases_at_roto(portal, IHAIA)
    page = visitors.sign_in(LEAD, "/workspace/initiatives/new")
    makes_an_initiative(page, look_twice)
    page.goto("/workspace/schools/")
    look_twice(page, "schools")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    look_twice(page, "school-of-service")
    page.goto("/account/calendar")
    look_twice(page, "calendar")


def changes_the_phone(page: Page, look: Look) -> None:
    """First to no phone at all, which is refused where it is."""
    page.get_by_role("link", name="Change what is recorded").click()
    page.get_by_label("The student’s own phone").fill("none that I know")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, f"{audience(page)}-student-refused")
    page.get_by_label("The student’s own phone").fill("021 555 0199")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("021 555 0199")
    look(page, f"{audience(page)}-student")


def finds(page: Page, label: str, sought: str) -> None:
    page.get_by_label(label).fill(sought)
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("radio").first).to_be_visible()


def warns_of_a_dog(page: Page, address: str, look: Look) -> None:
    fact = f"A dog behind the house, {chance()}"
    page.goto(address)
    page.get_by_role("group", name="What is it about?").get_by_role("radio").first.check()
    page.get_by_label("What must somebody know who knocks at the door?").fill(fact)
    page.get_by_role("button", name="Add this safety note").click()
    expect(page.get_by_role("region").filter(has_text=fact).first).to_be_visible()
    look(page, f"{audience(page)}-safety-notes")
    page.get_by_role("link", name="Is it still true?").first.click()
    look(page, f"{audience(page)}-safety-note")


def links_a_sibling(page: Page, number: str, look: Look) -> None:
    page.get_by_role("link", name="Link a sibling").click()
    finds(page, "Name of the sibling, or case number", number)
    page.get_by_role("radio").first.check()
    look(page, "sibling")
    page.get_by_label("Who said so?").fill("Their nan, on the visit")
    page.get_by_role("button", name="Link as siblings").click()
    expect(page.get_by_role("listitem").filter(has_text=number).filter(has_text="Their nan")).to_be_visible()
    look(page, "student-with-sibling")


def tells_an_agency(page: Page, address: str, look: Look) -> None:
    told = f"That there is a plan, {chance()}"
    page.goto(address)
    page.get_by_label("What kind of agency is it?").select_option(index=1)
    page.get_by_label("Name of the service or team").fill(called := f"Team {chance()}")
    page.get_by_role("group", name="May they be told").get_by_label("Yes").check()
    look(page, "agency")
    page.get_by_role("button", name="Add this agency").click()
    named = page.get_by_role("region", name=called)
    expect(named).to_contain_text(re.compile(r"May be told of this case\s*Yes"))
    named.get_by_role("link", name="Write down what they were told").click()
    look(page, "disclosure")
    page.get_by_label("What were they told?").fill(told)
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator(".wh-entry").filter(has_text=told)).to_be_visible()
    look(page, "agencies")


def makes_an_initiative(page: Page, look: Look) -> None:
    look(page, "initiative-form")
    page.get_by_label("What is it called?").fill(called := f"Walking bus {chance()}")
    page.get_by_label("What kind is it?").select_option(label="Getting to school")
    page.get_by_label("What is it to change?").fill("Being there at nine")
    page.get_by_role("group", name="Which schools take part?").get_by_role("checkbox").first.check()
    page.get_by_role("group", name="From").get_by_label("Day").fill("3/2/2026")
    page.get_by_role("button", name="Add this initiative").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(called)
    look(page, "initiative")
    page.goto("/workspace/initiatives/")
    expect(page.get_by_role("row").filter(has_text=called)).to_be_visible()
    look(page, "initiatives")


def audience(page: Page) -> str:
    """Portal or workspace, as the address says: one picture of each."""
    return page.url.split("/")[3]
