"""What the school has done already, typed, pasted out of a spreadsheet, and uploaded as CSV and as xlsx: looked at, a wrong row
mended, and the good ones never lost."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.test_autosave import a_draft
from tests.support.browsers import Visitors, last_pairs
from tests.support.sheets import sheet, told

pytestmark = last_pairs

Look = Callable[[Page, str], None]
PASTED = "Date\tAction\tBy\n3/2/26\tRang whānau\tA Ngata\n31/9/25\tWrote home\t\nlast week\tSpoke at the gate\t\n"
CSV = "Opened,Closed,Mahi\n4/3/26,5/3/26,Met the dean\n5/3/26,,Visited home\n"
XLSX = f'<row r="1">{told("A1", "Gave a timetable")}{told("B1", "6/3/26")}</row>'
MENDED = "30 September 2025"


def test_steps_come_by_hand_and_from_the_schools_own_lists(visitors: Visitors, look_at_both: Look) -> None:
    page = a_draft(visitors, "Priya Nair")
    types_one(page)
    pastes_a_table_and_mends_a_row(page, look_at_both)
    says_what_the_columns_of_a_csv_mean(page, look_at_both)
    uploads_a_workbook(page)
    has_them_all(page)


def types_one(page: Page) -> None:
    page.get_by_label("What was done (1)").fill("Called the aunt")
    page.get_by_label("When, or about when (1)").fill("in May")
    page.get_by_role("button", name="Paste or upload your own list").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Steps taken, from your own list")


def pastes_a_table_and_mends_a_row(page: Page, look: Look) -> None:
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("alert").get_by_role("link", name="Paste a table, or choose a file")).to_be_visible()
    look(page, "steps-nothing-given")
    page.get_by_label("Paste it here").fill(PASTED)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_label("Row 1: what was done")).to_have_value("Rang whānau (A Ngata)")
    expect(page.get_by_label("Row 1: when")).to_have_value("3 February 2026")
    look(page, "steps-preview")
    page.get_by_label("Row 1: what was done").fill("Rang whānau twice")
    page.get_by_role("button", name="Add these to the request").click()
    wrong = page.get_by_role("alert").get_by_role("link", name=re.compile("^Row 2: There is no such day"))
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    expect(page.get_by_label("Row 1: what was done")).to_have_value("Rang whānau twice")
    wrong.click()
    expect(page.get_by_label("Row 2: when")).to_be_focused()
    page.get_by_label("Row 2: when").fill("30/9/25")
    page.get_by_label("Leave out row 3").check()
    page.get_by_role("button", name="Add these to the request").click()
    expect(page.locator("#notices").get_by_text("2 steps added.")).to_be_visible()


def says_what_the_columns_of_a_csv_mean(page: Page, look: Look) -> None:
    reads_the_file(page, "star.csv", CSV.encode("utf-8-sig"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("What do the columns of your list say?")
    look(page, "steps-columns")
    page.get_by_label("What column 2 says").select_option("Not taken")
    page.get_by_label("What column 3 says").select_option("What was done")
    page.get_by_role("button", name="Read it so").click()
    expect(page.get_by_label("Row 2: what was done")).to_have_value("Visited home")
    page.get_by_role("button", name="Add these to the request").click()
    expect(page.locator("#notices").get_by_text("2 steps added.")).to_be_visible()


def uploads_a_workbook(page: Page) -> None:
    reads_the_file(page, "star.xlsx", sheet(XLSX))
    page.get_by_role("button", name="Add these to the request").click()
    expect(page.locator("#notices").get_by_text("1 step added.")).to_be_visible()


def reads_the_file(page: Page, name: str, content: bytes) -> None:
    page.get_by_role("button", name="Paste or upload your own list").click()
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("Or choose a file").set_input_files(file)
    page.get_by_role("button", name="Read it").click()


def has_them_all(page: Page) -> None:
    """In the order in which they came, each with its day; room for two more."""
    now = [
        (
            page.get_by_label(f"What was done ({row})").input_value(),
            page.get_by_label(f"When, or about when ({row})").input_value(),
        )
        for row in range(1, 9)
    ]
    assert now == [
        ("Called the aunt", "in May"),
        ("Rang whānau twice", "3 February 2026"),
        ("Wrote home", MENDED),
        ("Met the dean", "4 March 2026"),
        ("Visited home", "5 March 2026"),
        ("Gave a timetable", "6 March 2026"),
        ("", ""),
        ("", ""),
    ]
