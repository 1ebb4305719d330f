"""One line of what the doctor says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.figures import counted
from app.settings import Settings


class Mark(StrEnum):
    GOOD = "✓"
    MEND = "✗"
    NOTE = "·"


@dataclass(frozen=True)
class Finding:
    """What it is about, what was found, and how to mend it."""

    mark: Mark
    about: str
    words: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.about}: {self.words}{f' → {self.remedy}' if self.remedy else ''}"


@dataclass(frozen=True)
class Patient:
    """What is examined, and how thoroughly."""

    settings: Settings
    is_thorough: bool = False


Check = Callable[[Patient], Iterable[Finding]]


def good(about: str, words: str) -> Finding:
    return Finding(Mark.GOOD, about, words)


def mend(about: str, words: str, remedy: str) -> Finding:
    return Finding(Mark.MEND, about, words, remedy)


def note(about: str, words: str, remedy: str = "") -> Finding:
    return Finding(Mark.NOTE, about, words, remedy)


def size_in_words(count: float) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def span_in_words(span: timedelta) -> str:
    if span.days:
        return counted(span.days, "day")
    hours, minutes = span.seconds // 3600, span.seconds // 60
    return counted(hours, "hour") if hours else counted(minutes, "minute") if minutes else f"{span.seconds} s"
