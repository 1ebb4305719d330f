"""A sign-in ends while somebody types: with scripts the words stay on the page, without them the page says what was lost."""

import re

from playwright.sync_api import Page, expect

from tests.support.browsers import Pair, Visitors


def test_what_was_typed_is_not_lost_without_a_word(visitors: Visitors, pair: Pair) -> None:
    page = visitors.sign_in("Mere Fa‘asavalu", "/portal/cases/")
    here = open_a_case(page)
    box = page.get_by_label("Add a comment")
    box.fill("We rang on Monday.")
    page.context.clear_cookies()
    page.get_by_role("button", name=re.compile("Add and share")).click()
    if pair.has_scripting:
        stays(page, here)
    else:
        leads_to_the_sign_in_page(page)


def open_a_case(page: Page) -> str:
    """The first in the list that can be commented on; a closed one cannot."""
    links = page.locator('main a[href^="/portal/cases/2"]')
    expect(links.first).to_be_visible()
    for address in [str(link.get_attribute("href")) for link in links.all()]:
        page.goto(address)
        if page.get_by_label("Add a comment").count():
            return page.url
    raise AssertionError("no case can be commented on")


def stays(page: Page, here: str) -> None:
    expect(page.get_by_text("You are signed out. What you typed is still here")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in again in a new window")).to_be_visible()
    expect(page.get_by_label("Add a comment")).to_have_value("We rang on Monday.")
    assert page.url == here


def leads_to_the_sign_in_page(page: Page) -> None:
    expect(page.get_by_text("You were signed out before this was saved.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
