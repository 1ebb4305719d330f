"""By which rules letters are chosen for a batch, in which order they lie, and why one is not ready: without asking the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.calendars.working_days import working_days_between
from app.letters.batches.models import BatchState, LineState
from app.letters.dossiers import Dossier
from app.letters.gathering import address_of
from app.letters.ladders import Position
from app.letters.purposes import Purpose
from app.letters.readiness import Readiness, readiness, stands_at

MOST = 500
"""Lines of each kind that one batch may have."""
OPEN_FOR = 10
"""Working days."""
LONGEST_WHY = 300
NO_MORE = "The last letter of this ladder has been written."
GONE = "The case has gone to somebody else."
NOT_NAMED = "This caregiver is not named with the student any more."
FORMAL = "A formal warning is never made in a batch: it needs its own sign-off, on the page of the case."


class Rule(StrEnum):
    """By which the lines of a batch are chosen."""

    OPEN = "open_10"
    NEXT = "next_this_week"
    FIRST = "letter_1"
    SECOND = "letter_2"
    TICKED = "ticked"


RULE_WORDS: Mapping[str, str] = {
    Rule.OPEN: f"There is no letter yet, and the case has been open for {OPEN_FOR} working days or more",
    Rule.NEXT: "The next letter after one that was sent is due by the end of this week",
    Rule.FIRST: "Letter 1 is due",
    Rule.SECOND: "Letter 2 is due",
    Rule.TICKED: "The cases that I tick",
}
PURPOSE_WORDS: Mapping[str, str] = {Purpose.CA: "Chronic absence", Purpose.NEN: "Non-enrolment"}
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
STEPS = {Rule.FIRST: 1, Rule.SECOND: 2}


@dataclass(frozen=True)
class Line:
    """A caregiver who could be written to: whether that is so today, and where the letter would lie."""

    case_id: int
    caregiver_id: int
    step: int
    state: LineState
    why: str
    order: tuple[object, ...]


def fits(rule: Rule, dossier: Dossier, today: date) -> bool:
    """Does the next letter to this caregiver belong in such a batch? Who is not written to is not ready, with the reason (LET-3)."""
    if rule is Rule.TICKED:
        return True
    stands, written = stands_at(dossier, today), dossier.in_force
    if rule is Rule.OPEN:
        head = dossier.case
        return not written and working_days_between(head.service_started_on, today, head.region) >= OPEN_FOR
    if rule is Rule.NEXT:
        return bool(written) and _is_due_by(stands, today + timedelta(days=6 - today.weekday()))
    return stands.is_open and stands.step is not None and stands.step.number == STEPS[rule]


def _is_due_by(stands: Position, day: date) -> bool:
    return stands.step is not None and (stands.is_open or (stands.opens_on is not None and stands.opens_on <= day))


def line_of(dossier: Dossier, today: date) -> Line:
    """As it stands today."""
    ready = readiness(dossier, today)
    why, step = why_not(ready), ready.position.step
    state = LineState.NOT_READY if why else LineState.READY
    return Line(dossier.case.id, dossier.caregiver.id, step.number if step else 0, state, why, order_of(dossier))


def why_not(ready: Readiness) -> str:
    """Everything that is in the way, or nothing."""
    if ready.position.is_open and ready.position.step and ready.position.step.is_formal:
        return FORMAL
    if ready.is_ready:
        return ""
    return cut(" ".join(point.words for point in ready.points if point.stops and not point.is_met) or NO_MORE)


def order_of(dossier: Dossier) -> tuple[object, ...]:
    """By town and street, then surname, so that letters to one household lie together; without an address last."""
    address, _, _ = address_of(dossier)
    lines = [line.strip().casefold() for line in address.replace(",", "\n").split("\n") if line.strip()]
    name = dossier.caregiver.name.casefold()
    return (not lines, lines[::-1], name.split()[-1:], name, dossier.case.number)


def cut(words: str) -> str:
    return words if len(words) <= LONGEST_WHY else f"{words[: LONGEST_WHY - 1]}…"
