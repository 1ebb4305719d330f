"""The journey: a school that has the facts asks for support, from home to the number and the mail. Once for a student
without a case, to the school's own provision, with scripts; once for one who has a case, which it joins, without them."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.words import chance, mail_to
from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]
LEAD, STEP = "Kahu Rangihuna", "Rang home three times"
START = re.compile("^Start the request for")
SERVICE = {True: "Our in-school provision: ", False: "The provider of our catchment: "}


def test_the_whole_request(visitors: Visitors, look_at_both: Look, pair: Pair) -> None:
    page = visitors.sign_in(LEAD)
    number = begins_with_what_the_roll_knows(page, has_case=not pair.has_scripting)
    is_told_where_it_goes(page, number)
    answers_in_any_order(page)
    sees_advice_at_once(page, pair, look_at_both)
    is_told_what_is_missing(page, look_at_both)
    answers_what_was_missing(page, pair)
    sends_it(page, number, look_at_both)
    sent = page.locator(".wh-number").inner_text()
    assert sent == (number or sent)
    names_nobody_in_the_mail(visitors, sent)


def test_a_student_who_is_not_on_the_list_is_added_and_the_draft_left_again(
    visitors: Visitors, look_at_both: Look
) -> None:
    """By a name that no other journey looks for."""
    page, name = visitors.sign_in(LEAD, "/portal/referrals/new"), f"Zeb Zed{chance().split()[1]}"
    page.get_by_label("Name of the student").fill(name)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Add the student").click()
    expect(page.get_by_label("Full legal name")).to_have_value(name)
    look_at_both(page, "new student")
    for group, day in (("Date of birth", ("4", "5", "2012")), ("Enrolled at your school since", ("2", "2", "2026"))):
        for box, text in zip(("Day", "Month", "Year"), day, strict=True):
            page.get_by_role("group", name=group).get_by_label(box).fill(text)
    page.get_by_label("Year level").select_option("Year 9")
    page.get_by_label("How do you know?").fill("Enrolment form")
    page.get_by_role("button", name="Add and start the request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Ask for support: {name}")
    page.get_by_role("button", name="Leave without keeping").click()
    expect(page.locator("#notices").get_by_text("The draft was not kept.")).to_be_visible()
    is_taken_back(page, name, look_at_both)


def is_taken_back(page: Page, name: str, look: Look) -> None:
    page.get_by_label("Name of the student").fill(name)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=f"Added by mistake? {name}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Was it a mistake to add {name}?")
    look(page, "taking back")
    page.get_by_role("button", name="Take the student back").click()
    expect(page.locator("#notices").get_by_text(f"{name} is on your list no more.")).to_be_visible()


def begins_with_what_the_roll_knows(page: Page, *, has_case: bool) -> str:
    """The number of the student's case, where there is one."""
    number = ""
    sought = "a"
    if has_case:
        page.goto("/portal/cases/?status=open")
        row = page.get_by_role("main").get_by_role("rowheader").first
        sought, number = row.get_by_role("link").inner_text(), row.locator("small").first.inner_text()
        page.get_by_role("link", name="Waharoa").click()
    page.get_by_role("link", name="Ask for support with a student").first.click()
    page.get_by_label("Name of the student").fill(sought)
    page.get_by_role("button", name="Find").click()
    rows = page.get_by_role("row").filter(has=page.get_by_role("button", name=START))
    row = rows.filter(
        has_text=f"Has the case {number}" if number else "", has_not_text=None if number else "Has the case"
    )
    row.first.get_by_role("button", name=START).click()
    expect(page.get_by_text("On your list:")).to_be_visible()
    for known in ("Caregiver’s name", "Relationship to the student", "Home address"):
        expect(page.get_by_label(known, exact=True)).not_to_be_empty()
    return number


def is_told_where_it_goes(page: Page, number: str) -> None:
    """Also of the case that it would join, before anything was typed."""
    aside = page.get_by_role("complementary", name="Still missing")
    expect(aside.get_by_text("You choose: Our in-school provision")).to_be_visible()
    expect(aside.get_by_text("Choose which service is asked")).to_be_visible()
    if number:
        expect(aside.get_by_text(f"This student has the case {number}. Sending joins it")).to_be_visible()
    else:
        expect(aside.get_by_text("We will join it to an earlier case if there is one.")).to_be_visible()


def answers_in_any_order(page: Page) -> None:
    """The last section first."""
    page.get_by_label("Safety note about").select_option("Dog")
    page.get_by_label("What must somebody know who knocks at the door?").fill("Loose behind the gate, ring first.")
    page.get_by_label("Primary contact at school").select_option(LEAD)
    for question in ("Engagement", "Plan", "Barriers"):
        page.get_by_label(f"{question}: will tell at the meeting").check()
    page.get_by_role("group", name="Does the whānau know").get_by_label("Will tell at the meeting").check()
    page.get_by_label("What was done (1)").fill(STEP)


def sees_advice_at_once(page: Page, pair: Pair, look: Look) -> None:
    """With the next save by itself; without a script with the next press of the button."""
    page.get_by_text("Is this the right time?").click()
    page.get_by_label("Fewer than 15 days absent so far").check()
    if not pair.has_scripting:
        page.get_by_role("button", name="Save draft").last.click()
    advice = page.locator("#advice")
    expect(advice).to_contain_text("These answers decide nothing yet")
    expect(advice).to_contain_text("you can send the request whatever it says")
    expect(page.get_by_label("Fewer than 15 days absent so far")).to_be_visible()
    look(page, "whole-draft")


def is_told_what_is_missing(page: Page, look: Look) -> None:
    """Every link leads to its field."""
    page.get_by_role("button", name="Check answers").click()
    expect(page.get_by_role("heading", name="3 things are missing before you can send this")).to_be_visible()
    expect(page.get_by_role("button", name="Send the request")).to_have_count(0)
    look(page, "whole-check-missing")
    page.get_by_role("link", name="Write in a sentence why you are asking").click()
    assert page.url.endswith("#reason")
    expect(page.get_by_label("What is the reason for asking?")).to_be_in_viewport()


def answers_what_was_missing(page: Page, pair: Pair) -> None:
    page.get_by_label("What is the reason for asking?").fill("Away 22 days this term.")
    page.get_by_label("When, or about when (1)").fill("week of 2 March")
    page.get_by_role("group", name="Which service is asked?").get_by_label(SERVICE[pair.has_scripting]).check()
    if pair.has_scripting:
        expect(page.locator("#missing")).to_have_text("Nothing. Check the answers and send.")
    page.get_by_role("button", name="Check answers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check the answers")


def sends_it(page: Page, number: str, look: Look) -> None:
    for said in (f"{STEP} (week of 2 March)", "Will tell at the meeting", "These answers decide nothing yet"):
        expect(page.get_by_text(said).first).to_be_visible()
    aside = page.get_by_role("complementary", name="What happens next")
    expect(aside).to_contain_text("Maunga Attendance Trust" if number else "Kōwhai Bay in-school provision")
    expect(aside).to_contain_text("Sending joins it" if number else "if there is one")
    look(page, "whole-check")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="The request is sent")).to_be_visible()
    joined = page.get_by_text("The student had a case already; your request joined it.")
    expect(joined).to_have_count(1 if number else 0)
    look(page, "whole-submitted")


def names_nobody_in_the_mail(visitors: Visitors, number: str) -> None:
    page = mail_to(visitors, "kahu.rangihuna", f"Support request {number}")
    text = page.get_by_role("main").inner_text()
    assert not [word for word in (STEP, "22 days", "Loose behind") if word in text]
    assert page.locator("a[href*='/notifications/to/']").count() == 1
