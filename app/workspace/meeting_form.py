"""The form of what happened (CASE-12), and the list of a first meeting (CASE-13)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length

from app.cases.comments.rules import LONGEST, TOO_LONG
from app.cases.entries import Audience
from app.cases.meetings.rules import LIST, MODES, Said, kinds_on
from app.core import clock
from app.core.text import one_line
from app.core.web.forms import DayField, HourField, OnceForm
from app.core.web.words import nzdate

OTHER_DAY = "other"
DONE, ATTEMPTED = "done", "attempted"
SHOWN = "shown"
WHOM = {"school": "The school", "student": "The student", "caregiver": "A caregiver"}
LONGEST_NAME, LONGEST_OTHERS, LONGEST_STEP = 160, 300, 2_000
PRESS_ONE = "Press one of the three buttons: who will read it?"


def _at_most(most: int) -> Length:
    return Length(max=most, message=f"Say it in at most {most:,} characters")


def _box(label: str) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=LONGEST, message=TOO_LONG)])


class MeetingForm(OnceForm):
    """Four things are needed: kind, done or attempted, day, with whom; and the button that says who will read it."""

    kind = RadioField("What was it?", validate_choice=False)
    was = RadioField("Did it take place?", choices={DONE: "Yes, done", ATTEMPTED: "No, attempted"}, default=DONE)
    day = RadioField("When?", validate_choice=False)
    other_day = DayField("Another day")
    whom = SelectMultipleField("With whom?", choices=WHOM)
    with_others = StringField("Somebody else", filters=[one_line], validators=[_at_most(LONGEST_OTHERS)])
    body = TextAreaField("What was said or seen", validators=[Length(max=LONGEST, message=TOO_LONG)])
    mode = RadioField("How?", choices={"": "Not said"} | MODES, default="")
    began_at = HourField("At what time?")
    done_by = StringField("Who did it, if somebody else", filters=[one_line], validators=[_at_most(LONGEST_NAME)])
    next_step = StringField("Next step", filters=[one_line], validators=[_at_most(LONGEST_STEP)])
    next_on = DayField("By when?")
    is_hidden = BooleanField("The school sees not even that it took place")
    again = BooleanField("It was another one")
    first = HiddenField("List of a first meeting", default="")
    audience = HiddenField("Who will read it", validators=[AnyOf([*Audience], message=PRESS_ONE)])

    def __init__(self, formdata: Any = None, **values: Any) -> None:
        today = clock.today()
        super().__init__(formdata, **values)
        self.kind.choices = {kind.code: kind.label for kind in kinds_on(today)}
        days = {"Today": today, "Yesterday": today - timedelta(days=1)}
        known = {str(day): f"{words}, {nzdate(day)}" for words, day in days.items()}
        self.day.choices = known | {OTHER_DAY: "Another day"}
        self.day.data = self.day.data or (None if formdata else str(today))

    @property
    def shows_list(self) -> bool:
        return bool(self.first.data == SHOWN)

    def said(self) -> Said | None:
        """What was typed; or None, and beside each field what is wrong with it."""
        is_valid = self.validate()
        day = self._day()
        if self.kind.data not in self.kind.choices:
            self.kind.errors = ["Say what it was"]
        if not self.whom.data and not self.with_others.data:
            self.whom.errors = ["Say with whom, at least one of them"]
        return self._said(day) if is_valid and day and not self.errors else None

    def mend(self, faults: Mapping[str, str]) -> None:
        for name, fault in faults.items():
            self[name].errors = [fault]

    def _said(self, day: date) -> Said:
        return Said(
            kind=self.kind.data,
            is_done=self.was.data == DONE,
            happened_on=day,
            **{f"with_{who}": who in self.whom.data for who in WHOM},
            with_others=self.with_others.data,
            mode=self.mode.data,
            began_at=self.began_at.data,
            done_by=self.done_by.data,
            next_step=self.next_step.data,
            next_on=self.next_on.data,
            is_hidden=self.is_hidden.data,
            answers={name: (self[name].data or "").strip() for name in LIST} if self.shows_list else {},
        )

    def _day(self) -> date | None:
        """A day that is written counts, whichever of the two known ones was chosen beforehand."""
        if self.other_day.data:
            return self.other_day.data
        try:
            return date.fromisoformat(self.day.data or "")
        except ValueError:
            self.other_day.errors = self.other_day.errors or ["Write the day on which it was"]
            return None


for name, label in LIST.items():
    setattr(MeetingForm, name, _box(label))
