"""What a support request asks, section by section, and its answers in words (REQ-2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from app.cases.safety.rules import KIND_WORDS
from app.referrals import advice

YES = "yes"
TICKS = frozenset(
    {
        *("no_caregiver_details", "address_not_known", "urgent", "engagement_later", "plan_later", "barriers_later"),
        *advice.labels(),
    }
)
ACTION_ROWS = 60
ACTIONS = tuple((f"action_{row}", f"action_{row}_when") for row in range(1, ACTION_ROWS + 1))
"""What was done, and when or about when: the two fields of each row."""


@dataclass(frozen=True)
class Question:
    """One field: its words on the form, and on the page where answers are checked."""

    name: str
    words: str
    section: str

    @property
    def label(self) -> str:
        return advice.with_days(self.words)


def _questions(section: str, **labels: str) -> tuple[Question, ...]:
    return tuple(Question(name, label, section) for name, label in labels.items())


WHERE, TIME, WHANAU, WHY, TRIED, MEETING, CONTACT, CARE = (
    "Which service",
    "Is this the right time?",
    "Whānau and home",
    "Why now",
    "What the school has done",
    "For the first meeting",
    "Who to talk to",
    "Care and safety",
)
_ACTIONS = {
    name: label
    for row, (what, when) in enumerate(ACTIONS, 1)
    for name, label in ((what, f"What was done ({row})"), (when, f"When, or about when ({row})"))
}
QUESTIONS = (
    *_questions(WHERE, service_choice="Which service is asked?"),
    *_questions(TIME, **advice.labels(), **{advice.WHY: f"With fewer than {advice.DAYS}: what is it, in a sentence?"}),
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
        contact_name="Primary contact, if not in the list: name",
        contact_email="Primary contact’s e-mail address",
        contact_phone="Primary contact’s phone",
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
UNSAID = {WHERE: "", TIME: "", CARE: "Nothing known"}
"""What stands in a section without an answer: nothing of one that does not apply or may be left out."""
NOT_ANSWERED = "Not answered"
KNOWS = {"yes": "Yes", "no": "Not yet", "later": "Will tell at the meeting"}
SAFETY = {"": "Nothing known", **{kind.value: words for kind, words in KIND_WORDS.items()}}
PROVISION, PROVIDER = "provision", "provider"
SERVICES = {PROVISION: "Our in-school provision", PROVIDER: "The provider of our catchment"}
LATER = ("engagement", "plan", "barriers")
WORDS = {"whanau_knows": KNOWS, "safety_kind": SAFETY, "service_choice": SERVICES}


def answer_words(field: str, text: str) -> str:
    """An answer as a person reads it: words instead of codes."""
    if field in WORDS:
        return WORDS[field].get(text, text)
    return "Yes" if field in TICKS and text == YES else text


def by_section(words: Mapping[str, str]) -> list[tuple[str, list[Question], str]]:
    """Each section with the questions that were answered; of one without an answer the words instead."""
    answered = [(section, [each for each in listed if words.get(each.name)]) for section, listed in SECTIONS]
    told = [(section, listed, UNSAID.get(section, NOT_ANSWERED)) for section, listed in answered]
    return [(section, listed, unsaid) for section, listed, unsaid in told if listed or unsaid]


def in_words(texts: Mapping[str, str]) -> dict[str, str]:
    """Every answer as a person reads it; “will tell at the meeting” stands where an answer would, and beside what was
    done when that was."""
    words = {field: answer_words(field, text) for field, text in texts.items()}
    for what, when in ACTIONS:
        if words.get(what) and words.get(when):
            words[what] = f"{words[what]} ({words.pop(when)})"
    for field in LATER:
        if words.pop(f"{field}_later", "") and not words.get(field):
            words[field] = KNOWS["later"]
    return words
