"""What a support request asks, and what must be there before it can be sent (REQ-2, REQ-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import phonenumbers
from email_validator import EmailNotValidError, validate_email

Answers = Mapping[str, str]
YES = "yes"
TICKS = frozenset(
    {"no_caregiver_details", "address_not_known", "urgent", "engagement_later", "plan_later", "barriers_later"}
)
ACTION_ROWS = 4


@dataclass(frozen=True)
class Question:
    """One field: its words on the form, and on the page where answers are checked."""

    name: str
    label: str
    section: str


def _questions(section: str, **labels: str) -> tuple[Question, ...]:
    return tuple(Question(name, label, section) for name, label in labels.items())


WHANAU, WHY, TRIED, MEETING, CONTACT, CARE = (
    "Whānau and home",
    "Why now",
    "What the school has done",
    "For the first meeting",
    "Who to talk to",
    "Care and safety",
)
_ACTIONS = {
    name: label
    for row in range(1, ACTION_ROWS + 1)
    for name, label in ((f"action_{row}", f"Action {row}"), (f"action_{row}_when", f"When, action {row}"))
}
QUESTIONS = (
    *_questions(
        WHANAU,
        caregiver_name="Caregiver’s name",
        caregiver_relationship="Relationship to the student",
        caregiver_phone="Caregiver’s phone",
        caregiver_email="Caregiver’s e-mail",
        caregiver_language="Caregiver’s language, if not English",
        caregiver_address="Caregiver’s address, if different",
        no_caregiver_details="We have no current caregiver details",
        address="Home address",
        address_not_known="Home address is not known",
        address_other="Another address, if there is one",
    ),
    *_questions(WHY, reason="What is the reason for asking?", urgent="This is urgent", urgent_why="Why it is urgent"),
    *_questions(TRIED, **_ACTIONS, no_actions_why="If nothing was done yet, why not"),
    *_questions(
        MEETING,
        engagement="How far could you engage student and whānau?",
        engagement_later="Engagement: will tell at the meeting",
        plan="Individual attendance plan: what came of it?",
        plan_later="Plan: will tell at the meeting",
        barriers="What gets in the way of attending?",
        barriers_later="Barriers: will tell at the meeting",
        whanau_knows="Does the whānau know that you are asking?",
    ),
    *_questions(
        CONTACT,
        primary_contact="Primary contact at school",
        meet_instead="Who should be met, if somebody else",
    ),
    *_questions(
        CARE,
        safety_kind="Safety note about",
        safety_fact="What must somebody know who knocks at the door?",
        needs="Basic needs, if known",
        agencies="Agencies already involved, if known",
        health="Health, where relevant",
    ),
)
FIELDS = {question.name: question for question in QUESTIONS}
SECTIONS = [(section, list(listed)) for section, listed in groupby(QUESTIONS, key=lambda question: question.section)]
KNOWS = {"yes": "Yes", "no": "Not yet", "later": "Will tell at the meeting"}
SAFETY = {
    "": "Nothing known",
    "dog": "Dog",
    "person": "Somebody there",
    "place": "The place",
    "health": "Health",
    "other": "Something else",
}
WORDS = {"whanau_knows": KNOWS, "safety_kind": SAFETY}


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


def answer_words(field: str, text: str) -> str:
    """An answer as a person reads it: words instead of codes."""
    if field in WORDS:
        return WORDS[field].get(text, text)
    return "Yes" if field in TICKS and text == YES else text


def actions_taken(answers: Answers) -> list[tuple[str, str]]:
    """What the school did, each with when, as typed."""
    rows = [
        (answers.get(f"action_{row}", ""), answers.get(f"action_{row}_when", "")) for row in range(1, ACTION_ROWS + 1)
    ]
    return [(what, when) for what, when in rows if what or when]


def _demands(answers: Answers) -> list[tuple[str, bool, str]]:
    has = {name: bool(answers.get(name, "").strip()) for name in FIELDS}
    knows_caregiver = not has["no_caregiver_details"]
    return [
        (
            "caregiver_name",
            knows_caregiver and not has["caregiver_name"],
            "Name one caregiver, or tick that there are no current details",
        ),
        (
            "caregiver_relationship",
            knows_caregiver and has["caregiver_name"] and not has["caregiver_relationship"],
            "Say how the caregiver is related to the student",
        ),
        (
            "caregiver_phone",
            knows_caregiver and not (has["caregiver_phone"] or has["caregiver_email"]),
            "Give a phone number or an e-mail address of the caregiver",
        ),
        (
            "address",
            not (has["address"] or has["address_not_known"]),
            "Enter the home address, or tick “not known”",
        ),
        ("reason", not has["reason"], "Write in a sentence why you are asking"),
        ("urgent_why", has["urgent"] and not has["urgent_why"], "Say why it is urgent"),
        *_action_demands(answers, has),
        *[
            (field, not (has[field] or has[f"{field}_later"]), f"Say something about {words}, or tick “will tell”")
            for field, words in (
                ("engagement", "engagement"),
                ("plan", "the individual plan"),
                ("barriers", "barriers"),
            )
        ],
        ("whanau_knows", not has["whanau_knows"], "Say whether the whānau knows, or choose “will tell”"),
        ("primary_contact", not has["primary_contact"], "Choose who at school is the primary contact"),
        (
            "safety_fact",
            has["safety_kind"] and not has["safety_fact"],
            "Write what must be known about safety, or choose “nothing known”",
        ),
        (
            "safety_kind",
            has["safety_fact"] and not has["safety_kind"],
            "Choose what the safety note is about",
        ),
    ]


def _action_demands(answers: Answers, has: Mapping[str, bool]) -> list[tuple[str, bool, str]]:
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
