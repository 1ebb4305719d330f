"""Arabic names and sentences on the pages of a case, as the browser sets them: what follows stands to their right."""

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select, update

from app.cases.models import Case
from app.core.db import db
from app.students.models import Student
from tests import make
from tests.support.client import Client
from tests.support.paper import drawn

pytestmark = pytest.mark.journey
NAME, MOTHER, SAID = "محمد علي", "فاطمة علي", "مرحبا، 3 أيام!"
TURNED = """() => {
  const found = [], arabic = /[\\u0600-\\u06ff]/, walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const at = (node, from, to) => { const range = document.createRange(); range.setStart(node, from); range.setEnd(node, to); return range.getBoundingClientRect(); };
  let last = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(".govuk-visually-hidden")) continue;
    for (let n = 0; n < node.data.length; n++) {
      const letter = node.data[n], box = at(node, n, n + 1);
      if (arabic.test(letter)) last = { node, right: last && last.node === node ? Math.max(last.right, box.right) : box.right, top: box.top, bottom: box.bottom };
      else if (last && last.node !== node && /[0-9A-Za-z,.(]/.test(letter) && box.width) {
        if (box.top < last.bottom && box.bottom > last.top && box.left < last.right - 1) found.push(last.node.data + " | " + node.data);
        last = null;
      }
    }
  }
  return found;
}"""
"""Where the first letter, figure or mark after something Arabic, on the same line, is not to its right."""


def in_arabic(world: make.World, number: str) -> None:
    case = db.session.scalars(select(Case).where(Case.number == number)).one()
    db.session.execute(update(Student).where(Student.id == case.student_id).values(legal_name=NAME, preferred_name=""))
    case.urgency, case.urgent_why = 0, SAID
    make.caregiver(case, world.mere, MOTHER, relationship=MOTHER)
    make.note(world.ana, case, body=SAID)


@pytest.mark.parametrize("page", ["", "caregivers/", "visit-sheet", "student"])
def test_what_follows_stands_to_the_right(
    browser: Browser, client: Client, peopled: make.World, with_case: str, page: str
) -> None:
    client.outside(in_arabic, peopled, with_case)
    html = client.sign_in(peopled.ana.person_id).get(f"/workspace/cases/{with_case}/{page}").text
    assert NAME in html
    seen = drawn(browser, client, html)
    assert not seen.evaluate(TURNED)
    seen.add_style_tag(content="* { unicode-bidi: normal !important }")
    assert seen.evaluate(TURNED), "without the rule it would not"
    seen.close()
