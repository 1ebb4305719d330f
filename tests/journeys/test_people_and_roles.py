"""The journey: somebody without a role asks for one and gets it, works, and loses it again; what they had is handed on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.behind import long_ago
from tests.support.browsers import PAIRS, Visitors

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[1], id=str(PAIRS[1]))], indirect=True),
]

Look = Callable[[Page, str], None]
NEWCOMER, AUTHORISER, HEIR, OLD_HAND = "Ngaire Olsen", "Hana Parata", "Aroha Ngata", "Tom Hargreaves"
ROLE = "office support"


def test_a_role_from_asking_to_its_end(visitors: Visitors, look_twice: Look) -> None:
    long_ago(visitors.portal, OLD_HAND)
    newcomer = asks_for_a_role(visitors, look_twice)
    authoriser = as_authoriser(visitors, look_twice)
    gives_what_is_asked_for(authoriser, look_twice)
    looks_at_what_is_old(authoriser)
    works(newcomer, look_twice)
    ends_the_role(authoriser, look_twice)
    is_out_and_told_who_can_help(visitors, newcomer, look_twice)
    heir = visitors.sign_in(HEIR, "/portal/referrals/")
    expect(heir.get_by_role("table", name="Drafts", exact=True)).to_contain_text(f"begun by {NEWCOMER}")
    reads_who_was_here(authoriser, look_twice)


def asks_for_a_role(visitors: Visitors, look: Look) -> Page:
    """Whoever gives roles where their address is from is named; the answer says nothing of what the portal knows."""
    page = turned_away(visitors, NEWCOMER)
    expect(page.get_by_role("heading", name="You have no role here yet")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=AUTHORISER)).to_contain_text("Tawa Awa College")
    look(page, "no-access")
    page.get_by_label("Your school, service or team").fill("tawa awa college")
    page.get_by_label("The role you need").select_option(label="Office support")
    page.get_by_label("What you do there").fill("I keep the roll.")
    page.get_by_role("button", name="Ask for this role").click()
    expect(page.locator("#notices")).to_contain_text("you get an e-mail once they have decided")
    return page


def turned_away(visitors: Visitors, name: str) -> Page:
    page = visitors.come()
    page.goto("/")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name="Who can help")).to_be_visible()
    return page


def as_authoriser(visitors: Visitors, look: Look) -> Page:
    """She is an attendance lead too, and works as one of both at a time; that role came with her sign-in."""
    page = visitors.sign_in(AUTHORISER, "/account")
    look(page, "account")
    change = page.get_by_role("button", name="Work as delegated authoriser")
    if change.count():
        change.click()
    page.goto("/")
    expect(page.get_by_role("heading", name="People of Tawa Awa College")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=AUTHORISER)).to_contain_text("From the sign-in server")
    return page


def gives_what_is_asked_for(page: Page, look: Look) -> None:
    look(page, "people")
    page.get_by_role("link", name=f"{NEWCOMER}: {ROLE}").click()
    expect(page.get_by_text("I keep the roll.")).to_be_visible()
    look(page, "role-asked-for")
    page.get_by_role("button", name="Give the role").click()
    expect(page.locator("#notices")).to_contain_text(f"{NEWCOMER} is {ROLE} now, and is told.")
    row = page.get_by_role("row").filter(has_text=NEWCOMER)
    expect(row).to_contain_text(f"given by {AUTHORISER}")
    row.get_by_role("link", name="Give another role").click()
    look(page, "role-new")
    page.get_by_role("link", name="Back to people").click()


def looks_at_what_is_old(page: Page) -> None:
    page.get_by_role("checkbox", name=f"{OLD_HAND}: primary contact").check()
    page.get_by_role("button", name="Still right").click()
    expect(page.locator("#notices")).to_contain_text("Noted: 1 role still right.")
    expect(page.get_by_role("checkbox", name=OLD_HAND)).to_have_count(0)


def works(page: Page, look: Look) -> None:
    """With the role they come in, and begin a request."""
    page.get_by_role("link", name="Sign in again").click()
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=NEWCOMER).first.click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    look(page, "who-is-who")
    page.goto("/portal/referrals/new?q=a")
    start = page.get_by_role("row").filter(has_not_text="Has the case").get_by_role("button", name="Start").last
    start.click()
    expect(page.get_by_text("On your list:")).to_be_visible()


def ends_the_role(page: Page, look: Look) -> None:
    end = page.get_by_role("link", name=f"End the role of {NEWCOMER}")
    end.click()
    expect(page.get_by_text("They are to finish 1 draft")).to_be_visible()
    look(page, "role-ending")
    page.get_by_role("button", name="End the role").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose who takes it over")
    page.get_by_label("Who takes over at the school?").select_option(label=HEIR)
    page.get_by_role("button", name="End the role").click()
    expect(page.locator("#notices")).to_contain_text("What they had to do was handed on.")
    page.get_by_role("link", name="Who held one before").click()
    expect(page.get_by_role("row").filter(has_text=NEWCOMER)).to_contain_text(f"ended by {AUTHORISER}")
    look(page, "people-former")
    page.get_by_role("link", name="Back to everyone").click()
    old_hand = page.get_by_role("row").filter(has_text=OLD_HAND)
    expect(old_hand).to_contain_text("From the sign-in server: whoever looks after it ends it.")
    expect(old_hand.get_by_role("link", name="End the role")).to_have_count(0)


def is_out_and_told_who_can_help(visitors: Visitors, page: Page, look: Look) -> None:
    """At the next page; signing in says which cause it is, another one for whose access was ended."""
    page.reload()
    expect(page).to_have_url(f"{visitors.portal.url}/sign-in?next={page.url.partition('next=')[2]}")
    again = turned_away(visitors, NEWCOMER)
    expect(again.get_by_text("gave it")).to_contain_text("it has ended since")
    look(again, "no-access-again")
    left = turned_away(visitors, "Wiremu Left-Already")
    expect(left.get_by_role("heading", name="Your access to the portal has ended")).to_be_visible()
    expect(left.get_by_role("listitem").filter(has_text=AUTHORISER)).to_be_visible()
    look(left, "no-access-left")


def reads_who_was_here(page: Page, look: Look) -> None:
    page.goto("/sign-ins/")
    row = page.get_by_role("row").filter(has_text=NEWCOMER).first
    expect(row).to_contain_text("the role was ended")
    expect(page.get_by_role("main")).not_to_contain_text("Te Awa Attendance Service")
    look(page, "sign-ins")


def test_the_ministry_reads_who_is_who(visitors: Visitors, look_twice: Look) -> None:
    page = visitors.sign_in("Moana Kereama", "/account")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    expect(page.get_by_role("row").filter(has_text="Moana Kereama")).to_contain_text("investigator")
    look_twice(page, "who-is-who-ministry")
