"""Forms of more than one page of a letter."""

from wtforms import TextAreaField
from wtforms.validators import Length

from app.core.web.forms import OnceForm, Required
from app.written.letter_forms import LONGEST_WHY, TOO_LONG


class SigningForm(OnceForm):
    """CASE-4: asked only where no talk with the school is recorded."""

    no_contact_why = TextAreaField(
        "Why has nobody spoken with the school in the last 10 working days?",
        validators=[Length(max=LONGEST_WHY, message=TOO_LONG)],
    )

    @property
    def why(self) -> str:
        return (self.no_contact_why.data or "").strip()


class UnsignedForm(OnceForm):
    """For whoever wrote the letter."""

    not_signed_why = TextAreaField(
        "Why is it not signed off?",
        validators=[Required("Write why, for whoever wrote it"), Length(max=LONGEST_WHY, message=TOO_LONG)],
    )
