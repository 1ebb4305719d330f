"""The journey: a visit written down on a phone, the line gone when the button is pressed, and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_autosave import found_no_line
from tests.journeys.words import chance
from tests.support.browsers import PAIRS, PATIENCE, Visitors

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[2], id=str(PAIRS[2]))], indirect=True),
]

OF_HTMX = re.compile(r"htmx:(afterRequest|sendError), \[object HTMLElement\]$")
"""It notes the press that found no line too."""


def test_a_visit_is_sent_once_when_the_line_is_back(
    visitors: Visitors, look_twice: Callable[[Page, str], None]
) -> None:
    page, words = visitors.sign_in("Ana Tuhoro", "/workspace/cases/?status=open"), f"Nobody slept, {chance()}."
    page.get_by_role("main").get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("button", name="Record a meeting, call or visit").click()
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
