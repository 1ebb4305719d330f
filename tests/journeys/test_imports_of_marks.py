"""The journey: a school brings an export of marks, says what its columns are, looks at what changes, keeps it and undoes it."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import FilePayload, Page, expect

from app.core import clock
from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]
PATIENCE = 90_000  # milliseconds until the worker has done its part, on a machine that is busy
STUDENTS = 3


def test_an_export_of_marks(visitors: Visitors, look_at_both: Look, pair: Pair) -> None:
    look, page = look_at_both, visitors.sign_in("Mere Fa‘asavalu", "/portal/")
    finds_the_way(page, look)
    brings_a_file(page, look)
    says_what_the_columns_are(page, look, pair)
    keeps_it(page, look, pair)
    undoes_it(page, look, pair)


def finds_the_way(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Attendance", exact=True).first.click()
    page.get_by_role("link", name="Imports of half-day marks").click()
    look(page, "imports")
    page.get_by_role("link", name="Bring a file").click()
    look(page, "import-new")


def brings_a_file(page: Page, look: Look) -> None:
    """Without one it says so."""
    page.get_by_role("button", name="Read this file").click()
    expect(page.get_by_text("Choose a file first.")).to_be_visible()
    page.get_by_label("The file").set_input_files([export()])
    page.get_by_role("button", name="Read this file").click()
    expect(page.get_by_text("The file is being read.")).to_be_visible()


def says_what_the_columns_are(page: Page, look: Look, pair: Pair) -> None:
    waits(page, pair)
    look(page, "import-columns-unknown")
    page.get_by_role("link", name="Say what the columns are").click()
    look(page, "import-columns")
    for heading, says in (
        ("Wāhi", "The school’s own number of the student"),
        ("Rā", "The day"),
        ("Ata", "The code of the morning"),
        ("Ahiahi", "The code of the afternoon"),
    ):
        page.get_by_label(heading, exact=True).select_option(says)
    page.get_by_role("button", name="Read it by these columns").click()
    waits(page, pair)
    expect(page.get_by_text("To look at")).to_be_visible()


def keeps_it(page: Page, look: Look, pair: Pair) -> None:
    page.get_by_role("link", name=re.compile("^Refused: 1")).click()
    expect(page.get_by_text("No student of this school has the number “nobody”")).to_be_visible()
    look(page, "import-refused")
    page.get_by_role("link", name=re.compile("^Half-days that change")).click()
    look(page, "import-review")
    page.get_by_role("button", name=re.compile(r"^Keep \d+ half-days$")).click()
    expect(page.get_by_text("The marks are being kept.")).to_be_visible()
    waits(page, pair)
    expect(page.get_by_text(re.compile("^Kept by Mere"))).to_be_visible()
    look(page, "import-kept")


def undoes_it(page: Page, look: Look, pair: Pair) -> None:
    page.get_by_role("link", name="Undo this import").click()
    look(page, "import-undoing")
    page.get_by_role("button", name="Undo this import").click()
    waits(page, pair)
    expect(page.get_by_text(re.compile("Undone by Mere"))).to_be_visible()
    look(page, "import-undone")


def export() -> FilePayload:
    """Of the first students, a week that lies two weeks back, by the school's own numbers; and of nobody."""
    monday = clock.today() - timedelta(days=clock.today().weekday() + 14)
    days = [f"{monday + timedelta(days=number):%d/%m/%Y}" for number in range(5)]
    rows = [f"TA{student:04},{day},E,P" for student in range(1, STUDENTS + 1) for day in days]
    text = "\r\n".join(["Wāhi,Rā,Ata,Ahiahi", *rows, f"nobody,{days[0]},P,P", ""])
    return {"name": "marks.csv", "mimeType": "text/csv", "buffer": text.encode()}


def waits(page: Page, pair: Pair) -> None:
    """With scripts the page asks again by itself."""
    again = page.get_by_role("link", name="Look again")
    if pair.has_scripting:
        expect(again).to_have_count(0, timeout=PATIENCE)
    while again.count():
        page.wait_for_timeout(500)
        page.reload()
