"""What stands in the form of what was done about students who passed a step of days absent."""

from collections.abc import Mapping

from app.attendance.star.codes import kinds_on
from app.core import clock

OF_STAR: Mapping[str, str] = {
    "response": "What was done",
    "about_when": "About when",
    "by_whom": "Who did it",
    "response_note": "What there is to add",
}


def responses() -> dict[str, str]:
    """By their codes."""
    return {kind.code: kind.label for kind in kinds_on(clock.today()).values()}
