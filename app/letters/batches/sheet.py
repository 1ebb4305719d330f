"""The posting list of a batch, as a table that is printed or taken away."""

from collections.abc import Iterator, Sequence

from app.core.db import AnyRow
from app.core.sheets import Cell, Sheet
from app.letters.facts import thawed

HEADINGS = ("No.", "To", "Address", "Case", "Pages", "Note")
VOID = "void: take it out"


def posting_list(letters: Sequence[AnyRow]) -> Sheet:
    """By the number under which each lies in the print file; the address as it is printed on the letter."""
    return Sheet("Posting list", HEADINGS, list(_rows(letters)))


def _rows(letters: Sequence[AnyRow]) -> Iterator[Sequence[Cell]]:
    for row in letters:
        facts = thawed(row.facts).values
        address = ", ".join(facts.get("caregiver_address", "").split("\n"))
        note = VOID if row.voided_at else "sent" if row.sent_on else ""
        yield (row.number, facts.get("caregiver_name", ""), address, row.case_number, row.page_count, note)
