"""The form of a change: a field for each thing that it demands."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField

from app.cases.models import Status
from app.cases.queries import CaseHead
from app.cases.statuses.actions import MEANWHILE
from app.cases.statuses.questions import Question, Shape, faults_of
from app.core import clock
from app.core.errors import Conflict
from app.core.web.forms import DayField, OnceForm

STANDS = "stands"
FIELDS: Mapping[Shape, Any] = {
    Shape.LINE: StringField,
    Shape.TEXT: TextAreaField,
    Shape.DAY: DayField,
    Shape.CHOICE: RadioField,
    Shape.TICK: BooleanField,
}


def form_of(
    questions: Sequence[Question], stands: Status, *, is_sent: bool, known: Mapping[str, str] | None = None
) -> OnceForm:
    """With what is known already, or as it was sent; it says from which status the change was asked for."""
    fields = {question.name: _field(question) for question in questions}
    form_class = type("ChangeForm", (OnceForm,), {**fields, STANDS: HiddenField()})
    form: OnceForm = form_class(request.form) if is_sent else form_class(data={**(known or {}), STANDS: stands.value})
    return form


def answers_of(form: OnceForm) -> dict[str, str]:
    return {field.name: _text(field.data) for field in form if field.name != STANDS}


def stands_still(form: OnceForm, head: CaseHead) -> Status:
    """From which status the change was asked for: as the case stands. Raises `Conflict` where that has changed."""
    if form[STANDS].data != head.status:
        raise Conflict(MEANWHILE.format(status=head.words.label))
    return Status(head.status)


def mark(form: OnceForm, questions: Sequence[Question]) -> None:
    """What is missing or cannot be, beside what the fields themselves found."""
    for name, fault in faults_of(questions, answers_of(form), clock.today()).items():
        form[name].errors = form[name].errors or [fault]


def _field(question: Question) -> Any:
    if question.shape is Shape.CHOICE:
        return RadioField(question.label, choices=dict(question.choices), validate_choice=False)
    return FIELDS[question.shape](question.label)


def _text(answer: Any) -> str:
    if isinstance(answer, date):
        return answer.isoformat()
    return ("yes" if answer else "") if isinstance(answer, bool) else (answer or "").strip()
