"""The journey: from a rule to letters that were made together, printed and posted, and a batch that is undone."""

import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
from playwright.sync_api import Page, expect

from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]
PATIENCE = 60_000  # milliseconds until letters are set, on a machine that is busy


def test_a_batch_of_letters(visitors: Visitors, look_at_both: Look, pair: Pair, tmp_path: Path) -> None:
    look, page = look_at_both, visitors.sign_in("Ruth Whaanga", "/workspace/cases/")
    chooses_by_a_rule(page, look)
    mends_nothing_and_skips_one(page, look)
    makes_the_rest(page, look, pair)
    fetches_the_file_to_print(page, tmp_path)
    prints_the_posting_list(page, look)
    undoes_it(page, look, pair)


def chooses_by_a_rule(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Batches of letters").click()
    look(page, "batches")
    page.get_by_role("link", name="Choose letters for a batch").click()
    page.get_by_label("Letter 1 is due").check()
    look(page, "batch-new")
    page.get_by_role("button", name="Show me the list").click()
    expect(page.get_by_role("heading", name="Batch of letters")).to_be_visible()
    look(page, "batch-review")


def mends_nothing_and_skips_one(page: Page, look: Look) -> None:
    page.get_by_role("link", name=re.compile("^Not ready")).click()
    expect(page.get_by_role("link", name=re.compile("^What it needs")).first).to_be_visible()
    look(page, "batch-not-ready")
    page.get_by_role("link", name=re.compile("^Ready")).click()
    page.get_by_role("link", name=re.compile("^Skip ")).last.click()
    page.get_by_label("Why not now?").fill("Spoken with yesterday.")
    look(page, "batch-skipping")
    page.get_by_role("button", name="Skip it").click()
    page.get_by_role("link", name=re.compile("^Skipped")).click()
    expect(page.get_by_text("Spoken with yesterday.")).to_be_visible()
    look(page, "batch-skipped")


def makes_the_rest(page: Page, look: Look, pair: Pair) -> None:
    page.get_by_role("button", name=re.compile(r"^Make \d+ letters?$")).click()
    expect(page.get_by_text("The letters are being made.")).to_be_visible()
    look(page, "batch-making")
    waits(page, pair)
    expect(page.get_by_text(re.compile(r"^\d+ letters? made")).first).to_be_visible(timeout=PATIENCE)
    look(page, "batch-made")


def fetches_the_file_to_print(page: Page, folder: Path) -> None:
    with page.expect_download() as found:
        page.get_by_role("link", name="Fetch the file to print").click()
    file = folder / found.value.suggested_filename
    found.value.save_as(file)
    assert file.name == "Letters to print.pdf"
    with pikepdf.open(file) as whole:
        assert len(whole.pages)


def prints_the_posting_list(page: Page, look: Look) -> None:
    here = page.url
    page.get_by_role("link", name="Posting list").click()
    expect(page.get_by_role("cell", name=re.compile(r"^(No\.: )?1$")).first).to_be_visible()
    look(page, "batch-list")
    page.goto(here)
    page.get_by_role("link", name=re.compile("^They were posted")).click()
    look(page, "batch-posting")
    page.goto(here)


def undoes_it(page: Page, look: Look, pair: Pair) -> None:
    page.get_by_role("link", name="Undo this batch").click()
    page.get_by_label("Why?").fill("Printed with the former letterhead.")
    look(page, "batch-undoing")
    page.get_by_role("button", name="Undo this batch").click()
    waits(page, pair)
    expect(page.get_by_text(re.compile(r"\d+ void")).first).to_be_visible(timeout=PATIENCE)
    look(page, "batch-undone")


def waits(page: Page, pair: Pair) -> None:
    """With scripts the page asks again by itself."""
    if pair.has_scripting:
        expect(page.get_by_role("link", name="Look again")).to_have_count(0, timeout=PATIENCE)
    while page.get_by_role("link", name="Look again").count():
        page.wait_for_timeout(500)
        page.reload()
