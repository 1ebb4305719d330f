"""The form of an agency: shape only; what is wrong with it the rules say."""

from wtforms import HiddenField, RadioField, SelectField, StringField

from app.cases.agencies.rules import AgencyFacts, kinds_on
from app.core import clock
from app.core.text import one_line
from app.core.versions import version_of
from app.core.web.forms import ANSWER_OF, ANSWERS, MEANT, DayField, OnceForm

TEXTS = ("name", "person", "part", "reach")


class AgencyForm(OnceForm):
    """What is recorded of an agency, and which state of it the page was loaded with."""

    name = StringField("Name of the service or team")
    person = StringField("Who there?")
    part = StringField("What is their role?")
    reach = StringField("How are they reached?")
    since_on = DayField("Since when?")
    may_be_told = RadioField(
        "May they be told of this case?", choices=ANSWERS, default="unknown", validate_choice=False
    )
    version = HiddenField(default="")

    def facts(self) -> AgencyFacts:
        texts = {name: one_line(self[name].data) for name in TEXTS}
        told = MEANT.get(self.may_be_told.data or "")
        return AgencyFacts(**texts, since_on=self.since_on.data, may_be_told=told)


class NewAgencyForm(AgencyForm):
    """The same, what kind it is, and which words of a request it takes over."""

    code = SelectField("What kind of agency is it?", validate_choice=False)
    offer = HiddenField(default="")

    def choose_from_list(self) -> None:
        """As it is today."""
        self.code.choices = [("", "Choose"), *kinds_on(clock.today())]


LABELS = {
    "name": "Name of the service or team",
    "person": "Who there",
    "part": "Their role",
    "reach": "How they are reached",
    "since_on": "Since",
    "may_be_told": "May be told of this case",
}


def filled(facts: AgencyFacts, *, version: str = "") -> AgencyForm:
    """The form with what is recorded."""
    values = {**facts.values, "may_be_told": ANSWER_OF[facts.may_be_told]}
    return AgencyForm(data={**values, "version": version or version_of(facts.texts)})
