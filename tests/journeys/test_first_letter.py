"""The journey: from a case of which nothing is known that a letter needs to a letter that was posted."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]
SOURCE = "Aroha Ngata of the school, by phone"
PATIENCE = 30_000  # milliseconds until a letter is set, on a machine that is busy


def test_the_first_letter(visitors: Visitors, look: Look, pair: Pair, tmp_path: Path) -> None:
    page = visitors.sign_in("David Chen", "/workspace/cases/?status=open")
    letters, caregiver = opens_the_letters_of_a_case(page, look)
    sees_what_is_lacking_and_mends_it(page, look, caregiver)
    looks_at_the_letter(page, look, pair)
    text = makes_it_and_reads_the_pdf(page, look, tmp_path)
    assert caregiver in text
    records_that_it_was_posted(page, look)
    finds_it_on_the_timeline_and_letter_2_waiting(page, look, letters)
    another_service_and_a_school_find_nothing(visitors, letters)


def opens_the_letters_of_a_case(page: Page, look: Look) -> tuple[str, str]:
    """The case was given to David, and nobody has asked what letters need yet."""
    page.locator('main a[href^="/workspace/cases/2"]').first.click()
    page.get_by_role("link", name="Letters", exact=True).click()
    expect(page.get_by_role("heading", name="Letters", exact=True)).to_be_visible()
    look(page, "letters")
    address = page.url
    link = page.get_by_role("link", name=re.compile("^Write letter 1 to ")).first
    caregiver = link.inner_text().removeprefix("Write letter 1 to ")
    link.click()
    return address, caregiver


def sees_what_is_lacking_and_mends_it(page: Page, look: Look, caregiver: str) -> None:
    here = page.url
    expect(page.get_by_text(f"Nobody has said whether {caregiver} has responsibility")).to_be_visible()
    expect(page.get_by_text("Nobody has told the days absent.")).to_be_visible()
    expect(page.get_by_role("button", name="Look at the letter")).to_have_count(0)
    look(page, "letter-not-ready")
    page.get_by_role("link", name=re.compile("^Say whether they have responsibility")).first.click()
    for question in ("responsibility", "contacted", "live"):
        page.get_by_role("group", name=re.compile(question)).get_by_label("Yes").check()
    look(page, "caregiver")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Caregivers")).to_be_visible()
    page.goto(here)
    page.get_by_role("link", name=re.compile("^Ask the school")).click()
    expect(page.get_by_role("heading", name="Days absent")).to_be_visible()
    tells_the_days_absent(page, look)
    page.goto(here)
    expect(page.get_by_text("Everything is there.")).to_be_visible()
    look(page, "letter-ready")


def tells_the_days_absent(page: Page, look: Look) -> None:
    page.get_by_label("Half-days the school was open").fill("50")
    page.get_by_label("Half-days absent with a reason").fill("8")
    page.get_by_label("Half-days absent without a reason").fill("15")
    page.get_by_label("Who told you, and how?").fill(SOURCE)
    look(page, "days-absent")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("11½").first).to_be_visible()


def looks_at_the_letter(page: Page, look: Look, pair: Pair) -> None:
    page.get_by_role("button", name="Look at the letter").click()
    if not pair.has_scripting:
        page.wait_for_load_state()
        while page.get_by_role("link", name="Look again").count():
            page.wait_for_timeout(500)
            page.reload()
    sheet = page.get_by_role("img", name=re.compile("^Page 1 of 1"))
    expect(sheet).to_be_visible(timeout=PATIENCE)
    assert sheet.evaluate("image => image.decode().then(() => image.naturalWidth > 800)")
    expect(page.get_by_role("cell", name=SOURCE).first).to_be_visible()
    look(page, "letter-preview")


def makes_it_and_reads_the_pdf(page: Page, look: Look, folder: Path) -> str:
    page.get_by_role("button", name="Make this letter").click()
    expect(page.get_by_text("The letter is made, and kept as it is.").first).to_be_visible()
    look(page, "letter-made")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download the PDF").click()
    file = folder / found.value.suggested_filename
    found.value.save_as(file)
    assert re.fullmatch(r"\d\d-\d{6}-\d letter 1\.pdf", file.name)
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout


def records_that_it_was_posted(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Record how it was sent").click()
    page.get_by_label("Posted").check()
    look(page, "letter-sending")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text(re.compile("Posted on .* 20")).first).to_be_visible()
    look(page, "letter-sent")
    page.get_by_role("link", name="Record what came back").click()
    page.get_by_label("Answered").check()
    look(page, "letter-back")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text(re.compile("Answered on .* 20")).first).to_be_visible()


def finds_it_on_the_timeline_and_letter_2_waiting(page: Page, look: Look, letters: str) -> None:
    page.goto(letters)
    expect(
        page.get_by_text(re.compile(r"Letter 2 can be written from .* 10 working days after letter 1")).first
    ).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Write letter 2"))).to_have_count(0)
    look(page, "letters-after-one")
    page.get_by_role("link", name="Back to the case").click()
    expect(
        page.get_by_role("listitem").filter(has_text=re.compile("Letter 1 to the .*: Posted on")).first
    ).to_be_visible()
    expect(
        page.get_by_role("listitem").filter(has_text=re.compile("Letter 1 to the .* was made")).first
    ).to_be_visible()
    look(page, "case-with-a-letter")


def another_service_and_a_school_find_nothing(visitors: Visitors, letters: str) -> None:
    path = urlsplit(letters).path
    for name in ("Lupe Vainikolo", "Mere Fa‘asavalu"):
        page = visitors.sign_in(name)
        page.goto(path)
        expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
