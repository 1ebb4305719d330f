"""The journey: a lead writes what a letter says, mends a fault, looks at it, puts it to use, and goes back (LET-9)."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]


def test_the_text_of_a_letter(visitors: Visitors, look_at_both: Look, pair: Pair) -> None:
    lead = visitors.sign_in("Ruth Whaanga", "/workspace/settings/")
    finds_the_text(lead, look_at_both)
    adds_a_block_and_mends_a_fault(lead, look_at_both)
    looks_without_saving(lead, look_at_both)
    puts_it_to_use(lead, look_at_both)
    translates_it(lead, look_at_both)
    goes_back_to_ours(lead, look_at_both)


def finds_the_text(page: Page, look: Look) -> None:
    page.get_by_role("link", name=re.compile("^Texts of letters")).click()
    look(page, "letter-texts")
    page.get_by_role("link", name=re.compile(r"^1\. Letter of concern and offer of support")).first.click()
    look(page, "letter-text")
    page.get_by_role("link", name="Write another version").click()
    look(page, "letter-text-editor")


def adds_a_block_and_mends_a_fault(page: Page, look: Look) -> None:
    page.get_by_label("What", exact=True).select_option("list")
    page.get_by_label("Where", exact=True).select_option("2")
    page.get_by_role("button", name="Add it").click()
    block = page.get_by_role("group", name="Block 3: list")
    block.get_by_label("Its items").fill("Ring us\nWrite to {caregiver")
    block.get_by_role("button", name="Move up").click()
    block = page.get_by_role("group", name="Block 2: list")
    expect(block.get_by_label("Its items")).to_have_value("Ring us\nWrite to {caregiver")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("link", name=re.compile("^Block 2 .list., item 2, character 10: a brace that is opened")).click()
    look(page, "letter-text-refused")
    block.get_by_label("Its items").fill("Ring us\nWrite to {writer_name}")


def looks_without_saving(page: Page, look: Look) -> None:
    page.get_by_role("button", name="Look at it, without saving").first.click()
    expect(page.get_by_text("Write to Ana Li")).to_be_visible()
    look(page, "letter-text-looked-at")


def puts_it_to_use(page: Page, look: Look) -> None:
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", name="The longest letter")).to_be_visible()
    look(page, "letter-text-version")
    page.get_by_role("button", name="Put it to use").click()
    page.get_by_role("link", name=re.compile("^Write why it changes")).click()
    page.get_by_label("Why does it change?").fill("A list is easier to read")
    page.get_by_role("button", name="Put it to use").click()
    expect(page.get_by_text("Why: A list is easier to read")).to_be_visible()
    look(page, "letter-text-in-use")


def translates_it(page: Page, look: Look) -> None:
    page.get_by_role("link", name="All texts of letters").click()
    page.get_by_label("In which language?", exact=True).select_option("sm")
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_role("heading", name=re.compile("in Samoan"))).to_be_visible()
    look(page, "letter-text-translated")
    page.get_by_role("link", name="Leave it").click()


def goes_back_to_ours(page: Page, look: Look) -> None:
    page.get_by_role("link", name="All texts of letters").click()
    page.get_by_role("link", name=re.compile(r"^1\. Letter of concern and offer of support")).first.click()
    page.get_by_role("button", name="Back to our text").click()
    expect(page.get_by_text("Letters are written with our text.")).to_be_visible()
    look(page, "letter-text-ours-again")
