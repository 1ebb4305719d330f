"""An organisation's own ladders: what one may be, how two of them differ, and which one a case goes by, without asking the
database (LET-1, LET-2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.letters.ladders import Step, ladder
from app.letters.purposes import Purpose
from app.people.models import Kind

MOST_STEPS, LONGEST_GAP, MOST_DAYS, LONGEST_NAME, LONGEST_WHY = 6, 60, 60, 160, 1000
PURPOSES: dict[Purpose, str] = {Purpose.CA: "Attendance", Purpose.NEN: "Non-enrolment"}
"""Of a service's ladders, with what each is on."""
LADDERS_OF: Mapping[Kind, Mapping[Purpose, str]] = {
    Kind.SERVICE: PURPOSES,
    Kind.SCHOOL: {Purpose.SCHOOL: "Days absent in a term"},
}
"""Who has which ladders of their own."""


@dataclass(frozen=True)
class GoesBy:
    """The ladder that a case goes by, or a school's student in a term: a version of the organisation's own, or ours."""

    steps: Sequence[Step]
    id: int | None = None
    """None: ours."""
    number: int = 0
    """Of the version; 0 is ours."""
    is_begun: bool = False
    """A letter was written by it, so the case stays with it until somebody moves it, the student until the term ends (LET-2)."""
    newest_id: int | None = None
    """The version that cases begin with now; none where that is ours."""

    def is_behind(self, today: date) -> bool:
        """Do cases begin with another one now?"""
        if self.id or self.newest_id:
            return self.id != self.newest_id
        return self.is_begun and bool(self.steps) and list(self.steps) != list(ladder(self.steps[0].purpose, today))

    @property
    def words(self) -> str:
        whose = "school" if self.steps and self.steps[0].purpose is Purpose.SCHOOL else "service"
        return f"version {self.number} of the {whose}’s own ladder" if self.id else "Waharoa’s ladder"


NO_LADDER = GoesBy(())


def fault_of(steps: Sequence[Step]) -> dict[str, str]:
    """What is wrong with a ladder: field → words."""
    found = {}
    if not 1 <= len(steps) <= MOST_STEPS:
        found["name_1"] = f"A ladder has from 1 to {MOST_STEPS} letters"
    for before, step in zip((None, *steps), steps, strict=False):
        if not step.name.strip():
            found[f"name_{step.number}"] = "Write what this letter is called"
        elif len(step.name) > LONGEST_NAME:
            found[f"name_{step.number}"] = f"Make this shorter, {LONGEST_NAME} characters at most"
        found |= _fault_of_days(before, step) if step.purpose is Purpose.SCHOOL else _fault_of_gap(step)
    if any(step.is_formal for step in steps[:-1]):
        found["has_formal"] = "A formal warning is the last letter of its ladder"
    return found


def _fault_of_gap(step: Step) -> dict[str, str]:
    if step.number == 1 or 1 <= step.gap <= LONGEST_GAP:
        return {}
    return {f"gap_{step.number}": f"Write a whole number from 1 to {LONGEST_GAP}"}


def _fault_of_days(before: Step | None, step: Step) -> dict[str, str]:
    """Of a school's letter: due from more days absent on than the one before."""
    if step.days is None or not 1 <= step.days <= MOST_DAYS:
        return {f"days_{step.number}": f"Write a whole number from 1 to {MOST_DAYS}"}
    if before and step.days <= (before.days or 0):
        return {f"days_{step.number}": f"Write more days than for letter {before.number}"}
    return {}


def differences(before: Sequence[Step], after: Sequence[Step]) -> list[str]:
    """What is another, letter by letter, in words; empty where nothing is."""
    both = [said for was, now in zip(before, after, strict=False) for said in _difference(was, now)]
    new = [f"Letter {step.number} is new: {_whole(step)}." for step in after[len(before) :]]
    return [*both, *new, *[f"Letter {step.number} is left out: {step.name}." for step in before[len(after) :]]]


def _difference(was: Step, now: Step) -> Iterator[str]:
    if now.name != was.name:
        yield f"Letter {now.number} is called “{now.name}” instead of “{was.name}”."
    if now.gap != was.gap:
        yield f"Letter {now.number} waits {_days(now.gap)} instead of {was.gap}."
    if now.days != was.days:
        yield f"Letter {now.number} is due from {now.days} days absent on instead of {was.days}."
    if now.is_formal != was.is_formal:
        yield f"Letter {now.number} is {'now' if now.is_formal else 'no longer'} a formal warning."


def _whole(step: Step) -> str:
    waits = f", {_days(step.gap)} after the letter before" if step.gap else ""
    due = f", from {step.days} days absent on" if step.days else ""
    return f"{step.name}{waits}{due}{', a formal warning' if step.is_formal else ''}"


def _days(gap: int) -> str:
    return f"{gap} working day{'' if gap == 1 else 's'}"
