"""How letters are sent, what comes back, and what holds them, without asking the database (LET-4, LET-6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.calendars.working_days import weekday_and_date
from app.core.versions import version_of
from app.letters.holds import HoldReason
from app.letters.models import Back, Method

METHOD_WORDS: Mapping[str, str] = {
    Method.POST: "Posted",
    Method.COURIER: "Sent by courier",
    Method.HAND: "Given by hand",
    Method.EMAIL: "Sent by e-mail",
}
BACK_WORDS: Mapping[str, str] = {
    Back.RETURNED: "Returned by the post",
    Back.ANSWERED: "Answered",
    Back.NO_RESPONSE: "No answer by a day",
}
BOUNCED = "Returned: the e-mail did not arrive"
"""Of a letter that went by e-mail (LET-7)."""
HOLD_WORDS: Mapping[str, str] = {
    HoldReason.BEREAVEMENT: "Bereavement in the whānau",
    HoldReason.MEDICAL: "Medical reasons",
    HoldReason.NO_CONTACT_ALLOWED: "No contact is allowed",
    HoldReason.RETURNED_MAIL: "Mail came back",
    HoldReason.RECENT_CONTACT: "In contact just now",
    HoldReason.RETURN_DATE_KNOWN: "The date of return is known",
    HoldReason.DO_NOT_SEND: "Do not send letters",
}


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
    method: Method | None = None
    """How the letter was sent."""

    @property
    def words(self) -> str:
        is_silent = self.back is Back.NO_RESPONSE
        what = back_words(self.method)[self.back]
        said = f"No answer by {long_date(self.on)}" if is_silent else f"{what} on {long_date(self.on)}"
        return f"{said}: {self.note.removesuffix('.')}" if self.note else said


def method_words(*, by_email: bool) -> Mapping[str, str]:
    """How a letter can have been sent; by e-mail only where that is allowed (LET-7)."""
    return {method: words for method, words in METHOD_WORDS.items() if by_email or method != Method.EMAIL}


def back_words(method: Method | None) -> Mapping[str, str]:
    """What can come back of a letter that was sent so."""
    return {**BACK_WORDS, Back.RETURNED: BOUNCED} if method is Method.EMAIL else BACK_WORDS


def long_date(day: date) -> str:
    """As a letter writes it: Tuesday 3 March 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def day_of(written: str) -> date:
    """What `long_date` wrote."""
    return datetime.strptime(written, "%A %d %B %Y").date()  # noqa: DTZ007 (a day has no zone)


def sending_of(letter: Any) -> Sending | None:
    """How this letter was sent, where that has been recorded."""
    is_sent = letter.method and letter.sent_on
    return Sending(letter.method, letter.sent_on, letter.served_by) if is_sent else None


def version_of_sending(letter: Any) -> str:
    """Which state of it a page was loaded with; nothing where nothing is recorded."""
    sent = sending_of(letter)
    return version_of({"sent": sent.words}) if sent else ""


def came_back_of(letter: Any) -> CameBack | None:
    """What came back of this letter, where that has been recorded."""
    is_back = letter.back and letter.back_on
    return CameBack(letter.back, letter.back_on, letter.back_note, letter.method) if is_back else None


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
