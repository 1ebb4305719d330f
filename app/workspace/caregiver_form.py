"""The form of a caregiver: shape only; what is wrong with it the rules say."""

from typing import Any

from wtforms import EmailField, HiddenField, RadioField, StringField, TelField, TextAreaField

from app.core.text import filled_lines, one_line
from app.core.versions import version_of
from app.core.web.forms import ANSWER_OF, ANSWERS, MEANT, DayField, OnceForm
from app.students.models import Tried
from app.students.rules import DETAILS, FIELDS, TRIED_WORDS, CaregiverFacts
from app.written.letters.choice import LETTERS, NOBODY_ASKED, chosen

TEXTS = (
    *("name", "relationship", "contact_note", "phone", "email", "language"),
    *(f"{detail}_source" for detail in DETAILS),
)
QUESTIONS = ("has_responsibility", "may_be_contacted", "lives_with_student")
STATES = {state.value: words for state, words in TRIED_WORDS.items()}


def _states(label: str) -> RadioField:
    return RadioField(label, choices=STATES, default=Tried.NOT_TRIED.value, validate_choice=False)


class CaregiverForm(OnceForm):
    """Everything that is recorded of a caregiver, and which state of it the page was loaded with."""

    name = StringField("Name")
    relationship = StringField("How are they related to the student?")
    has_responsibility = RadioField(
        "Do they have responsibility for the student?", choices=ANSWERS, default="unknown", validate_choice=False
    )
    may_be_contacted = RadioField("May they be contacted?", choices=ANSWERS, default="unknown", validate_choice=False)
    contact_note = StringField("How may they be contacted, or why not?")
    lives_with_student = RadioField(
        "Do they live with the student?", choices=ANSWERS, default="unknown", validate_choice=False
    )
    address = TextAreaField("Their address")
    address_state = _states("Is this address current?")
    address_source = StringField("Who told you this address, and how?")
    address_checked_on = DayField("When was the address checked?")
    phone = TelField("Phone")
    phone_state = _states("Is this number current?")
    phone_source = StringField("Who told you this number?")
    phone_checked_on = DayField("When was the number checked?")
    email = EmailField("E-mail")
    email_state = _states("Is this e-mail address current?")
    email_source = StringField("Who told you this e-mail address?")
    email_checked_on = DayField("When was the e-mail address checked?")
    letters_by = RadioField(
        "How do they want to get letters?", choices=LETTERS, default=NOBODY_ASKED, validate_choice=False
    )
    letters_by_on = DayField("When did they choose?")
    language = StringField("Language, if not English")
    version = HiddenField(default="")

    def facts(self) -> CaregiverFacts:
        """What was typed, without what cannot be seen at its ends."""
        states = {f"{detail}_state": _state(self[f"{detail}_state"].data) for detail in DETAILS}
        values: dict[str, Any] = {
            **{field: one_line(self[field].data) for field in TEXTS},
            **{field: MEANT.get(self[field].data or "") for field in QUESTIONS},
            **states,
            **{f"{detail}_checked_on": self[f"{detail}_checked_on"].data for detail in DETAILS},
            "address": filled_lines(self.address.data),
            **chosen(self.letters_by.data, self.letters_by_on.data),
        }
        return CaregiverFacts(**values)


LABELS = {field: str(getattr(CaregiverForm, field).args[0]).rstrip("?") for field in FIELDS}


def filled(facts: CaregiverFacts | None, *, version: str = "") -> CaregiverForm:
    """The form with what is recorded; none for somebody new."""
    if facts is None:
        return CaregiverForm()
    answers = {field: ANSWER_OF[getattr(facts, field)] for field in QUESTIONS}
    values = {**facts.values, **answers, "letters_by": facts.letters_by or NOBODY_ASKED}
    return CaregiverForm(data={**values, "version": version or version_of(facts.texts)})


def _state(typed: str | None) -> Tried:
    return Tried(typed) if typed in STATES else Tried.NOT_TRIED
