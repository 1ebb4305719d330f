"""A request with its answers, as a page or an action needs it."""

from dataclasses import dataclass, field
from typing import Any

from app.referrals.models import Answer, KeptText, Referral


@dataclass(frozen=True)
class Request:
    """A request with its answers, as a page or an action needs it."""

    referral: Referral
    answers: dict[str, Answer]
    student: Any = None
    """Its names, date of birth, year level; who changed the request last; whether the school has a choice of services."""
    is_held: bool = False
    """Nobody else changes it until the end of the transaction."""
    kept: list[KeptText] = field(default_factory=list)
    """What was typed into fields that another page had changed, oldest first."""

    @property
    def texts(self) -> dict[str, str]:
        return {field: answer.text for field, answer in self.answers.items()}

    @property
    def unsettled(self) -> list[str]:
        """The fields of which two texts are kept, until one is chosen."""
        return list(dict.fromkeys(kept.field for kept in self.kept if kept.text != self.texts.get(kept.field, "")))

    @property
    def versions(self) -> dict[str, int]:
        return {field: answer.version for field, answer in self.answers.items()}

    @property
    def version(self) -> int:
        """Grows with every change of any field: what was checked is what is sent."""
        return sum(self.versions.values())

    @property
    def has_choice(self) -> bool:
        """Does the school say which service it asks (REQ-6)?"""
        return bool(self.student and self.student.has_choice)
