"""What pages say of a letter, a service's or a school's: what it is called, states and says; and what holds letters back."""

import json
from collections.abc import Sequence
from typing import Any

from app.core import clock
from app.core.db import AnyRow
from app.letters.facts import Fact, Facts, labels_of, thawed
from app.letters.fields import Incomplete
from app.letters.languages import words_of
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.rules import came_back_of, sending_of
from app.letters.wording import Wording
from app.letters.wordings.keeping import written_with

ALL = "everybody"


def name_of(letter: Letter) -> str:
    """As pages call it."""
    return "Letter on a holiday" if letter.purpose is Purpose.HOLIDAY else f"Letter {letter.step}"


def addressed_to(letter: Letter) -> str:
    return thawed(letter.facts).values.get("caregiver_name", "")


def told(facts: Facts) -> list[tuple[str, Fact]]:
    """Every fact by its label, in the order of the letter."""
    return [(label, facts.by_name[name]) for name, label in labels_of(facts.purpose).items() if name in facts.by_name]


def said_in(letter: Letter, facts: Facts) -> dict[str, Any]:
    """To whom it is, what it says and of what, what it was set with, and what became of it."""
    return {
        "name": name_of(letter),
        "to": facts.values.get("caregiver_name", ""),
        "facts": told(facts),
        "values": facts.values,
        "weeks": facts.weeks,
        "wording": _wording(letter, facts),
        "languages": words_of(letter.languages),
        "versions": ", ".join(f"{name} {version}" for name, version in made_with(letter).items()),
        "sent": sending_of(letter),
        "came_back": came_back_of(letter),
    }


def made_with(letter: Letter) -> dict[str, str]:
    versions: dict[str, str] = json.loads(letter.versions or "{}")
    return versions


def holds_in_force(dossiers: Sequence[Any]) -> list[tuple[AnyRow, str]]:
    """Once each, and whom it is about."""
    names = {each.caregiver.id: each.caregiver.name for each in dossiers}
    holds = {hold.id: hold for each in dossiers for hold in each.holds}
    return [(hold, names.get(hold.caregiver_id, ALL)) for _, hold in sorted(holds.items())]


def _wording(letter: Letter, facts: Facts) -> Wording | None:
    """What it says, block by block; nothing of one from before texts were kept, where its text is another now."""
    found = written_with(letter.wording, letter.purpose, letter.step, clock.nz(letter.asked_at).date())
    try:
        return found.filled(facts) if found else None
    except Incomplete:
        return None
