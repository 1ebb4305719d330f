"""The forms of what an agency was told, and of another basis: shape only; what is wrong with them the rules say."""

from wtforms import RadioField, TextAreaField

from app.cases.disclosures.rules import ToldFacts, bases_on, basis
from app.core import clock
from app.core.web.forms import DayField, OnceForm


class BasisForm(OnceForm):
    """On what basis, and why it is another one than usual."""

    basis = RadioField("On what basis?", validate_choice=False)
    why = TextAreaField("Why this basis?")

    def choose_from_list(self, present: str = "") -> None:
        """As it is today, and the one that stands there already."""
        listed = {each.code: each.words for each in bases_on(clock.today())}
        self.basis.choices = listed if not present or present in listed else {**listed, present: basis(present).words}


class ToldForm(BasisForm):
    """What was told, when."""

    told = TextAreaField("What were they told?")
    told_on = DayField("On which day?")

    def facts(self) -> ToldFacts:
        told, why = ((self[name].data or "").strip() for name in ("told", "why"))
        return ToldFacts(told, self.told_on.data, self.basis.data or "", why)
