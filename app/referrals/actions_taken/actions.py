"""Steps that were read from a school's own list become answers of its request, each a field like any other (REQ-4)."""

from collections.abc import Sequence
from itertools import chain

from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.figures import counted
from app.people.queries import Actor
from app.referrals.actions_taken.rules import Step, key_of, room_in
from app.referrals.models import State
from app.referrals.queries import Request
from app.referrals.requests import add_new, write
from app.referrals.rules import actions_taken
from app.referrals.saving import SENT_MEANWHILE, discarded_meanwhile, locked


def add_steps(request: Request, steps: Sequence[Step], *, by: Actor) -> None:
    """Into the empty rows of the draft. Raises `Refused` where there are too few of them, `Conflict` once the draft was
    sent or discarded."""
    referral = locked(request)
    if referral.state is not State.DRAFT:
        raise Conflict(SENT_MEANWHILE)
    if referral.discarded_at is not None:
        raise Conflict(discarded_meanwhile())
    room = room_in(request.texts, request.unsettled)
    if len(steps) > len(room):
        raise Refused(f"There is room for {counted(len(room), 'more step')} in this request. Leave some out.")
    for field, text in zip(chain.from_iterable(room), chain.from_iterable(steps), strict=False):
        write(request, field, text, by=by)
    add_new(request)
    referral.changed_at, referral.changed_by_id, referral.announced_at = clock.now(), by.person_id, None


def add_missing(request: Request, steps: Sequence[Step], *, by: Actor) -> int:
    """Those that it does not name yet; of more than there is room for the last ones. How many. Raises as `add_steps`."""
    there = {key_of(step) for step in actions_taken(request.texts)}
    room = len(room_in(request.texts, request.unsettled))
    missing = [step for step in steps if key_of(step) not in there][-room:] if room else []
    if missing:
        add_steps(request, missing, by=by)
    return len(missing)
