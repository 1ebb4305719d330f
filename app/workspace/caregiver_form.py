"""The form of a caregiver: shape only; what is wrong with it the rules say."""

from collections.abc import Mapping
from typing import Any

from wtforms import EmailField, HiddenField, RadioField, StringField, TelField, TextAreaField

from app.core.text import nfc
from app.core.versions import version_of
from app.core.web.forms import DayField, OnceForm
from app.students.models import Tried
from app.students.rules import FIELDS, TRIED_WORDS, CaregiverFacts

TEXTS = ("name", "relationship", "contact_note", "address_source", "phone", "email", "language")
QUESTIONS = ("has_responsibility", "may_be_contacted", "lives_with_student")
ANSWERS = {"yes": "Yes", "no": "No", "unknown": "Not known"}
MEANT = {"yes": True, "no": False, "unknown": None}
STATES = {state.value: words for state, words in TRIED_WORDS.items()}


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
    address_state = RadioField(
        "Is this address current?", choices=STATES, default=Tried.NOT_TRIED.value, validate_choice=False
    )
    address_source = StringField("Who told you this address, and how?")
    address_checked_on = DayField("When was it checked?")
    phone = TelField("Phone")
    email = EmailField("E-mail")
    language = StringField("Language, if not English")
    version = HiddenField(default="")

    def facts(self) -> CaregiverFacts:
        """What was typed, without what cannot be seen at its ends."""
        lines = (_line(text) for text in (self.address.data or "").splitlines())
        state = self.address_state.data
        values: dict[str, Any] = {
            **{field: _line(self[field].data or "") for field in TEXTS},
            **{field: MEANT.get(self[field].data or "") for field in QUESTIONS},
            "address": "\n".join(line for line in lines if line),
            "address_state": Tried(state) if state in STATES else Tried.NOT_TRIED,
            "address_checked_on": self.address_checked_on.data,
        }
        return CaregiverFacts(**values)

    def mend(self, faults: Mapping[str, str]) -> None:
        """Say beside each field what is wrong with it."""
        for field, fault in faults.items():
            self[field].errors = self[field].errors or [fault]


LABELS = {field: str(getattr(CaregiverForm, field).args[0]).rstrip("?") for field in FIELDS}


def filled(facts: CaregiverFacts | None, *, version: str = "") -> CaregiverForm:
    """The form with what is recorded; none for somebody new."""
    if facts is None:
        return CaregiverForm()
    said = {meant: answer for answer, meant in MEANT.items()}
    answers = {field: said[getattr(facts, field)] for field in QUESTIONS}
    values = {**facts.values, **answers, "address_state": facts.address_state.value}
    return CaregiverForm(data={**values, "version": version or version_of(facts.texts)})


def _line(text: str) -> str:
    return nfc(" ".join(text.split()))
