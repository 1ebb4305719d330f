"""Coming to the portal for the first time."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.browsers import Visitors


def test_somebody_signs_in_and_out(visitors: Visitors, look: Callable[[Page, str], None]) -> None:
    page = visitors.come()
    page.goto("/")
    expect(page.get_by_text("This is a demonstration. The people")).to_be_visible()
    look(page, "sign-in")

    page = visitors.sign_in_by_hand("Priya Nair")
    expect(page.get_by_text("Tawa Awa College").first).to_be_visible()
    look(page, "school-home")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    look(page, "signed-out")


def test_mail_page_is_there(visitors: Visitors) -> None:
    page = visitors.come()
    page.goto(f"{visitors.portal.demonstration}/mail")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ail")
