"""What journeys about notes and drafts have in common."""

import re
from secrets import token_hex

from playwright.sync_api import Locator, Page, expect

BOX = "Add a comment"
SHARE = re.compile("Add and share")


def chance() -> str:
    """Words that no other journey has typed."""
    return f"marked {token_hex(4)}"


def comments_saying(page: Page, words: str) -> Locator:
    """Entries of the timeline with these words."""
    return page.locator(".wh-entry").filter(has_text=words)


def open_a_case(page: Page) -> str:
    """The first in the list that can be commented on; a closed one cannot."""
    links = page.locator('main a[href^="/portal/cases/2"]')
    expect(links.first).to_be_visible()
    for address in [str(link.get_attribute("href")) for link in links.all()]:
        page.goto(address)
        if page.get_by_label(BOX).count():
            return page.url
    raise AssertionError("no case can be commented on")
