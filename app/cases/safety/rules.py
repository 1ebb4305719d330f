"""What may be said of safety, and until when it is believed (SHARE-8), without asking the database."""

from datetime import date
from typing import Any

from app.cases.models import SafetyKind
from app.core.clock import add_months
from app.core.versions import version_of

ADDED = "safety_note.added"
KIND_WORDS = {
    SafetyKind.DOG: "Dog",
    SafetyKind.PERSON: "Somebody there",
    SafetyKind.PLACE: "The place",
    SafetyKind.HEALTH: "Health",
    SafetyKind.OTHER: "Something else",
}
LONGEST = 1000
"""Characters: it is read on a doorstep."""
LATEST_MONTHS = 24


def fault_of_fact(kind: str, fact: str) -> dict[str, str]:
    """What is wrong with a note: field → what to do."""
    demands = {
        "kind": "" if kind in SafetyKind.__members__.values() else "Choose what it is about",
        "fact": "" if fact.strip() else "Write what must be known",
    }
    if len(fact) > LONGEST:
        demands["fact"] = f"Make this shorter, {LONGEST} characters at most"
    return {field: fault for field, fault in demands.items() if fault}


def fault_of_review(review_by: date | None, today: date) -> str:
    """What is wrong with the day on which it is looked at again."""
    if review_by is None:
        return "Say when it is looked at again"
    if review_by <= today:
        return "Write a day that is still to come"
    return "Write a day within two years" if review_by > add_months(today, LATEST_MONTHS) else ""


def mark_of(note: Any) -> str:
    """For the form of a button: which note it is about."""
    return version_of({"note": f"{note.id} {note.kind} {note.fact}"})
