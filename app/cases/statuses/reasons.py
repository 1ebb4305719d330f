"""Why a case may close: `lists/close_reasons.csv`, with what each asks as evidence (CASE-5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.cases.models import CaseKind, Status
from app.cases.statuses.questions import Question, Shape
from app.core.lists import rows
from app.people.models import Role

LISTS = Path(__file__).parent / "lists"
LIST = LISTS / "close_reasons.csv"
REJECTED = "rejected"
NOT_OFFERED = frozenset({REJECTED, "overseas_confirmed"})
"""Declining is a change of its own, and that somebody has left New Zealand rests on a check, which there is not yet."""
FROM_THE_QUEUE = frozenset({"withdrawn_by_school", "duplicate", "made_in_error", "deceased"})
"""What may close before anybody works it (CASE-2)."""
SIXTEEN, TURNED_16 = 16, "turned16_opted_out"
OTHER_NUMBER = "other_number"
NEXT_STEPS = {
    "plan": "A transition plan into training or work",
    "youth_service": "Youth Service",
    "msd_coach": "A youth coach of MSD",
    "other": "Something else",
    "refused": "Offered, and refused",
}
SECTIONS = {"38": "Section 38, long-term", "39": "Section 39, from fifteen"}


@dataclass(frozen=True)
class Reason:
    """A row of the list."""

    code: str
    label: str
    applies_to: str
    who: tuple[str, ...]
    needs_transition: bool

    @property
    def evidence(self) -> tuple[Question, ...]:
        return EVIDENCE.get(self.code, ())


def _text(name: str, label: str, hint: str = "") -> Question:
    return Question(name, label, Shape.TEXT, hint=hint, missing=f"Answer this: {label}")


def _line(name: str, label: str, hint: str = "", *, is_optional: bool = False) -> Question:
    return Question(name, label, Shape.LINE, hint, missing=f"Answer this: {label}", is_optional=is_optional)


def _day(name: str, label: str, *, is_to_come: bool | None = False) -> Question:
    return Question(name, label, Shape.DAY, missing="Write the day", is_to_come=is_to_come)


EVIDENCE: Mapping[str, tuple[Question, ...]] = {
    "attending_regularly": (
        _text("attendance", "How does the student attend now?", "Days or half-days, over what time."),
    ),
    "engaged_school_support": (_line("school_lead", "Who at the school leads the support?"),),
    "enrolled_school": (
        _line("school", "At which school?"),
        _day("enrolled_on", "Since when?"),
        _line("source", "Who said so?"),
    ),
    "alternative_pathway": (
        _line("pathway", "Which pathway?"),
        _line("run_by", "Who runs it?"),
        _day("starts_on", "From when?", is_to_come=None),
    ),
    "valid_exemption": (
        Question("section", "Under which section?", Shape.CHOICE, choices=SECTIONS, missing="Choose the section"),
        _line("certificate", "What is the number of the certificate?"),
        _day("certificate_on", "Of which day is it?"),
    ),
    TURNED_16: (
        _text("choice", "What did the student choose?"),
        _line("heard_by", "Who heard it from the student?"),
        _day("heard_on", "When?"),
        Question(
            "next_step",
            "Which next step was offered?",
            Shape.CHOICE,
            choices=NEXT_STEPS,
            missing="Choose what was offered",
        ),
    ),
    "withdrawn_by_school": (_line("withdrawn_by", "Who at the school withdrew it?"), _day("withdrawn_on", "When?")),
    "whanau_declined": (
        _text("attempts", "How was the whānau asked to work with us, and when?"),
        _text("offered", "What was offered?"),
        _text("escalation", "Which further steps were considered, and why not?"),
    ),
    "unable_to_locate": (
        _text("attempts", "How was the student looked for, and when?"),
        _text("checks", "Who was asked, and what did they answer?"),
    ),
    "duplicate": (_line(OTHER_NUMBER, "What is the number of the case that goes on?"),),
    "made_in_error": (
        _text("wrong", "What was wrong?"),
        _line("right_case", "What is the number of the right case, if there is one?", is_optional=True),
    ),
    "deceased": (
        _line("told_by", "Who told us?", "No document is asked for."),
        _day("told_on", "When?"),
    ),
}


@cache
def reasons() -> Mapping[str, Reason]:
    return {
        row["code"]: Reason(
            row["code"],
            row["label"],
            row["applies_to"],
            tuple(row["who_can_use"].split("|")),
            row["transition"] == "required",
        )
        for row in rows(LIST)
    }


@cache
def grounds() -> Mapping[str, str]:
    """On which a request may be declined (CASE-6), in words: `lists/rejection_grounds.csv`."""
    return {row["code"]: row["label"] for row in rows(LISTS / "rejection_grounds.csv")}


def reasons_for(role: Role, kind: CaseKind, status: Status, age: int) -> list[Reason]:
    """Those that this role may close such a case for, where it stands."""
    return [
        reason
        for reason in reasons().values()
        if reason.code not in NOT_OFFERED
        and role in reason.who
        and reason.applies_to in {kind, "both"}
        and (age >= SIXTEEN or reason.code != TURNED_16)
        and (status is not Status.QUEUE or reason.code in FROM_THE_QUEUE)
    ]
