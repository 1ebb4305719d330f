"""The journey: what half-day marks show of a student, at the school and on a case, at both widths, with and without scripts."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]
PICTURES = ("Half-days of term", "Absent by weekday", "Absent by week of the term", "Per cent present, week by week")


def test_marks_are_seen_as_pictures_and_tables(visitors: Visitors, look_at_both: Look, pair: Pair) -> None:
    page = visitors.sign_in("Mere Fa‘asavalu")
    page.get_by_role("link", name="Attendance", exact=True).click()
    expect(page.get_by_role("heading", name="Attendance", exact=True)).to_be_visible()
    look_at_both(page, "attendance")
    page.goto("/portal/referrals/new?q=Mei")
    page.get_by_role("link", name=re.compile("^Letters")).first.click()
    page.get_by_role("link", name="Days absent").first.click()
    pictures_are_there(page)
    look_at_both(page, "student-marks")
    a_former_term_is_looked_at(page)
    tables_are_there(page)
    look_at_both(page, "student-marks-tables")
    page = visitors.sign_in("Ana Tuhoro", "/workspace/cases/?status=transition")
    page.get_by_role("link", name="Hēmi Waititi-Lafaele").first.click()
    page.get_by_role("link", name="Days absent", exact=True).click()
    pictures_are_there(page)
    expect(page.get_by_role("heading", name="Week by week, with what happened")).to_be_visible()
    look_at_both(page, "case-marks")


def pictures_are_there(page: Page) -> None:
    for name in PICTURES:
        drawn = page.get_by_role("img", name=re.compile(f"^{name}"))
        expect(drawn).to_be_visible()
        box, wide = drawn.bounding_box(), page.viewport_size
        assert box
        assert wide
        assert box["width"] > 200
        assert box["x"] + box["width"] <= wide["width"]


def a_former_term_is_looked_at(page: Page) -> None:
    page.get_by_role("table", name="Sums of each term").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"\?term=20\d\d[1-4]$"))
    expect(page.get_by_text(re.compile("confirmed by Mere"))).to_be_visible()


def tables_are_there(page: Page) -> None:
    for words in (re.compile("^The same as a table, with"), "The same as tables", re.compile("^The same as a table$")):
        page.get_by_text(words).click()
    expect(page.get_by_role("table", name=re.compile("^Half-days of term .*, morning then afternoon"))).to_be_visible()
    expect(page.get_by_role("rowheader", name="Friday afternoon")).to_be_visible()
