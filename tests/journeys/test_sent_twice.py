"""Back, reload, a second window: what was sent is there once, and what was not sent yet is where it was typed."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.journeys.test_autosave import REASON, a_draft
from tests.journeys.test_request_travels import fill_in_the_rest
from tests.journeys.words import BOX, SHARE, chance, comments_saying, open_a_case
from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

WHO = "Mere Fa‘asavalu"


def another_window(page: Page) -> Page:
    """The same address in a window of the same browser."""
    opened = page.context.new_page()
    opened.goto(page.url)
    return opened


def requests_listed(page: Page) -> list[str]:
    """The case numbers of the requests sent last; one that joined a case shows its number too."""
    page.goto("/portal/referrals/")
    return page.locator('main a[href^="/portal/cases/2"]').all_inner_texts()


def test_back_after_sending_a_comment_shows_that_it_was_sent(visitors: Visitors, pair: Pair) -> None:
    """With scripts Back leads to the list. Without, to the case, asked for anew: what was sent stands there, once."""
    words = f"We rang on Tuesday, {chance()}."
    page = visitors.sign_in(WHO, "/portal/cases/")
    here = open_a_case(page)
    page.get_by_label(BOX).fill(words)
    page.get_by_role("button", name=SHARE).click()
    expect(comments_saying(page, words)).to_have_count(1)
    page.go_back()
    if not pair.has_scripting:
        assert page.url == here
        expect(comments_saying(page, words)).to_have_count(1)
    page.goto(here)
    expect(comments_saying(page, words)).to_have_count(1)
    expect(page.get_by_label(BOX)).to_have_value("")


def test_two_windows_on_one_case_send_two_comments_and_lose_neither(visitors: Visitors, pair: Pair) -> None:
    first, second = f"From the first window, {chance()}.", f"From the second window, {chance()}."
    page = visitors.sign_in(WHO, "/portal/cases/")
    open_a_case(page)
    other = another_window(page)
    page.get_by_label(BOX).fill(first)
    page.get_by_role("button", name=SHARE).click()
    expect(comments_saying(page, first)).to_have_count(1)
    other.get_by_label(BOX).fill(second)
    other.get_by_role("button", name=SHARE).click()
    expect(comments_saying(other, second)).to_have_count(1)
    expect(comments_saying(other, first)).to_have_count(1)


def test_a_request_sent_from_two_windows_at_once_is_one_case(visitors: Visitors) -> None:
    """Both buttons are pressed before either has its answer."""
    page = a_draft(visitors, "Priya Nair")
    draft, before = page.url, requests_listed(page)
    page.goto(draft)
    page.get_by_label(REASON).fill("Away most Mondays.")
    fill_in_the_rest(page)
    page.get_by_role("button", name="Check answers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check the answers")
    other = another_window(page)
    sent: list[Request] = []
    page.context.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    for window in (page, other):
        window.get_by_role("button", name="Send the request").click(no_wait_after=True)
    for window in (page, other):
        expect(window.get_by_role("heading", name="The request is sent")).to_be_visible()
    assert [request.url.endswith("/submission") for request in sent] == [True, True]
    numbers = {window.locator(".wh-number").inner_text() for window in (page, other)}
    assert len(numbers) == 1
    number = numbers.pop()
    assert requests_listed(page).count(number) == before.count(number) + 1


def test_a_comment_half_written_is_there_after_a_reload(visitors: Visitors, pair: Pair) -> None:
    if not pair.has_scripting:
        pytest.skip("without scripts nothing is sent before its button is pressed")
    words = f"We rang on Wednesday and, {chance()}"
    page = visitors.sign_in(WHO, "/portal/cases/")
    open_a_case(page)
    page.get_by_label(BOX).fill(words)
    expect(page.locator("#note-kept")).to_contain_text("Saved")
    page.reload()
    expect(page.get_by_label(BOX)).to_have_value(words)
    expect(comments_saying(page, words)).to_have_count(0)
    page.get_by_label(BOX).fill("")
    expect(page.locator("#note-kept")).not_to_contain_text("not sent")


def test_back_after_signing_out_shows_nothing_of_who_was_here(visitors: Visitors, pair: Pair) -> None:
    words = f"We rang on Thursday, {chance()}."
    page = visitors.sign_in(WHO, "/portal/cases/")
    here = open_a_case(page)
    student = page.get_by_role("heading", level=1).inner_text()
    page.get_by_label(BOX).fill(words)
    if pair.has_scripting:
        expect(page.locator("#note-kept")).to_contain_text("Saved")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(student)
    expect(page.get_by_text(words)).to_have_count(0)
    expect(page.get_by_label(BOX)).to_have_count(0)
    if pair.has_scripting:
        its_writer_takes_it_back(visitors.sign_in(WHO, here), words)


def its_writer_takes_it_back(page: Page, words: str) -> None:
    """It was kept for nobody else; a later journey finds the box empty."""
    expect(page.get_by_label(BOX)).to_have_value(words)
    page.get_by_label(BOX).fill("")
    expect(page.locator("#note-kept")).to_be_empty()


def test_other_windows_hear_that_one_signed_out(visitors: Visitors, pair: Pair) -> None:
    if not pair.has_scripting:
        pytest.skip("without scripts a page is as it was loaded")
    page = visitors.sign_in(WHO, "/portal/cases/")
    open_a_case(page)
    other = another_window(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(other.get_by_text("Your sign-in has ended.")).to_be_visible()
