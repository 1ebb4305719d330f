"""The journey: a draft is discarded and brought back, and handed over to a colleague who goes on with it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsers import Visitors, last_pairs

pytestmark = last_pairs

Look = Callable[[Page, str], None]


@pytest.mark.journey
def test_a_draft_is_discarded_brought_back_and_handed_over(visitors: Visitors, look: Look) -> None:
    lead = visitors.sign_in("Mere Fa‘asavalu", "/portal/referrals/")
    row = lead.get_by_role("table", name="Drafts", exact=True).get_by_role("row").filter(has_text="Tom Hargreaves")
    student = row.get_by_role("rowheader").inner_text().partition(":")[0].strip()
    look(lead, "drafts")
    discarded_and_brought_back(lead, look, student)
    handed_over(lead, look, student)
    colleague = visitors.sign_in("Aroha Ngata", "/notifications/")
    colleague.get_by_role("link", name="A draft was handed over to you").first.click()
    expect(colleague.get_by_role("heading", level=1)).to_contain_text(student)
    colleague.get_by_role("link", name="Hand it over to a colleague").click()
    give(colleague, "Tom Hargreaves")
    expect(colleague.locator("#notices").get_by_text("Tom Hargreaves finishes the draft from now on")).to_be_visible()


def discarded_and_brought_back(page: Page, look: Look, student: str) -> None:
    page.get_by_role("link", name=f"discard the request for {student}").click()
    expect(page.get_by_text("it can be brought back until tomorrow")).to_be_visible()
    look(page, "discard")
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.locator("#notices").get_by_text("Draft discarded.")).to_be_visible()
    look(page, "drafts-discarded")
    page.get_by_role("button", name=f"Bring back the draft for {student}").click()
    expect(page.locator("#notices").get_by_text("The draft is back.")).to_be_visible()


def handed_over(page: Page, look: Look, student: str) -> None:
    page.get_by_role("link", name="Hand it over to a colleague").click()
    expect(page.get_by_text("has this draft now")).to_be_visible()
    look(page, "handover")
    give(page, "Aroha Ngata")
    expect(page.locator("#notices").get_by_text("Aroha Ngata finishes the draft from now on")).to_be_visible()
    row = page.get_by_role("table", name="Drafts", exact=True).get_by_role("row").filter(has_text=student)
    expect(row).to_contain_text("begun by Tom Hargreaves")


def give(page: Page, name: str) -> None:
    select = page.get_by_label("Who finishes it from now on?")
    expect(select).to_be_visible()
    select.select_option(label=next(text for text in select.locator("option").all_inner_texts() if name in text))
    page.get_by_role("button", name="Hand over").click()
