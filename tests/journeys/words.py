"""What journeys have in common."""

import re
from secrets import token_hex

from playwright.sync_api import Locator, Page, expect

from tests.support.browsers import Visitors

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


def mail_to(visitors: Visitors, who: str, subject: str) -> Page:
    """The demonstration's page of this mail, once the worker has sent it; `who` is how the address begins."""
    page = visitors.come()
    page.goto(f"{visitors.portal.demonstration}/mail")
    for _ in range(40):
        found = page.get_by_role("listitem").filter(has_text=who).get_by_role("link", name=subject)
        if found.count():
            break
        page.wait_for_timeout(250)
        page.reload()
    found.first.click()
    expect(page.get_by_text(re.compile(f"{re.escape(who)}@")).first).to_be_visible()
    return page
