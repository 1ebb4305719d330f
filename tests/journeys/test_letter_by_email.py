"""The journey: a caregiver chooses letters by e-mail, and a letter goes to them so, and comes back (LET-7)."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.test_first_letter import PATIENCE
from tests.journeys.test_formal_warning import finds_whom_to_write_to
from tests.journeys.words import chance, mail_to
from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]
SUBJECT = "A letter from Te Awa Attendance Service is attached"


def test_a_letter_by_email(visitors: Visitors, look_at_both: Look, pair: Pair, tmp_path: Path) -> None:
    page = visitors.sign_in("Ana Tuhoro", "/workspace/cases/?status=open")
    _, ready = finds_whom_to_write_to(page)
    who = f"whanau-{chance().rpartition(' ')[2]}"
    name = chooses_letters_by_email(page, ready, f"{who}@whanau.example")
    page.goto(ready)
    expect(page.get_by_text(f"{name} chose letters by e-mail. This one can go to {who}@whanau.example")).to_be_visible()
    makes_it(page, pair)
    here = sends_it(page, look_at_both, who)
    reads_it(visitors, who, name, tmp_path)
    page.goto(here)
    while not pair.has_scripting and page.get_by_role("link", name="Look again").count():
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text(re.compile("Sent by e-mail on .* 20")).first).to_be_visible(timeout=PATIENCE)
    look_at_both(page, "letter-sent-by-email")
    it_comes_back(page, look_at_both, name)


def chooses_letters_by_email(page: Page, ready: str, email: str) -> str:
    """The name of who chose."""
    page.goto(ready.replace("/letters/to/", "/caregivers/"))
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_role("group", name="How do they want to get letters?").get_by_label("By e-mail").check()
    day = page.get_by_role("group", name="When did they choose?")
    for label, value in (("Day", "1"), ("Month", "2"), ("Year", "2026")):
        day.get_by_label(label).fill(value)
    name = page.get_by_label("Name", exact=True).input_value()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Caregivers")).to_be_visible()
    return name


def makes_it(page: Page, pair: Pair) -> None:
    page.get_by_role("button", name="Look at the letter").click()
    if not pair.has_scripting:
        page.wait_for_load_state()
        while page.get_by_role("link", name="Look again").count():
            page.wait_for_timeout(500)
            page.reload()
    make = page.get_by_role("button", name="Make this letter")
    expect(make).to_be_visible(timeout=PATIENCE)
    make.click()
    expect(page.get_by_text("The letter is made, and kept as it is.").first).to_be_visible()


def sends_it(page: Page, look_at_both: Look, who: str) -> str:
    here = page.url
    look_at_both(page, "letter-to-send-by-email")
    page.get_by_role("link", name=f"Send it by e-mail to {who}@whanau.example").click()
    expect(page.get_by_text(f"{who}@whanau.example, and nobody else")).to_be_visible()
    look_at_both(page, "letter-by-email")
    page.get_by_role("button", name="Send it by e-mail").click()
    expect(page.get_by_text(re.compile("is on its way|Sent by e-mail on")).first).to_be_visible()
    return here


def reads_it(visitors: Visitors, who: str, name: str, folder: Path) -> None:
    """As the caregiver does: what is attached is the letter; the mail itself names nobody."""
    mail = mail_to(visitors, who, SUBJECT)
    expect(mail.get_by_text("Te Awa Attendance Service <kiaora@te-awa.example>")).to_be_visible()
    assert name not in mail.locator("main").inner_text()
    with mail.expect_download() as found:
        mail.get_by_role("link", name="letter.pdf").click()
    file = folder / "letter.pdf"
    found.value.save_as(file)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert name in text


def it_comes_back(page: Page, look_at_both: Look, name: str) -> None:
    page.get_by_role("link", name="Record what came back").click()
    page.get_by_label("Returned: the e-mail did not arrive").check()
    look_at_both(page, "letter-by-email-back")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("The e-mail address is marked as not current").first).to_be_visible()
    expect(page.get_by_text(re.compile("Returned: the e-mail did not arrive on .* 20")).first).to_be_visible()
