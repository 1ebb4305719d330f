"""The journey: a case goes from the queue through its statuses, on a phone without script, and comes back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.words import chance
from tests.support.browsers import PAIRS, Visitors

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[1], id=str(PAIRS[1]))], indirect=True),
]

Look = Callable[[Page, str], None]
NOT_TALKED = "Why has nobody spoken with the school"


def test_from_the_queue_to_closed_and_back(visitors: Visitors, look_twice: Look) -> None:
    lead, why = visitors.sign_in("Ruth Whaanga", "/workspace/queue/"), f"Attends again, {chance()}"
    lead.get_by_role("link", name=re.compile("^Assign")).last.click()
    lead.get_by_label(re.compile("Ana Tuhoro: ")).check()
    lead.get_by_role("button", name="Give the case").click()
    number = lead.url.split("/cases/")[1].partition("/")[0]
    page = visitors.sign_in("Ana Tuhoro", f"/workspace/cases/{number}/")
    steps_back(page, why, look_twice)
    closes(page, why, look_twice)
    opens_again(page)
    for said in (why, "It was too early.", "Every day for three weeks."):
        expect(page.get_by_text(said).first).to_be_visible()
    look_twice(page, "status")


def change(page: Page, title: str) -> None:
    page.get_by_role("link", name="Status: what can become of it").click()
    page.get_by_role("link", name=title).click()


def stands(page: Page, label: str) -> None:
    expect(page.get_by_role("region", name="Case")).to_contain_text(label)


def steps_back(page: Page, why: str, look: Look) -> None:
    """First without a day: the page says what is missing, and keeps the words."""
    change(page, "Step back: transition")
    page.get_by_label("Why?", exact=True).fill(why)
    page.get_by_role("button", name="Step back: transition").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the day")
    expect(page.get_by_label("Why?", exact=True)).to_have_value(why)
    look(page, "status-refused")
    for box, text in (("Day", "1"), ("Month", "12"), ("Year", "2099")):
        page.get_by_role("group", name="When do you expect to close it?").get_by_label(box).fill(text)
    page.get_by_label(NOT_TALKED).fill("The office is closed.")
    page.get_by_role("button", name="Step back: transition").click()
    stands(page, "Transition")


def closes(page: Page, why: str, look: Look) -> None:
    change(page, "Close the case")
    look(page, "status-closing")
    page.get_by_role("link", name="Attending regularly").click()
    page.get_by_label("How does the student attend now?").fill("Every day for three weeks.")
    page.get_by_label(NOT_TALKED).fill("The office is closed.")
    page.get_by_label("Why?", exact=True).fill(why)
    page.get_by_role("button", name="Close the case").click()
    stands(page, "Attending regularly")


def opens_again(page: Page) -> None:
    change(page, "Open the closed case again")
    page.get_by_label("Why?", exact=True).fill("It was too early.")
    page.get_by_role("button", name="Open the closed case again").click()
    stands(page, "Open")
    page.get_by_role("link", name="Status: what can become of it").click()
