"""What becomes of every row that refers to a student when their record goes into another one (CASE-18)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

MOVES = (
    *(("attendance_case", "student_id"), ("referral", "student_id"), ("enrolment", "student_id")),
    *(("caregiver", "student_id"), ("agency", "student_id"), ("privacy_statement_given", "student_id")),
    *(("sibling", "student_id"), ("sibling", "other_id")),
    *(("holiday", "student_id"), ("letter_hold", "student_id"), ("letter_exception", "student_id")),
    ("star_response", "student_id"),
)
"""Table and column: its rows go to the other record, and come back if that is undone."""
STAYS: Mapping[tuple[str, str], str] = {
    ("absence_statement", "student_id"): "what was stated is never changed: it is read with the other record’s",
    ("last_attendance", "student_id"): "what was told is never changed: it is read with the other record’s",
    ("prompt_answer", "student_id"): "what was answered is never changed: it is read with the other record’s",
    ("mark_prompt", "student_id"): "is found anew",
    ("mark_week", "student_id"): "marks are read with the other record’s",
    ("imported_week", "student_id"): "says of whom a file told",
    ("term_tally", "student_id"): "is counted anew",
    ("star_line", "student_id"): "says when a school was told of that record",
    ("letter", "student_id"): "a school’s letter that was made is never changed: it is read with the other record’s",
    ("batch_line", "student_id"): "says to whom a letter was to go",
    ("former_student", "student_id"): "what a record said before is that record’s own",
    ("reachable_change", "student_id"): "since when nobody was reached is that record’s own",
    ("student", "merged_into_id"): "is set by it",
    ("student_merge", "from_id"): "says that it happened",
    ("student_merge", "into_id"): "says that it happened",
    ("student_name_word", "student_id"): "both are found by both names, and by their own once it is undone",
    ("student_detail_word", "student_id"): "is written anew from what moved",
}
FILLED = (
    *("preferred_name", "address", "phone", "language"),
    *("needs_interpreter", "return_on", "return_said_by"),
)
"""Of the record that goes, what the one that stays lacks."""
SAID = ("address", "phone", "language")
"""How the student is reached, and in which language: whoever asked last knows better."""
PUT_ASIDE = "One of the two went into another record, by a likely match that was confirmed."
NOTHING = {"needs_interpreter": None, "return_on": None}
"""Where it is not an empty text."""


def merged_until(decided_at: datetime, days: int) -> datetime:
    """How long it can be undone."""
    return decided_at + timedelta(days=days)
