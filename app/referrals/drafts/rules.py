"""How long a draft lasts (REQ-3), and what it lacks in a few words."""

from collections.abc import Iterable
from datetime import date, datetime

from app.core import clock
from app.figures import Figures
from app.referrals.models import State
from app.referrals.requests import Request

HANDED_OVER, END_ANNOUNCED = "draft.handed_over", "draft.end_announced"
MOST_NAMED = 4
SHORT = {
    "service_choice": "which service",
    "caregiver_name": "a caregiver",
    "caregiver_relationship": "the caregiver’s relationship",
    "caregiver_phone": "the caregiver’s phone or e-mail",
    "caregiver_email": "the caregiver’s e-mail",
    "caregiver_language": "the caregiver’s language",
    "address": "the home address",
    "reason": "the reason",
    "urgent": "whether it is urgent",
    "urgent_why": "why it is urgent",
    "action_1": "what the school has done",
    "engagement": "engagement",
    "plan": "the plan",
    "barriers": "barriers",
    "whanau_knows": "whether the whānau knows",
    "primary_contact": "the primary contact",
    "contact_name": "the primary contact’s name",
    "contact_email": "the primary contact’s e-mail",
    "contact_phone": "the primary contact’s phone",
    "safety_fact": "the safety note",
    "safety_kind": "what the safety note is about",
}
ACTION = "an action or its date"
PREFILLED = frozenset(
    {
        *("address", "caregiver_name", "caregiver_relationship", "caregiver_phone", "caregiver_email"),
        *("caregiver_language", "caregiver_address", "primary_contact", "contact_name", "contact_email"),
    }
)
"""What a new draft may say by itself, of what the school and the roll know."""


def is_untouched(request: Request) -> bool:
    """Has nobody done anything with the draft since it was begun?"""
    draft, answers = request.referral, request.answers
    is_typed = any(answer.page for answer in answers.values()) or not PREFILLED.issuperset(answers)
    is_changed = draft.changed_at != draft.made_at or draft.owner_id != draft.maker_id or request.student.has_files
    return draft.state is State.DRAFT and not draft.discarded_at and not is_changed and not is_typed


def ends_on(changed_at: datetime, announced_at: datetime | None, today: date, figures: Figures) -> date:
    """The New Zealand day on which the draft is deleted if nobody touches it. Its end is announced some days before, however
    late that is; an announcement made before the last change counts no more."""
    changed_on = clock.nz(changed_at).date()
    last = changed_on + figures.draft_deleted_after
    if announced_at and announced_at >= changed_at:
        return max(last, clock.nz(announced_at).date() + figures.draft_notice)
    is_near = today >= changed_on + figures.draft_announced_after
    return max(last, today + figures.draft_notice) if is_near else last


def in_short(missing: Iterable[str]) -> str:
    """What is missing, in a few words: "the reason, barriers and 3 more"."""
    words = list(dict.fromkeys(SHORT.get(field, _other(field)) for field in missing))
    if len(words) > MOST_NAMED:
        named = words[: MOST_NAMED - 1]
        return f"{', '.join(named)} and {len(words) - len(named)} more"
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _other(field: str) -> str:
    return ACTION if field.startswith("action_") else "something to mend"
