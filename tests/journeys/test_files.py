"""Files from a phone and from a desk: on a request, and with a note; some are refused, none is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support import samples
from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]


def payload(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def chosen() -> list[Any]:
    return [
        payload("photo.heic", samples.heic()),
        payload("ānau letter.pdf", samples.pdf()),
        payload("program.exe", b"MZ\x90\0" + bytes(range(256)) * 40),
    ]


def test_files_on_a_draft(visitors: Visitors, pair: Pair, look: Look) -> None:
    page = visitors.sign_in("Mere Fa‘asavalu", "/portal/referrals/")
    page.locator("main table a, main li a").filter(has_not_text="Ask").first.click()
    expect(page.get_by_role("button", name="Save draft")).to_be_visible()
    page.get_by_label("Caregiver’s phone").fill("not a number")
    page.get_by_label("Add files").set_input_files(chosen())
    if not pair.has_scripting:
        page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text(re.compile(r"photo\.jpg"))).not_to_have_count(0)
    expect(page.get_by_role("link", name="ānau letter.pdf", exact=True)).to_be_visible()
    expect(page.get_by_text("turned into a JPEG so that everyone can open it")).to_be_visible()
    expect(page.get_by_text(re.compile(r"program\.exe")).first).to_be_visible()
    expect(page.get_by_label("Caregiver’s phone")).to_have_value("not a number")
    look(page, "draft-with-files")
    if pair.has_scripting:
        page.get_by_role("button", name="Leave it program.exe").click()
        expect(page.get_by_text("program.exe")).to_have_count(0)
        page.get_by_role("button", name="Save draft").click()
        expect(page.get_by_text("Draft saved.").first).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Take off .*photo\.jpg")).click()
    expect(page.get_by_text("“photo.jpg” was taken off.").first).to_be_visible()
    expect(page.get_by_role("link", name="photo.jpg", exact=True)).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="ānau letter.pdf", exact=True).click()
    assert download.value.suggested_filename == "ānau letter.pdf"
    page.get_by_role("button", name=re.compile("^Take off .*letter.pdf")).click()
    expect(page.get_by_text("was taken off.").first).to_be_visible()


def test_a_file_that_was_chosen_before_the_script_came_goes_up_too(visitors: Visitors, pair: Pair) -> None:
    if not pair.has_scripting:
        pytest.skip("without scripts a file travels with its form")
    page = visitors.sign_in("Mere Fa‘asavalu", "/portal/referrals/")
    path = page.locator("main table a, main li a").filter(has_not_text="Ask").first.get_attribute("href")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"\.js"), hold)
    page.goto(page.url.removesuffix("/portal/referrals/") + str(path), wait_until="commit")
    page.get_by_label("Add files").set_input_files([payload("early.txt", b"Kia ora")])
    for each in held:
        each.continue_()
    page.unroute(re.compile(r"\.js"))
    expect(page.get_by_role("link", name="early.txt", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Take off .*early\.txt")).click()
    expect(page.get_by_text("“early.txt” was taken off.").first).to_be_visible()


def test_files_with_a_note(visitors: Visitors, pair: Pair, look: Look) -> None:
    page = visitors.sign_in("Ruth Whaanga", "/workspace/cases/")
    page.locator('main a[href^="/workspace/cases/2"]').first.click()
    page.get_by_label("Add a note").fill("The photo of the gate.")
    page.get_by_label("Add files").set_input_files(chosen()[:1])
    if pair.has_scripting:
        expect(page.get_by_role("link", name="photo.jpg", exact=True)).to_be_visible()
        expect(page.get_by_text("not sent")).to_be_visible()
        look(page, "note-with-a-file")
        page.reload()
        expect(page.get_by_label("Add a note")).to_have_value("The photo of the gate.")
        expect(page.get_by_role("button", name=re.compile("^Take off"))).to_be_visible()
    page.get_by_role("button", name="Add for our service only").click()
    entry = page.get_by_role("listitem").filter(has_text="The photo of the gate.").first
    expect(entry.get_by_role("link", name="photo.jpg", exact=True)).to_be_visible()
    expect(page.get_by_label("Add a note")).to_have_value("")
    expect(page.get_by_role("button", name=re.compile("^Take off"))).to_have_count(0)
    page.get_by_role("link", name="Files", exact=True).click()
    expect(page.get_by_role("link", name="photo.jpg", exact=True).first).to_be_visible()
    look(page, "files-of-a-case")


def test_a_lost_line_loses_no_file(visitors: Visitors, pair: Pair) -> None:
    if not pair.has_scripting:
        pytest.skip("without scripts a file travels with its form")
    page = visitors.sign_in("Mere Fa‘asavalu", "/portal/referrals/")
    page.locator("main table a, main li a").filter(has_not_text="Ask").first.click()
    page.route(re.compile("/files$"), lambda route: route.abort())
    page.get_by_label("Add files").set_input_files([payload("plan.txt", b"Kia ora")])
    expect(
        page.get_by_text("The portal could not be reached. Try again when the line is back.", exact=True)
    ).to_be_visible()
    visitors.problems.clear()
    page.unroute(re.compile("/files$"))
    page.get_by_role("button", name="Try again plan.txt").click()
    expect(page.get_by_role("link", name="plan.txt", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Take off .*plan\.txt")).click()
    expect(page.get_by_text("“plan.txt” was taken off.").first).to_be_visible()
