"""Who changes the basis of what is shared (`permissions.md`, "change an audience, the basis of a disclosure")."""

from app.cases.entries import Audience
from app.cases.policy import can_work
from app.cases.timeline import EntryOfCase
from app.people.queries import Actor


def can_see_basis(actor: Actor, found: EntryOfCase) -> bool:
    """Only what your service shares with the school rests on a basis."""
    return found.entry.organisation_id == actor.organisation_id and found.entry.audience is Audience.SHARED


def can_change_basis(actor: Actor, found: EntryOfCase) -> bool:
    """Only those who work the case change on what basis their service shares something of it."""
    return can_see_basis(actor, found) and can_work(actor, found.head)
