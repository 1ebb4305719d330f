"""The journey: a request travels from a school to a provider and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.words import mail_to
from tests.support.browsers import Pair, Visitors

Look = Callable[[Page, str], None]
SEARCHED = {
    "on-1280-sqlite": ("whanau", "Whānau Te Rangi-Smith"),
    "off-1280-sqlite": ("Ng", "Mei Ng"),
    "off-360-postgresql": ("WHANAU", "Whānau Te Rangi-Smith"),
    "on-360-postgresql": ("ng", "Mei Ng"),
}
SAFETY = "A dog is loose behind the gate, ring first."
URGENT = "The whānau moves to another town at the end of the month."


@pytest.mark.journey
def test_request_travels_from_school_to_provider_and_back(visitors: Visitors, look: Look, pair: Pair) -> None:
    sought, student = SEARCHED[str(pair)]
    address = office_starts_a_draft_and_signs_out(visitors, look, sought, student)
    number = lead_finishes_and_sends_it(visitors, look, address)
    workflow_lead_assigns_it(visitors, look, number, student)
    manager = case_manager_writes_three_notes(visitors, look, number)
    contact_follows_the_mail_and_replies(visitors, look, number)
    case_manager_is_told(manager, number)
    others_find_nothing(visitors, number)
    setting_opens_it_to_a_colleague(visitors, number)
    access_log_shows_who_opened_it(visitors, look, number)


def office_starts_a_draft_and_signs_out(visitors: Visitors, look: Look, sought: str, student: str) -> str:
    page = visitors.sign_in("Priya Nair")
    page.get_by_role("link", name="Ask for support with a student").first.click()
    page.get_by_label("Name of the student").fill(sought)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("row").filter(has_text=student)).to_have_count(1)
    look(page, "find-student")
    page.get_by_role("button", name=f"Start the request for {student}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(student)
    expect(page.get_by_label("Home address", exact=True)).not_to_be_empty()
    look(page, "draft-started")
    page.get_by_label("What is the reason for asking?").fill("Away 22 days this term. Lēo says he “can’t face it”.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#notices").get_by_text("Draft saved.")).to_be_visible()
    address = page.url
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    return address


def lead_finishes_and_sends_it(visitors: Visitors, look: Look, address: str) -> str:
    page = visitors.sign_in_by_hand("Mere Fa‘asavalu", address)
    expect(page.get_by_label("What is the reason for asking?")).to_have_value(re.compile("can’t face it"))
    fill_in_the_rest(page)
    page.get_by_role("button", name="Check answers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check the answers")
    expect(page.get_by_text("Aroha Ngata")).to_be_visible()
    look(page, "check-answers")
    once = page.locator("form[action$='/submission'] input[name=once]").get_attribute("value")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="The request is sent")).to_be_visible()
    look(page, "submitted")
    number = page.locator(".wh-number").inner_text()
    sent_again_it_is_the_same_case(page, address, once or "", number)
    return number


def fill_in_the_rest(page: Page) -> None:
    page.get_by_label("Caregiver’s name").fill("Ana Te Rangi")
    page.get_by_label("Relationship to the student").fill("mother")
    page.get_by_label("Caregiver’s phone").fill("027 555 0143")
    page.get_by_label("This is urgent").check()
    page.get_by_label("Why it is urgent").fill(URGENT)
    page.get_by_label("What was done (1)").fill("Called home three times")
    page.get_by_label("When, or about when (1)").fill("early March")
    for question in ("engagement", "plan", "barriers"):
        page.locator(f"#{question}_later").check()
    page.get_by_label("Will tell at the meeting").last.check()
    page.get_by_label("Primary contact at school").select_option("Aroha Ngata")
    page.get_by_label("Safety note about").select_option("Dog")
    page.get_by_label("What must somebody know who knocks at the door?").fill(SAFETY)


def sent_again_it_is_the_same_case(page: Page, address: str, once: str, number: str) -> None:
    """A repeated POST, and the browser's Back: no second case."""
    page.goto(address)
    expect(page.get_by_role("heading", name="The request is sent")).to_be_visible()
    assert once
    page.goto("/portal/referrals/")
    expect(page.get_by_role("link", name=number)).to_have_count(1)


def workflow_lead_assigns_it(visitors: Visitors, look: Look, number: str, student: str) -> None:
    page = visitors.sign_in("Ruth Whaanga", "/workspace/queue/")
    row = page.get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text(student)
    expect(row).to_contain_text(SAFETY)
    expect(row).to_contain_text(URGENT)
    look(page, "queue")
    row.get_by_role("link", name=re.compile("^Assign")).click()
    expect(page.get_by_text("Day 0 of 5")).to_be_visible()
    look(page, "assign")
    page.get_by_label(re.compile("Ana Tuhoro: ")).check()
    page.get_by_role("button", name="Give the case").click()
    expect(page.locator("#notices").get_by_text(f"Ana Tuhoro has the case {number} now.")).to_be_visible()
    expect(page.locator(".wh-case")).to_contain_text("Open")


def case_manager_writes_three_notes(visitors: Visitors, look: Look, number: str) -> Page:
    page = visitors.sign_in("Ana Tuhoro", f"/workspace/cases/{number}/")
    expect(page.locator(".wh-safety").first).to_contain_text("dog")
    for words, button in (
        (f"Shared note on {number}.", "Add and share with Tawa Awa College"),
        (f"Service note on {number}.", "Add for our service only"),
        (f"Restricted note on {number}.", "Add restricted"),
    ):
        page.get_by_label("Add a note").fill(words)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("listitem").filter(has_text=words)).to_have_count(1)
    undoes_a_note(page, number)
    look(page, "case-of-the-service")
    page.get_by_role("button", name=re.compile("^Share now")).click()
    expect(page.get_by_text("Tawa Awa College can read it now.").last).to_be_visible()
    page.get_by_role("link", name="What does the school see?").click()
    expect(page.get_by_text(f"Shared note on {number}.")).to_be_visible()
    expect(page.get_by_text(f"Service note on {number}.")).to_have_count(0)
    look(page, "what-the-school-sees")
    return page


def undoes_a_note(page: Page, number: str) -> None:
    """What was shared by mistake is in the box again; the school never learns of it."""
    page.get_by_label("Add a note").fill(f"Shared by mistake on {number}.")
    page.get_by_role("button", name="Add and share with Tawa Awa College").click()
    mistake = page.get_by_role("listitem").filter(has_text=f"Shared by mistake on {number}.")
    expect(mistake).to_contain_text("Tawa Awa College can read this from")
    mistake.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_text("Undone: nobody at Tawa Awa College has seen it.").last).to_be_visible()
    expect(page.get_by_label("Add a note")).to_have_value(f"Shared by mistake on {number}.")
    page.get_by_label("Add a note").fill("")


def contact_follows_the_mail_and_replies(visitors: Visitors, look: Look, number: str) -> None:
    link = link_in_the_mail(visitors, number)
    page = visitors.sign_in_by_hand("Aroha Ngata", link)
    expect(page.get_by_text(f"Shared note on {number}.")).to_be_visible()
    for hidden in (f"Service note on {number}.", f"Restricted note on {number}."):
        expect(page.get_by_text(hidden)).to_have_count(0)
    page.get_by_label("Add a comment").fill(f"Reply on {number}: ka pai, we hold the place.")
    page.get_by_role("button", name=re.compile("Add and share")).click()
    expect(page.get_by_role("listitem").filter(has_text=f"Reply on {number}")).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Share now")).click()
    expect(page.get_by_text("can read it now.").last).to_be_visible()
    look(page, "case-of-the-school")


def link_in_the_mail(visitors: Visitors, number: str) -> str:
    """The mail with the reference, to Aroha; it names nobody."""
    page = mail_to(visitors, "aroha.ngata", f"Support request {number}")
    text = page.get_by_role("main").inner_text()
    for personal in ("Rangi", "Mei", "Ana", SAFETY, "note on"):
        assert personal not in text
    return page.locator("a[href*='/notifications/to/']").get_attribute("href") or ""


def case_manager_is_told(page: Page, number: str) -> None:
    page.goto("/notifications/")
    told = page.get_by_role("listitem").filter(has_text=number).filter(has_text="A note was shared")
    expect(told.first).to_be_visible()


def others_find_nothing(visitors: Visitors, number: str) -> None:
    for name, address in (
        ("David Chen", f"/workspace/cases/{number}/"),
        ("Jin Wu-Bennett", f"/portal/cases/{number}/"),
        ("Tom Hargreaves", f"/portal/cases/{number}/"),
        ("Lupe Vainikolo", f"/workspace/cases/{number}/"),
    ):
        page = visitors.sign_in(name)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404, f"{name} sees {address}"
        expect(page.get_by_text(number)).to_have_count(0)


def setting_opens_it_to_a_colleague(visitors: Visitors, number: str) -> None:
    lead = visitors.sign_in("Ruth Whaanga", "/workspace/settings/")
    lead.get_by_label("Case managers see their service’s cases").check()
    lead.get_by_role("button", name="Save settings").click()
    expect(lead.locator("#notices").get_by_text("Settings saved.")).to_be_visible()
    page = visitors.sign_in("David Chen", f"/workspace/cases/{number}/")
    expect(page.get_by_text(f"Shared note on {number}.")).to_be_visible()
    expect(page.get_by_text(f"Service note on {number}.")).to_be_visible()
    expect(page.get_by_text(f"Restricted note on {number}.")).to_have_count(0)
    expect(page.get_by_text("You may not read this one.")).to_have_count(1)
    lead.get_by_label("Case managers see their service’s cases").uncheck()
    lead.get_by_role("button", name="Save settings").click()
    expect(lead.locator("#notices").get_by_text("Settings saved.")).to_be_visible()


def access_log_shows_who_opened_it(visitors: Visitors, look: Look, number: str) -> None:
    page = visitors.sign_in("Ruth Whaanga", f"/workspace/cases/{number}/access")
    for name in ("Ana Tuhoro", "Aroha Ngata", "David Chen", "Ruth Whaanga"):
        expect(page.get_by_role("row").filter(has_text=name).first).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Jin Wu-Bennett")).to_have_count(0)
    look(page, "access-log")
