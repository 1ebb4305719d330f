"""Nothing typed into a draft is lost: saved as it is typed, the line gone, reload, Back, a second tab, a killed browser."""

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Error, Locator, Page, Request, expect

from app.core.security import random_token
from tests.support.browsers import FLAGS, PATIENCE, PROGRAM, Pair, Visitors, last_pairs

pytestmark = last_pairs

Look = Callable[[Page, str], None]
REASON = "What is the reason for asking?"
SAVED = re.compile(r"^Saved \d{1,2}:\d\d [ap]m$")
SAVES = "**/portal/referrals/*/fields"


@pytest.fixture
def scripted(pair: Pair) -> None:
    """What only a script can do."""
    if not pair.has_scripting:
        pytest.skip("without scripts nothing is saved before the button is pressed")


@pytest.mark.usefixtures("scripted")
def test_typing_is_saved_by_itself_and_survives_reload_link_and_back(visitors: Visitors, look: Look) -> None:
    page = a_draft(visitors, "Priya Nair")
    box = page.get_by_label(REASON)
    typed(page, "Kāore i tae mai: away most Mondays.\nSecond line.")
    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(box).to_be_focused()
    page.reload()
    expect(box).to_have_value("Kāore i tae mai: away most Mondays.\nSecond line.")
    box.press("Control+End")
    box.press_sequentially(" And more")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cases").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ases")
    page.go_back()
    expect(box).to_have_value("Kāore i tae mai: away most Mondays.\nSecond line. And more")
    box.press("Control+End")
    box.press_sequentially(", not yet saved")
    page.on("dialog", answer_as_people_do)
    page.reload()
    expect(box).to_have_value(re.compile(", not yet saved$"))
    look(page, "draft-saved-by-itself")


def answer_as_people_do(dialog: Dialog) -> None:
    """Whether to leave is asked while the text is on its way; nobody reads and answers that in no time."""
    time.sleep(2)
    dialog.accept()


@pytest.mark.usefixtures("scripted")
def test_a_fault_is_said_after_the_field_was_left(visitors: Visitors, look: Look) -> None:
    page = a_draft(visitors, "Priya Nair")
    mail = page.get_by_label("Caregiver’s e-mail")
    mail.fill("")
    mail.press_sequentially("ngaire@")
    expect(page.locator("#saved")).to_have_text(SAVED)
    fault = page.locator("#caregiver_email-said")
    expect(fault).to_be_empty()
    mail.press("Tab")
    expect(fault).to_have_text(re.compile("Write an e-mail address"))
    expect(mail).to_have_value("ngaire@")
    look(page, "draft-fault")
    mail.fill("ngaire@example.nz")
    expect(fault).to_be_empty()


@pytest.mark.usefixtures("scripted")
def test_while_the_line_is_gone_the_page_says_so_and_sends_once_when_it_is_back(visitors: Visitors, look: Look) -> None:
    page = a_draft(visitors, "Priya Nair")
    page.clock.install()
    page.reload()
    page.context.set_offline(True)
    box = typed(page, "Typed in a tunnel")
    expect(page.get_by_text("Not saved yet: the portal cannot be reached.")).to_be_visible()
    expect(page.get_by_text("Not saved yet", exact=True)).to_be_visible()
    expect(box).to_have_value("Typed in a tunnel")
    ten_minutes_of_tries(page)
    look(page, "draft-line-gone")
    saves: list[Request] = []
    page.on("requestfinished", lambda sent: saves.append(sent) if sent.url.endswith("/fields") else None)
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_have_text(SAVED)
    expect(page.get_by_text("Not saved yet")).not_to_be_visible()
    page.wait_for_timeout(2_000)
    assert len(saves) == 1
    found_no_line(visitors)
    page.reload()
    expect(box).to_have_value("Typed in a tunnel")


def ten_minutes_of_tries(page: Page) -> None:
    """The clock is moved: it goes on trying, and the text stays."""
    tries: list[Request] = []
    page.on("requestfailed", lambda sent: tries.append(sent) if sent.url.endswith("/fields") else None)
    page.clock.run_for("10:00")
    page.wait_for_timeout(500)
    assert tries
    expect(page.get_by_label(REASON)).to_have_value("Typed in a tunnel")


@pytest.mark.usefixtures("scripted")
def test_leaving_before_it_is_saved_warns(visitors: Visitors) -> None:
    page = a_draft(visitors, "Priya Nair")
    page.route(SAVES, lambda route: route.abort())
    typed(page, "Not saved anywhere")
    expect(page.get_by_text("Not saved yet: the portal cannot be reached.")).to_be_visible()
    asked = what_is_asked(page)
    page.goto("/portal/")
    assert asked == ["beforeunload"]
    found_no_line(visitors)


@pytest.mark.usefixtures("scripted")
def test_a_proxys_page_is_no_answer(visitors: Visitors) -> None:
    page = a_draft(visitors, "Priya Nair")
    page.route(
        SAVES, lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Log in to the café</h1>")
    )
    typed(page, "Typed in a café")
    expect(page.get_by_text("Not saved yet: the portal cannot be reached.")).to_be_visible()
    page.unroute(SAVES)
    expect(page.locator("#saved")).to_have_text(SAVED, timeout=PATIENCE)
    expect(page.get_by_text("Not saved yet")).not_to_be_visible()


def test_two_tabs_are_shown_both_texts_and_choose(visitors: Visitors, look: Look, pair: Pair) -> None:
    page = a_draft(visitors, "Priya Nair")
    second = page.context.new_page()
    second.goto(page.url)
    typed(page, "From the first tab")
    saved(page, pair)
    box = typed(second, "From the second tab")
    if not pair.has_scripting:
        second.get_by_role("button", name="Save draft").click()
        expect(
            second.get_by_role("heading", name="Saved, but for what was changed on another page too")
        ).to_be_visible()
    beside = second.locator("#reason-both")
    expect(second.locator("#reason-said")).to_contain_text("You changed this on another page, today")
    expect(beside).to_contain_text("From the first tab")
    expect(beside).to_contain_text("From the second tab")
    expect(box).to_have_value("From the second tab")
    look(second, "draft-two-tabs")
    second.get_by_label("Use the other page’s").click()  # the answer takes it away
    saved(second, pair)
    expect(box).to_have_value("From the first tab")
    expect(beside).to_be_empty()


def test_a_colleagues_text_is_shown_also_after_leaving_and_ones_own_can_stay(visitors: Visitors, pair: Pair) -> None:
    page = a_draft(visitors, "Priya Nair")
    other = visitors.sign_in("Mere Fa‘asavalu", page.url)
    typed(page, "Priya’s words")
    saved(page, pair)
    box = typed(other, "Mere’s words")
    if not pair.has_scripting:
        other.get_by_role("button", name="Save draft").click()
    expect(other.locator("#reason-said")).to_contain_text("Priya Nair changed this on another page, today")
    other.goto(page.url)
    expect(other.locator("#reason-both")).to_contain_text("Priya’s words")
    expect(box).to_have_value("Mere’s words")
    other.get_by_label("Keep mine").click()
    saved(other, pair)
    expect(box).to_have_value("Mere’s words")
    page.reload()
    expect(page.get_by_label(REASON)).to_have_value("Mere’s words")


@pytest.mark.usefixtures("scripted")
def test_the_button_saves_all_at_once_without_a_warning(visitors: Visitors) -> None:
    page = a_draft(visitors, "Priya Nair")
    asked = what_is_asked(page)
    typed(page, "Typed, then pressed at once")
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator("#notices").get_by_text("Draft saved.")).to_be_visible()
    expect(page.get_by_label(REASON)).to_have_value("Typed, then pressed at once")
    assert asked == []


@pytest.mark.usefixtures("scripted")
def test_a_killed_browser_loses_the_last_two_seconds_at_most(visitors: Visitors) -> None:
    mark = f"--waharoa-test={random_token()}"
    browser = visitors.browser.browser_type.launch(executable_path=PROGRAM, args=[*FLAGS, mark])
    page = a_draft(Visitors(browser, visitors.portal, visitors.pair), "Priya Nair")
    address, typed_at = page.url, type_without_pause(page, seconds=6)
    killed_at = kill(mark)
    with pytest.raises(Error):
        page.evaluate("1")
    safe = "".join(key for key, at in typed_at if at < killed_at - 2)
    assert len(safe) > 10
    box = visitors.sign_in("Priya Nair", address).get_by_label(REASON)
    expect(box).to_have_value(re.compile(f"^{safe}"))


def type_without_pause(page: Page, *, seconds: float) -> list[tuple[str, float]]:
    """Each key, and when it was pressed."""
    page.get_by_label(REASON).fill("")
    page.get_by_label(REASON).focus()
    pressed: list[tuple[str, float]] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        key = "abcdefgh "[len(pressed) % 9]
        page.keyboard.press(key)
        pressed.append((key, time.monotonic()))
        time.sleep(0.08)
    return pressed


def kill(mark: str) -> float:
    """The browser that was started with this mark, at once and without a word; when."""
    pids = [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if mark in words_of(folder)]
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return time.monotonic()


def words_of(process: Path) -> list[str]:
    """What it was started with; nothing when it has ended meanwhile."""
    try:
        return (process / "cmdline").read_text(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def what_is_asked(page: Page) -> list[str]:
    """The kinds of question the browser asks; each is answered with yes."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    return asked


def a_draft(visitors: Visitors, name: str) -> Page:
    """A new one, for a student without a draft whom no other journey asks for."""
    page = visitors.sign_in(name)
    start = page.get_by_role("button", name=re.compile(r"^Start the request for (?!Whānau|Mei Ng)"))
    for sought in ("ta", "an", "ma", "ri", "le", "el", "ha", "to"):
        page.goto(f"/portal/referrals/new?q={sought}")
        if start.count():
            break
    start.first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ask for support")
    return page


def typed(page: Page, text: str) -> Locator:
    """Key by key into an empty field."""
    box = page.get_by_label(REASON)
    box.fill("")
    box.press_sequentially(text)
    return box


def saved(page: Page, pair: Pair) -> None:
    """By itself, or by the button."""
    if pair.has_scripting:
        expect(page.locator("#saved")).to_have_text(SAVED)
        return
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#notices").get_by_text("Draft saved.")).to_be_visible()


def found_no_line(visitors: Visitors) -> None:
    """The browser notes each try that found no line: here that is no problem."""
    visitors.problems[:] = [problem for problem in visitors.problems if "net::ERR_" not in problem]
