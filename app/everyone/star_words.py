"""What stands in the forms of what was done about students who passed a step of days absent, and what they are called."""

from collections.abc import Mapping

from app.attendance.star.codes import kinds_on
from app.core import clock

OF_STAR: Mapping[str, str] = {
    "response": "What was done",
    "about_when": "About when",
    "by_whom": "Who did it",
    "response_note": "What there is to add",
}
FORMS_OF_STAR: Mapping[str, str] = {
    "portal.star_ticked": "Students whom you ticked in STAR watch",
    "portal.record_star": "What was done about students who passed a step of days absent",
    "portal.end_star_response": "Taking back what was done about a student who passed a step",
    "portal.end_star_recording": "Taking back what was done about students who passed a step",
}


def responses() -> dict[str, str]:
    """By their codes."""
    return {kind.code: kind.label for kind in kinds_on(clock.today()).values()}
