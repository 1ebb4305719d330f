"""What a school may answer, what marks ask of it in plain words, and what is wrong with an answer (ATT-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from app.attendance.prompts.counting import LONG, MOST_APPROVED, VERY_LONG
from app.attendance.prompts.models import PromptKind
from app.core import clock
from app.core.lists import Row, is_valid_on, rows

ANSWERS = Path(__file__).parent / "lists" / "prompt_answers.csv"
CORRECTED = "corrected"
LONGEST_NOTE = 300
LONGEST_AWAY = timedelta(days=366)
FIFTEEN, TWENTY, RETURN = "prompt.absent_fifteen", "prompt.absent_twenty", "prompt.return_passed"
RETURN_OF_CASE = "student.return_passed"
LISTED: Mapping[str, str] = {
    FIFTEEN: "absent_15_school_days",
    TWENTY: "absent_20_school_days",
    RETURN: "return_date_passed",
    RETURN_OF_CASE: "return_date_passed",
}
"""What `notifications.csv` calls each."""


class Ask(StrEnum):
    """What a line of the list asks about: the kinds of prompts, and a day of return that has passed; what comes first stands
    first."""

    ABSENT_TWENTY = "absent_twenty"
    RETURN_PASSED = "return_passed"
    ABSENT = "absent"
    APPROVED_TOO_LONG = "approved_too_long"
    NOT_KNOWN = "not_known"


ASK_WORDS: Mapping[str, str] = {
    Ask.ABSENT_TWENTY: f"Absent {VERY_LONG} school days in a row or more",
    Ask.RETURN_PASSED: "The day of return has passed",
    Ask.ABSENT: f"Absent {LONG} school days in a row or more",
    Ask.APPROVED_TOO_LONG: f"J on more than {MOST_APPROVED} school days in a row",
    Ask.NOT_KNOWN: "“?” left over",
}
TO_DO: Mapping[str, str] = {
    Ask.ABSENT_TWENTY: (
        "If nobody has told you when the student comes back, take them off the roll and send the notice in ENROL. If you "
        "know the day, write it down here: then they stay on the roll."
    ),
    Ask.RETURN_PASSED: (
        "The student was said to be back by then, and no mark says that they are. Ask the whānau, and write down what you "
        "learned."
    ),
    Ask.ABSENT: (
        f"Find out whether the student comes back, and when. After {VERY_LONG} school days in a row without a known day of "
        "return they go off the roll."
    ),
    Ask.APPROVED_TOO_LONG: (
        f"A principal can excuse a student for {MOST_APPROVED} school days in a row at most. Look at the days from the "
        "sixth on: if nothing else covers them, they are E, explained but not approved."
    ),
    Ask.NOT_KNOWN: "“?” is for the day itself. Find out why the student was away, and put the mark right.",
}
"""From `domain.md` §2 and §3: Education and Training Act 2020, s45; Education (School Attendance) Regulations 2024, reg 6; the
Ministry’s answers to schools (seed 000)."""


class Asks(StrEnum):
    """What has to be said with an answer."""

    NOTHING = ""
    RETURN = "return"
    DAY = "day"
    NOTE = "note"


@dataclass(frozen=True)
class Answer:
    """One of those that may be chosen."""

    code: str
    words: str
    kinds: frozenset[str]
    asks: Asks


@dataclass(frozen=True)
class AnswerFacts:
    """What somebody answered."""

    code: str
    return_on: date | None = None
    done_on: date | None = None
    note: str = ""


def answers_to(kind: PromptKind, day: date) -> dict[str, Answer]:
    """By their codes, those that hold on a day."""
    held = (_answer(row) for row in rows(ANSWERS) if is_valid_on(row, day))
    return {answer.code: answer for answer in held if kind in answer.kinds}


def answer_words() -> dict[str, str]:
    """By their codes, also of those that are no longer offered."""
    return {row["code"]: row["words"] for row in rows(ANSWERS)}


def words_of_answer(code: str) -> str:
    return answer_words().get(code, code)


def _answer(row: Row) -> Answer:
    return Answer(row["code"], row["words"], frozenset(row["kinds"].split("|")), Asks(row["asks"]))


def fault_of(told: AnswerFacts, kind: PromptKind, today: date) -> dict[str, str]:
    """What is wrong with an answer: field → words."""
    answer = answers_to(kind, today).get(told.code)
    if answer is None:
        return {"answer": "Choose an answer"}
    found = {
        "return_on": _fault_of_return(told.return_on, today) if answer.asks is Asks.RETURN else "",
        "done_on": _fault_of_day(told.done_on, today) if answer.asks is Asks.DAY else "",
        "note": "Say in a line why, or what it is" if answer.asks is Asks.NOTE and not told.note else "",
    }
    if len(told.note) > LONGEST_NOTE:
        found["note"] = f"Make this shorter, {LONGEST_NOTE} characters at most"
    return {field: words for field, words in found.items() if words}


def _fault_of_return(day: date | None, today: date) -> str:
    if day is None:
        return "Write the day of return"
    if day < today:
        return "Write a day from today on"
    return "Write a day within a year" if day - today > LONGEST_AWAY else ""


def _fault_of_day(day: date | None, today: date) -> str:
    if day is None:
        return "Write the day on which ENROL was told"
    if day > today:
        return "This day is still to come"
    return "Write a day within the last year" if today - day > LONGEST_AWAY else ""


def cut_to(told: AnswerFacts, kind: PromptKind) -> AnswerFacts:
    """Without days that its answer does not ask for."""
    asks = answers_to(kind, clock.today())[told.code].asks
    return AnswerFacts(
        told.code,
        told.return_on if asks is Asks.RETURN else None,
        told.done_on if asks is Asks.DAY else None,
        told.note,
    )
