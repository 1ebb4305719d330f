"""What each change of status asks, but for what is recorded already (CASE-4 to CASE-7)."""

from collections.abc import Iterable
from dataclasses import replace

from app.cases.statuses.questions import Question, Shape
from app.cases.statuses.reasons import EVIDENCE, Reason, grounds, reasons
from app.cases.statuses.rules import Change

WHY, REASON, TALKED = "why", "reason", "talked"
ASKED_BY, ALONE = "asked_by", "alone"
"""Kept with a change beside what was answered."""
NO_CONTACT = Question(
    "no_contact_why",
    "Why has nobody spoken with the school in the last 10 working days?",
    hint="No talk, and no two attempts on different days, are recorded. You can record one first.",
    missing="Say why nobody spoke with the school, or record the talk first",
)
NO_TRANSITION = Question(
    "no_transition_why",
    "Why is there no transition first?",
    hint="A case that closes for this reason is in transition first.",
    missing="Say why it closes without a transition",
)
EXPECTED_END = Question(
    "expected_end_on", "When do you expect to close it?", Shape.DAY, missing="Write the day", is_to_come=True
)
CONDITIONS = {
    "located": "We know where the child is",
    "whanau_contacted": "We spoke with the whānau about ways back",
    "is_safe": "We are confident that the child is safe and that the whānau chose knowingly",
    "is_withdrawn": "The child is withdrawn from the school",
}
"""CASE-7: all of them."""

AGREED = {"yes": "Yes", "no": "No", "not_reached": "Nobody could be reached"}
SCHOOL_AGREES = Question(
    "agreed",
    "The school agrees that the request is declined",
    Shape.TICK,
    hint="Where it does not, a workflow lead decides.",
    choices={"yes": "Yes"},
    missing="Tick it if the school agrees. Where it does not, a workflow lead decides",
)
DOES_SCHOOL_AGREE = Question(
    "agreed",
    "Does the school agree that the request is declined?",
    Shape.CHOICE,
    choices=AGREED,
    missing="Say whether the school agrees",
)
DECIDED = Question(
    "decided_why",
    "If the school does not agree: why do you decline it all the same?",
    hint="The service reads this; the school does not.",
    missing="Say why it is declined although the school does not agree",
    unless=("agreed", "yes"),
)


def questions_of(
    change: Change, *, reason: Reason | None = None, talked: str = "", is_back: bool = False
) -> list[Question]:
    """Of a change from where the case stands. `talked`: the contact with the school that is recorded; `is_back`: the case is in
    transition already."""
    asked = {
        Change.TRANSITION: [EXPECTED_END],
        Change.EXTENSION: [EXPECTED_END],
        Change.PAUSE: [
            Question(name, said, Shape.TICK, missing=f"Tick it only if it is so: {said}")
            for name, said in CONDITIONS.items()
        ],
    }.get(change, [])
    if reason:
        asked = [*reason.evidence]
        if reason.needs_transition and not is_back:
            asked.append(NO_TRANSITION)
    if change in {Change.TRANSITION, Change.CLOSING} and not talked:
        asked = [*asked, NO_CONTACT]
    return [*asked, _why(change)]


def decline_questions(*, decides: bool, is_reached: bool | None = None) -> list[Question]:
    """CASE-6. `decides`: of whoever asks it, who may decline a request also where the school does not agree. `is_reached`: there was
    a talk with the school; None: whichever."""
    ground = Question(
        "ground", "On which ground?", Shape.CHOICE, choices=grounds(), missing="Choose on which ground it is declined"
    )
    whom = Question(
        "with_whom",
        "With whom at the school did you talk, or try to?",
        Shape.LINE,
        missing="Say with whom at the school you talked, or tried to",
    )
    why = Question(
        WHY, "Why is it declined?", hint="The school reads this, with the ground.", missing="Say why, in a sentence"
    )
    answers = {code: said for code, said in AGREED.items() if is_reached in {None, code != "not_reached"}}
    agrees = replace(DOES_SCHOOL_AGREE, choices=answers)
    return [ground, whom, *([agrees, DECIDED] if decides else [SCHOOL_AGREES]), why]


def _why(change: Change) -> Question:
    hint = (
        "The service reads this, and whoever reads the history of the case." if change is not Change.EXTENSION else ""
    )
    return Question(WHY, "Why?", hint=hint, missing="Say why, in a sentence")


def in_words(facts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was kept with a change: each question with its answer."""
    return [(_LABELS.get(name, name), _said(name, text)) for name, text in facts]


def _said(name: str, text: str) -> str:
    if name == REASON:
        return reasons()[text].label if text in reasons() else text
    question = _ASKED.get(name)
    return question.choices.get(text, text) if question else text


_ASKED = {
    question.name: question
    for question in (
        *questions_of(Change.TRANSITION),
        *questions_of(Change.PAUSE),
        *(question for code in EVIDENCE for question in EVIDENCE[code]),
        NO_TRANSITION,
        *decline_questions(decides=True),
    )
}
_LABELS = {name: question.label for name, question in _ASKED.items()} | {
    REASON: "Reason",
    TALKED: "With the school, as recorded",
    ASKED_BY: "Asked for by",
    ALONE: "Approved alone",
}
