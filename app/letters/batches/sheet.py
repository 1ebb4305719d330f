"""The posting list of a batch, as a table that is printed or taken away."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.core.sheets import Cell, Sheet
from app.letters.facts import thawed

ABOUT = 3
HEADINGS = ("No.", "To", "Address", "Case", "Pages", "Note")
OF_SCHOOL = (*HEADINGS[:ABOUT], "Student", *HEADINGS[ABOUT + 1 :])
VOID = "void: take it out"
SHARED = "can share the envelope above"
"""To the same person, about another child (LET-3). A formal warning is in no batch."""


def posting_list(letters: Iterable[Any], *, of_school: bool = False) -> Sheet:
    """By the number under which each lies in the print file; the address as it is printed on the letter."""
    return Sheet("Posting list", OF_SCHOOL if of_school else HEADINGS, list(_rows(letters, of_school)))


def _rows(letters: Iterable[Any], of_school: bool) -> Iterator[Sequence[Cell]]:
    above = ("", "")
    for row in letters:
        facts = thawed(row.facts).values
        address = ", ".join(facts.get("caregiver_address", "").split("\n"))
        to = (facts.get("caregiver_name", ""), address)
        note = VOID if row.voided_at else "sent" if row.sent_on else SHARED if to == above and address else ""
        about = facts.get("student_name", "") if of_school else row.case_number
        yield (row.number, *to, about, row.page_count, note)
        above = above if note in {VOID, "sent"} else to
