"""Who may change what stands on the timeline (`permissions.md`, "undo, edit, retract an entry", "change an audience")."""

from app.cases.entries import BY_HAND
from app.cases.policy import can_work
from app.cases.timeline import EntryOfCase
from app.people.queries import Actor


def can_change_audience(actor: Actor, found: EntryOfCase) -> bool:
    """Only those who work the case change who reads a note, and only of what their service wrote."""
    is_ours = found.entry.organisation_id == actor.organisation_id and found.entry.kind in BY_HAND
    return is_ours and can_work(actor, found.head)


def can_change_own(actor: Actor, found: EntryOfCase) -> bool:
    """Only whoever wrote a note or comment can undo, edit or retract it."""
    entry = found.entry
    is_mine = entry.author_id == actor.person_id and entry.organisation_id == actor.organisation_id
    return is_mine and entry.kind in BY_HAND


def can_read_former(actor: Actor, found: EntryOfCase) -> bool:
    """What was retracted is nobody's to read any more; what was undone its writer's."""
    if found.entry.retracted_at is None:
        return True
    return found.entry.was_undone and can_change_own(actor, found)
