"""The form of an initiative: shape only; what is wrong with it the rules say."""

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from app.core import clock
from app.core.text import one_line
from app.core.versions import version_of
from app.core.web.forms import DayField, OnceForm
from app.initiatives.models import InitiativeState
from app.initiatives.rules import STATE_WORDS, InitiativeFacts, SchoolTakingPart, in_order, kinds_on, label_of

LINES = ("name", "group", "before", "after")
TEXTS = ("aim", "done", "learned")
STATES = {state.value: words for state, words in STATE_WORDS.items()}


class InitiativeForm(OnceForm):
    """What is said of an initiative, and which state of it the page was loaded with."""

    name = StringField("What is it called?")
    kind = SelectField("What kind is it?", validate_choice=False)
    aim = TextAreaField("What is it to change?")
    schools = SelectMultipleField("Which schools take part?", validate_choice=False)
    group = StringField("Which group is it for?")
    state = RadioField("How far is it?", choices=STATES, default=InitiativeState.PLANNED.value)
    from_on = DayField("From")
    to_on = DayField("To")
    done = TextAreaField("What was done?")
    before = StringField("Attendance before")
    after = StringField("Attendance after")
    learned = TextAreaField("What was learned?")
    version = HiddenField(default="")

    def offer(self, schools: Iterable[Any], *, is_kind: str = "") -> None:
        """The kinds of today, and the schools that may be chosen; both also as they stand there already."""
        kinds = kinds_on(clock.today())
        if is_kind and is_kind not in kinds:
            kinds[is_kind] = label_of(is_kind)
        self.kind.choices = [("", "Choose"), *kinds.items()]
        self.schools.choices = [(each.number, each.name) for each in schools]

    def facts(self) -> InitiativeFacts:
        lines = {name: one_line(self[name].data) for name in LINES}
        texts = {name: (self[name].data or "").strip() for name in TEXTS}
        called = dict(self.schools.choices)
        chosen = (SchoolTakingPart(number, called.get(number, number)) for number in set(self.schools.data or ()))
        return InitiativeFacts(
            **lines,
            **texts,
            kind=self.kind.data or "",
            state=InitiativeState(self.state.data),
            from_on=self.from_on.data,
            to_on=self.to_on.data,
            schools=tuple(sorted(chosen, key=in_order)),
        )


LABELS = {
    "name": "Name",
    "kind": "Kind",
    "state": "How far it is",
    "aim": "What it is to change",
    "schools": "Schools",
    "group": "Group",
    "from_on": "From",
    "to_on": "To",
    "done": "What was done",
    "before": "Attendance before",
    "after": "Attendance after",
    "learned": "What was learned",
}


def filled(facts: InitiativeFacts, *, version: str = "") -> InitiativeForm:
    """The form with what is said."""
    values = {**facts.values, "state": facts.state.value, "schools": [each.number for each in facts.schools]}
    return InitiativeForm(data={**values, "version": version or version_of(facts.texts)})
