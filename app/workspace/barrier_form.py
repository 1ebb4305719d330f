"""The form of a barrier: shape only; what is wrong with it the rules say."""

from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import AnyOf

from app.cases.barriers.models import BarrierState, NamedBy
from app.cases.barriers.rules import NAMED_WORDS, STATE_WORDS, BarrierFacts, kinds_on
from app.core import clock
from app.core.text import nfc
from app.core.versions import version_of
from app.core.web.forms import DayField, OnceForm

NAMES = {who.value: words for who, words in NAMED_WORDS.items()}
STATES = {state.value: words for state, words in STATE_WORDS.items()}


class BarrierForm(OnceForm):
    """What is said of a barrier, and which state of it the page was loaded with."""

    about = TextAreaField("What is to be known of it?")
    named_by = RadioField(
        "Who named it?",
        choices=NAMES,
        validators=[AnyOf([*NamedBy], message="Say who named it")],
        validate_choice=False,
    )
    since_on = DayField("Since when?")
    is_main = BooleanField("It is one of the main reasons")
    state = RadioField("How far is it?", choices=STATES, default=BarrierState.OPEN.value, validate_choice=False)
    resolved_on = DayField("When was it resolved?")
    version = HiddenField(default="")

    def facts(self) -> BarrierFacts:
        """What was typed; who named it is the student where nothing was chosen, which `validate` refuses."""
        state, who = self.state.data, self.named_by.data
        return BarrierFacts(
            nfc((self.about.data or "").strip()),
            NamedBy(who) if who in NAMES else NamedBy.STUDENT,
            self.since_on.data,
            bool(self.is_main.data),
            BarrierState(state) if state in STATES else BarrierState.OPEN,
            self.resolved_on.data,
        )


class NewBarrierForm(BarrierForm):
    """The same, and which one of the list it is."""

    code = SelectField("What gets in the way?", validate_choice=False)

    def offer(self) -> None:
        """The list as it is today, by group."""
        self.code.choices = {"": [("", "Choose")], **kinds_on(clock.today())}


LABELS = {
    "about": "What is to be known of it",
    "named_by": "Who named it",
    "since_on": "Since",
    "is_main": "One of the main reasons",
    "state": "How far it is",
    "resolved_on": "Resolved on",
}


def filled(facts: BarrierFacts, *, version: str = "") -> BarrierForm:
    """The form with what is said of it."""
    words = {"named_by": facts.named_by.value, "state": facts.state.value}
    return BarrierForm(data={**facts.values, **words, "version": version or version_of(facts.texts)})
