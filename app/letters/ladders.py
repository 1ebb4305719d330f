"""Ladders, and where a caregiver stands on one, without asking the database (LET-1, LET-2)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

from app.calendars.working_days import WorkingDayClock, weekday_and_date, working_day_clock
from app.core.lists import is_valid_on, rows
from app.letters.purposes import Purpose

LADDERS = Path(__file__).parent / "lists" / "ladders.csv"
ALL_WRITTEN = "The last letter of this ladder has been written."
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
    days: int | None = None
    """Of a school's ladder: from how many days absent on in a term."""


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
    is_excepted: bool = False
    """A lead lets it be written now."""

    @property
    def opens_on(self) -> date | None:
        """The first day that the gap is gone."""
        return self.gap.due_on + timedelta(days=1) if self.gap else None


@cache
def ladder(purpose: Purpose, day: date) -> tuple[Step, ...]:
    """The steps in their order, as they hold on a day."""
    return tuple(_step(purpose, row) for row in rows(LADDERS) if row["purpose"] == purpose and is_valid_on(row, day))


def _step(purpose: Purpose, row: Mapping[str, str]) -> Step:
    gap, days = (int(row[name]) if row[name] else None for name in ("gap_working_days", "days"))
    return Step(purpose, int(row["step"]), row["name"], gap or 0, row["is_formal"] == "yes", days)


def step_of(purpose: Purpose, number: int, day: date) -> Step | None:
    return next((step for step in ladder(purpose, day) if step.number == number), None)


def has_ours(step: Step, day: date) -> bool:
    """Is there a text of ours for such a letter: of that number, and both or neither of them a formal warning?"""
    ours = step_of(step.purpose, step.number, day)
    return ours is not None and ours.is_formal == step.is_formal


def position(
    steps: Sequence[Step], written: Sequence[Written], *, region: str, today: date, excepted: Collection[int] = ()
) -> Position:
    """LET-2: letter n needs letter n−1 sent to that caregiver, and the working days of its gap gone. `written` are the
    caregiver's letters of this ladder that were made and not voided; `excepted`: the steps that a lead lets be written
    whatever the order and the gap say."""
    let = unwritten(steps, written, among=excepted)
    return Position(let[0], is_open=True, is_excepted=True) if let else _in_order(steps, written, region, today)


def unwritten(steps: Sequence[Step], written: Sequence[Written], *, among: Collection[int] | None = None) -> list[Step]:
    """The steps of which there is no letter, in their order; `among` these, if any are named."""
    done = {letter.step for letter in written}
    return [step for step in steps if step.number not in done and (among is None or step.number in among)]


def _in_order(steps: Sequence[Step], written: Sequence[Written], region: str, today: date) -> Position:
    last = max(written, key=lambda letter: letter.step, default=None)
    number = last.step + 1 if last else 1
    step = next((step for step in steps if step.number == number), None)
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
