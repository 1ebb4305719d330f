"""What is hostile, typed into the form of a request in a browser: it stands there as NFC and otherwise exactly, what is wrong is
said at its field, no page of it grows sideways, and nothing of it is carried out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.core.text import nfc
from tests.journeys.test_autosave import SAVED, a_draft, what_is_asked
from tests.support.browsers import PAIRS, Pair, Visitors

Look = Callable[[Page, str], None]
TEXTS = {
    "reason": "x" * 10_000,
    "plan": "<script>alert(1)</script>\"><img src=x onerror=alert(1)>'{{ 7*7 }}</textarea>&amp;",
    "barriers": "\u202eexe.evil\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "engagement": "Ma\u0304ori, wha\u0304nau 👩🏽‍👧🏽 🏳️‍🌈",
    "caregiver_name": "y" * 300,
    "caregiver_email": "javascript:alert(1)",
    "caregiver_phone": "tomorrow",
    "address": "'; DROP TABLE referral; -- %s \\ $1",
    "action_1": "=HYPERLINK(\"http://example.nz\",'x')",
    "action_1_when": "29 February 20266",
}
SAID = {"caregiver_name": "make this shorter", "caregiver_email": "Write an e-mail address", "caregiver_phone": "phone"}


@pytest.fixture(params=[pytest.param(PAIRS[0], id=str(PAIRS[0]), marks=pytest.mark.journey)])
def pair(request: pytest.FixtureRequest) -> Pair:
    chosen: Pair = request.param
    return chosen


def test_hostile_texts_are_kept_or_refused_and_do_nothing(visitors: Visitors, look_at_both: Look) -> None:
    page = a_draft(visitors, "Priya Nair")
    asked = what_is_asked(page)
    for field, text in TEXTS.items():
        page.locator(f"#{field}").fill(text)
    page.locator("#meet_instead").evaluate("field => field.closest('details').open = true")
    page.locator("#meet_instead").fill("z" * 250)
    expect(page.get_by_text("Not saved yet", exact=True)).to_be_hidden()
    expect(page.locator("#saved")).to_have_text(SAVED)
    page.reload()
    for field, text in TEXTS.items():
        expect(page.locator(f"#{field}")).to_have_value(nfc(text))
    for field, words in SAID.items():
        expect(page.locator(f"#{field}-said")).to_contain_text(words)
    look_at_both(page, "hostile-draft")
    page.get_by_role("button", name="Check answers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check the answers")
    expect(page.get_by_text(TEXTS["plan"], exact=True)).to_be_visible()
    look_at_both(page, "hostile-check")
    assert asked == []
