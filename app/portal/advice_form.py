"""The fields of the questions that may be left out: is this the right time (REQ-5)?"""

from typing import Any

from wtforms import BooleanField, Field, StringField

from app.core.web.forms import OnceForm
from app.referrals.advice import ASKED, FEW, WHY, field_of, labels, with_days
from app.referrals.questions import FIELDS


class AdviceForm(OnceForm):
    """A tick for each row of the list, and a sentence."""

    advice_early_why = StringField()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in (FEW, WHY):
            self[field].label.text = FIELDS[field].label

    def advice_questions(self) -> list[tuple[str, list[Field]]]:
        """Each of the six with what may be ticked; what is new in the list comes last."""
        asked = {with_days(legend): [field_of(code) for code in codes] for legend, codes in ASKED.items()}
        others = [field for field in labels() if not any(field in fields for fields in asked.values())]
        groups = [*asked.items(), ("What else?", others)]
        return [(legend, [self[field] for field in fields if field in self]) for legend, fields in groups if fields]


for _field, _label in labels().items():
    setattr(AdviceForm, _field, BooleanField(_label))
