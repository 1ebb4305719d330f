"""Forms about a batch of letters."""

from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, Length

from app.core.web.forms import DayField, OnceForm, Required
from app.letters.batches.rules import LONGEST_WHY, PURPOSE_WORDS, RULE_WORDS
from app.written.letter_forms import RulingForm


class ChoosingForm(OnceForm):
    """For what, and by which rule."""

    purpose = RadioField(
        "Letters about what?",
        choices=dict(PURPOSE_WORDS),
        validators=[AnyOf([*PURPOSE_WORDS], message="Choose what the letters are about")],
        validate_choice=False,
    )
    rule = RadioField(
        "To whom?",
        choices=dict(RULE_WORDS),
        validators=[AnyOf([*RULE_WORDS], message="Choose to whom letters go")],
        validate_choice=False,
    )


class TickingForm(OnceForm):
    """Cases that were ticked."""

    case = SelectMultipleField("Cases", choices=[], validate_choice=False)


class SkippingForm(OnceForm):
    """Why not this one."""

    skipped_why = StringField(
        "Why not now?",
        validators=[
            Required("Write why: it stands with the batch for good"),
            Length(max=LONGEST_WHY, message=f"Write it in {LONGEST_WHY} characters"),
        ],
    )


class PostingForm(OnceForm):
    """The day for all of them."""

    posted_on = DayField("On which day were they posted?", required="Write the day on which they were posted")


class UndoingForm(RulingForm):
    """Why none of them counts."""
