"""The journey: a case manager makes a plan, and the school reads it on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.words import chance
from tests.support.browsers import PAIRS, Visitors

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[0], id=str(PAIRS[0]))], indirect=True),
]

Look = Callable[[Page, str], None]


def test_a_plan_from_the_service_to_the_school(visitors: Visitors, look_at_both: Look) -> None:
    page, goal = visitors.sign_in("Ana Tuhoro", "/workspace/cases/?status=open"), f"At school on Mondays, {chance()}"
    rows = page.get_by_role("main").get_by_role("row").filter(has_text="Tawa Awa College")
    rows.get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("link", name="Barriers and plan").click()
    names_a_barrier(page, look_at_both)
    makes_a_plan(page, goal, look_at_both)
    look_at_both(page, "plan")
    page.get_by_role("link", name="To print for the whānau").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Our plan for")
    look_at_both(page, "plan-to-print")
    number = page.url.split("/cases/")[1].partition("/")[0]
    school = visitors.sign_in("Mere Fa‘asavalu", f"/portal/cases/{number}/")
    school.set_viewport_size({"width": 360, "height": 800})
    school.get_by_role("link", name="The plan", exact=True).click()
    expect(school.get_by_role("listitem").filter(has_text=goal).first).to_be_visible()
    expect(school.get_by_text("The bus is full.")).to_have_count(0)
    look_at_both(school, "plan-of-school")


def names_a_barrier(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Name a barrier").click()
    page.get_by_label("What gets in the way?").select_option(label="Transport")
    page.get_by_label("What is to be known of it?").fill("The bus is full.")
    page.get_by_label("The whānau").check()
    look(page, "barrier")
    page.get_by_role("button", name="Add this barrier").click()
    expect(page.get_by_text("The bus is full.").first).to_be_visible()


def makes_a_plan(page: Page, goal: str, look: Look) -> None:
    """First without who does it: the page says what is missing, and keeps the words."""
    page.get_by_role("link", name="Make a plan").or_(page.get_by_role("link", name="Change the plan")).click()
    first = page.get_by_role("group", name="Goal 1", exact=True)
    first.get_by_label("What is aimed at?").fill(goal)
    action = first.get_by_role("group", name="Goal 1, action 1")
    action.get_by_label("What is done?").fill("Bus card")
    action.get_by_label("Who does it?").fill("")
    page.get_by_label("With whom is it agreed?").fill("Student and nan")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Say who does it")
    look(page, "plan-refused")
    action.get_by_label("Who does it?").fill("Ana")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_contain_text("can read goals, actions and the day of the review")
    expect(page.get_by_role("listitem").filter(has_text=goal).first).to_be_visible()
