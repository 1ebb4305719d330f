"""The journey: a visit written down on a phone, which ends the tab; and the line gone when the button is pressed, and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.core.security import random_token
from tests.journeys.test_autosave import found_no_line, kill
from tests.journeys.words import chance
from tests.support.browsers import FLAGS, PAIRS, PATIENCE, PROGRAM, Visitors

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[2], id=str(PAIRS[2]))], indirect=True),
]

OF_HTMX = re.compile(r"htmx:(afterRequest|sendError), \[object HTMLElement\]$")
"""It notes the press that found no line too."""


def test_a_visit_comes_back_where_the_phone_ended_the_tab(
    visitors: Visitors, look_twice: Callable[[Page, str], None]
) -> None:
    mark, words = f"--waharoa-test={random_token()}", f"They want to come back, {chance()}."
    browser = visitors.browser.browser_type.launch(executable_path=PROGRAM, args=[*FLAGS, mark])
    page = a_form(Visitors(browser, visitors.portal, visitors.pair))
    page.get_by_label("Visit", exact=True).check()
    page.get_by_label("A caregiver", exact=True).check()
    page.get_by_label("What was said or seen").press_sequentially(words)
    expect(page.get_by_text(re.compile("^Kept for you .*, not sent yet$"))).to_be_visible()
    page.wait_for_timeout(2_000)
    address = page.url
    kill(mark)
    page = visitors.sign_in("Ana Tuhoro", address)
    expect(page.get_by_role("heading", name="What you had typed and not sent is in this form")).to_be_visible()
    expect(page.get_by_label("What was said or seen")).to_have_value(words)
    for label in ("Visit", "A caregiver"):
        expect(page.get_by_label(label, exact=True)).to_be_checked()
    look_twice(page, "meetings-given-back")
    page.get_by_role("button", name="Record for our service only").click()
    recorded = page.get_by_role("listitem").filter(has_text=words)
    expect(recorded).to_contain_text(re.compile("Visit.*with a caregiver"))
    page.reload()
    expect(page.get_by_label("What was said or seen")).to_have_value("")


def a_form(visitors: Visitors) -> Page:
    """Of what happened on the first open case of Ana's."""
    page = visitors.sign_in("Ana Tuhoro", "/workspace/cases/?status=open")
    page.get_by_role("main").get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("button", name="Record a meeting, call or visit").click()
    return page


def test_a_visit_is_sent_once_when_the_line_is_back(
    visitors: Visitors, look_twice: Callable[[Page, str], None]
) -> None:
    page, words = a_form(visitors), f"Nobody slept, {chance()}."
    look_twice(page, "meetings")
    page.get_by_label("Visit", exact=True).check()
    page.get_by_label("The student", exact=True).check()
    page.get_by_label("What was said or seen").fill(words)
    page.context.set_offline(True)
    page.get_by_role("button", name="Record for our service only").click()
    expect(page.get_by_text("Not saved yet: the portal cannot be reached.")).to_be_visible()
    expect(page.get_by_text("Not saved yet", exact=True)).to_be_visible()
    expect(page.get_by_label("What was said or seen")).to_have_value(words)
    assert page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))") is False
    page.context.set_offline(False)
    recorded = page.get_by_role("listitem").filter(has_text=words)
    expect(recorded).to_contain_text(re.compile("Visit.*with the student"), timeout=2 * PATIENCE)
    expect(page.get_by_text("Not saved yet", exact=True)).to_have_count(0)
    page.reload()
    expect(recorded).to_have_count(1)
    look_twice(page, "meetings-recorded")
    found_no_line(visitors)
    visitors.problems[:] = [problem for problem in visitors.problems if not OF_HTMX.search(problem)]
