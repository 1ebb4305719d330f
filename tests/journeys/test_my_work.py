"""The journey: a case manager's morning on a phone without script. A task is written down, stands first in My work, and is done."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.core import clock
from tests.journeys.words import chance
from tests.support.browsers import PAIRS, Visitors

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[1], id=str(PAIRS[1]))], indirect=True),
]

Look = Callable[[Page, str], None]


def test_a_morning(visitors: Visitors, look_twice: Look) -> None:
    page, what = visitors.sign_in("Ana Tuhoro", "/workspace/cases/?status=open"), f"Ring about the bus, {chance()}"
    page.get_by_role("main").get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("link", name="Tasks", exact=True).click()
    writes_it_down(page, what, look_twice)
    page.get_by_role("link", name="My work").click()
    look_twice(page, "my-work")
    row = page.get_by_role("main").get_by_role("row").filter(has_text=what)
    expect(row).to_contain_text("Due")
    page.get_by_role("link", name=what).click()
    look_twice(page, "task")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#notices")).to_contain_text("Done. What it was is kept.")
    expect(page.get_by_role("listitem").filter(has_text=what)).to_contain_text("done (Ana Tuhoro")
    look_twice(page, "tasks")
    page.get_by_role("link", name="My work").click()
    expect(page.get_by_role("link", name=what)).to_have_count(0)


def writes_it_down(page: Page, what: str, look: Look) -> None:
    """First without a day: the page says what is missing, and keeps the words."""
    page.get_by_role("link", name="Add a task").click()
    page.get_by_label("What is to be done?").fill(what)
    page.get_by_role("button", name="Add this task").click()
    expect(page.get_by_role("alert")).to_contain_text("Say by when")
    expect(page.get_by_label("What is to be done?")).to_have_value(what)
    look(page, "task-refused")
    today, boxes = clock.today(), page.get_by_role("group", name="By when?")
    for box in ("Day", "Month", "Year"):
        boxes.get_by_label(box).fill(str(getattr(today, box.lower())))
    page.get_by_role("button", name="Add this task").click()
    expect(page.locator("#notices")).to_contain_text("The task was added.")
    expect(page.get_by_role("row").filter(has_text=what)).to_contain_text("Today")
