"""How a case goes into transition and closes: by hand, with what its case manager answers (CASE-4, CASE-5)."""

from datetime import date, timedelta

from app.cases.models import Status
from app.cases.queries import CaseHead
from app.cases.statuses.actions import Asked, change_by_hand
from app.cases.statuses.demands import EXPECTED_END, NO_CONTACT, WHY
from app.cases.statuses.reasons import reasons
from app.cases.statuses.rules import Change
from app.people.queries import Actor

STEADY, LED_BY_SCHOOL = "attending_regularly", "engaged_school_support"
WHY_CLOSED = {
    STEADY: "Attending regularly; school and whānau agree that support can end.",
    LED_BY_SCHOOL: "Some days are still missed, and the school knows why each time. It leads from here.",
}
ANSWERS = {
    "attendance": "Nine days in ten over the last four weeks, and each absence explained.",
    "school_lead": "The dean of the year level",
    NO_CONTACT.name: "We wrote to each other here, and both sides were content.",
}
WEEKS_AHEAD = timedelta(weeks=3)
"""From the day the demonstration begins until a transition is to end, so that none is late from the start."""


def move(head: CaseHead, becomes: Status, *, today: date, by: Actor) -> None:
    """Into transition, or closed: two in three attend again, of the others the school looks after the rest; `today` the
    demonstration begins."""
    if becomes is Status.TRANSITION:
        why = "Attendance has steadied over three weeks. The school leads from here."
        answers = {**ANSWERS, WHY: why, EXPECTED_END.name: (today + WEEKS_AHEAD).isoformat()}
        change_by_hand(head, Asked(Change.TRANSITION, head.status, answers), by=by)
        return
    code = STEADY if head.case_id % 3 else LED_BY_SCHOOL
    answers = {**ANSWERS, WHY: WHY_CLOSED[code]}
    change_by_hand(head, Asked(Change.CLOSING, head.status, answers, reasons()[code]), by=by)
