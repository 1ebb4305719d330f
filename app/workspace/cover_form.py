"""Who stands in for a case manager, and on which days."""

from collections.abc import Sequence

from wtforms import SelectField

from app.cases.assignment.queries import Able
from app.core.web.forms import DayField, OnceForm, Required


class CoverForm(OnceForm):
    """A colleague, and from which day to which."""

    case_manager = SelectField("Who stands in?", validators=[Required("Choose who stands in")], validate_choice=False)
    first = DayField("First day", required="Say from which day")
    last = DayField("Last day", required="Say until which day")

    def offer(self, people: Sequence[Able]) -> None:
        names = {person.public_id: f"{person.name}: {person.has}" for person in people}
        self.case_manager.choices = {"": "Choose somebody"} | names
