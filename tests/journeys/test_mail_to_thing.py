"""The journey: something is shared, the number in the app goes up, a mail comes, and its link leads to the very thing: signed
out, in the role that was told, and nowhere for whom it is not, or no longer."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.journeys.words import chance, mail_to
from tests.support.browsers import Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]
CONTACTS = ("Aroha Ngata", "Tom Hargreaves")
"""Who sees a case at the school only while they are named on it."""
OF_TWO_ROLES = "Hana Parata"
LINK = "a[href*='/notifications/to/']"


def test_from_what_happens_to_its_mail_and_to_the_thing(visitors: Visitors, look_at_both: Look) -> None:
    service, words = visitors.sign_in("Ana Tuhoro", "/workspace/cases/?status=open"), f"Kōrero at the gate, {chance()}."
    number, name = opens_a_case_with_such_a_contact(service)
    contact = visitors.sign_in(name)
    before = count_of(contact)
    shares(service, words)
    contact.goto("/notifications/")
    assert count_of(contact) == before + 1
    expect(contact.get_by_role("listitem").filter(has_text=number).first).to_contain_text("New")
    look_at_both(contact, "notifications")
    link = link_in_the_mail(visitors, name, f"News on case {number}", words)
    comes_from_the_mail_signed_out(visitors, name, link, number, words)
    contact.goto("/account")
    assert count_of(contact) <= before, "who has opened the case has read it"
    others_are_told_nothing(visitors, link, number)
    says_how_to_be_told(contact, look_at_both)
    somebody_else_is_the_contact(visitors, number)
    is_told_nothing_any_more(contact, link, number, look_at_both)
    comes_in_another_role(visitors, number, look_at_both)


def opens_a_case_with_such_a_contact(page: Page) -> tuple[str, str]:
    """The last in the list; its number, and who it is."""
    links = page.locator('main a[href^="/workspace/cases/2"]')
    for address in reversed([str(link.get_attribute("href")) for link in links.all()]):
        page.goto(address)
        said = page.get_by_role("listitem").filter(has_text="School contact").first.inner_text()
        for name in CONTACTS:
            if name in said:
                return address.rstrip("/").rpartition("/")[2], name
    raise AssertionError(f"no case has one of {CONTACTS} as its contact")


def shares(page: Page, words: str) -> None:
    page.get_by_label("Add a note").fill(words)
    page.get_by_role("button", name=re.compile("^Add and share")).click()
    note = page.get_by_role("listitem").filter(has_text=words)
    note.get_by_role("button", name=re.compile("^Share now")).click()
    expect(page.get_by_text("can read it now.").last).to_be_visible()


def count_of(page: Page) -> int:
    """The number beside Notifications."""
    told: Locator = page.get_by_role("navigation", name="Main").get_by_role("link", name=re.compile("^Notifications"))
    found = re.search(r"\d+", told.inner_text())
    return int(found.group()) if found else 0


def link_in_the_mail(visitors: Visitors, name: str, subject: str, *never: str) -> str:
    """The mail names neither who wrote, nor what."""
    page = mail_to(visitors, ".".join(name.lower().split()), subject)
    text = page.get_by_role("main").inner_text()
    assert not [word for word in (*never, "Ana ", "Tuhoro") if word in text]
    return page.locator(LINK).first.get_attribute("href") or ""


def comes_from_the_mail_signed_out(visitors: Visitors, name: str, link: str, number: str, words: str) -> None:
    page = visitors.sign_in_by_hand(name, link)
    expect(page).to_have_url(re.compile(f"/portal/cases/{number}/$"))
    expect(page.get_by_text(words)).to_be_visible()


def others_are_told_nothing(visitors: Visitors, link: str, number: str) -> None:
    page = visitors.sign_in("Jin Wu-Bennett")
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text(number)).to_have_count(0)


def says_how_to_be_told(page: Page, look: Look) -> None:
    """What may not be turned off stands there with why."""
    page.goto("/notifications/settings")
    expect(page.get_by_role("heading", name="What always comes by mail")).to_be_visible()
    expect(page.get_by_text("This cannot be turned off, because somebody waits for you")).to_be_visible()
    shared = page.get_by_role("group", name=re.compile("^The service shares something"))
    expect(shared).to_contain_text("As the primary contact you get a mail at once, whatever you choose.")
    shared.get_by_label("In one mail a day").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices").get_by_text("This is how you are told from now on.")).to_be_visible()
    expect(shared.get_by_label("In one mail a day")).to_be_checked()
    look(page, "how-you-are-told")


def somebody_else_is_the_contact(visitors: Visitors, number: str) -> None:
    page = visitors.sign_in("Mere Fa‘asavalu", f"/portal/cases/{number}/contacts/primary")
    who = page.get_by_label("Who?")
    who.select_option(who.locator("option").filter(has_text=OF_TWO_ROLES).get_attribute("value"))
    page.get_by_role("main").get_by_role("button", name=re.compile("contact$")).click()
    expect(page.get_by_text(OF_TWO_ROLES).first).to_be_visible()


def is_told_nothing_any_more(page: Page, link: str, number: str, look: Look) -> None:
    """The mail of before leads its reader nowhere."""
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", name="No longer yours to see")).to_be_visible()
    expect(page.get_by_text(number)).to_have_count(0)
    look(page, "no-longer-yours")


def comes_in_another_role(visitors: Visitors, number: str, look: Look) -> None:
    """Signed in as who gives roles, which sees no case, the link offers the role that was told; signed out it begins there."""
    link = link_in_the_mail(visitors, OF_TWO_ROLES, f"News on case {number}")
    page = visitors.sign_in(OF_TWO_ROLES, "/account")
    banner = page.get_by_role("banner")
    if "delegated authoriser" not in banner.inner_text():
        page.get_by_role("button", name="Work as delegated authoriser").click()
    page.goto(link)
    expect(page.get_by_role("heading", name="This belongs to another role of yours")).to_be_visible()
    expect(page.get_by_text(number)).to_have_count(0)
    look(page, "another-role")
    page.get_by_role("button", name="Work as attendance lead").click()
    expect(page).to_have_url(re.compile(f"/portal/cases/{number}/$"))
    expect(banner).to_contain_text("attendance lead")
    again = visitors.sign_in_by_hand(OF_TWO_ROLES, link)
    expect(again).to_have_url(re.compile(f"/portal/cases/{number}/$"))
