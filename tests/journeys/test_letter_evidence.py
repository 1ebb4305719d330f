"""The journey: a letter was posted and nobody answers; what it rests on changes, and somebody brings a file along (L7, L8)."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.browsers import Pair, Visitors, last_pairs

pytestmark = last_pairs

Look = Callable[[Page, str], None]
PATIENCE = 30_000  # milliseconds until a letter is set, on a machine that is busy


def test_a_letter_that_is_shown_again(visitors: Visitors, look: Look, pair: Pair) -> None:
    page = visitors.sign_in("Ana Tuhoro", "/workspace/cases/?status=open")
    case = makes_a_letter(page, pair)
    letter = page.url
    says_when_an_answer_is_hoped_for(page, look, case)
    prints_its_record(page, look, letter)
    knows_the_very_file_and_no_other(page, look, letter)
    somebody_else_learns_nothing(visitors, page, letter)


def makes_a_letter(page: Page, pair: Pair) -> str:
    """To the first caregiver of a case of hers whose letter 1 lacks nothing."""
    cases = [str(link.get_attribute("href")) for link in page.locator('main a[href^="/workspace/cases/2"]').all()]
    for case in dict.fromkeys(cases):
        page.goto(f"{case}letters/")
        for link in page.get_by_role("link", name=re.compile("^Write letter 1 to ")).all()[:1]:
            link.click()
            if page.get_by_text("Everything is there.").count():
                page.get_by_role("button", name="Look at the letter").click()
                waits_until_it_is_set(page, pair)
                page.get_by_role("button", name="Make this letter").click()
                expect(page.get_by_role("link", name="Download the PDF")).to_be_visible()
                return case
    raise AssertionError("no letter is ready to be written")


def waits_until_it_is_set(page: Page, pair: Pair) -> None:
    if not pair.has_scripting:
        page.wait_for_load_state()
        while page.get_by_role("link", name="Look again").count():
            page.wait_for_timeout(500)
            page.reload()
    expect(page.get_by_role("button", name="Make this letter")).to_be_visible(timeout=PATIENCE)


def says_when_an_answer_is_hoped_for(page: Page, look: Look, case: str) -> None:
    page.get_by_role("link", name="Record how it was sent").click()
    page.get_by_label("Posted").check()
    day = page.get_by_role("group", name=re.compile("hope for an answer"))
    expect(day.get_by_label("Year")).not_to_have_value("")
    look(page, "letter-answer-hoped-for")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text(re.compile("Posted on .* 20")).first).to_be_visible()
    page.goto(f"{case}tasks")
    expect(page.get_by_text(re.compile("No answer to letter 1 to .* by then")).first).to_be_visible()


def prints_its_record(page: Page, look: Look, letter: str) -> None:
    page.goto(letter)
    page.get_by_role("link", name=re.compile("record of this letter")).click()
    expect(page.get_by_role("heading", name=re.compile("^Record of letter 1"))).to_be_visible()
    look(page, "letter-record")


def knows_the_very_file_and_no_other(page: Page, look: Look, letter: str) -> None:
    pdf = page.request.get(f"{letter}/letter.pdf").body()
    page.goto(letter)
    page.get_by_role("link", name="Is a file this letter?").click()
    look(page, "letter-check")
    brings(page, pdf)
    expect(page.get_by_role("heading", name=re.compile("^Unchanged: this is letter 1"))).to_be_visible()
    look(page, "letter-check-unchanged")
    brings(page, pdf + b"\n")
    expect(page.get_by_role("heading", name="Not one of the letters that you may see")).to_be_visible()
    look(page, "letter-check-other")


def somebody_else_learns_nothing(visitors: Visitors, page: Page, letter: str) -> None:
    pdf = page.request.get(f"{letter}/letter.pdf").body()
    other = visitors.sign_in("Lupe", "/workspace/letters/check")
    brings(other, pdf)
    expect(other.get_by_role("heading", name="Not one of the letters that you may see")).to_be_visible()


def brings(page: Page, pdf: bytes) -> None:
    page.set_input_files("#file", {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": pdf})
    page.get_by_role("button", name="Look", exact=True).click()
