"""Ladders and where a caregiver stands on one, without asking the database (LET-1, LET-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from app.calendars.working_days import WorkingDayClock, weekday_and_date, working_day_clock
from app.core.lists import is_valid_on, rows
from app.letters.models import Back, HoldReason, Method, Purpose

LADDERS = Path(__file__).parent / "lists" / "ladders.csv"
METHOD_WORDS: Mapping[str, str] = {
    Method.POST: "Posted",
    Method.COURIER: "Sent by courier",
    Method.HAND: "Given by hand",
}
BACK_WORDS: Mapping[str, str] = {
    Back.RETURNED: "Returned by the post",
    Back.ANSWERED: "Answered",
    Back.NO_RESPONSE: "No answer by a day",
}
HOLD_WORDS: Mapping[str, str] = {
    HoldReason.BEREAVEMENT: "Bereavement in the whānau",
    HoldReason.MEDICAL: "Medical reasons",
    HoldReason.NO_CONTACT_ALLOWED: "No contact is allowed",
    HoldReason.RETURNED_MAIL: "Mail came back",
    HoldReason.RECENT_CONTACT: "In contact just now",
    HoldReason.RETURN_DATE_KNOWN: "The date of return is known",
}
ALL_WRITTEN = "Every letter of this ladder has been written."
NO_LADDER = "There are no letters for this kind of case yet."


@dataclass(frozen=True)
class Step:
    """One letter of a ladder."""

    purpose: Purpose
    number: int
    name: str
    gap: int
    """Working days that have to be gone since the letter before was sent."""
    is_formal: bool


@dataclass(frozen=True)
class Sending:
    """How a letter was sent (LET-6)."""

    method: Method
    sent_on: date
    served_by: str = ""
    """By hand: who gave it, and at what time."""

    @property
    def words(self) -> str:
        said = f", {self.served_by}" if self.served_by else ""
        return f"{METHOD_WORDS[self.method]} on {long_date(self.sent_on)}{said}"


@dataclass(frozen=True)
class CameBack:
    """What came back of a letter (LET-6)."""

    back: Back
    on: date
    note: str = ""

    @property
    def words(self) -> str:
        is_silent = self.back is Back.NO_RESPONSE
        said = f"No answer by {long_date(self.on)}" if is_silent else f"{BACK_WORDS[self.back]} on {long_date(self.on)}"
        return f"{said}: {self.note.removesuffix('.')}" if self.note else said


class Written(Protocol):
    """What a rule needs to know of a letter that was made and not voided."""

    @property
    def step(self) -> int: ...
    @property
    def sent_on(self) -> date | None: ...


@dataclass(frozen=True)
class Position:
    """Where a caregiver stands: the next step, if the ladder has one, and what it waits for."""

    step: Step | None
    is_open: bool
    waits_for: str = ""
    gap: WorkingDayClock | None = None
    """The gap after the letter before, day by day."""

    @property
    def opens_on(self) -> date | None:
        """The first day that the gap is gone."""
        return self.gap.due_on + timedelta(days=1) if self.gap else None


@cache
def ladder(purpose: Purpose, day: date) -> tuple[Step, ...]:
    """The steps in their order, as they hold on a day."""
    return tuple(
        Step(purpose, int(row["step"]), row["name"], int(row["gap_working_days"] or 0), row["is_formal"] == "yes")
        for row in rows(LADDERS)
        if row["purpose"] == purpose and is_valid_on(row, day)
    )


def step_of(purpose: Purpose, number: int, day: date) -> Step | None:
    return next((step for step in ladder(purpose, day) if step.number == number), None)


def position(purpose: Purpose, written: Sequence[Written], *, region: str, today: date) -> Position:
    """LET-2: letter n needs letter n−1 sent to that caregiver, and the working days of its gap gone. `written` are the
    caregiver's letters of this ladder that were made and not voided."""
    last = max(written, key=lambda letter: letter.step, default=None)
    step = step_of(purpose, last.step + 1 if last else 1, today)
    if step is None:
        return Position(None, is_open=False, waits_for=ALL_WRITTEN if last else NO_LADDER)
    if last is None:
        return Position(step, is_open=True)
    if last.sent_on is None:
        said = f"Letter {last.step} is made and not sent yet. Record how it was sent, or void it."
        return Position(step, is_open=False, waits_for=said)
    return _after_gap(step, last.sent_on, region, today)


def _after_gap(step: Step, sent_on: date, region: str, today: date) -> Position:
    gap = working_day_clock(sent_on, step.gap, region, today)
    if gap.is_past:
        return Position(step, is_open=True, gap=gap)
    opens = weekday_and_date(gap.due_on + timedelta(days=1))
    said = f"Letter {step.number} can be written from {opens}: {step.gap} working days after letter {step.number - 1}."
    return Position(step, is_open=False, waits_for=said, gap=gap)


def long_date(day: date) -> str:
    """As a letter writes it: Tuesday 3 March 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def sending_of(letter: Any) -> Sending | None:
    """How this letter was sent, where that has been recorded."""
    is_sent = letter.method and letter.sent_on
    return Sending(letter.method, letter.sent_on, letter.served_by) if is_sent else None


def came_back_of(letter: Any) -> CameBack | None:
    """What came back of this letter, where that has been recorded."""
    return CameBack(letter.back, letter.back_on, letter.back_note) if letter.back and letter.back_on else None


def fault_of_sending(sent_on: date, made_on: date, today: date, *, back_on: date | None = None) -> str:
    """What is wrong with the day a letter is said to have been sent, or nothing. `back_on`: when something came back."""
    if sent_on > today:
        return "This day is still to come. Record the letter when it has been sent."
    if sent_on < made_on:
        return f"The letter was made on {weekday_and_date(made_on)}, so it was sent then or later."
    if back_on and sent_on > back_on:
        return f"What came back is recorded for {weekday_and_date(back_on)}, so it was sent then or before."
    return ""


def fault_of_back(on: date, sent_on: date, today: date) -> str:
    """What is wrong with the day something is said to have come back, or nothing."""
    if on > today:
        return "This day is still to come. Record what came back when it is known."
    if on < sent_on:
        return f"The letter was sent on {weekday_and_date(sent_on)}, so this day is then or later."
    return ""
