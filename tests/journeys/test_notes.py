"""A note in two windows, and an edit that was not saved: what was said to be kept is there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_autosave import found_no_line
from tests.journeys.words import BOX, SHARE, chance, comments_saying, open_a_case
from tests.support.browsers import PATIENCE, Pair, Visitors, last_pairs

pytestmark = last_pairs

WHO = "Mere Fa‘asavalu"


@pytest.fixture(autouse=True)
def _scripted(pair: Pair) -> None:
    if not pair.has_scripting:
        pytest.skip("without scripts nothing is sent before its button is pressed")


def test_two_windows_of_a_note_both_keep_what_they_said_is_kept(visitors: Visitors) -> None:
    first, second = f"Long, from the first window, {chance()}", f"Short, from the second, {chance()}"
    page = visitors.sign_in(WHO, "/portal/cases/")
    here = open_a_case(page)
    write(page, "")
    other = page.context.new_page()
    other.goto(here)
    write(page, first)
    write(other, second)
    other.get_by_role("button", name=SHARE).click()
    expect(comments_saying(other, second)).to_have_count(1)
    expect(other.get_by_label(BOX)).to_have_value(first)
    page.close()
    other.reload()
    expect(other.get_by_label(BOX)).to_have_value(first)
    write(other, "")
    other.reload()
    expect(other.get_by_label(BOX)).to_have_value("")


def test_an_edit_is_there_after_a_reload_and_can_be_left(visitors: Visitors) -> None:
    words, more = f"We rang on Friday, {chance()}.", chance()
    page = visitors.sign_in(WHO, "/portal/cases/")
    open_a_case(page)
    page.get_by_label(BOX).fill(words)
    page.get_by_role("button", name=SHARE).click()
    comments_saying(page, words).get_by_role("link", name=re.compile("^Edit")).click()
    box = page.get_by_label("What it should say")
    box.press("Control+End")
    box.press_sequentially(more)
    expect(page.locator("#text-kept")).to_contain_text("Kept for you")
    page.reload()
    expect(box).to_have_value(f"{words}{more}")
    page.get_by_role("button", name="Leave it as it is").click()
    expect(comments_saying(page, words)).to_have_count(1)
    expect(comments_saying(page, more)).to_have_count(0)


def test_a_note_that_is_refused_saves_itself_and_warns_until_then(visitors: Visitors) -> None:
    """Too long, and its button pressed before it had saved itself."""
    words = f"{chance()} ".ljust(10_001, "x")
    page = visitors.sign_in(WHO, "/portal/cases/")
    open_a_case(page)
    page.route("**/comments/unsent", lambda route: route.abort())
    page.get_by_label(BOX).fill(words)
    page.get_by_role("button", name=SHARE).click()
    expect(page.get_by_role("heading", name="There is something to mend")).to_be_visible()
    expect(page.get_by_text("Not saved yet", exact=True)).to_be_visible()
    expect(page.get_by_text("Not saved yet: the portal cannot be reached.")).to_be_visible()
    assert page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))") is False
    page.unroute("**/comments/unsent")
    expect(page.locator("#note-kept")).to_contain_text("Saved", timeout=PATIENCE)
    page.reload()
    expect(page.get_by_label(BOX)).to_have_value(words)
    write(page, "")
    found_no_line(visitors)


def write(page: Page, words: str) -> None:
    """Type it, and wait until the page says what became of it."""
    box, kept = page.get_by_label(BOX), page.locator("#note-kept")
    with page.expect_response("**/comments/unsent"):
        box.fill(words or "x")
    if words:
        expect(kept).to_contain_text("Saved")
        return
    with page.expect_response("**/comments/unsent"):
        box.fill("")
    expect(kept).to_be_empty()
