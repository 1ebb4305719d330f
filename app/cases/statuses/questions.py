"""A thing that a change of status demands, and whether it was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.core.errors import Refused

LONGEST = 2000


class Shape(StrEnum):
    """How a question is answered."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"
    TICK = "tick"


@dataclass(frozen=True)
class Question:
    """One thing that a change demands; its answer is kept under this name."""

    name: str
    label: str
    shape: Shape = Shape.TEXT
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""
    is_optional: bool = False
    is_to_come: bool | None = None
    """Of a day: True after today, False today at the latest, None either."""
    unless: tuple[str, str] = ("", "")
    """Another question, and the answer to it with which this one needs none."""

    def is_needed(self, answers: Mapping[str, str]) -> bool:
        name, answer = self.unless
        return not self.is_optional and not (name and answers.get(name) == answer)


class Lacking(Refused):
    """Something that a change demands was not answered, or cannot be so: by the name of the question, with the remedy."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


def refuse_lacking(questions: Sequence[Question], answers: Mapping[str, str], today: date) -> None:
    if faults := faults_of(questions, answers, today):
        raise Lacking(faults)


def faults_of(questions: Sequence[Question], answers: Mapping[str, str], today: date) -> dict[str, str]:
    """What is missing or cannot be, by its name, with the remedy."""
    found = {}
    for question in questions:
        answer = answers.get(question.name, "")
        if not answer.strip():
            if question.is_needed(answers):
                found[question.name] = question.missing
        elif question.choices and answer not in question.choices:
            found[question.name] = question.missing
        elif question.shape is Shape.DAY and question.is_to_come is not None:
            if (date.fromisoformat(answer) > today) is not question.is_to_come:
                found[question.name] = (
                    "Choose a day after today" if question.is_to_come else "That day is still to come"
                )
        elif len(answer) > LONGEST:
            found[question.name] = f"Write it in {LONGEST} characters"
    return found
