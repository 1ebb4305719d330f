"""The journey: a school finds its cases, sees what is new, answers and asks; and goes on reading its own when a student has left."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Update, create_engine, select, update

from app.cases.models import Case
from app.core import clock
from app.people.models import SignIn
from app.students.models import Enrolment
from tests.journeys.words import BOX, SHARE, chance, comments_saying
from tests.support.browsers import PAIRS, Visitors
from tests.support.portals import Portal

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[1], id=str(PAIRS[1]))], indirect=True),
]

Look = Callable[[Page, str], None]
ASK = "Ask for an update"
YEAR = clock.today().year - (clock.today().month < 3)
"""In which it was February last."""


def test_a_school_follows_its_cases(visitors: Visitors, look_twice: Look) -> None:
    page = visitors.sign_in("Mere Fa‘asavalu", "/portal/cases/")
    has_come_for_years(visitors.portal)
    page.reload()
    look_twice(page, "school-cases")
    chooses_open_ones_by_family_name(page)
    name = looks_at_what_is_new_and_comes_back(page, look_twice)
    comments_with_a_file(page, look_twice)
    tells_days_absent(page, look_twice)
    asks_for_an_update_once(page)
    is_found_by_name(page, name)
    goes_on_reading_its_own(page, visitors.portal, look_twice)


def chooses_open_ones_by_family_name(page: Page) -> None:
    """Each status says once what the school does next."""
    expect(page.get_by_role("heading", level=2).first).to_have_text("Open")
    if (put_away := page.get_by_text("Filter and sort")).is_visible():
        put_away.click()
    page.get_by_role("group", name="Show only").get_by_label("Open").check()
    page.get_by_label("Sort by").select_option(label="By family name")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", level=2)).to_have_text(["Open"])
    families = [text.split()[-1] for text in page.get_by_role("rowheader").get_by_role("link").all_inner_texts()]
    assert len(families) > 1


def looks_at_what_is_new_and_comes_back(page: Page, look: Look) -> str:
    """Back comes to the list as it was filtered, and what was looked at is new no more."""
    asked = parse_qs(urlsplit(page.url).query)
    found = row(page).filter(has_text="New").first
    name = found.get_by_role("link").inner_text()
    found.get_by_role("link").click()
    expect(page.get_by_role("heading", name="What the school does now")).to_be_visible()
    look(page, "school-case")
    page.go_back()
    assert parse_qs(urlsplit(page.url).query) == asked
    expect(page.get_by_role("group", name="Show only").get_by_label("Open")).to_be_checked()
    expect(page.get_by_label("Sort by")).to_have_value("name")
    page.reload()
    looked_at = row(page).filter(has_text=name)
    expect(looked_at).to_have_count(1)
    expect(looked_at).not_to_contain_text("New")
    looked_at.get_by_role("link").click()
    return name


def comments_with_a_file(page: Page, look: Look) -> None:
    words = chance()
    page.get_by_label(BOX).fill(words)
    page.get_by_label("Add files").set_input_files({"name": "ānau.txt", "mimeType": "text/plain", "buffer": b"Kia ora"})
    page.get_by_role("button", name=SHARE).click()
    entry = comments_saying(page, words)
    expect(entry.get_by_role("link", name="ānau.txt")).to_be_visible()
    page.get_by_role("link", name="Files", exact=True).click()
    expect(page.get_by_role("link", name="ānau.txt")).to_be_visible()
    look(page, "school-case-files")
    page.get_by_role("link", name="Back to the case").click()


def tells_days_absent(page: Page, look: Look) -> None:
    """A day as one writes it, though there are three boxes."""
    page.get_by_role("link", name="Days absent").click()
    if (beside := page.get_by_text("Days absent as they were told")).count():
        beside.click()  # there are marks, so telling steps back
    page.get_by_role("group", name="First day of the period").get_by_label("Day").fill(f"9 February {YEAR}")
    page.get_by_role("group", name="Last day of the period").get_by_label("Day").fill(f"20/2/{YEAR}")
    for period in ("First day of the period", "Last day of the period"):
        for box in ("Month", "Year"):
            page.get_by_role("group", name=period).get_by_label(box).fill("")
    page.get_by_label("Half-days the school was open").fill("16")
    page.get_by_label("Half-days absent with a reason").fill("4")
    page.get_by_label("Half-days absent without a reason").fill("5")
    page.get_by_label("Where are these figures from?").fill("Our register")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("Saved: 4½ days absent.")
    expect(page.get_by_role("main")).to_contain_text("Our register")
    look(page, "school-days-absent")
    page.get_by_role("link", name="Back to the case").click()


def asks_for_an_update_once(page: Page) -> None:
    """A window that was open before still has the button."""
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name=ASK).click()
    expect(page.locator("#notices")).to_contain_text("is told that you ask for an update.")
    expect(page.get_by_text("You can ask again from")).to_be_visible()
    expect(page.get_by_role("button", name=ASK)).to_have_count(0)
    other.get_by_role("button", name=ASK).click()
    expect(other.locator("#notices")).to_contain_text("asked for an update already. Nobody was told again.")
    other.close()


def is_found_by_name(page: Page, name: str) -> None:
    page.get_by_label("Student’s name or case number").fill(name)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("rowheader").filter(has_text=name)).not_to_have_count(0)


def goes_on_reading_its_own(page: Page, portal: Portal, look: Look) -> None:
    """A closed case of a student who leaves."""
    page.goto("/portal/cases/?status=closed")
    link = page.get_by_role("rowheader").get_by_role("link").first
    name, address = link.inner_text(), str(link.get_attribute("href"))
    has_left(portal, address.split("/")[3])
    page.goto(address)
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    page.goto("/portal/cases/")
    page.get_by_role("link", name="Cases of former students").click()
    look(page, "former-students")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name="What we asked for")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text(re.compile("Te Awa|case manager", re.IGNORECASE))
    look(page, "ours")


def row(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("row")


def has_come_for_years(portal: Portal) -> None:
    """Whoever is here signed in long ago for the first time."""
    carry_out(portal, update(SignIn).values(started_at=clock.now() - timedelta(days=2000)))


def has_left(portal: Portal, number: str) -> None:
    """Until yesterday the student was at the school."""
    student = select(Case.student_id).where(Case.number == number).scalar_subquery()
    ended = update(Enrolment).where(Enrolment.student_id == student, Enrolment.to_on.is_(None))
    carry_out(portal, ended.values(to_on=clock.today() - timedelta(days=1)))


def carry_out(portal: Portal, change: Update) -> None:
    engine = create_engine(portal.environment["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(change)
    engine.dispose()
