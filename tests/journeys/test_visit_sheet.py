"""The visit sheet of a long case on paper: one page of A4, with room to write."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import insert, select, update

from app.cases.models import Case, SafetyNote
from app.core import clock as clocks
from app.core.db import db
from app.students.models import Student, Tried
from tests import make
from tests.support.client import Client
from tests.support.paper import drawn, leaves

pytestmark = pytest.mark.journey
LONG = "Kāore anō kia mōhiotia, nā reira me pātai ki te whānau i mua i te haerenga atu. "
NOTES, CAREGIVERS = 6, 7


def a_long_case(world: make.World, number: str) -> None:
    """Of everything more than fits, and as long as it may be."""
    case = db.session.scalars(select(Case).where(Case.number == number)).one()
    case.urgency, case.urgent_why = 0, LONG * 20
    now = clocks.now()
    note = {"case_id": case.id, "organisation_id": world.tawa.id, "added_by_id": world.mere.person_id, "added_at": now}
    note |= {"kind": "dog", "fact": LONG * 20, "review_by": clocks.today() + timedelta(days=90)}
    db.session.execute(insert(SafetyNote), [note] * NOTES)
    home = {"address": LONG[:70] + "\nTawa\nWellington 5028", "language": LONG[:60], "phone": "04 555 0100"}
    db.session.execute(update(Student).where(Student.id == case.student_id).values(**home, needs_interpreter=True))
    for who in range(CAREGIVERS):
        known: dict[str, Any] = {
            "contact_note": LONG * 3,
            "address": f"{who} {LONG * 3}",
            "language": LONG[:60],
            "phone": "04 555 0100",
        }
        known |= {"may_be_contacted": who % 3 != 0, "lives_with_student": who % 2 == 0, "relationship": LONG[:60]}
        made = make.caregiver(case, world.mere, f"{who} {LONG * 2}"[:160], **known)
        made.address_state = list(Tried)[who % 3]
    make.task(world.ana, case, LONG * 20)


def test_a_long_case_is_one_page(browser: Browser, client: Client, peopled: make.World, with_case: str) -> None:
    client.outside(a_long_case, peopled, with_case)
    html = client.sign_in(peopled.ana.person_id).get(f"/workspace/cases/{with_case}/visit-sheet").text
    assert f"{NOTES + 1 - 3} more safety notes" in html
    page = drawn(browser, client, html)
    assert len(leaves(page)) == 1
    page.emulate_media(media="print")
    room = page.locator(".wh-visit__room").bounding_box()
    assert room is not None
    assert room["height"] >= 40 / 25.4 * 96 - 1
    page.close()
