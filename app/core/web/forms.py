"""What every form shares: its once-only key, and the words for what is missing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any

from flask import g
from wtforms import Field, FieldList, Form, FormField, StringField, TextAreaField, TimeField
from wtforms.form import BaseForm
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from app.core import clock
from app.core.days import made, nearest
from app.core.text import TURNING, nfc
from app.core.web.taken import to_choose_again

ANSWERS = {"yes": "Yes", "no": "No", "unknown": "Not known"}
"""To a question that nobody may have answered yet."""
MEANT = {"yes": True, "no": False, "unknown": None}
ANSWER_OF = {meant: answer for answer, meant in MEANT.items()}
BOXES = ("day", "month", "year")
NO_TIME = "Write the time as hours and minutes, for example 14:30"
NO_DAY = "There is no such day. Write it as three numbers, for example 3 11 2026"
TURNED = (
    "This holds a sign that nobody sees and that turns the order of letters round. Write it anew, without copying it"
)

OTHER_CONTENT = (
    "This page was already sent, and now says something else. Nothing was changed this time: check what is "
    "there, and send again if you still want this."
)


class OnceForm(Form):
    """A form that changes something. Sent again with other content (Back, edit, send) it is refused, with the text
    kept and a new key (the page it is shown on brings one), and its files named. Texts are NFC before they are measured:
    some grow by it."""

    def process(self, *arguments: Any, **options: Any) -> None:
        super().process(*arguments, **options)
        for field in self:
            if isinstance(field.data, str):
                field.data = nfc(field.data)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators)) and not self._turned()
        if getattr(g, "has_other_content", False):
            self.form_errors.extend([OTHER_CONTENT, *to_choose_again()])
            return False
        return is_valid

    def _turned(self) -> bool:
        """A name stands in the middle of our own words, and must not turn them round."""
        turned = [field for field in _one_liners(self) if isinstance(field.data, str) and TURNING.search(field.data)]
        for field in turned:
            field.errors = [TURNED]
        return bool(turned)

    def mend(self, faults: Mapping[Any, str]) -> None:
        """Say beside each field what is wrong with it."""
        for field, fault in faults.items():
            self[field].errors = self[field].errors or [fault]


def _one_liners(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from _one_liners(field)
        elif isinstance(field, StringField) and not isinstance(field, TextAreaField):
            yield field


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


class DayField(Field):
    """A date in three boxes, `name-day`, `name-month` and `name-year`; the month may be a word, and a whole date may stand in
    the first box. `data` is the day, or None; `texts` is what was typed, so that it is shown again."""

    def __init__(self, label: str = "", *, required: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.required = required
        self.texts = ("", "", "")

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if formdata:
            typed = [formdata.get(f"{self.name}-{box}", "") for box in BOXES]
            self.texts = (typed[0].strip(), typed[1].strip(), typed[2].strip())
            self.data = _day(self.texts)
        elif self.data:
            self.texts = (str(self.data.day), str(self.data.month), str(self.data.year))

    def pre_validate(self, form: BaseForm) -> None:
        if any(self.texts) and self.data is None:
            raise StopValidation(NO_DAY)
        if self.required and not self.data:
            raise StopValidation(self.required)


class HourField(TimeField):
    """A time of the day in hours and minutes, as a browser's own field for it sends it; `data` is None where nothing was
    typed, and what was typed is shown again."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text, self.data = (valuelist[0].strip() if valuelist else ""), None
        if text:
            try:
                self.data = time.fromisoformat(text.rjust(5, "0")).replace(second=0, microsecond=0, tzinfo=None)
            except ValueError as error:
                raise ValueError(NO_TIME) from error


def _day(texts: tuple[str, str, str]) -> date | None:
    """The day, where these three are one; a year of two figures is of this century, and without one the nearest is meant."""
    if not all(text.isascii() and text.isdigit() and len(text) <= 4 for text in texts):
        return nearest(" ".join(text for text in texts if text), today=clock.today())
    day, month, year = map(int, texts)
    return made(year + 2000 if len(texts[2]) == 2 else year, month, day)
