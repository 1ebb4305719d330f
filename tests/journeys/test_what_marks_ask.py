"""The journey: marks ask a school about a student who has not been seen for weeks; its lead answers, and the line goes."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.browsers import Visitors, first_pairs

Look = Callable[[Page, str], None]
TWENTY = "Absent 20 school days in a row or more"


@first_pairs
def test_a_school_answers_what_its_marks_ask(visitors: Visitors, look_at_both: Look) -> None:
    page = visitors.sign_in("Mere Fa‘asavalu", "/portal/attendance/")
    page.get_by_role("link", name="What marks ask").click()
    expect(page.get_by_role("heading", name=TWENTY)).to_be_visible()
    look_at_both(page, "what-marks-ask")
    page.get_by_role("table", name=TWENTY).get_by_role("link", name="Answer").first.click()
    expect(page.get_by_role("button", name="Ask for support")).to_be_visible()
    page.get_by_label("A return date is known").check()
    page.get_by_role("button", name="Keep this answer").click()
    expect(page.get_by_role("link", name="Write the day of return")).to_be_visible()
    look_at_both(page, "answer-to-what-marks-ask")
    page.get_by_label("The principal approved the leave").check()
    page.get_by_label("In a line: why, or what it is").fill("In hospital, says his nan.")
    page.get_by_role("button", name="Keep this answer").click()
    expect(page.get_by_text("Your answer is kept.")).to_be_visible()
    expect(page.get_by_role("heading", name=TWENTY)).to_have_count(0)
