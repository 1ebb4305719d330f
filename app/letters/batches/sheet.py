"""The posting list of a batch, as a table that is printed or taken away."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.core.sheets import Cell, Sheet
from app.letters.facts import thawed
from app.students.models import LettersBy

ABOUT = 3
HEADINGS = ("No.", "To", "Address", "Case", "Pages", "Note")
OF_SCHOOL = (*HEADINGS[:ABOUT], "Student", *HEADINGS[ABOUT + 1 :])
VOID = "void: take it out"
SENT = "sent"
IN_MAIL = "on its way by e-mail"
CHOSE_EMAIL = "chose e-mail"
SHARED = "can share the envelope above"
"""To the same person, about another child, at the same step; never a formal warning (LET-3)."""
NOT_POSTED = (VOID, SENT, IN_MAIL)
Envelope = tuple[Any, ...] | None
"""To whom, where, as whom of a child, and the step; none of what lies in its own."""


def posting_list(letters: Iterable[Any], *, of_school: bool = False) -> Sheet:
    """By the number under which each lies in the print file; the address as it is printed on the letter."""
    return Sheet("Posting list", OF_SCHOOL if of_school else HEADINGS, list(_rows(letters, of_school)))


def _rows(letters: Iterable[Any], of_school: bool) -> Iterator[Sequence[Cell]]:
    above: Envelope = None
    for row in letters:
        facts = thawed(row.facts).values
        address = ", ".join(facts.get("caregiver_address", "").split("\n"))
        to = (facts.get("caregiver_name", ""), address)
        envelope = None if row.is_formal or not address else (*to, row.relationship, row.step)
        note = _note(row, is_shared=envelope is not None and envelope == above)
        about = facts.get("student_name", "") if of_school else row.case_number
        yield (row.number, *to, about, row.page_count, note)
        above = above if note in NOT_POSTED else envelope


def _note(row: Any, *, is_shared: bool) -> str:
    if row.voided_at or row.sent_on:
        return VOID if row.voided_at else SENT
    if row.is_in_mail:
        return IN_MAIL
    chose = CHOSE_EMAIL if row.letters_by == LettersBy.EMAIL else ""
    return "; ".join(filter(None, (chose, SHARED if is_shared else "")))
