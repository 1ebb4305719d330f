"""The journey: a case is wanted by another service, the Ministry offers it there, and that service takes it over."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.words import chance
from tests.support.browsers import PAIRS, Visitors

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[1], id=str(PAIRS[1]))], indirect=True),
]

Look = Callable[[Page, str], None]


def test_a_transfer_asked_for_offered_and_accepted(visitors: Visitors, look_twice: Look) -> None:
    why = f"The whānau moved, {chance()}"
    ruth = visitors.sign_in("Ruth Whaanga", "/workspace/cases/?status=open")
    rows = ruth.get_by_role("main").get_by_role("row").filter(has_text="Tawa Awa College")
    rows.get_by_role("rowheader").get_by_role("link").last.click()
    number = ruth.url.split("/cases/")[1].partition("/")[0]
    ruth.get_by_role("link", name="Transfer to another service").click()
    ruth.get_by_label("Which service should have this case?").select_option(label="Maunga Attendance Trust")
    ruth.get_by_label("Why should it go there?").fill(why)
    look_twice(ruth, "transfer")
    ruth.get_by_role("button", name="Ask for a transfer").click()
    expect(ruth.get_by_text("The Ministry’s investigators offer it")).to_be_visible()
    offers(visitors.sign_in("Moana Kereama", "/ministry/transfers/"), number, look_twice)
    lupe = visitors.sign_in("Lupe Vainikolo", "/workspace/transfers/")
    look_twice(lupe, "transfers-offered")
    lupe.get_by_role("link", name=number).click()
    expect(lupe.get_by_text(why)).to_be_visible()
    look_twice(lupe, "transfer-offered")
    lupe.get_by_role("button", name="Accept the case").click()
    expect(lupe.get_by_role("heading", name=number)).to_be_visible()
    ruth.goto(ruth.url.partition("/workspace/")[0] + "/workspace/transfers/")
    expect(ruth.get_by_role("row").filter(has_text=number).get_by_text("Accepted")).to_be_visible()
    look_twice(ruth, "transfers-of-ours")


def offers(moana: Page, number: str, look: Look) -> None:
    look(moana, "transfers-of-the-ministry")
    moana.get_by_role("link", name=number).click()
    look(moana, "transfer-to-offer")
    moana.get_by_role("button", name="Offer the case to it").click()
    expect(moana.get_by_role("row").filter(has_text=number).get_by_text("Offered")).to_be_visible()
