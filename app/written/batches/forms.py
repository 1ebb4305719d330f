"""Forms about a batch of letters."""

from wtforms import StringField
from wtforms.validators import Length, ValidationError

from app.core import clock
from app.core.web.forms import DayField, OnceForm, Required
from app.letters.batches.rules import LONGEST_WHY
from app.written.letter_forms import RulingForm

AFTER = "Choose a day to come, after the letters were posted"


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
    answer_by = DayField("By when do you hope for an answer? (optional)")

    def validate_answer_by(self, field: DayField) -> None:
        if field.data and (field.data < clock.today() or (self.posted_on.data and field.data <= self.posted_on.data)):
            raise ValidationError(AFTER)


class UndoingForm(RulingForm):
    """Why none of them counts."""
