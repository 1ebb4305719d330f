"""What must be there before a support request can be sent (REQ-2, REQ-3)."""

from collections.abc import Collection, Mapping

from app.core.reach import fault_of_email, fault_of_phone
from app.referrals.questions import ACTIONS, FIELDS, WORDS

Answers = Mapping[str, str]
Has = Mapping[str, bool]
Demand = tuple[str, bool, str]
"""A field, whether it is missing, and what to do about it."""
CHOOSE = "Choose which service is asked: your in-school provision, or the provider of your catchment"
LONG, LONGEST = 300, 10_000
SHORT = 40
"""Characters of a step where it is named."""
LONG_TEXTS = {"reason", "engagement", "plan", "barriers", "safety_fact", "needs", "agencies", "health"}
LIMITS = {
    "caregiver_name": 160,
    "caregiver_relationship": 60,
    "caregiver_phone": 40,
    "caregiver_email": 254,
    "caregiver_language": 60,
}
"""Characters; where the answer is kept in a record of its own, as long as that allows."""


def missing(answers: Answers, *, contacts: Collection[str] | None = None, has_choice: bool = False) -> dict[str, str]:
    """Field → what to do about it, in the order of the form; empty when the request can be sent (REQ-2). `contacts`:
    the public ids of those who hold a role at the school now, one of whom the primary contact must be (R4). `has_choice`:
    the school has an in-school provision, and says which service it asks (REQ-6)."""
    found = {"service_choice": CHOOSE} if has_choice and not answers.get("service_choice") else {}
    found |= {field: remedy for field, is_missing, remedy in _demands(answers) if is_missing}
    chosen = answers.get("primary_contact")
    if chosen and contacts is not None and chosen not in contacts:
        found["primary_contact"] = "Choose another primary contact: that person has no role at your school now"
    return found | {field: remedy for field, remedy in faults(answers).items() if field not in found}


def faults(answers: Answers) -> dict[str, str]:
    """Field → what is wrong with what was typed. A draft keeps it all the same (REQ-3)."""
    reach = {
        "caregiver_email": fault_of_email(answers.get("caregiver_email", "")),
        "caregiver_phone": fault_of_phone(answers.get("caregiver_phone", "")),
    }
    found = {field: fault for field, fault in reach.items() if fault}
    for field, choices in WORDS.items():
        if answers.get(field, "") not in {"", *choices}:
            found[field] = f"{FIELDS[field].label} Choose from the list"
    return found | _too_long(answers)


def _too_long(answers: Answers) -> dict[str, str]:
    limits = {field: LIMITS.get(field, LONGEST if field in LONG_TEXTS else LONG) for field in FIELDS}
    return {
        field: f"{FIELDS[field].label}: make this shorter, {limit:,} characters at most"
        for field, limit in limits.items()
        if len(answers.get(field, "")) > limit
    }


def actions_taken(answers: Answers) -> list[tuple[str, str]]:
    """What the school did, each with when, as typed."""
    rows = [(answers.get(what, ""), answers.get(when, "")) for what, when in ACTIONS]
    return [(what, when) for what, when in rows if what or when]


def rows_used(answers: Collection[str]) -> int:
    """The last row of actions of which one of these fields is a part; none: 0."""
    return max((row for row, fields in enumerate(ACTIONS, 1) if not set(fields).isdisjoint(answers)), default=0)


def _demands(answers: Answers) -> list[Demand]:
    has = {name: bool(answers.get(name, "").strip()) for name in FIELDS}
    return [
        *_whanau_demands(has),
        ("reason", not has["reason"], "Write in a sentence why you are asking"),
        ("urgent_why", has["urgent"] and not has["urgent_why"], "Say why it is urgent"),
        ("urgent", has["urgent_why"] and not has["urgent"], "Tick that it is urgent, or empty the field that says why"),
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
    for row, (what, when) in enumerate(ACTIONS, 1):
        demands.append((what, has[when] and not has[what], f"Say what step {row} was"))
        demands.append((when, has[what] and not has[when], _say_when(row, answers.get(what, ""))))
    return demands


def _say_when(row: int, what: str) -> str:
    """Which step it is, also where many of them lack a day."""
    short = what.strip() if len(what.strip()) <= SHORT else f"{what.strip()[:SHORT]}…"
    return f"Say when step {row}, “{short}”, was done, or about when"


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
