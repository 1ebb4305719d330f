"""What of a timeline is shown: of one kind, for one audience; it stands in the address, so that it survives Back."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request

from app.cases.entries import Audience, EntryKind


@dataclass(frozen=True)
class TimelineFilter:
    """None: all of them."""

    only: EntryKind | None
    audience: Audience | None

    @property
    def chosen(self) -> dict[str, Any]:
        return {"only": self.only, "audience": self.audience}

    @property
    def in_address(self) -> str:
        """In front of what else the address of an older page says; nothing where all is shown."""
        asked = urlencode({name: value for name, value in (("kind", self.only), ("audience", self.audience)) if value})
        return f"{asked}&" if asked else ""


def narrowed() -> TimelineFilter:
    """As the address says; what it says that there is not counts for nothing."""
    kind, audience = request.args.get("kind"), request.args.get("audience")
    return TimelineFilter(
        next((each for each in EntryKind if each == kind), None),
        next((each for each in Audience if each == audience), None),
    )
