"""The page says until when one stays signed in; a warning comes before, is answered in place, and nothing typed goes."""

from playwright.sync_api import Page, expect

from tests.support.browsers import Pair, Visitors


def test_a_warning_before_the_end_is_answered_in_place(visitors: Visitors, pair: Pair) -> None:
    page = visitors.sign_in("Ruth Whaanga", "/workspace/settings/")
    expect(page.get_by_text("signed in until")).to_be_visible()
    if pair.has_scripting:
        an_idle_person_is_warned_and_stays(page)
        after_the_end_the_page_says_so(page)


def an_idle_person_is_warned_and_stays(page: Page) -> None:
    page.clock.install()
    page.goto("/workspace/settings/")
    page.clock.fast_forward("28:30")
    button = page.get_by_role("button", name="Stay signed in")
    expect(button).to_be_visible()
    with page.expect_response("**/account/stay") as answer:
        button.click()
    assert answer.value.status == 204
    assert answer.value.headers["x-idle-until"]
    assert page.url.endswith("/workspace/settings/")


def after_the_end_the_page_says_so(page: Page) -> None:
    page.clock.fast_forward("10:00")
    expect(page.get_by_text("Your sign-in has ended. What you typed is still on this page.")).to_be_visible()
