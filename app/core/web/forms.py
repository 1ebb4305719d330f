"""What every form shares: its once-only key, and three boxes for a date."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import g
from wtforms import Field, Form, ValidationError
from wtforms.validators import StopValidation

OTHER_CONTENT = (
    "This page was already sent, and now says something else. Nothing was changed this time: check what is "
    "there, and send again if you still want this."
)


class OnceForm(Form):
    """A form that changes something. Sent again with other content (Back, edit, send) it is refused, with the text
    kept and a new key (the page it is shown on brings one)."""

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid: bool = super().validate(extra_validators)
        if getattr(g, "has_other_content", False):
            self.form_errors.append(OTHER_CONTENT)
            return False
        return is_valid


class Required:
    """The field must be filled; the message names the remedy."""

    field_flags = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        if not field.raw_data or not str(field.raw_data[0]).strip():
            field.errors = []
            raise StopValidation(self.message)


class DateField(Field):
    """A date typed into three boxes: name-day, name-month, name-year."""

    texts: tuple[str, str, str] = ("", "", "")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: Sequence[str] = []
        self.errors: Sequence[str] = []
        self.data = data
        if isinstance(data, date):
            self.texts = (str(data.day), str(data.month), str(data.year))
        if formdata is not None:
            names = [f"{self.name}-{part}" for part in ("day", "month", "year")]
            self.texts = tuple(formdata.get(name, "").strip() for name in names)
            self.data, self.process_errors = _date(self.texts)

    def pre_validate(self, form: Form) -> None:
        if self.process_errors:
            raise ValidationError(self.process_errors[0])


def _date(texts: tuple[str, ...]) -> tuple[date | None, Sequence[str]]:
    if not any(texts):
        return None, []
    try:
        day, month, year = (int(text) for text in texts)
        return date(year, month, day), []
    except ValueError:
        return None, ["Write a date with day, month and year, like 3 11 2026"]
