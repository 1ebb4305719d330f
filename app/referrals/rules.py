"""What must be there before a support request can be sent (REQ-2, REQ-3)."""

from collections.abc import Collection, Mapping

from app.core import clock
from app.core.reach import fault_of_email, fault_of_phone
from app.core.text import TURNING
from app.referrals.days import fault_of_when
from app.referrals.questions import ACTIONS, FIELDS, WORDS

Answers = Mapping[str, str]
Has = Mapping[str, bool]
Demand = tuple[str, bool, str]
"""A field, whether it is missing, and what to do about it."""
CHOOSE = "Choose which service is asked: your in-school provision, or the provider of your catchment"
REACHED = ("caregiver", "contact")
WRITTEN = ("contact_name", "contact_email", "contact_phone")
"""Of a primary contact who is not in the list: nobody with a role at the school (R4, CASE-3)."""
LONG, LONGEST = 300, 10_000
TURNED = (
    "write this anew, without copying it; it holds a sign that nobody sees and that turns the order of letters round"
)
NEAR = 0.8
"""From so much of its room on, what is left is said."""
SHORT = 40
"""Characters of a step where it is named."""
LONG_TEXTS = {"reason", "engagement", "plan", "barriers", "safety_fact", "needs", "agencies", "health"}
LIMITS = {
    "caregiver_name": 160,
    "caregiver_relationship": 60,
    "caregiver_phone": 40,
    "caregiver_email": 254,
    "caregiver_language": 60,
    "contact_name": 160,
    "contact_email": 254,
    "contact_phone": 40,
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
    reach = {f"{who}_email": fault_of_email(answers.get(f"{who}_email", "")) for who in REACHED}
    reach |= {f"{who}_phone": fault_of_phone(answers.get(f"{who}_phone", "")) for who in REACHED}
    found = {field: fault for field, fault in reach.items() if fault}
    for field, choices in WORDS.items():
        if answers.get(field, "") not in {"", *choices}:
            found[field] = f"{FIELDS[field].label} Choose from the list"
    return found | _turned(answers) | _faults_of_days(answers) | _too_long(answers)


def _faults_of_days(answers: Answers) -> dict[str, str]:
    """A step was done on a day that there was, or about then."""
    today = clock.today()
    found = {when: fault_of_when(answers.get(when, ""), today=today) for _, when in ACTIONS}
    return {when: f"Step {row}: {fault}" for row, (when, fault) in enumerate(found.items(), 1) if fault}


def _turned(answers: Answers) -> dict[str, str]:
    """A name, or another answer of one line."""
    lines = [field for field in FIELDS if field not in LONG_TEXTS and TURNING.search(answers.get(field, ""))]
    return {field: f"{FIELDS[field].label}: {TURNED}" for field in lines}


def _too_long(answers: Answers) -> dict[str, str]:
    return {
        field: f"{FIELDS[field].label}: make this shorter, {limit_of(field):,} characters at most"
        for field in FIELDS
        if len(answers.get(field, "")) > limit_of(field)
    }


def limit_of(field: str) -> int:
    """How many characters it may have."""
    return LIMITS.get(field, LONGEST if field in LONG_TEXTS else LONG)


def near_limit(answers: Answers) -> dict[str, str]:
    """Field → how much of its room is taken, where little is left."""
    lengths = {field: len(answers.get(field, "")) for field in FIELDS}
    return {
        field: f"{length:,} of {limit_of(field):,} characters used"
        for field, length in lengths.items()
        if NEAR * limit_of(field) <= length <= limit_of(field)
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
        *_contact_demands(has),
        *_safety_demands(has),
    ]


def _whanau_demands(has: Has) -> list[Demand]:
    is_known = not has["no_caregiver_details"]
    is_nameless = is_known and not has["caregiver_name"]
    is_unrelated = is_known and has["caregiver_name"] and not has["caregiver_relationship"]
    is_out_of_reach = is_known and not (has["caregiver_phone"] or has["caregiver_email"])
    is_homeless = not (has["address"] or has["address_not_known"])
    both = "You ticked this and wrote {} all the same. Keep one of the two"
    is_named = any(has[f"caregiver_{field}"] for field in ("name", "phone", "email"))
    return [
        ("no_caregiver_details", has["no_caregiver_details"] and is_named, both.format("details")),
        ("address_not_known", has["address"] and has["address_not_known"], both.format("an address")),
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


def _contact_demands(has: Has) -> list[Demand]:
    """Chosen from the list, or written with the address they will sign in with; not both."""
    is_chosen, is_written = has["primary_contact"], any(has[field] for field in WRITTEN)
    nameless = "Write the name of the primary contact"
    both = "You chose a primary contact from the list and wrote another one. Keep one of the two"
    no_address = "Write the e-mail address that the primary contact has at the school"
    return [
        ("primary_contact", not (is_chosen or is_written), "Choose who at school is the primary contact"),
        ("contact_name", is_written and (is_chosen or not has["contact_name"]), both if is_chosen else nameless),
        ("contact_email", is_written and not is_chosen and not has["contact_email"], no_address),
    ]


def _safety_demands(has: Has) -> list[Demand]:
    remedy = "Write what must be known about safety, or choose “nothing known”"
    return [
        ("safety_fact", has["safety_kind"] and not has["safety_fact"], remedy),
        ("safety_kind", has["safety_fact"] and not has["safety_kind"], "Choose what the safety note is about"),
    ]
