"""The forms of a task: shape only; what is wrong with it the rules say."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import Length

from app.cases.meetings.rules import kinds_on
from app.cases.queries import CaseHead
from app.cases.tasks.rules import LONGEST, Arranged
from app.core import clock
from app.core.db import AnyRow
from app.core.text import nfc
from app.core.web.forms import DayField, HourField, OnceForm, Required

TOO_LONG = f"Write at most {LONGEST} characters; what is longer is for a note"
NO_MEETING = "No meeting, call or visit is agreed"


class ArrangedForm(OnceForm):
    """By when, at what time, reminded when, by whom; and which state of it the page was loaded with."""

    due_on = DayField("By when?", required="Say by when")
    due_at = HourField("At what time?")
    remind_on = DayField("Remind on")
    person = SelectField("Who does it?", validate_choice=False)
    version = HiddenField(default="")

    def offer(self, head: CaseHead, people: Sequence[AnyRow]) -> None:
        """Who may be given it; whoever has the case is not named by themselves, so that it stays with the case."""
        has_it = f"Whoever has the case: {head.manager_name or 'nobody yet'}"
        named = {person.public_id: person.name for person in people if person.id != head.manager_id}
        self.ids: dict[str, int] = {person.public_id: person.id for person in people if person.public_id in named}
        self.person.choices = [("", has_it), *named.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if self.person.data and self.person.data not in self.ids:
            self.person.errors = ["Choose somebody from the list: who worked this case may work it no more"]
            return False
        return is_valid

    def arranged(self) -> Arranged | None:
        """What was typed; None without a day."""
        if not self.due_on.data:
            return None
        return Arranged(self.due_on.data, self.due_at.data, self.remind_on.data, self.ids.get(self.person.data or ""))


class TaskForm(ArrangedForm):
    """The same, what is to be done, and what kind of meeting it is where one was agreed."""

    what = TextAreaField(
        "What is to be done?",
        validators=[Required("Say what is to be done"), Length(max=LONGEST, message=TOO_LONG)],
    )
    meeting_kind = SelectField("Is a meeting, call or visit agreed?", validate_choice=False)

    def offer(self, head: CaseHead, people: Sequence[AnyRow]) -> None:
        super().offer(head, people)
        kinds = {kind.code: kind.label for kind in kinds_on(clock.today())}
        self.meeting_kind.choices = [("", NO_MEETING), *kinds.items()]

    @property
    def kind(self) -> str:
        """Of the list; nothing else."""
        chosen = self.meeting_kind.data or ""
        return chosen if chosen in dict(self.meeting_kind.choices) else ""

    @property
    def text(self) -> str:
        return nfc((self.what.data or "").strip())


class DropForm(OnceForm):
    """Why it is not to be done any more."""

    why = TextAreaField(
        "Why is it not needed any more?",
        validators=[Required("Say why, in a few words"), Length(max=LONGEST, message=TOO_LONG)],
    )
