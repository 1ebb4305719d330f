"""What must be there before a support request can be sent (REQ-2, REQ-3)."""

from collections.abc import Mapping

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.referrals.questions import ACTION_ROWS, FIELDS

Answers = Mapping[str, str]
Has = Mapping[str, bool]
Demand = tuple[str, bool, str]
"""A field, whether it is missing, and what to do about it."""


def missing(answers: Answers) -> dict[str, str]:
    """Field → what to do about it, in the order of the form; empty when the request can be sent (REQ-2)."""
    found = {field: remedy for field, is_missing, remedy in _demands(answers) if is_missing}
    return found | {field: remedy for field, remedy in faults(answers).items() if field not in found}


def faults(answers: Answers) -> dict[str, str]:
    """Field → what is wrong with what was typed. A draft keeps it all the same (REQ-3)."""
    found = {}
    if (email := answers.get("caregiver_email", "")) and not _is_email(email):
        found["caregiver_email"] = "Write an e-mail address like name@example.nz"
    if (phone := answers.get("caregiver_phone", "")) and not _is_phone(phone):
        found["caregiver_phone"] = "Write a New Zealand phone number with its area code, like 04 555 0100"
    return found


def actions_taken(answers: Answers) -> list[tuple[str, str]]:
    """What the school did, each with when, as typed."""
    rows = [
        (answers.get(f"action_{row}", ""), answers.get(f"action_{row}_when", "")) for row in range(1, ACTION_ROWS + 1)
    ]
    return [(what, when) for what, when in rows if what or when]


def _demands(answers: Answers) -> list[Demand]:
    has = {name: bool(answers.get(name, "").strip()) for name in FIELDS}
    return [
        *_whanau_demands(has),
        ("reason", not has["reason"], "Write in a sentence why you are asking"),
        ("urgent_why", has["urgent"] and not has["urgent_why"], "Say why it is urgent"),
        *_action_demands(answers, has),
        *_meeting_demands(has),
        ("primary_contact", not has["primary_contact"], "Choose who at school is the primary contact"),
        *_safety_demands(has),
    ]


def _whanau_demands(has: Has) -> list[Demand]:
    is_known = not has["no_caregiver_details"]
    is_nameless = is_known and not has["caregiver_name"]
    is_unrelated = is_known and has["caregiver_name"] and not has["caregiver_relationship"]
    is_out_of_reach = is_known and not (has["caregiver_phone"] or has["caregiver_email"])
    is_homeless = not (has["address"] or has["address_not_known"])
    return [
        ("caregiver_name", is_nameless, "Name one caregiver, or tick that there are no current details"),
        ("caregiver_relationship", is_unrelated, "Say how the caregiver is related to the student"),
        ("caregiver_phone", is_out_of_reach, "Give a phone number or an e-mail address of the caregiver"),
        ("address", is_homeless, "Enter the home address, or tick “not known”"),
    ]


def _action_demands(answers: Answers, has: Has) -> list[Demand]:
    nothing = not actions_taken(answers)
    demands = [
        (
            "action_1",
            nothing and not has["no_actions_why"],
            "Write one thing the school has done, or why nothing was done yet",
        )
    ]
    for row in range(1, ACTION_ROWS + 1):
        what, when = f"action_{row}", f"action_{row}_when"
        demands.append((what, has[when] and not has[what], "Say what was done then"))
        demands.append((when, has[what] and not has[when], "Say when, or about when"))
    return demands


def _meeting_demands(has: Has) -> list[Demand]:
    topics = {"engagement": "engagement", "plan": "the individual plan", "barriers": "barriers"}
    demands = [
        (field, not (has[field] or has[f"{field}_later"]), f"Say something about {words}, or tick “will tell”")
        for field, words in topics.items()
    ]
    remedy = "Say whether the whānau knows, or choose “will tell”"
    return [*demands, ("whanau_knows", not has["whanau_knows"], remedy)]


def _safety_demands(has: Has) -> list[Demand]:
    remedy = "Write what must be known about safety, or choose “nothing known”"
    return [
        ("safety_fact", has["safety_kind"] and not has["safety_fact"], remedy),
        ("safety_kind", has["safety_fact"] and not has["safety_kind"], "Choose what the safety note is about"),
    ]


def _is_email(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _is_phone(text: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, "NZ"))
    except phonenumbers.NumberParseException:
        return False
