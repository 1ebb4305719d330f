"""The form of what happened (CASE-12), and the list of a first meeting (CASE-13)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length

from app.cases.comments.rules import LONGEST, TOO_LONG
from app.cases.entries import Audience
from app.cases.meetings.rules import LIST, MODES, Said, kinds_on, label_of
from app.cases.meetings.undone import Undone
from app.cases.tasks.rules import agreed_by, fitting
from app.core import clock
from app.core.db import AnyRow
from app.core.text import one_line
from app.core.web.forms import DayField, HourField, OnceForm
from app.core.web.words import nzdate

OTHER_DAY = "other"
DONE, ATTEMPTED = "done", "attempted"
SHOWN = "shown"
WHOM = {"school": "The school", "student": "The student", "caregiver": "A caregiver"}
LONGEST_NAME, LONGEST_OTHERS, LONGEST_STEP = 160, 300, 2_000
SAME_WORDS = ("kind", "body", "with_others", "mode", "began_at", "done_by", "next_step", "next_on", "is_hidden")
"""Of an event, under the names of the form."""
FITS, NO_TASK = "fits", "none"
WHICH = "More than one task fits. Say which one it was, or none of them"
TOO_NEW = "That task was written down after this day. Choose another one, or none of them"
GONE = "That task was ended meanwhile. Choose another one, or none of them"
PRESS_ONE = "Press one of the three buttons: who will read it?"


def _at_most(most: int) -> Length:
    return Length(max=most, message=f"Say it in at most {most:,} characters")


def _box(label: str) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=LONGEST, message=TOO_LONG)])


def _due(task: AnyRow) -> str:
    return f"{task.what}, due {nzdate(task.due_on)}"


def _in_words(task: AnyRow) -> str:
    return f"{label_of(task.meeting_kind)}: {_due(task)}"


class MeetingForm(OnceForm):
    """Four things are needed: kind, done or attempted, day, with whom; and the button that says who will read it."""

    kind = RadioField("What was it?", validate_choice=False)
    was = RadioField("Did it take place?", choices={DONE: "Yes, done", ATTEMPTED: "No, attempted"}, default=DONE)
    day = RadioField("When?", validate_choice=False)
    other_day = DayField("Another day")
    whom = SelectMultipleField("With whom?", choices=WHOM)
    with_others = StringField("Somebody else", filters=[one_line], validators=[_at_most(LONGEST_OTHERS)])
    completes = RadioField("Which task is done by it?", validate_choice=False, default=FITS)
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
        self.agreed: list[AnyRow] = []

    @classmethod
    def of_undone(cls, undone: Undone) -> "MeetingForm":
        """As it was sent."""
        event, answers = undone.event, undone.answers
        same = {name: getattr(event, name) for name in SAME_WORDS}
        whom = [who for who in WHOM if getattr(event, f"with_{who}")]
        when = {"day": OTHER_DAY, "other_day": event.happened_on}
        was = DONE if event.is_done else ATTEMPTED
        return cls(was=was, whom=whom, first=SHOWN if answers else "", **when, **same, **answers)

    def offer(self, tasks: Sequence[AnyRow]) -> None:
        """Of the open ones those for which a meeting, call or visit was agreed."""
        self.agreed = [task for task in tasks if task.meeting_kind]
        named = {task.public_id: _in_words(task) for task in self.agreed}
        self.completes.choices = {FITS: "What was agreed of its kind by that day"} | named | {NO_TASK: "None of them"}

    @property
    def fits_today(self) -> str:
        """Which task that would be, by the kind: "visit: Ring Ngaire, due Tue 3 March"."""
        kinds, today = dict.fromkeys(task.meeting_kind for task in self.agreed), clock.today()
        found = {kind: fitting(self.agreed, kind, today) for kind in kinds}
        return "; ".join(
            f"{label_of(kind).lower()}: {_due(those[0]) if len(those) == 1 else 'more than one fits, choose'}"
            for kind, those in found.items()
            if those
        )

    def completed(self, said: Said) -> AnyRow | None:
        """The task that is done by it, if any; where that is not clear it is asked."""
        chosen = self.completes.data
        if not said.is_done or chosen == NO_TASK:
            return None
        if chosen and chosen != FITS:
            return self._chosen(chosen, said.happened_on)
        found = fitting(self.agreed, said.kind, said.happened_on)
        if len(found) > 1:
            self.completes.errors = [WHICH]
        return found[0] if len(found) == 1 else None

    def _chosen(self, public_id: str, day: date) -> AnyRow | None:
        task = next((each for each in self.agreed if each.public_id == public_id), None)
        if task is None or not agreed_by(task, day):
            self.completes.errors = [TOO_NEW if task else GONE]
        return task

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
