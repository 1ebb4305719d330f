"""The answers of a support request, as a school types them."""

from datetime import date, timedelta

from app.referrals.questions import YES
from demo.invented import InventedRequest, InventedStudent

BARRIERS = {
    "belonging": "low sense of belonging",
    "bullying": "bullying, feels unsafe at school",
    "caring_duties": "cares for siblings",
    "disability_learning": "additional learning needs",
    "housing": "housing not settled",
    "mental_health": "mental health",
    "poverty": "financial hardship",
    "sleep_routine": "hard to get up, routines",
    "timetable": "timetable does not fit",
    "transience": "frequent moves",
    "transport": "transport",
    "wants_to_leave": "wants to leave school",
    "whanau_crisis": "bereavement in the whānau",
    "whanau_not_engaging": "whānau not reached",
}


def from_roll(student: InventedStudent) -> dict[str, str]:
    """What a draft begins with."""
    caregiver = student.caregivers[0]
    return {"address": student.address} | {f"caregiver_{detail}": text for detail, text in vars(caregiver).items()}


def typed(request: InventedRequest, contact: str, today: date) -> dict[str, str]:
    """The rest of a whole request; the primary contact is the public id of somebody of the school."""
    return {
        "reason": request.reason,
        "urgent": YES if request.urgent_why else "",
        "urgent_why": request.urgent_why,
        **_done_so_far(request, today),
        "engagement": request.engagement,
        "plan_later": YES,
        "barriers": ", ".join(BARRIERS[code] for code in request.barriers).capitalize(),
        "whanau_knows": "yes" if request.whanau_knows else "no",
        "primary_contact": contact,
        "safety_kind": request.safety_kind,
        "safety_fact": request.safety_fact,
    }


def half_typed(request: InventedRequest, today: date) -> dict[str, str]:
    """As far as somebody got before the bell rang."""
    return {"reason": request.reason, **_done_so_far(request, today)}


def _done_so_far(request: InventedRequest, today: date) -> dict[str, str]:
    answers: dict[str, str] = {}
    for row, (action, days_before) in enumerate(request.actions, 1):
        day = today - timedelta(days=days_before)
        answers |= {f"action_{row}": action, f"action_{row}_when": f"{day.day} {day:%B}"}
    return answers
