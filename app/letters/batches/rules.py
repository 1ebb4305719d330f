"""By which rules letters are chosen for a batch, in which order they lie, and why one is not ready: without asking the database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.letters.batches.models import BatchState, LineState, Whom
from app.letters.languages import BETWEEN, tag_of
from app.letters.purposes import Purpose
from app.letters.readiness import Readiness

MOST = 500
"""Lines of each kind that one batch may have."""
OPEN_FOR = 10
"""Working days."""
LONGEST_WHY = 300
NO_MORE = "The last letter of this ladder has been written."
GONE = "The case has gone to somebody else."
NOT_NAMED = "This caregiver is not named with the student any more."
LEFT = "The student is not on your school’s roll any more."
HOLIDAY_OVER = "The holiday is over, or was taken back."
TERM_OVER = "The letter was for a term that is over."
OTHER_TEXT = "The text was changed meanwhile. Choose again, and look who gets a letter with the new one."
FORMAL = "A formal warning is never made in a batch: it needs its own sign-off, on the page of the case."


class Rule(StrEnum):
    """By which the lines of a batch are chosen."""

    OPEN = "open_10"
    NEXT = "next_this_week"
    FIRST = "letter_1"
    SECOND = "letter_2"
    THIRD = "letter_3"
    FOURTH = "letter_4"
    FIFTH = "letter_5"
    SIXTH = "letter_6"
    DUE = "due"
    HOLIDAYS = "holidays"
    TICKED = "ticked"
    STUDENTS = "ticked_students"


STEPS = {
    Rule.FIRST: 1,
    Rule.SECOND: 2,
    Rule.THIRD: 3,
    Rule.FOURTH: 4,
    Rule.FIFTH: 5,
    Rule.SIXTH: 6,
}
RULE_WORDS: Mapping[str, str] = {
    Rule.OPEN: f"There is no letter yet, and the case has been open for {OPEN_FOR} working days or more",
    Rule.NEXT: "The next letter after one that was sent is due by the end of this week",
    **{rule: f"Letter {number} is due" for rule, number in STEPS.items()},
    Rule.DUE: "Any letter on days absent is due",
    Rule.HOLIDAYS: "The letter on a holiday has not been written yet",
    Rule.TICKED: "The cases that I tick",
    Rule.STUDENTS: "The students that I tick",
}
OF_CASES = (Rule.OPEN, Rule.NEXT, Rule.FIRST, Rule.SECOND, Rule.TICKED)
"""By which a service chooses."""
PURPOSE_WORDS: Mapping[str, str] = {
    Purpose.CA: "Chronic absence",
    Purpose.NEN: "Non-enrolment",
    Purpose.SCHOOL: "Days absent",
    Purpose.HOLIDAY: "Holidays in term time",
}
PURPOSES_OF_CASES = (Purpose.CA, Purpose.NEN)
PURPOSES_OF_STUDENTS = (Purpose.SCHOOL, Purpose.HOLIDAY)
STATE_WORDS: Mapping[str, str] = {
    BatchState.REVIEW: "To look through",
    BatchState.MAKING: "Being made",
    BatchState.MADE: "Made",
    BatchState.CANCELLED: "Cancelled",
    BatchState.UNDONE: "Undone",
}
LINE_WORDS: Mapping[str, str] = {
    LineState.READY: "Ready",
    LineState.NOT_READY: "Not ready",
    LineState.SKIPPED: "Skipped",
    LineState.ASKED: "Letters",
    LineState.LEFT_OUT: "Left out",
}


@dataclass(frozen=True)
class Line:
    """A caregiver who could be written to: whether that is so today, and where the letter would lie."""

    whom: Whom
    student_id: int | None
    """Of a school's letter."""
    step: int
    state: LineState
    why: str
    order: tuple[object, ...]


def why_not(ready: Readiness) -> str:
    """Everything that is in the way, or nothing."""
    if ready.position.is_open and ready.position.step and ready.position.step.is_formal:
        return FORMAL
    waits = [point.words for point in ready.points if not point.is_met and (point.stops or point.stops_many)]
    return cut(" ".join(waits)) or ("" if ready.is_ready else NO_MORE)


def is_reworded(step: int, written: str, language: str, changed: Collection[tuple[int, str]]) -> bool:
    """Is the text of a letter, in the languages in which it is written now (`Letter.languages`), or in its caregiver's own, among
    those that were changed?"""
    return any((step, each) in changed for each in (*written.split(BETWEEN), tag_of(language)))


def posting_order(address: str, name: str, last: str) -> tuple[object, ...]:
    """By town and street, then surname, so that letters to one household lie together; without an address last. `last`: where
    all that is the same."""
    lines = [line.strip().casefold() for line in address.replace(",", "\n").split("\n") if line.strip()]
    name = name.casefold()
    return (not lines, lines[::-1], name.split()[-1:], name, last)


def choices_of(days: Mapping[int, int | None]) -> dict[str, str]:
    """What a school chooses by: `days` of its ladder, by the number of the letter."""
    steps = {rule: days[number] for rule, number in STEPS.items() if number in days}
    of_step = {
        str(rule): f"{RULE_WORDS[rule]}: {count} days absent or more in this term" for rule, count in steps.items()
    }
    others = {str(rule): RULE_WORDS[rule] for rule in (Rule.DUE, Rule.HOLIDAYS, Rule.STUDENTS)}
    return of_step | others


def purpose_of(rule: Rule) -> Purpose:
    """Of a school's batch."""
    return Purpose.HOLIDAY if rule is Rule.HOLIDAYS else Purpose.SCHOOL


def cut(words: str) -> str:
    return words if len(words) <= LONGEST_WHY else f"{words[: LONGEST_WHY - 1]}…"
