"""A case is found from any page: by the name, without macrons and in any order, and by its number."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.core.text import fold
from tests.support.browsers import Visitors, first_pairs

BOX = "Student’s name or case number"
FOUND = re.compile(r"/search\?")


def test_a_case_is_found_from_any_page(visitors: Visitors, look: Callable[[Page, str], None]) -> None:
    page = visitors.sign_in("Ruth Whaanga", "/workspace/cases/")
    name, number = first_case(page)
    page.get_by_label(BOX).fill(" ".join(word[:4] for word in reversed(fold(name).split())))
    page.keyboard.press("Enter")
    expect(page).to_have_url(FOUND)
    expect(page.get_by_role("rowheader").filter(has_text=number)).to_be_visible()
    look(page, "search")

    page.get_by_label(BOX).fill(number.replace("-", ""))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader")).to_have_count(1)
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


@first_pairs
def test_who_may_not_open_a_case_learns_who_has_it(visitors: Visitors, look: Callable[[Page, str], None]) -> None:
    name, number = first_case(visitors.sign_in("Ana Tuhoro", "/workspace/cases/"))
    page = visitors.sign_in("David Chen", "/workspace/")
    page.get_by_label(BOX).fill(number)
    page.get_by_role("button", name="Search").click()
    found = page.get_by_role("row").filter(has_text=number)
    expect(found).to_contain_text(name)
    expect(found).to_contain_text("Ana Tuhoro")
    expect(found.get_by_role("link")).to_have_count(0)
    look(page, "search-not-mine")


def first_case(page: Page) -> tuple[str, str]:
    """Name and number of the first in the list."""
    row = page.get_by_role("main").get_by_role("rowheader").first
    return row.get_by_role("link").inner_text(), row.locator("small").inner_text()
