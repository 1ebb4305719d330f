"""What stands in the forms of a school's calendar."""

from collections.abc import Mapping

from app.attendance.calendars.rules import HALF_WORDS, KIND_WORDS
from app.calendars.school_terms import TERMS

NUMBERS = range(1, TERMS + 1)
OF_CALENDARS: Mapping[str, str] = {
    **{f"from_on_{number}": f"Term {number}: first day" for number in NUMBERS},
    **{f"to_on_{number}": f"Term {number}: last day" for number in NUMBERS},
    "half": "How much of the day",
}
KINDS_OF_DAY: dict[str, str] = {kind.value: words for kind, words in KIND_WORDS.items()}
HALVES_OF_DAY: Mapping[str, str] = {str(half): words for half, words in HALF_WORDS.items()}
OF_MARKS = {
    "portal.answer": "An answer to what marks ask",
    "portal.add_new_student": "A student who is not on the list, to be added",
    "portal.take_back_student": "Taking back a student who was added by mistake",
    "portal.confirm": "Confirming a term",
    "portal.take_back": "Taking back that a term was confirmed",
    "workspace.review_migrated": "A case of another system, reviewed",
}
"""Forms of who is on the roll, and of their marks."""
