"""What somebody typed into a form, in words: no codes, no ids."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.cases.entries import Audience
from app.cases.meetings.rules import kinds
from app.cases.services.rules import GROUPS, REASONS, SIZES
from app.core.web.forms import BOXES
from app.core.web.writes import TECHNICAL
from app.everyone.form_names import FORMS, WRITTEN
from app.everyone.letter_words import CODES_OF_LETTERS, OF_LADDERS
from app.everyone.whanau_words import CODES_OF_WHANAU, OF_WHANAU
from app.everyone.work_words import IN_PARTS, OF_WORK, codes_of_work
from app.people.rules import LABELS as ROLE_WORDS
from app.people.telling.rules import HOW_WORDS, SAID
from app.referrals.questions import FIELDS, answer_words

LABELS: Mapping[str, str] = {
    "body": "What you wrote",
    "files": "A file, to be chosen again",
    "audience": "Who reads it",
    "case_managers_see_cases": "Case managers see their service’s cases",
    "has_other_pauses": "Cases can be put on hold for other reasons",
    "name": "Name",
    "enrolled_on": "Enrolled since",
    "phone": "Phone",
    "email": "E-mail",
    "language": "Language",
    "languages": "Language of the letter",
    "from_on": "First day of the period",
    "to_on": "Last day of the period",
    "half_days_open": "Half-days the school was open",
    "half_days_explained": "Half-days absent with a reason",
    "half_days_unexplained": "Half-days absent without a reason",
    "source": "Who told it, and how",
    "told_on": "When it was told",
    "as_of": "As known on",
    "name_mi": "Name in te reo Māori",
    "removes_logo": "Letters show no logo",
    "colour": "Colour of the letterhead",
    "method": "How the letter was sent",
    "sent_on": "When it was sent",
    "served_by": "Who gave it, and at what time",
    "back": "What came back",
    "answer_by": "By when an answer is hoped for",
    "back_on": "When it came back, or by which day nothing did",
    "back_note": "What came back, in a line",
    "hold_reason": "Why letters wait",
    "not_signed_why": "Why it is not signed off",
    "no_contact_why": "Why nobody has spoken with the school",
    "step": "Which letter may be written",
    "until_on": "Until when",
    "table": "The list you pasted",
    "title": "Title",
    "heading": "First heading",
    "letter": "Which letter",
    "group": "Which group",
    "group_size": "How many",
    "group_reason": "Why",
    "given_on": "When it was given",
    "is_solved": "It is mended",
    "doing": "What you were doing",
    "stops_work": "Whether it stops your work",
    "operator_may_open": "Whoever runs the portal may open the screenshot",
    "roles": "Who it is for",
    "why": "Why",
    "best_times": "Best times to reach them",
    "first": "First day",
    "last": "Last day",
    "organisation": "Where you work",
    "what": "What is to be done",
    "due_on": "By when",
    "due_at": "At what time",
    "remind_on": "Remind on",
    "meeting_kind": "Which meeting, call or visit is agreed",
    "case": "Case",
    **SAID,
    **OF_WHANAU,
    **OF_WORK,
    **OF_LADDERS,
}
TICKED = {"y": "Yes"}
SWITCHED = {"y": "Yes", "": "No"}
TOLD_HOW = {how.value: words for how, words in HOW_WORDS.items()}
WEEK = re.compile(r"(open|explained|unexplained)-(\d{4})-(\d\d)-(\d\d)")
"""A box of the table of absences."""
CODES: Mapping[str, Mapping[str, str]] = {
    "audience": {
        Audience.SHARED: "The school and the service",
        Audience.SERVICE: "The service only",
        Audience.RESTRICTED: "Restricted: case manager, cover and leads",
    },
    **dict.fromkeys(("case_managers_see_cases", "has_other_pauses"), SWITCHED),
    **CODES_OF_WHANAU,
    **dict.fromkeys(("removes_logo", "operator_may_open", "is_solved"), TICKED),
    "group": GROUPS,
    "group_size": SIZES,
    "group_reason": REASONS,
    **CODES_OF_LETTERS,
    "meeting_kind": {code: kind.label for code, kind in kinds().items()},
    "roles": {role.value: words for role, words in ROLE_WORDS.items()},
    **dict.fromkeys(SAID, TOLD_HOW),
}
CHOSEN: Mapping[str, str] = {
    "student": "Student",
    "schools": "Schools that take part",
    "school": "School",
    "case": "Case of the sibling",
    "case_manager": "Case manager",
    "whom": "Whose letters wait",
    "primary_contact": "Primary contact at school",
    "contact": "Contact at the school",
    "to": "Who takes the cases",
    "owner": "Who finishes the draft from now on",
    "person": "Who it is",
    "role": "Role",
    "service": "Which service",
    "case_heir": "Who takes over the cases",
    "school_heir": "Who takes over drafts and contacts",
}
"""Chosen from a list of people: the form carries an id, which says nothing to a person."""
UNSAID = (
    TECHNICAL
    | {"weeks", "show_weeks", "has_now", "file", "on_page", "case_number", "error_number", "offer", "mark", "q"}
    | {"do", "add_kind", "add_after", "seen", "tutor"}
    | IN_PARTS
)
CHOICE = "choice-"
"""Which of two texts stays: it says nothing by itself."""
COLUMN = "column-"
"""What a column of a pasted list says: no more does that."""
ROW = re.compile(r"(what|when|out)-(\d+)")
"""A box of a list of steps, and what it is called."""
HANDOVER = re.compile(r"note-(\d\d-\d{6}-\d)")
"""A box of a handover."""
TO = "to-"
"""Who takes one case, where it is not who takes most: an id."""
BLOCK = re.compile(r"block-(\d+)-(\w+)")
"""A box of the text of a letter, and what it says or is."""
PART = re.compile(r"(goals|actions)-\d+-")
ROW_WORDS = {"what": "What was done", "when": "When, or about when", "out": "Leave out"}


@dataclass(frozen=True)
class Said:
    """One field: its label (none where only the text is known), and what was typed or chosen."""

    label: str
    text: str


def form_words(endpoint: str, arguments: Mapping[str, str]) -> str:
    """What kind of form it was."""
    words = FORMS.get(endpoint) or WRITTEN.get(endpoint.rpartition(".")[2]) or "Something you sent"
    return words.format(**arguments)


def said(fields: Iterable[tuple[str, str]]) -> list[Said]:
    """Every field that holds something, in the order of the form; the three boxes of a day are one."""
    told: list[tuple[str, str]] = []
    for name, text in fields:
        day, _, box = name.rpartition("-")
        if box not in BOXES:
            told.append((name, text))
        elif told and told[-1][0] == day:
            told[-1] = (day, f"{told[-1][1]} {text}".strip())
        else:
            told.append((day, text))
    return [_said(name, text) for name, text in told if not _is_unsaid(name) and text.strip()]


def _is_unsaid(name: str) -> bool:
    block = BLOCK.fullmatch(name)
    return name in UNSAID or name.startswith((CHOICE, COLUMN, TO)) or bool(block and block[2] != "text")


def _said_of_many(name: str, text: str) -> Said | None:
    """A box of a table, a list or a letter."""
    if week := WEEK.fullmatch(name):
        return Said(f"{LABELS[f'half_days_{week[1]}']}, week from {int(week[4])}/{int(week[3])}/{week[2]}", text)
    if row := ROW.fullmatch(name):
        return Said(f"{ROW_WORDS[row[1]]} ({row[2]})", {"y": "Yes"}.get(text, text))
    block = BLOCK.fullmatch(name)
    return Said(f"Block {block[1]}", text) if block else None


def _said(name: str, text: str) -> Said:
    if of_many := _said_of_many(name, text):
        return of_many
    name, of_case = PART.sub("", name), HANDOVER.fullmatch(name)
    if name in CHOSEN and text not in codes_of_work(name):
        return Said(CHOSEN[name], "as you chose it on the page")
    if name in CODES:
        return Said(LABELS.get(name, ""), CODES[name].get(text, text))
    if name in FIELDS:
        return Said(FIELDS[name].label, answer_words(name, "yes" if text == "y" else text))
    label = f"Handover, case {of_case[1]}" if of_case else LABELS.get(name, "")
    return Said(label, codes_of_work(name).get(text, text))
