"""The journey: a school writes about ten days absent, and about a holiday, to the whānau of students without a case."""

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from app.calendars.school_terms import is_in_term
from app.core import clock
from tests.support.browsers import Pair, Visitors, first_pairs, last_pairs

Look = Callable[[Page, str], None]
PATIENCE = 30_000  # milliseconds until a letter is set, on a machine that is busy
AWAY = timedelta(days=7)


@first_pairs
def test_a_letter_of_the_school(visitors: Visitors, look_at_both: Look, pair: Pair, tmp_path: Path) -> None:
    page = visitors.sign_in("Mere Fa‘asavalu", "/portal/referrals/new")
    letters = finds_a_student_without_a_case(page, look_at_both)
    writes_down_the_days_absent(page, look_at_both)
    page.goto(letters)
    page.get_by_role("link", name=re.compile("^Write letter 1 to ")).first.click()
    says_who_is_written_to(page, look_at_both, email="whanau-of-school@whanau.example")
    looks_at_the_letter(page, look_at_both, pair)
    text = makes_it_and_reads_the_pdf(page, look_at_both, tmp_path)
    assert "Attendance lead, Tawa Awa College" in text
    assert "Our reference" not in text
    reads_how_it_would_go_by_email(page, look_at_both)
    records_that_it_was_posted(page, look_at_both)
    prints_its_record_and_knows_it_again(page, look_at_both, next(tmp_path.iterdir()))
    page.goto(letters)
    names_somebody_and_ends_them(page, look_at_both)
    page.goto(letters)
    expect(page.get_by_text("Letter 1 of this term is written.").first).to_be_visible()
    another_school_finds_nothing(visitors, letters)


@last_pairs
def test_the_letter_on_a_holiday(visitors: Visitors, look_at_both: Look, pair: Pair, tmp_path: Path) -> None:
    page = visitors.sign_in("Priya Nair", "/portal/referrals/new")
    letters = finds_a_student_without_a_case(page, look_at_both, from_the_end=2)
    if not records_a_holiday(page, look_at_both):
        return
    page.goto(letters)
    look_at_both(page, "school-letters-on-holiday")
    page.get_by_role("link", name=re.compile("^Write the letter on the holiday")).first.click()
    says_who_is_written_to(page, look_at_both)
    looks_at_the_letter(page, look_at_both, pair)
    text = makes_it_and_reads_the_pdf(page, look_at_both, tmp_path)
    assert "The school has not approved this time away." in text
    page.goto(letters)
    expect(page.get_by_text("The letter on this holiday has been written.").first).to_be_visible()


def finds_a_student_without_a_case(page: Page, look: Look, *, from_the_end: int = 1) -> str:
    page.get_by_label("Name of the student").fill("a")
    page.get_by_role("button", name="Find", exact=True).click()
    row = page.get_by_role("row").filter(has=page.get_by_role("button", name=re.compile("^Start the request")))
    row.filter(has_not_text="Has the case").nth(-from_the_end).get_by_role("link", name=re.compile("^Letters")).click()
    expect(page.get_by_role("heading", name="Letters of our school")).to_be_visible()
    look(page, "school-letters")
    return page.url


def writes_down_the_days_absent(page: Page, look: Look) -> None:
    """So many as letter 1 is for, of the days that the form begins with."""
    page.get_by_role("link", name="Days absent").first.click()
    page.get_by_label("Half-days the school was open").fill("12")
    page.get_by_label("Half-days absent with a reason").fill("2")
    page.get_by_label("Half-days absent without a reason").fill("9")
    page.get_by_label("Where are these figures from?").fill("Our register")
    look(page, "school-days-absent")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved: 5½ days absent.").first).to_be_visible()


def says_who_is_written_to(page: Page, look: Look, *, email: str = "") -> None:
    here = page.url
    look(page, "school-letter-not-ready")
    page.get_by_role("link", name=re.compile("^Say whether they have responsibility")).first.click()
    for question in ("responsibility", "contacted", "live"):
        page.get_by_role("group", name=re.compile(question)).get_by_label("Yes").check()
    if email:
        chooses_letters_by_email(page, email)
    look(page, "school-caregiver")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Letters of our school")).to_be_visible()
    page.goto(here)
    expect(page.get_by_text("Everything is there.")).to_be_visible()
    look(page, "school-letter-ready")


def chooses_letters_by_email(page: Page, email: str) -> None:
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_role("group", name="How do they want to get letters?").get_by_label("By e-mail").check()
    day = page.get_by_role("group", name="When did they choose?")
    for label, value in (("Day", "1"), ("Month", "2"), ("Year", "2026")):
        day.get_by_label(label).fill(value)


def reads_how_it_would_go_by_email(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Send it by e-mail to whanau-of-school@whanau.example").click()
    expect(page.get_by_text("whanau-of-school@whanau.example, and nobody else")).to_be_visible()
    look(page, "school-letter-by-email")
    page.get_by_role("link", name="Not now").click()


def prints_its_record_and_knows_it_again(page: Page, look: Look, file: Path) -> None:
    here = page.url
    page.get_by_role("link", name="The record of this letter, to print").click()
    expect(page.get_by_role("heading", name=re.compile("^Record of letter 1 to "))).to_be_visible()
    look(page, "school-letter-record")
    page.goto(here)
    page.get_by_role("link", name="Is a file this letter?").click()
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Look", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^Unchanged: this is letter 1 about "))).to_be_visible()
    look(page, "school-letter-checked")


def names_somebody_and_ends_them(page: Page, look: Look) -> None:
    """By mistake, takes that back, and ends them for good."""
    page.get_by_role("link", name="Name another caregiver").click()
    page.get_by_label("Name", exact=True).fill("Rangi Tāne")
    page.get_by_label("How are they related to the student?").fill("uncle")
    page.get_by_role("button", name="Add this caregiver").click()
    for is_meant in (False, True):
        page.get_by_role("link", name="What is recorded of Rangi Tāne").click()
        page.get_by_role("link", name="Rangi Tāne is not a caregiver any more").click()
        if not is_meant:
            look(page, "school-caregiver-ending")
        page.get_by_role("button", name="Not a caregiver any more").click()
        expect(page.get_by_text("Rangi Tāne is not named by your school any more.").first).to_be_visible()
        if not is_meant:
            page.get_by_role("button", name=re.compile("^Undo")).click()
            expect(page.get_by_text("Rangi Tāne is named by your school again.").first).to_be_visible()


def records_a_holiday(page: Page, look: Look) -> bool:
    """A week from a week on; outside of the terms the page says that it needs no letter."""
    from_on, to_on = clock.today() + AWAY, clock.today() + 2 * AWAY
    page.get_by_role("link", name="Record a holiday").click()
    for legend, day in (("First day away", from_on), ("Last day away", to_on)):
        group = page.get_by_role("group", name=legend)
        for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(label).fill(str(number))
    page.get_by_label("Who told you, and how?").fill("Her mother, at the office")
    look(page, "school-holiday")
    page.get_by_role("button", name="Record the holiday").click()
    is_in_order = is_in_term(from_on, to_on)
    said = "Holiday recorded." if is_in_order else "lies in a school term"
    expect(page.get_by_text(said).first).to_be_visible()
    return is_in_order


def looks_at_the_letter(page: Page, look: Look, pair: Pair) -> None:
    page.get_by_role("button", name="Look at the letter").click()
    if not pair.has_scripting:
        page.wait_for_load_state()
        while page.get_by_role("link", name="Look again").count():
            page.wait_for_timeout(500)
            page.reload()
    sheet = page.get_by_role("img", name=re.compile("^Page 1 of 1"))
    expect(sheet).to_be_visible(timeout=PATIENCE)
    look(page, "school-letter-preview")


def makes_it_and_reads_the_pdf(page: Page, look: Look, folder: Path) -> str:
    page.get_by_role("button", name="Make this letter").click()
    expect(page.get_by_text("The letter is made, and kept as it is.").first).to_be_visible()
    look(page, "school-letter-made")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download the PDF").click()
    file = folder / found.value.suggested_filename
    found.value.save_as(file)
    assert re.fullmatch(r"[\w-]{12} letter \d\.pdf", file.name)
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout


def records_that_it_was_posted(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Record how it was sent").click()
    page.get_by_label("Posted").check()
    look(page, "school-letter-sending")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text(re.compile("Posted on .* 20")).first).to_be_visible()


def another_school_finds_nothing(visitors: Visitors, letters: str) -> None:
    page = visitors.sign_in("Jin Wu-Bennett")
    page.goto(urlsplit(letters).path)
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
