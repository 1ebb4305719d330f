"""The journey: from a student whose last day at school nobody knows to a first letter on non-enrolment, and a ladder that a lead
changes, to which the case is moved."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from app.core import clock
from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]
SOURCE = "Aroha Ngata of the school, by phone"
PATIENCE = 30_000  # milliseconds until a letter is set, on a machine that is busy


def test_a_letter_on_non_enrolment(visitors: Visitors, look: Look, pair: Pair, tmp_path: Path) -> None:
    page = visitors.sign_in("Ana Tuhoro", "/workspace/cases/?status=open")
    letters = finds_the_case(page)
    ready = tells_the_last_day(page, look, letters)
    text = makes_letter_1(page, look, pair, ready, tmp_path)
    assert "must be enrolled at a school from their sixth" in " ".join(text.split())
    changes_the_ladder(visitors.sign_in("Ruth Whaanga", "/workspace/settings/"), look)
    moves_the_case(page, look, letters)


def finds_the_case(page: Page) -> str:
    """The one of hers that is of non-enrolment: the address of its letters."""
    cases = [link.get_attribute("href") for link in page.locator('main a[href^="/workspace/cases/2"]').all()]
    for case in dict.fromkeys(cases):
        page.goto(f"{case}")
        if page.get_by_role("link", name="Last day at school").count():
            return f"{case}letters/"
    raise AssertionError("no case is one of non-enrolment")


def tells_the_last_day(page: Page, look: Look, letters: str) -> str:
    page.goto(letters)
    page.get_by_role("link", name=re.compile("^Write letter 1 to ")).first.click()
    ready = page.url
    expect(page.get_by_text("Nobody has told the last day at school.")).to_be_visible()
    expect(page.get_by_role("button", name="Look at the letter")).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Ask the school or the whānau")).click()
    expect(page.get_by_role("heading", name="Last day at school")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Write the last day at school")).to_be_visible()
    last = clock.today().replace(year=clock.today().year - 1, day=12)
    day = page.get_by_role("group", name="What was the last day at school?")
    for label, value in (("Day", last.day), ("Month", last.month), ("Year", last.year)):
        day.get_by_label(label).fill(str(value))
    page.get_by_label("Who told you, and how?").fill(SOURCE)
    look(page, "last-day")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("Saved: last at school on ")).first).to_be_visible()
    look(page, "last-day-told")
    return ready


def makes_letter_1(page: Page, look: Look, pair: Pair, ready: str, folder: Path) -> str:
    page.goto(ready)
    expect(page.get_by_text(re.compile(f"Last at school on .*{SOURCE}: .* school days since then"))).to_be_visible()
    look(page, "enrolment-letter-ready")
    page.get_by_role("button", name="Look at the letter").click()
    if not pair.has_scripting:
        page.wait_for_load_state()
        while page.get_by_role("link", name="Look again").count():
            page.wait_for_timeout(500)
            page.reload()
    expect(page.get_by_role("img", name=re.compile("^Page 1 of 1"))).to_be_visible(timeout=PATIENCE)
    look(page, "enrolment-letter-preview")
    page.get_by_role("button", name="Make this letter").click()
    expect(page.get_by_text("The letter is made, and kept as it is.").first).to_be_visible()
    with page.expect_download() as found:
        page.get_by_role("link", name="Download the PDF").click()
    file = folder / found.value.suggested_filename
    found.value.save_as(file)
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout


def changes_the_ladder(page: Page, look: Look) -> None:
    page.get_by_role("link", name=re.compile("^Ladders of letters")).click()
    look(page, "ladders")
    page.get_by_role("link", name=re.compile("^Change this ladder.*Non-enrolment")).click()
    page.get_by_label("Letter 2: working days after letter 1").fill("15")
    page.get_by_role("button", name="Save the ladder").click()
    expect(page.get_by_role("link", name=re.compile("^Write why"))).to_be_visible()
    look(page, "ladder-refused")
    page.get_by_label("Why?").fill("Whānau asked for more time.")
    page.get_by_role("button", name="Save the ladder").click()
    expect(page.get_by_text("Letter 2 waits 15 working days instead of 10.").first).to_be_visible()
    look(page, "ladders-changed")


def moves_the_case(page: Page, look: Look, letters: str) -> None:
    page.goto(letters)
    expect(page.get_by_text("Cases begin with another one now.")).to_be_visible()
    look(page, "letters-by-an-older-ladder")
    page.get_by_role("link", name=re.compile("^See what would change")).click()
    expect(page.get_by_text("Letter 2 waits 15 working days instead of 10.")).to_be_visible()
    look(page, "ladder-moving")
    page.get_by_role("button", name="Move this case").click()
    expect(page.get_by_text("These letters go by version 1 of the service’s own ladder.")).to_be_visible()
