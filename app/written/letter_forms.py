"""Forms about letters that a school and a service have alike: how one was sent, what came back, why it does not count, what
holds letters back, and what leads rule."""

from collections.abc import Iterable
from datetime import date

from flask import request
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length, ValidationError

from app.core.web.forms import DayField, OnceForm, Required
from app.letters.holds import HoldReason
from app.letters.ladders import Step
from app.letters.models import Back, Letter, Method
from app.letters.rules import BACK_WORDS, HOLD_WORDS, CameBack, Sending, method_words

HOW = "Choose how it was sent"
LONGEST_WHY = 1000
TOO_LONG = f"Write it in {LONGEST_WHY:,} characters"
LONGEST_SERVED, LONGEST_NOTE, LONGEST_HOLD_WHY = 160, 300, 300


def is_by_hand() -> bool:
    return request.form.get("method") == Method.HAND


class SendingForm(OnceForm):
    """How, when, and by hand: by whom."""

    version = HiddenField(default="")
    method = RadioField(
        "How was it sent?",
        choices=dict(method_words(by_email=False)),
        validators=[AnyOf([*Method], message=HOW)],
        validate_choice=False,
    )
    sent_on = DayField("When was it sent?", required="Write the day it was sent")
    served_by = StringField(
        "By hand: who gave it, and at what time",
        validators=[
            Required("Write who gave it, and at what time", unless=lambda: not is_by_hand()),
            Length(max=LONGEST_SERVED, message=f"Write it in {LONGEST_SERVED} characters"),
        ],
    )

    def offer_email(self) -> None:
        """LET-7: where this letter may go so."""
        self.method.choices = dict(method_words(by_email=True))

    def validate_method(self, field: RadioField) -> None:
        if field.data not in field.choices:
            raise ValidationError(HOW)

    def as_sending(self, sent_on: date) -> Sending:
        served_by = (self.served_by.data or "").strip()
        return Sending(Method(self.method.data), sent_on, served_by if is_by_hand() else "")


class BackForm(OnceForm):
    """What, when, and in a line what it says."""

    back = RadioField(
        "What came back?",
        choices=dict(BACK_WORDS),
        validators=[AnyOf([*Back], message="Choose what came back")],
        validate_choice=False,
    )
    back_on = DayField("When?", required="Write the day")
    back_note = StringField(
        "What else should be known? (optional)",
        validators=[Length(max=LONGEST_NOTE, message=f"Write it in {LONGEST_NOTE} characters")],
    )

    def as_came_back(self, on: date) -> CameBack:
        return CameBack(Back(self.back.data), on, (self.back_note.data or "").strip())


class VoidingForm(OnceForm):
    """Why, for good."""

    why = TextAreaField(
        "Why does it not count?",
        validators=[
            Required("Write why: it stands with the letter for good"),
            Length(max=LONGEST_WHY, message=TOO_LONG),
        ],
    )


class HoldForm(OnceForm):
    """Whose letters wait, why, and until when."""

    whom = RadioField("Whose letters wait?", validate_choice=False)
    hold_reason = RadioField(
        "Why?",
        choices=dict(HOLD_WORDS),
        validators=[AnyOf([*HoldReason], message="Choose why")],
        validate_choice=False,
    )
    until_on = DayField("Until when?", required="Write the last day that letters wait")
    why = StringField(
        "What else should be known? (optional)",
        validators=[Length(max=LONGEST_HOLD_WHY, message=f"Write it in {LONGEST_HOLD_WHY} characters")],
    )


class RulingForm(OnceForm):
    """For good, beside the letters it is about."""

    why = TextAreaField(
        "Why?",
        validators=[
            Required("Write why: it stands with the letters for good"),
            Length(max=LONGEST_WHY, message=TOO_LONG),
        ],
    )


class ExceptionForm(RulingForm):
    """Which letter, and why."""

    step = RadioField("Which letter may be written now?", validate_choice=False)

    def offer(self, steps: Iterable[Step]) -> None:
        self.step.choices = {str(step.number): f"Letter {step.number}: {step.name}" for step in steps}

    def is_in_order(self) -> bool:
        """Of those that were offered."""
        is_known = self.step.data in (self.step.choices or {})
        is_valid = self.validate()
        self.step.errors = [] if is_known else ["Choose a letter"]
        return is_valid and is_known

    @property
    def said(self) -> str:
        return f"Letter {self.step.data} may be written now. Whatever else it needs, it needs all the same."


def counts(letter: Letter) -> bool:
    """It was made, and not voided; else its own page says what it is."""
    return letter.made_at is not None and letter.voided_at is None
