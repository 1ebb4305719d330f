"""The journey: a school finds who has missed many days, has their letters made together, and undoes what it did."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.test_batch_of_letters import (
    PATIENCE,
    fetches_the_file_to_print,
    makes_the_rest,
    prints_the_posting_list,
    undoes_it,
)
from tests.journeys.test_school_letters import (
    finds_a_student_without_a_case,
    says_who_is_written_to,
    writes_down_the_days_absent,
)
from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]


def test_a_batch_of_a_school_s_letters(visitors: Visitors, look_at_both: Look, pair: Pair, tmp_path: Path) -> None:
    look, page = look_at_both, visitors.sign_in("Mere Fa‘asavalu", "/portal/referrals/new")
    letters = somebody_has_missed_days(page)
    looks_who_has_letters_due(page, look)
    chooses_by_a_rule(page, look)
    makes_the_rest(page, look, pair)
    fetches_the_file_to_print(page, tmp_path)
    prints_the_posting_list(page, look)
    undoes_it(page, look, pair)
    says_that_no_day_was_missed(page, letters)


def somebody_has_missed_days(page: Page) -> str:
    letters = finds_a_student_without_a_case(page, unseen, from_the_end=3)
    writes_down_the_days_absent(page, unseen)
    page.goto(letters)
    page.get_by_role("link", name=re.compile("^Write letter 1 to ")).first.click()
    says_who_is_written_to(page, unseen)
    return letters


def unseen(page: Page, name: str) -> None:
    """Another journey looks at these pages."""


def looks_who_has_letters_due(page: Page, look: Look) -> None:
    page.goto("/portal/")
    page.get_by_role("link", name="Letters: students who have missed many days").click()
    expect(page.get_by_text("5½ days").first).to_be_visible()
    look(page, "school-letters-due")
    page.get_by_role("link", name=re.compile("^5 days or more")).click()
    expect(page.get_by_text("Ready", exact=True).first).to_be_visible()
    page.get_by_role("link", name="Make letters together").click()


def chooses_by_a_rule(page: Page, look: Look) -> None:
    page.get_by_label("The students that I tick").check()
    page.get_by_role("button", name="Show me the list").click()
    expect(page.get_by_role("heading", name="Tick students for letters")).to_be_visible()
    look(page, "school-batch-ticking")
    page.get_by_role("link", name="Choose otherwise").click()
    page.get_by_label("Letter 1 is due: 5 days").check()
    look(page, "school-batch-new")
    page.get_by_role("button", name="Show me the list").click()
    expect(page.get_by_role("heading", name="Batch of letters")).to_be_visible(timeout=PATIENCE)
    look(page, "school-batch-review")


def says_that_no_day_was_missed(page: Page, letters: str) -> None:
    """As it was before, for whoever else goes about in this school."""
    page.goto(letters)
    page.get_by_role("link", name="Days absent").first.click()
    for label, count in (
        ("Half-days the school was open", "12"),
        ("Half-days absent with a reason", "0"),
        ("Half-days absent without a reason", "0"),
    ):
        page.get_by_label(label).fill(count)
    page.get_by_label("Where are these figures from?").fill("Our register")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved: 0 days absent.").first).to_be_visible()
