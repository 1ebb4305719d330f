"""In which language a letter is to be written, where there are texts in more than one (LET-9)."""

from typing import Any

from wtforms import RadioField

from app.core.web.forms import OnceForm
from app.letters.languages import BETWEEN
from app.letters.readiness import Readiness
from app.letters.saying import Says, languages_of


class LanguagesForm(OnceForm):
    """Chosen with the button that has a look at the letter."""

    languages = RadioField("In which language?", validate_choice=False)

    @property
    def wanted(self) -> str:
        return self.languages.data or ""

    def offer(self, dossier: Says, ready: Readiness) -> None:
        """What can be chosen, and which of it the letter would be in."""
        self.languages.choices = list(languages_of(dossier, ready.position.step).items())
        self.languages.data = ready.languages

    @property
    def hints(self) -> dict[str, Any]:
        both = "One letter, side by side; one after the other only where a text does not fit into columns"
        return {tag: both for tag, _ in self.languages.choices if BETWEEN in tag}
