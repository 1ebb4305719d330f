"""The journey: a case's contact is changed, others are named and stand in, and somebody who never signed in comes to see it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core import clock
from tests.journeys.words import open_a_case
from tests.support.browsers import PAIRS, Visitors

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[0], id=str(PAIRS[0]))], indirect=True),
]

Look = Callable[[Page, str], None]
NEWCOMER, EMAIL, STAND_IN = "Ngaire Olsen", "Ngaire.Olsen@tawa-awa.example", "Aroha Ngata"
NEXT = "Priya Nair"


def test_contacts_of_a_case(visitors: Visitors, look_twice: Look) -> None:
    page = visitors.sign_in("Mere Fa‘asavalu", "/portal/cases/?status=open")
    case = open_a_case(page)
    page.get_by_role("link", name="Contacts at our school").click()
    changes_the_primary_contact(page, look_twice)
    names_somebody_who_never_signed_in(page, look_twice)
    lets_somebody_stand_in(page, look_twice)
    sees_nothing_yet(visitors)
    is_given_a_role(visitors)
    newcomer = visitors.sign_in(NEWCOMER, case)
    expect(newcomer.get_by_role("region", name="Case").get_by_text(NEXT)).to_be_visible()
    expect(visitors.sign_in(STAND_IN, case).get_by_role("region", name="Case")).to_be_visible()
    page.reload()
    expect(page.get_by_text("No role")).to_have_count(0)
    page.get_by_role("button", name=f"Remove {NEWCOMER}").click()
    expect(page.locator("#notices")).to_contain_text(f"{NEWCOMER} is no longer a contact")
    newcomer.reload()
    expect(newcomer.get_by_role("heading", name="Page not found")).to_be_visible()


def changes_the_primary_contact(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Change the primary contact").click()
    page.get_by_label("Who?").select_option(label=f"{NEXT} (office support)")
    page.get_by_label("Best times to reach them").fill("Tuesday, 1 to 2")
    look(page, "contact-primary")
    page.get_by_role("button", name="Change the primary contact").click()
    expect(page.locator("#notices")).not_to_be_empty()
    expect(page.get_by_text("best reached: Tuesday, 1 to 2")).to_contain_text(NEXT)


def names_somebody_who_never_signed_in(page: Page, look: Look) -> None:
    """First without an address: the page says what is missing."""
    page.get_by_role("link", name="Name another contact").click()
    page.get_by_label("Name", exact=True).fill(NEWCOMER)
    page.get_by_role("button", name="Add this contact").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "contact-refused")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_role("button", name="Add this contact").click()
    expect(page.get_by_role("paragraph").filter(has_text="No role yet")).to_contain_text(NEWCOMER)


def lets_somebody_stand_in(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Let somebody stand in for some days").click()
    page.get_by_label("Who stands in?").select_option(label=f"{STAND_IN} (primary contact)")
    for legend, days in (("First day", 0), ("Last day", 2)):
        day, boxes = clock.today() + timedelta(days=days), page.get_by_role("group", name=legend)
        for box in ("Day", "Month", "Year"):
            boxes.get_by_label(box).fill(str(getattr(day, box.lower())))
    look(page, "contact-cover")
    page.get_by_role("button", name="Save the cover").click()
    expect(page.locator("#notices")).to_contain_text("Cover is kept, and ends by itself.")
    look(page, "contacts")


def sees_nothing_yet(visitors: Visitors) -> None:
    page = visitors.come()
    page.goto("/")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=NEWCOMER).click()
    expect(page.get_by_role("heading", name="You have no role here yet")).to_be_visible()


def is_given_a_role(visitors: Visitors) -> None:
    page = visitors.sign_in("Hana Parata", "/account")
    change = page.get_by_role("button", name="Work as delegated authoriser")
    if change.count():
        change.click()
    page.goto("/portal/people/")
    page.get_by_role("link", name=f"{NEWCOMER}: primary contact").click()
    page.get_by_role("button", name="Give the role").click()
    expect(page.locator("#notices")).to_contain_text(f"{NEWCOMER} is primary contact now, and is told.")
