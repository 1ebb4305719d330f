"""The form of a student’s record: shape only; what is wrong with it the rules say."""

from typing import Any

from wtforms import HiddenField, RadioField, StringField, TelField, TextAreaField

from app.core.text import filled_lines, one_line
from app.core.versions import version_of
from app.core.web.forms import ANSWER_OF, ANSWERS, MEANT, DayField, OnceForm
from app.students.particulars.rules import FIELDS, StudentFacts

TEXTS = ("legal_name", "preferred_name", "phone", "language", "return_said_by")


class StudentForm(OnceForm):
    """What is recorded of a student, and which state of it the page was loaded with."""

    legal_name = StringField("Legal name")
    preferred_name = StringField("Preferred name, if it is another")
    born_on = DayField("Date of birth")
    national_number = StringField("National student number")
    address = TextAreaField("Home address")
    phone = TelField("The student’s own phone")
    language = StringField("Language, if not English")
    needs_interpreter = RadioField(
        "Is an interpreter needed?", choices=ANSWERS, default="unknown", validate_choice=False
    )
    return_on = DayField("When is the student said to be back at school?")
    return_said_by = StringField("Who said so?")
    version = HiddenField(default="")

    def facts(self, was: StudentFacts) -> StudentFacts:
        """What was typed, without what cannot be seen at its ends; the number that is recorded stays."""
        typed = "".join((self.national_number.data or "").split())
        values: dict[str, Any] = {
            **{field: one_line(self[field].data) for field in TEXTS},
            "address": filled_lines(self.address.data),
            "national_number": was.national_number or typed,
            "needs_interpreter": MEANT.get(self.needs_interpreter.data or ""),
            "born_on": self.born_on.data,
            "return_on": self.return_on.data,
        }
        return StudentFacts(**values)


LABELS = {field: str(getattr(StudentForm, field).args[0]).rstrip("?") for field in FIELDS}


def filled(facts: StudentFacts, *, version: str = "") -> StudentForm:
    """The form with what is recorded."""
    values = {**facts.values, "needs_interpreter": ANSWER_OF[facts.needs_interpreter]}
    return StudentForm(data={**values, "version": version or version_of(facts.texts)})
