"""What is asked for another version of a ladder: of a service's letters how long they wait, of a school's from how many days absent
on they are due (LET-1, LET-2)."""

from collections.abc import Sequence
from typing import ClassVar

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from app.core.text import one_line
from app.core.web.forms import OnceForm, Required
from app.letters.ladders import Step
from app.letters.purposes import Purpose
from app.letters.versions.rules import LONGEST_WHY, MOST_STEPS

NUMBERS = range(1, MOST_STEPS + 1)


class OursForm(OnceForm):
    """Why, for the history; and which version the page was loaded with."""

    why = TextAreaField(
        "Why?",
        validators=[
            Required("Write why: it stands in the history of the ladder for good"),
            Length(max=LONGEST_WHY, message=f"Write it in {LONGEST_WHY:,} characters"),
        ],
    )
    version = HiddenField(default="")

    @property
    def number(self) -> int:
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


class LadderForm(OursForm):
    """Letter by letter: its name, and a number. Rows at the end that are left empty are no letters."""

    name_1 = StringField("Letter 1: what it is called")
    name_2 = StringField("Letter 2: what it is called")
    name_3 = StringField("Letter 3: what it is called")
    name_4 = StringField("Letter 4: what it is called")
    name_5 = StringField("Letter 5: what it is called")
    name_6 = StringField("Letter 6: what it is called")
    beside: ClassVar[str] = "gap"
    """How the fields of the number begin."""
    has_formal: BooleanField | None = None

    def steps(self, purpose: Purpose) -> list[Step]:
        """Up to the last row in which something is typed."""
        rows = [(one_line(name.data), one_line(number.data) if number else "") for name, number in self.rows]
        count = max((place for place, row in enumerate(rows, 1) if any(row)), default=0)
        last = count if self.has_formal and self.has_formal.data else 0
        return [
            Step(purpose, place, name, is_formal=place == last, **{"gap": 0, self.beside: _whole(typed)})
            for place, (name, typed) in enumerate(rows[:count], 1)
        ]

    @property
    def rows(self) -> list[tuple[StringField, StringField | None]]:
        return [(self[f"name_{place}"], self._fields.get(f"{self.beside}_{place}")) for place in NUMBERS]


class ServiceLadderForm(LadderForm):
    """With working days between the letters."""

    gap_2 = StringField("Letter 2: working days after letter 1")
    gap_3 = StringField("Letter 3: working days after letter 2")
    gap_4 = StringField("Letter 4: working days after letter 3")
    gap_5 = StringField("Letter 5: working days after letter 4")
    gap_6 = StringField("Letter 6: working days after letter 5")
    has_formal = BooleanField("The last letter is a formal warning")


class SchoolLadderForm(LadderForm):
    """With days absent in a term."""

    beside = "days"
    days_1 = StringField("Letter 1: from how many days absent on in a term")
    days_2 = StringField("Letter 2: from how many days absent on in a term")
    days_3 = StringField("Letter 3: from how many days absent on in a term")
    days_4 = StringField("Letter 4: from how many days absent on in a term")
    days_5 = StringField("Letter 5: from how many days absent on in a term")
    days_6 = StringField("Letter 6: from how many days absent on in a term")


def form_for(purpose: Purpose) -> type[LadderForm]:
    return SchoolLadderForm if purpose is Purpose.SCHOOL else ServiceLadderForm


def filled(steps: Sequence[Step], number: int) -> LadderForm:
    """With what holds now, of that version."""
    known: dict[str, str | bool] = {"version": str(number), "has_formal": steps[-1].is_formal}
    for step in steps:
        known[f"name_{step.number}"] = step.name
        known[f"gap_{step.number}"], known[f"days_{step.number}"] = str(step.gap), str(step.days)
    return form_for(steps[0].purpose)(data=known)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0
