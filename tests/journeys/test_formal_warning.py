"""The journey: a formal warning that one person writes and another signs off, out of its turn by a lead's word (LET-2)."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]
PATIENCE = 30_000  # milliseconds until a letter is set, on a machine that is busy


def test_a_formal_warning(visitors: Visitors, look: Look, pair: Pair) -> None:
    writer = visitors.sign_in("Ana Tuhoro", "/workspace/cases/?status=open")
    lead = visitors.sign_in("Ruth Whaanga")
    letters, ready = finds_whom_to_write_to(writer)
    lets_letter_3_be_written(lead, look, ready)
    asks_that_it_be_signed_off(writer, look, pair, ready)
    signs_it_off(lead, look, letters)
    reads_that_it_was(writer, look, letters)


def finds_whom_to_write_to(page: Page) -> tuple[str, str]:
    """A case of hers whose letter 1 lacks nothing: the address of its letters, and of the one to a caregiver."""
    cases = [link.get_attribute("href") for link in page.locator('main a[href^="/workspace/cases/2"]').all()]
    for case in dict.fromkeys(cases):
        page.goto(f"{case}letters/")
        for link in page.get_by_role("link", name=re.compile("^Write letter 1 to ")).all()[:1]:
            link.click()
            if page.get_by_text("Everything is there.").count():
                return f"{case}letters/", page.url
    raise AssertionError("no letter is ready to be written")


def lets_letter_3_be_written(page: Page, look: Look, ready: str) -> None:
    page.goto(f"{ready}/exception")
    look(page, "letter-exception")
    page.get_by_role("button", name="Let it be written").click()
    expect(page.get_by_role("link", name="Choose a letter")).to_be_visible()
    page.get_by_label(re.compile("Letter 3: Formal warning")).check()
    page.get_by_label("Why?").fill("The hearing is on Friday.")
    page.get_by_role("button", name="Let it be written").click()
    expect(page.get_by_text("Letter 3 may be written now.").first).to_be_visible()
    look(page, "letters-out-of-turn")


def asks_that_it_be_signed_off(page: Page, look: Look, pair: Pair, ready: str) -> None:
    page.goto(ready)
    page.get_by_role("button", name="Look at the letter").click()
    if not pair.has_scripting:
        page.wait_for_load_state()
        while page.get_by_role("link", name="Look again").count():
            page.wait_for_timeout(500)
            page.reload()
    ask = page.get_by_role("button", name="Ask a workflow lead to sign it off")
    expect(ask).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Make this letter")).to_have_count(0)
    look(page, "formal-warning")
    why = page.get_by_label(re.compile("Why has nobody spoken with the school"))
    if why.count():
        why.fill("The school is closed for the holidays.")
    ask.click()
    expect(page.get_by_text("It waits for a workflow lead.")).to_be_visible()
    look(page, "formal-warning-waits")


def signs_it_off(page: Page, look: Look, letters: str) -> None:
    page.goto("/workspace/")
    page.locator(f'main a[href="{letters}"]').first.click()
    page.get_by_role("link", name=re.compile("^Letter 3")).first.click()
    look(page, "formal-warning-to-sign")
    page.get_by_role("button", name="Sign off and make this letter").click()
    expect(page.get_by_text("Signed off and made.").first).to_be_visible()
    look(page, "formal-warning-signed")


def reads_that_it_was(page: Page, look: Look, letters: str) -> None:
    page.goto("/notifications/")
    told = page.get_by_role("listitem").filter(has_text="A formal warning was signed off").first
    expect(told).to_be_visible()
    told.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(f"{re.escape(letters)}[\\w-]+$"))
    expect(page.get_by_role("link", name="Record how it was sent")).to_be_visible()
