"""Who may change the audience of an entry (`permissions.md`, "change an audience")."""

from app.cases.entries import EntryKind
from app.cases.policy import can_work
from app.cases.timeline import EntryOfCase
from app.people.queries import Actor


def can_change_audience(actor: Actor, found: EntryOfCase) -> bool:
    """Only those who work the case change who reads a note, and only of what their service wrote."""
    is_ours = found.entry.organisation_id == actor.organisation_id and found.entry.kind is EntryKind.COMMENT
    return is_ours and can_work(actor, found.head)
