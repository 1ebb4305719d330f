"""What of a letter is another now, without asking the database (L8)."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.attendance.rules import Absences
from app.letters.facts import ABSENCES, LABELS, Facts, lines, of_absences
from app.letters.gathering import called

NOT_NAMED = "The caregiver, who is not named any more"
BETWEEN = "; "
WHOSE = ("caregiver_name", "caregiver_address", "student_name", "student_called")


def texts_now(row: Any) -> dict[str, str]:
    """As a service's letter would print them today, of a row with the caregiver and the student."""
    home = row.home if row.lives_with_student else ""
    return {
        "caregiver_name": row.caregiver_name,
        "caregiver_address": "\n".join(lines(row.address or home)),
        "student_name": row.legal_name,
        "student_called": called(row.preferred_name or row.legal_name),
    }


def others(then: Facts, now: Mapping[str, str], absences: Absences | None, last_day: str) -> Iterator[str]:
    """The labels of what the letter states and would state otherwise; all of its absences are one."""
    for name in WHOSE:
        if then.values.get(name, "") != now[name]:
            yield LABELS[name]
    if "days_absent" in then.values:
        told = {name: fact.text for name, fact in of_absences(absences)}
        is_same = all(then.values.get(name, "") == told.get(name, "") for name in ABSENCES)
        if not is_same or then.weeks != (tuple(absences.weeks) if absences else ()):
            yield LABELS["days_absent"]
    if "last_attended_on" in then.values and then.values["last_attended_on"] != last_day:
        yield LABELS["last_attended_on"]
