"""A school asks its provider for support for a group of students (S8)."""

from app.cases.services import tells  # noqa: F401  (registers whom these events tell)
from app.cases.services.rules import ASKED, GROUPS, REASONS, SIZES, GroupAsked
from app.core import events
from app.core.errors import Refused
from app.people.queries import Actor


def ask_for_group(group: str, size: str, reason: str, *, by: Actor) -> None:
    """Whoever leads the provider is told, and rings the school. Nothing was written, so nobody is named."""
    if group not in GROUPS or size not in SIZES or reason not in REASONS:
        raise Refused("Choose one of what is offered.")
    events.record(ASKED, by=by, on=GroupAsked(by.organisation_id, group, size, reason))
