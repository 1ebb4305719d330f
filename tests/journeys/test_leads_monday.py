"""The journey: a lead's Monday. Who has how much, the queue given out, somebody covered while away, and a caseload handed over
with a note for each case."""

import re
from collections.abc import Callable, Sequence

from playwright.sync_api import Locator, Page, expect

from app.core import clock
from tests.journeys.roto import LEAD, NIKAU, TALIA, cases_at_roto
from tests.journeys.words import chance, comments_saying
from tests.support.browsers import Visitors, first_pairs
from tests.support.portals import Portal

pytestmark = first_pairs

Look = Callable[[Page, str], None]


def test_a_leads_monday(visitors: Visitors, portal: Portal, look_at_both: Look) -> None:
    numbers = cases_at_roto(portal, "", "")
    page = visitors.sign_in(LEAD, "/workspace/queue/")
    gives_out(page, numbers, look_at_both)
    covers(page, look_at_both)
    words = chance()
    hands_over(page, numbers, words, look_at_both)
    nikau = visitors.sign_in(NIKAU, f"/workspace/cases/{numbers[0]}/")
    note = comments_saying(nikau, words)
    expect(note).to_contain_text(f"Handover from {TALIA} to {NIKAU}")
    expect(note).to_contain_text("No contact is recorded yet.")
    nikau.goto(f"/workspace/cases/{numbers[1]}/")
    expect(comments_saying(nikau, words)).to_have_count(0)


def gives_out(page: Page, numbers: Sequence[str], look: Look) -> None:
    """Both at once, to Talia, who has nothing; first without saying to whom."""
    for number in numbers:
        page.get_by_role("row").filter(has_text=number).get_by_role("checkbox").check()
    look(page, "queue")
    page.get_by_role("button", name="Give the ticked cases").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a case manager")
    whom = page.get_by_label("To whom?")
    expect(whom.locator("option").filter(has_text=TALIA)).to_have_text(f"{TALIA}: 0 open")
    chosen(whom, TALIA)
    page.get_by_role("button", name="Give the ticked cases").click()
    expect(page.locator("#notices")).to_contain_text(f"{TALIA} has 2 cases more now, and is told once.")
    for number in numbers:
        expect(page.get_by_role("main")).not_to_contain_text(number)


def covers(page: Page, look: Look) -> None:
    """From today to this day next month."""
    page.get_by_role("link", name="Who has how much").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=TALIA))
    expect(row.get_by_role("cell").first).to_have_text("2")
    look(page, "caseloads")
    row.get_by_role("link", name="Cover").click()
    chosen(page.get_by_label("Who stands in?"), NIKAU)
    first = clock.today()
    says(page, "First day", first.day, first.month, first.year)
    page.get_by_role("button", name="Save the cover").click()
    expect(page.get_by_role("alert")).to_contain_text("Say until which day")
    look(page, "cover-refused")
    last = clock.add_months(first, 1)
    says(page, "Last day", last.day, last.month, last.year)
    page.get_by_role("button", name="Save the cover").click()
    expect(page.locator("#notices")).to_contain_text(f"{NIKAU} stands in for {TALIA} on 2 cases")
    expect(row).to_contain_text(re.compile(rf"{NIKAU}, .* to \w+ {last.day} {last:%B}"))


def hands_over(page: Page, numbers: Sequence[str], words: str, look: Look) -> None:
    """What is written is saved, and there again; then both go to Nikau, one with what is recorded alone."""
    page.get_by_role("link", name=f"Hand over what {TALIA} has").click()
    handover = page.get_by_role("region").filter(has_text=numbers[0]).get_by_label("Handover")
    handover.fill(f"{handover.input_value()}\n{words}")
    page.get_by_role("button", name="Save what is written").click()
    expect(page.locator("#notices")).to_contain_text("Nothing is handed over yet.")
    page.goto("/workspace/caseloads/")
    page.get_by_role("link", name=f"Hand over what {TALIA} has").click()
    expect(handover).to_have_value(re.compile(words))
    look(page, "handover")
    chosen(page.get_by_label("Who takes them?"), NIKAU)
    page.get_by_role("button", name="Hand over", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("2 cases handed over, each with its note and its tasks.")


def chosen(field: Locator, name: str) -> None:
    field.select_option(field.locator("option").filter(has_text=name).get_attribute("value"))


def says(page: Page, group: str, *parts: int) -> None:
    for label, part in zip(("Day", "Month", "Year"), parts, strict=True):
        page.get_by_role("group", name=group).get_by_label(label).fill(str(part))
