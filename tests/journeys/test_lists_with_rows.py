"""Lists of a lead with something in them, and where their rows lead: likely duplicates, unusual access, and a request declined."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert

from app.cases.access.rules import TAKEN
from app.core import clock
from app.core.db import db
from app.core.seen import ViewLog
from app.students.models import Student
from tests import make
from tests.journeys.roto import FETU, IHAIA, LEAD, Roto, at_roto
from tests.support.browsers import PAIRS, Visitors
from tests.support.portals import Portal

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("pair", [pytest.param(PAIRS[0], id=str(PAIRS[0]))], indirect=True),
]

Look = Callable[[Page, str], None]
TWICE = "Ātaahua Recorded-Twice"


def test_two_records_are_put_side_by_side_and_proposed_as_one(
    visitors: Visitors, portal: Portal, look_twice: Look
) -> None:
    with at_roto(portal) as roto:
        recorded_twice(roto)
    page = visitors.sign_in(LEAD, "/workspace/students/duplicates/")
    look_twice(page, "duplicates")
    page.get_by_role("link", name=f"One student or two? {TWICE}").click()
    look_twice(page, "duplicate")
    page.get_by_label("Record B goes into record A").check()
    page.get_by_label("Why", exact=True).fill("The same mother came to both meetings.")
    page.get_by_role("button", name="One student: propose to merge").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TWICE)
    look_twice(page, "merge")
    page.get_by_role("link", name="All likely duplicates").click()
    expect(page.get_by_role("row").filter(has_text=TWICE)).to_contain_text("Waits for a second person")
    look_twice(page, "duplicates-proposed")


def test_a_request_is_declined_after_a_talk_with_the_school(
    visitors: Visitors, portal: Portal, look_twice: Look
) -> None:
    with at_roto(portal) as roto:
        case = roto.case()
        make.event(roto.people[LEAD], case, with_school=True)
        number = case.number
    page = visitors.sign_in(LEAD, f"/workspace/cases/{number}/status/decline")
    page.get_by_role("button", name="Decline the request").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose on which ground it is declined")
    look_twice(page, "decline-refused")
    page.get_by_role("group", name="On which ground?").get_by_role("radio").first.check()
    page.get_by_role("group", name="Does the school agree").get_by_label("Yes").check()
    page.get_by_label("Why is it declined?").fill("It gets better by itself.")
    look_twice(page, "decline")
    page.get_by_role("button", name="Decline the request").click()
    expect(page.locator("#notices")).to_contain_text("The request is declined, and the school is told why.")
    school = visitors.sign_in(FETU, f"/portal/cases/{number}/")
    expect(school.get_by_text("It gets better by itself.").first).to_be_visible()


def test_what_is_unusual_of_who_opened_what(visitors: Visitors, portal: Portal, look_twice: Look) -> None:
    with at_roto(portal) as roto:
        case = roto.case(IHAIA)
        opened_at_night(roto, LEAD, case.id)
        opened_at_night(roto, FETU, case.id)
        number = case.number
    for name, address in ((LEAD, "/workspace/access/"), (FETU, "/portal/access/")):
        page = visitors.sign_in(name, address)
        openings = page.get_by_role("table", name="Hours in which somebody opened")
        expect(openings.get_by_role("row").filter(has_text=name).first).to_contain_text("Outside working hours")
        expect(page.get_by_role("link", name=number)).to_be_visible()
        look_twice(page, f"unusual-access{address.replace('/', '-')}")


def recorded_twice(roto: Roto) -> None:
    """The second time with another date of birth, which was mended; that case is closed."""
    first = roto.named(TWICE, date(2011, 5, 4), IHAIA)
    again = make.closed(roto.named(TWICE, date(2009, 1, 2), IHAIA), by=roto.people[LEAD])
    db.session.get_one(Student, again.student_id).born_on = db.session.get_one(Student, first.student_id).born_on


def opened_at_night(roto: Roto, name: str, case_id: int) -> None:
    """At eleven in the evening before; then printed."""
    who, at = roto.people[name], clock.begin_of(clock.today()) - timedelta(hours=1)
    by = {"person_id": who.person_id, "role": str(who.role), "organisation_id": who.organisation_id}
    pages = ("case", TAKEN[0])
    db.session.execute(insert(ViewLog), [{**by, "case_id": case_id, "at": at, "page": page} for page in pages])
