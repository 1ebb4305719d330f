"""A sign-in ends while somebody types: nothing is lost, and what was typed ends where its writer expects it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.words import BOX, SHARE, chance, comments_saying, open_a_case
from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

WHO, SOMEBODY_ELSE = "Mere Fa‘asavalu", "Ruth Whaanga"
QUESTION = "Nothing was lost. Send it now?"
SIGN_IN_AGAIN = "Sign in again in a new window"


def sign_out_everywhere(visitors: Visitors, who: str) -> None:
    """Somebody signs out everywhere, on another computer; here the browser still has its cookie."""
    elsewhere = visitors.sign_in(who)
    elsewhere.goto("/account")
    elsewhere.get_by_role("button", name="Sign out everywhere").click()
    expect(elsewhere.get_by_role("heading", name="You are signed out")).to_be_visible()


def sign_in_here(page: Page, who: str) -> None:
    if page.get_by_role("heading", name="Choose who to sign in as").count() == 0:
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=re.compile(f"^{re.escape(who)}")).click()


def in_a_new_window(page: Page, who: str) -> Page:
    """By the link in the page's own words."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=SIGN_IN_AGAIN).click()
    sign_in_here(opened.value, who)
    return opened.value


def typed_and_signed_out(visitors: Visitors) -> tuple[Page, str]:
    """A comment is being written when the sign-in ends; its button is pressed."""
    words = f"We rang on Monday, {chance()}."
    page = visitors.sign_in(WHO, "/portal/cases/")
    open_a_case(page)
    page.get_by_label(BOX).fill(words)
    sign_out_everywhere(visitors, WHO)
    page.get_by_role("button", name=SHARE).click()
    return page, words


def throw_it_away(page: Page) -> None:
    page.get_by_role("button", name="Throw it away").click()
    expect(page.locator("#notices").get_by_text("Thrown away. Nothing was sent.")).to_be_visible()


def nothing_is_kept(page: Page) -> None:
    """Else the next journey of this person would begin with being asked about it."""
    page.goto("/kept/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is kept")


def test_it_is_asked_after_signing_in_whether_to_send_it(visitors: Visitors, pair: Pair) -> None:
    page, words = typed_and_signed_out(visitors)
    if pair.has_scripting:
        expect(page.get_by_text("You are signed out. What you typed is still here, and is kept")).to_be_visible()
        expect(page.get_by_label(BOX)).to_have_value(words)
        offered = in_a_new_window(page, WHO)
    else:
        expect(page.get_by_text("What you typed is kept for 30 minutes.")).to_be_visible()
        offered = page
        sign_in_here(page, WHO)
    expect(offered.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(offered.get_by_text(words)).to_be_visible()
    offered.get_by_role("button", name="Send it now").click()
    expect(comments_saying(offered, words)).to_have_count(1)
    expect(offered.get_by_text("was not sent")).to_have_count(0)
    nothing_is_kept(offered)


def test_pressed_again_on_the_old_page_it_is_sent_once(visitors: Visitors, pair: Pair) -> None:
    if not pair.has_scripting:
        pytest.skip("without scripts the old page has gone to the sign-in page")
    page, words = typed_and_signed_out(visitors)
    offered = in_a_new_window(page, WHO)
    expect(offered.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(page.get_by_text("You are signed out.")).to_have_count(0)
    expect(page.get_by_label(BOX)).to_have_value(words)
    page.get_by_role("button", name=SHARE).click()
    expect(comments_saying(page, words)).to_have_count(1)
    offered.get_by_role("button", name="Send it now").click()
    expect(comments_saying(offered, words)).to_have_count(1)
    nothing_is_kept(offered)


def test_thrown_away_it_is_gone(visitors: Visitors, pair: Pair) -> None:
    if pair.has_scripting:
        pytest.skip("the same page with scripts")
    page, words = typed_and_signed_out(visitors)
    sign_in_here(page, WHO)
    page.get_by_role("link", name="Look at the page it was typed on").click()
    expect(comments_saying(page, words)).to_have_count(0)
    page.get_by_role("link", name="look at it, and send it or throw it away").click()
    throw_it_away(page)
    expect(page.get_by_text(words)).to_have_count(0)
    expect(page.get_by_text("was not sent")).to_have_count(0)


def test_nothing_is_sent_in_the_name_of_somebody_else(visitors: Visitors, pair: Pair) -> None:
    page, words = typed_and_signed_out(visitors)
    if not pair.has_scripting:
        sign_in_here(page, SOMEBODY_ELSE)
        expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
        nothing_is_kept(page)
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.goto("/sign-in")
        sign_in_here(page, WHO)
        expect(page.get_by_text(words)).to_be_visible()
        throw_it_away(page)
        return
    other = in_a_new_window(page, SOMEBODY_ELSE)
    expect(other.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    expect(page.get_by_text("Somebody else is signed in now in this browser.")).to_be_visible()
    expect(page.get_by_label(BOX)).to_have_value(words)
    page.get_by_role("button", name=SHARE).click()
    expect(page.get_by_text("Somebody else is signed in now in this browser, so nothing was done.")).to_be_visible()
    other.get_by_role("button", name="Sign out", exact=True).click()
    other.goto("/sign-in")
    sign_in_here(other, WHO)
    expect(page.get_by_text("Somebody else is signed in")).to_have_count(0)
    page.get_by_role("button", name=SHARE).click()
    expect(comments_saying(page, words)).to_have_count(1)
    nothing_is_kept(page)


def test_of_a_browser_that_has_no_sign_in_nothing_is_kept(visitors: Visitors, pair: Pair) -> None:
    page = visitors.sign_in(WHO, "/portal/cases/")
    here = open_a_case(page)
    page.get_by_label(BOX).fill("We rang on Monday.")
    page.context.clear_cookies()
    page.get_by_role("button", name=SHARE).click()
    if pair.has_scripting:
        expect(page.get_by_text("You are signed out. What you typed is still here: copy it")).to_be_visible()
        expect(page.get_by_role("link", name=SIGN_IN_AGAIN)).to_be_visible()
        expect(page.get_by_label(BOX)).to_have_value("We rang on Monday.")
        assert page.url == here
    else:
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out, so this was not saved yet")


def test_a_draft_goes_on_by_itself_after_signing_in_in_another_window(visitors: Visitors, pair: Pair) -> None:
    words = f"Away most Mondays, {chance()}."
    page = visitors.sign_in("Priya Nair", "/portal/referrals/")
    page.locator('main a[href^="/portal/referrals/"]:not([href*="new"])').first.click()
    page.get_by_label("What is the reason for asking?").fill(words[:5])
    sign_out_everywhere(visitors, "Priya Nair")
    page.get_by_label("What is the reason for asking?").fill(words)
    here = page.url
    if not pair.has_scripting:
        page.get_by_role("button", name="Save draft").click()
        sign_in_here(page, "Priya Nair")
        expect(page.get_by_text(words)).to_be_visible()
        page.get_by_role("button", name="Send it now").click()
    else:
        offered = in_a_new_window(page, "Priya Nair")
        expect(offered.get_by_role("heading", level=1)).to_have_text(QUESTION)
        # The words beside it may still be those of an earlier save.
        expect(page.locator("[data-unsaved]")).to_be_hidden()
        expect(page.locator("[data-saved]")).to_contain_text("Saved")
        nothing_is_kept(offered)
        page = offered
        page.goto(here)
    expect(page.get_by_label("What is the reason for asking?")).to_have_value(words)


def test_a_button_of_a_draft_pressed_after_signing_out_in_another_window_loses_nothing(
    visitors: Visitors, pair: Pair
) -> None:
    words, reason = f"Away most Fridays, {chance()}.", "What is the reason for asking?"
    page = visitors.sign_in("Priya Nair", "/portal/referrals/")
    page.locator('main a[href^="/portal/referrals/"]:not([href*="new"])').first.click()
    expect(page.get_by_label(reason)).to_be_visible()
    here, other = page.url, page.context.new_page()
    other.goto("/account")
    other.get_by_role("button", name="Sign out", exact=True).click()
    expect(other.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.get_by_label(reason).fill(words)
    page.get_by_role("button", name="Check answers").click()
    if pair.has_scripting:
        expect(page.locator("[data-unsaved]")).to_be_visible()
        expect(page.get_by_label(reason)).to_have_value(words)
        assert page.url == here
        in_a_new_window(page, "Priya Nair")
        expect(page.locator("[data-unsaved]")).to_be_hidden()
        page.get_by_role("button", name="Check answers").click()
    else:
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out, so this was not saved yet")
        in_a_new_window(page, "Priya Nair")
        page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check the answers")
    expect(page.get_by_text(words)).to_be_visible()
