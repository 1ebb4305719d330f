"""What somebody says was done about students who passed a step, and what is wrong with it (ATT-5)."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.attendance.star.codes import NO_ACTION, kinds_on

LONGEST_NOTE, LONGEST_WHEN, LONGEST_WHOM = 300, 60, 160
"""Characters."""
OLDEST = timedelta(days=366)


@dataclass(frozen=True)
class Told:
    """What somebody says was done."""

    kind: str
    done_on: date | None = None
    about_when: str = ""
    by_whom: str = ""
    note: str = ""


def fault_of(told: Told, today: date) -> dict[str, str]:
    """What is wrong with it: field → words."""
    kind, found = kinds_on(today).get(told.kind), {}
    if kind is None:
        found["kind"] = "Choose what was done"
    elif kind.asks_why and not told.note:
        found["note"] = "Say why nothing needs doing" if told.kind == NO_ACTION else "Say what it was"
    longest = {"about_when": LONGEST_WHEN, "by_whom": LONGEST_WHOM, "note": LONGEST_NOTE}
    for name, most in longest.items():
        if len(getattr(told, name)) > most:
            found[name] = f"Make this shorter, {most} characters at most"
    return found | _fault_of_when(told, today)


def _fault_of_when(told: Told, today: date) -> dict[str, str]:
    if told.done_on and told.about_when:
        return {"about_when": "Write the day, or about when, not both"}
    if told.done_on and told.done_on > today:
        return {"done_on": "This day is still to come"}
    if told.done_on and told.done_on < today - OLDEST:
        return {"done_on": "This was more than a year ago"}
    is_said = told.done_on or told.about_when or told.kind == NO_ACTION
    return {} if is_said else {"done_on": "Write the day, or about when"}
