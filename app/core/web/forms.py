"""What every form shares: its once-only key, and the words for what is missing."""

from collections.abc import Callable
from typing import Any

from flask import g
from wtforms import Field, Form
from wtforms.validators import StopValidation

from app.core.web.taken import to_choose_again

OTHER_CONTENT = (
    "This page was already sent, and now says something else. Nothing was changed this time: check what is "
    "there, and send again if you still want this."
)


class OnceForm(Form):
    """A form that changes something. Sent again with other content (Back, edit, send) it is refused, with the text
    kept and a new key (the page it is shown on brings one), and its files named."""

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid: bool = super().validate(extra_validators)
        if getattr(g, "has_other_content", False):
            self.form_errors.extend([OTHER_CONTENT, *to_choose_again()])
            return False
        return is_valid


class Required:
    """The field must be filled, unless something else says as much; the message names the remedy."""

    field_flags = {"required": True}

    def __init__(self, message: str, *, unless: Callable[[], object] = bool) -> None:
        self.message = message
        self.unless = unless

    def __call__(self, form: Form, field: Field) -> None:
        if (not field.raw_data or not str(field.raw_data[0]).strip()) and not self.unless():
            field.errors = []
            raise StopValidation(self.message)
