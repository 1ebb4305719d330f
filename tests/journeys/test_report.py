"""The report of a school's cases: from home to a figure's cases and back, with what was chosen; on paper, and to take away."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.support.browsers import PAIRS, Visitors

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[2], id=str(PAIRS[2]))], indirect=True),
]

Look = Callable[[Page, str], None]


def test_report(visitors: Visitors, look_twice: Look) -> None:
    page = visitors.sign_in("Mere Fa‘asavalu", "/portal/")
    page.get_by_role("main").get_by_role("link", name="Report", exact=True).click()
    for heading in ("What needs the school now", "Cases by status, and how long they have been in it"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    look_twice(page, "report")
    chooses_and_comes_back(page, look_twice)
    stands_on_paper(page)
    takes_it_away(page)


def chooses_and_comes_back(page: Page, look: Look) -> None:
    page.get_by_label("Open", exact=True).check()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Open; every year level; whenever they started.")).to_be_visible()
    figure = page.get_by_role("table", name="Cases by status and by days in it").get_by_role("link").first
    count = figure.inner_text().split()[0]
    figure.click()
    expect(page.get_by_role("heading", name="Open", level=1)).to_be_visible()
    expect(page.get_by_role("rowheader")).to_have_count(int(count))
    look(page, "report-cases")
    page.go_back()
    expect(page.get_by_label("Open", exact=True)).to_be_checked()


def stands_on_paper(page: Page) -> None:
    """Without what is pressed, with as of when and which cases."""
    page.emulate_media(media="print")
    for hidden in ("navigation", "contentinfo", "search", "button", "checkbox", "combobox"):
        expect(page.get_by_role(hidden)).to_have_count(0)
    expect(page.get_by_text("Take the table away")).not_to_be_visible()
    expect(page.get_by_text("as of")).to_be_visible()
    expect(page.get_by_text("Open; every year level; whenever they started.")).to_be_visible()
    expect(page.get_by_role("table", name="Longest in each status")).to_be_visible()
    page.emulate_media(media="screen")
    with pikepdf.open(BytesIO(page.pdf(format="A4"))) as paper:
        assert 1 <= len(paper.pages) <= 3


def takes_it_away(page: Page) -> None:
    """What is in the file is what was chosen."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="Excel").click()
    file = Path(coming.value.path())
    assert coming.value.suggested_filename.startswith("cases-Tawa-Awa-College-")
    rows = CalamineWorkbook.from_path(file).get_sheet_by_name("Cases").to_python()
    assert {row[rows[0].index("Status")] for row in rows[1:]} == {"Open"}
