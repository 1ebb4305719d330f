"""What stands in the forms about a student, their whānau, and safety, in words."""

from collections.abc import Mapping

from app.core.web.forms import ANSWERS
from app.students.caregivers.rules import LABELS
from app.students.rules import LETTERS_WORDS, TRIED_WORDS

OF_WHANAU: Mapping[str, str] = {
    "relationship": "How the caregiver is related",
    "has_responsibility": "Has responsibility",
    "may_be_contacted": "May be contacted",
    "contact_note": "How they may be contacted, or why not",
    "lives_with_student": "Lives with the student",
    **{f"{detail}_source": f"{words}: who told it" for detail, words in LABELS.items()},
    **{f"{detail}_state": f"{words}: what is known of it" for detail, words in LABELS.items()},
    **{f"{detail}_checked_on": f"{words}: when it was checked" for detail, words in LABELS.items()},
    "detail": "How they were tried to be reached",
    "found": "What was found",
    "letters_by": "How they want to get letters",
    "letters_by_on": "When they chose",
    "legal_name": "Legal name",
    "preferred_name": "Preferred name",
    "born_on": "Date of birth",
    "national_number": "National student number",
    "needs_interpreter": "Whether an interpreter is needed",
    "return_on": "When the student is said to be back",
    "return_said_by": "Who said when the student is back",
    "year_level": "Year level",
    "is_main_school": "It is the main school",
    "evidence": "What it is known from",
    "fact": "What must be known",
    "review_by": "When it is looked at again",
}
CODES_OF_WHANAU: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("has_responsibility", "may_be_contacted", "lives_with_student", "needs_interpreter"), ANSWERS),
    **{f"{detail}_state": {state.value: words for state, words in TRIED_WORDS.items()} for detail in LABELS},
    "detail": LABELS,
    "found": {"reached": "Reached", "not_current": "Not current"},
    "letters_by": {by or "unknown": words for by, words in LETTERS_WORDS.items()},
    "is_main_school": {"y": "Yes"},
}
LOG_OF_WHANAU: Mapping[str, str] = {
    "student": "opened the student’s record",
    "student.changed": "changed what is recorded of the student",
    "enrolment.recorded": "recorded an enrolment at another school",
    "enrolment.taken_back": "took back an enrolment at another school",
    "sibling.linked": "linked a sibling",
    "sibling.ended": "ended the link to a sibling",
    "safety notes": "opened the safety notes",
    "safety_note.added": "added a safety note",
    "safety_note.reviewed": "looked at a safety note again: still true",
    "safety_note.ended": "ended a safety note",
}
"""What somebody did, as the access log says it."""
