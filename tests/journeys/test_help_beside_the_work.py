"""The journey of help: who serves the school, support for a group, an announcement, a known issue, a problem reported from the
page where it was met, and the privacy statement on paper."""

import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from playwright.sync_api import FilePayload, Page, PdfMargins, expect

from tests.journeys.behind import has_an_operator
from tests.journeys.words import chance, mail_to
from tests.make import A_PICTURE
from tests.support.browsers import PAIRS, Visitors

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[0], id=str(PAIRS[0]))], indirect=True),
]

Look = Callable[[Page, str], None]
OPERATOR = "moana.kereama@ministry.example"
MARGIN = PdfMargins(top="15mm", right="15mm", bottom="15mm", left="15mm")
REFERENCE = re.compile(r"P-[2-9A-Z]{4}-[2-9A-Z]{4}")


def test_help_beside_the_work(visitors: Visitors, look_twice: Look) -> None:
    has_an_operator(visitors.portal, OPERATOR)
    school = visitors.sign_in("Priya Nair", "/portal/")
    knows_who_serves_the_school(school, look_twice)
    asks_for_a_group(visitors, school, look_twice)
    operator = works_as_operator(visitors)
    title = announces(operator, look_twice)
    reads_and_puts_away(visitors, title, look_twice)
    school.goto("/")
    expect(school.get_by_text(title)).to_have_count(0)
    knows_an_issue(operator, school, look_twice)
    reference = reports_a_problem(school, look_twice)
    is_told_and_deals_with_it(visitors, operator, reference, look_twice)


def knows_who_serves_the_school(page: Page, look: Look) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="My provider").click()
    for heading in ("Te Awa Attendance Service", "When something is not right", "Wellington regional office"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_text("is in the catchment Te Awa")).to_be_visible()
    expect(page.get_by_role("link", name="wellington@regions.example")).to_be_visible()
    look(page, "provider")
    page.get_by_role("link", name="Your provider").click()
    expect(page.get_by_role("heading", name="Your provider", level=1)).to_be_visible()
    look(page, "guide")
    page.go_back()


def asks_for_a_group(visitors: Visitors, page: Page, look: Look) -> None:
    page.get_by_role("link", name="Ask for support for a group").click()
    page.get_by_role("button", name="Ask for support").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose which group")
    look(page, "group")
    for question in ("Which group?", "How many?", "Why?"):
        page.get_by_role("group", name=question).get_by_role("radio").first.check()
    page.get_by_role("button", name="Ask for support").click()
    expect(page.locator("#notices")).to_contain_text("Asked. Te Awa Attendance Service will ring you")
    lead = visitors.sign_in("Ruth Whaanga", "/notifications/")
    expect(lead.get_by_role("listitem").filter(has_text="Tawa Awa College").first).to_contain_text("group")


def works_as_operator(visitors: Visitors) -> Page:
    page = visitors.sign_in("Moana Kereama", "/help/")
    page.goto("/account")
    page.get_by_role("button", name="Work as operator").click()
    return page


def announces(page: Page, look: Look) -> str:
    """To one role, from today on."""
    title = f"New codes, {chance()}"
    page.goto("/announcements/")
    page.get_by_role("link", name="Write an announcement").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text").fill("Term 1 begins with the new list of codes.")
    page.get_by_role("checkbox", name="Primary contact").check()
    days = page.get_by_role("group", name="First day"), page.get_by_role("group", name="Last day")
    for box in ("Day", "Month", "Year"):
        days[1].get_by_label(box).fill(days[0].get_by_label(box).input_value())
    look(page, "announcement-new")
    page.get_by_role("button", name="Announce it").click()
    expect(page.locator("#notices")).to_contain_text("it stands on the pages of those you chose")
    return title


def reads_and_puts_away(visitors: Visitors, title: str, look: Look) -> None:
    page = visitors.sign_in("Tom Hargreaves", "/portal/")
    strip = page.get_by_role("complementary", name="Announcement")
    expect(strip).to_contain_text(title)
    strip.get_by_role("link", name="Read it and put it away").click()
    look(page, "announcements")
    page.get_by_role("button", name=re.compile(f"Put away.*{title}")).click()
    expect(page.locator("#notices")).to_contain_text("Put away.")
    page.goto("/portal/")
    expect(strip).to_have_count(0)


def knows_an_issue(operator: Page, page: Page, look: Look) -> None:
    title = f"Letters print slowly, {chance()}"
    operator.goto("/help/known-issues")
    operator.get_by_role("link", name="Write one down").click()
    operator.get_by_label("What does not work").fill(title)
    operator.get_by_label("What to do meanwhile").fill("Print them one by one.")
    look(operator, "known-issue")
    operator.get_by_role("button", name="Save").click()
    page.get_by_role("contentinfo").get_by_role("link", name="Known issues").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    look(page, "known-issues")


def reports_a_problem(page: Page, look: Look) -> str:
    """From a page that is not there; what the page knows goes along by itself. Returns the reference."""
    page.goto("/portal/cases/26-004217-4/")
    page.get_by_role("contentinfo").get_by_role("link", name="Report a problem").click()
    for known in (
        "/portal/cases/<number>/",
        "26-004217-4",
        "Office support, Tawa Awa College (school)",
        "HeadlessChrome",
    ):
        expect(page.locator("dl").get_by_text(known)).to_be_visible()
    page.get_by_label("What were you doing, and what happened?").fill("Opening the case of Zqxwva Zqxwvb.")
    page.get_by_role("radio", name="Yes, I cannot go on").check()
    shot = FilePayload(name="Zqxwvc.png", mimeType="image/png", buffer=A_PICTURE)
    page.get_by_label("A screenshot, if it helps").set_input_files([shot])
    look(page, "problem")
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator("#notices")).to_contain_text("Your report is on its way.")
    found = REFERENCE.search(page.get_by_role("heading", level=1).inner_text())
    assert found
    expect(page.get_by_role("link", name="Zqxwvc.png", exact=True)).to_be_visible()
    look(page, "problem-sent")
    return found[0]


def is_told_and_deals_with_it(visitors: Visitors, page: Page, reference: str, look: Look) -> None:
    """By a mail that says nothing of what was written; the screenshot stays its sender's."""
    mail = mail_to(visitors, "help", reference)
    expect(mail.get_by_text("Zqxwv")).to_have_count(0)
    expect(mail.get_by_text("Priya")).to_have_count(0)
    page.goto("/help/problems")
    look(page, "problems")
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_text("Opening the case of Zqxwva Zqxwvb.")).to_be_visible()
    expect(page.get_by_text("Its sender did not open it to you")).to_be_visible()
    look(page, "problem-read")
    page.get_by_role("button", name="Note as dealt with").click()
    row = page.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("Dealt with")


def test_the_privacy_statement_is_printed_and_noted_as_given(visitors: Visitors, look_twice: Look) -> None:
    page = visitors.sign_in("Mere Fa‘asavalu", "/portal/referrals/")
    page.get_by_role("link", name=re.compile("go on with the request")).first.click()
    page.get_by_role("link", name=re.compile("rivacy statement")).first.click()
    address = page.url
    look_twice(page, "statement")
    page.get_by_role("link", name="Read it, or print it for the whānau").click()
    expect(page.get_by_role("heading", name="He aha ngā kōrero ka tiakina")).to_be_visible()
    look_twice(page, "privacy")
    on_paper(page)
    page.goto(address)
    page.get_by_role("button", name="Note that we gave it").click()
    expect(page.locator("#notices")).to_contain_text("Noted: the privacy statement was given.")
    page.goto(address)
    expect(page.get_by_role("table", name="Given so far")).to_contain_text("Mere Fa‘asavalu, today")


def on_paper(page: Page) -> None:
    """The statement and nothing else, each language on a sheet of its own."""
    page.emulate_media(media="print")
    for hidden in ("navigation", "contentinfo", "search"):
        expect(page.get_by_role(hidden)).to_have_count(0)
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_text("Print it from your browser")).not_to_be_visible()
    expect(page.get_by_role("heading", name="What is kept about your child, and why")).to_be_visible()
    with pikepdf.open(BytesIO(page.pdf(format="A4", margin=MARGIN))) as paper:
        assert len(paper.pages) == 2
    page.emulate_media(media="screen")
