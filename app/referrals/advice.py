"""Is this the right time to ask? What a few answers advise, by `lists/advice.csv` (REQ-5). It advises, and never blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.figures import counted, the_figures
from app.core.lists import Row, is_valid_on, rows

LIST = Path(__file__).parent / "lists" / "advice.csv"
LEVELS = {
    "not_appropriate": "An attendance service is not the right help for this",
    "strongly_recommended": "Asking now is strongly recommended",
    "consider": "Think about asking now",
    "may_be_appropriate": "Asking now may be right",
    "wait": "Waiting may be better",
}
"""In words; of those that were answered with yes the first one leads."""
DAYS = "{few_days}"
"""Stands in a text for so many days absent, of which fewer need something more (REQ-5)."""
FOR_ASKING = ("strongly_recommended", "consider", "may_be_appropriate")
ASKED = {
    "What came before?": ("had_service", "standdowns_moves", "between_settings", "sibling_supported"),
    "What is in the way?": ("outside_control", "beyond_school", "many_barriers", "wellbeing_open", "school_barrier"),
    "How does the school’s support go?": (
        "disengaging",
        "whanau_not_reached",
        "plan_no_gain",
        "plan_not_done",
        "improving",
    ),
    "What kind of absence is it?": ("mostly_medical", "whanau_choice", "single_class", "no_visa"),
    "Who else helps?": ("other_services_no_gain", "other_service_fits"),
    f"Is it fewer than {DAYS} this term?": ("few_days", "early_history", "early_pattern", "early_exceptional"),
}
"""Six questions, each with the rows of the list that it brings up."""
EARLY = ("early_history", "early_pattern", "early_exceptional")
FEW, WHY = "advice_few_days", "advice_early_why"
NAME_ONE = f"With fewer than {DAYS}, tick a history, a clear pattern or something exceptional, with a sentence."
SAY_IT = f"Say in a sentence what it is: with fewer than {DAYS} that decides."


@dataclass(frozen=True)
class Reason:
    """A question that was answered with yes, and what that means."""

    level: str
    question: str
    words: str


@dataclass(frozen=True)
class Advice:
    """The level that leads (none where only the days were told), the reasons that led there, and what is still asked for."""

    level: str
    reasons: tuple[Reason, ...]
    lacks: str = ""

    @property
    def asks(self) -> str:
        return with_days(self.lacks)

    @property
    def is_nearly(self) -> bool:
        """It would be for asking, but with so few days something is still needed first."""
        return bool(self.lacks) and self.level in FOR_ASKING

    @property
    def promise(self) -> str:
        """What it comes to with that."""
        heading = LEVELS[self.level] if self.is_nearly else ""
        return f"With that, {heading[0].lower()}{heading[1:]}." if heading else ""

    @property
    def heading(self) -> str:
        if self.is_nearly:
            return "Nearly"
        return LEVELS.get(self.level, "These answers decide nothing yet")


def with_days(words: str) -> str:
    """The words with the figure that the portal is set to."""
    return words.replace(DAYS, counted(the_figures().few_days, "day")) if DAYS in words else words


def field_of(code: str) -> str:
    return f"advice_{code}"


def advise(answers: Mapping[str, str], on: date) -> Advice | None:
    """What these answers advise by the list of that day; None where the questions were left out. Neither age nor year
    level is asked, so neither counts."""
    said = [row for row in _listed(on) if answers.get(field_of(row["code"]))]
    reasons = tuple(Reason(row["level"], _question(row), row["words"]) for row in said)
    asks = _asks(answers, {row["code"] for row in said})
    if not reasons and not asks:
        return None
    level = min((reason.level for reason in reasons), key=list(LEVELS).index, default="")
    return Advice(level, tuple(sorted(reasons, key=lambda reason: list(LEVELS).index(reason.level))), asks)


def labels() -> dict[str, str]:
    """Field → its question, in the order of the form; each as the list says it last, the figure left open."""
    questions = {row["code"]: _question(row) for row in rows(LIST)} | {"few_days": f"Fewer than {DAYS} absent so far"}
    known = [code for codes in ASKED.values() for code in codes if code in questions]
    rest = [code for code in questions if code not in known]
    return {field_of(code): questions[code] for code in [*known, *rest]}


def _asks(answers: Mapping[str, str], said: set[str]) -> str:
    """What so few days still need; said, not demanded."""
    has_reason = not said.isdisjoint(EARLY)
    if has_reason:
        return "" if answers.get(WHY, "").strip() else SAY_IT
    return NAME_ONE if answers.get(FEW) else ""


def _listed(on: date) -> list[Row]:
    return [row for row in rows(LIST) if is_valid_on(row, on)]


def _question(row: Row) -> str:
    """Without what the question above it says already: "Fewer than 15 days: …"."""
    rest = row["question"].partition(": ")[2]
    is_said = row["code"] in EARLY and rest
    return rest[0].upper() + rest[1:] if is_said else row["question"]
