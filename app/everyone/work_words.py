"""What stands in the forms about work on a case, in words: what happened, barriers, plans, agencies."""

from collections.abc import Mapping
from itertools import chain

from app.attendance.prompts.rules import answer_words
from app.cases.agencies.rules import kinds_on as agencies_on
from app.cases.barriers.rules import NAMED_WORDS, STATE_WORDS
from app.cases.barriers.rules import kinds_on as barriers_on
from app.cases.disclosures.rules import bases
from app.cases.meetings.rules import MODES, kinds
from app.cases.plans.rules import OUTCOME_WORDS
from app.cases.plans.rules import STATE_WORDS as GOAL_WORDS
from app.cases.statuses.demands import AGREED
from app.cases.statuses.reasons import grounds
from app.core import clock
from app.core.web.forms import ANSWERS
from app.everyone.calendar_words import HALVES_OF_DAY, KINDS_OF_DAY, OF_CALENDARS
from app.everyone.star_words import OF_STAR, responses
from app.initiatives.rules import STATE_WORDS as HOW_FAR
from app.initiatives.rules import kinds_on as initiatives_on

OF_WORK: Mapping[str, str] = {
    "kind": "What it was",
    "was": "Whether it took place",
    "day": "When",
    "other_day": "When",
    "whom": "With whom",
    "with_others": "With somebody else",
    "completes": "Which task is done by it",
    "mode": "How",
    "began_at": "At what time",
    "done_by": "Who did it",
    "next_step": "Next step",
    "next_on": "The next step by when",
    "again": "It was another one",
    "is_hidden": "The school sees not even that it took place",
    "background": "Background",
    "attendance": "Attendance, and what was tried",
    "context": "What is going on for student and whānau",
    "helped": "What has helped",
    "safety": "Safety",
    "code": "What kind",
    "about": "What is to be known of it",
    "named_by": "Who named it",
    "since_on": "Since when",
    "is_main": "One of the main reasons",
    "state": "How far it is",
    "resolved_on": "When it was resolved",
    "part": "Their role",
    "reach": "How they are reached",
    "may_be_told": "May be told",
    "told": "What they were told",
    "basis": "On what basis",
    "text": "What is aimed at, or done",
    "who": "Who does it",
    "by_on": "By when",
    "done_on": "Done on",
    "agreed_with": "With whom it is agreed",
    "not_agreed_why": "Why it is not agreed",
    "review_on": "When it is reviewed next",
    "is_kept": "Kept from the school",
    "aim": "What it is to change",
    "before": "Attendance before",
    "after": "Attendance after",
    "done": "What was done",
    "learned": "What was learned",
    "outcome": "How it has gone",
    "note": "What was said",
    "answer": "What the school answers",
    "ground": "On which ground it is declined",
    "with_whom": "With whom at the school",
    "agreed": "Whether the school agrees",
    "decided_why": "Why, although the school does not agree",
    "goes": "Which record goes into the other",
    **OF_CALENDARS,
    **OF_STAR,
}
LOG_OF_STATUS: Mapping[str, str] = {
    "status": "opened what the case can become",
    "case.status_changed": "changed the status",
    "case.reopened_by_itself": "let a case that was on hold go on",
    "case.end_expected": "set another end of the transition",
    "pause": "opened what was asked for about a pause",
    "pause.asked": "asked for a pause",
    "pause.approved": "approved a pause",
    "pause.refused": "refused a pause",
    "pause.withdrawn": "took back that a pause was asked for",
}
"""What somebody did with the status of a case."""
IN_PARTS = {"goals", "actions"}
"""Lists within a form: their boxes are called goals-0-actions-1-text."""


def codes_of_work(name: str) -> Mapping[str, str]:
    """What the codes of this field mean; nothing where it has none."""
    if name == "code":
        barriers = chain.from_iterable(barriers_on(clock.today()).values())
        return dict([*barriers, *agencies_on(clock.today())])
    if name == "response":
        return responses()
    return (
        initiatives_on(clock.today()) | {kind.code: kind.label for kind in kinds().values()} | KINDS_OF_DAY
        if name == "kind"
        else _CODES.get(name, {})
    )


_STATES = {state.value: words for state, words in [*STATE_WORDS.items(), *GOAL_WORDS.items(), *HOW_FAR.items()]}
_CODES: Mapping[str, Mapping[str, str]] = {
    "half": HALVES_OF_DAY,
    "goes": {"earlier": "The earlier into the later", "later": "The later into the earlier"},
    "was": {"done": "Yes, done", "attempted": "No, attempted"},
    "whom": {"school": "The school", "student": "The student", "caregiver": "A caregiver"},
    "day": {"other": "Another day"},
    "completes": {"fits": "What was agreed of its kind by that day", "none": "None of them"},
    "mode": MODES,
    "named_by": {who.value: words for who, words in NAMED_WORDS.items()},
    "state": _STATES,
    "outcome": {outcome.value: words for outcome, words in OUTCOME_WORDS.items()},
    "basis": bases(),
    "may_be_told": ANSWERS,
    "ground": grounds(),
    "answer": answer_words(),
    "agreed": {**AGREED, "y": "Yes"},
    **{name: {"y": "Yes"} for name in ("is_hidden", "again", "is_main", "is_kept")},
}
