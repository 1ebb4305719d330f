"""What a handover says, without asking the database."""

from dataclasses import dataclass
from datetime import date

from app.calendars.working_days import weekday_and_date
from app.cases.comments.rules import LONGEST
from app.cases.meetings.rules import label_of

STAYS = "stays"
"""In the place of somebody: this case stays where it is."""
MOST = 100
"""Cases on one page; what is left comes after those were handed over."""
TOO_LONG = "{number}: the handover is longer than {longest:,} characters. Shorten it."
NOBODY = "{number}: choose who takes it, here or for all of them."
UNKNOWN = "{number}: choose somebody from the list."


@dataclass(frozen=True)
class Known:
    """What is recorded of a case that whoever takes it over needs first."""

    last_kind: str | None
    last_on: date | None
    next_on: date | None
    review_on: date | None

    @property
    def text(self) -> str:
        """How a handover begins. Of what is to be done next only the day: what it is may be of something restricted, and everybody
        of the service reads a handover (SHARE-3)."""
        lines = ["No contact is recorded yet."]
        if self.last_kind and self.last_on:
            lines = [f"Last contact: {label_of(self.last_kind)}, {weekday_and_date(self.last_on)}."]
        if self.next_on:
            lines.append(f"The next task is due by {weekday_and_date(self.next_on)}.")
        if self.review_on:
            lines.append(f"The plan is to be reviewed by {weekday_and_date(self.review_on)}.")
        return "\n".join(lines)


def fault_of(number: str, note: str, to: str, able: frozenset[str]) -> str:
    """What is wrong with one case of the form, or nothing. `to`: a public id, `STAYS`, or nothing."""
    if len(note) > LONGEST:
        return TOO_LONG.format(number=number, longest=LONGEST)
    if not to:
        return NOBODY.format(number=number)
    return "" if to in able or to == STAYS else UNKNOWN.format(number=number)


def note_of(note: str, was: str, becomes: str) -> str:
    """As it stands on the timeline."""
    return f"Handover from {was} to {becomes}\n\n{note.strip()}"
