"""What people print: no leaf half empty for what stands on the next, and nothing on it that is pressed."""

import pytest
from playwright.sync_api import Browser

from tests import make
from tests.support.client import Client
from tests.support.paper import drawn, leaves

pytestmark = pytest.mark.journey
LONGER = "body => { for (let row = 0; row < 40; row++) body.append(body.rows[0].cloneNode(true)) }"
DAY_ONE = "day 1"


def test_the_days_of_a_clock_are_on_paper_where_somebody_opened_them(
    browser: Browser, client: Client, peopled: make.World, with_case: str
) -> None:
    """Two lists of days drove all that follows from the first leaf."""
    page = drawn(browser, client, client.sign_in(peopled.ana.person_id).get(f"/workspace/cases/{with_case}/").text)
    (leaf,) = leaves(page)
    assert DAY_ONE not in leaf
    assert "Timeline" in leaf
    assert "Add a note" not in leaf
    page.locator(".wh-clock summary").first.click()
    assert any(DAY_ONE in leaf for leaf in leaves(page))
    page.close()


def test_a_long_part_of_a_report_begins_on_the_leaf_that_has_room(
    browser: Browser, client: Client, peopled: make.World, with_case: str
) -> None:
    page = drawn(browser, client, client.sign_in(peopled.mere.person_id).get("/portal/reports/").text)
    page.locator("section:has(#statuses) table:last-of-type tbody").evaluate(LONGER)
    first, *others = leaves(page)
    assert first.count(with_case) > 1
    assert with_case in others[0]
    assert all("Case manager" in leaf for leaf in others if with_case in leaf), "each leaf has the heads of its columns"
    page.close()
