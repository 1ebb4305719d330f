"""Steps that were read from a school's own list become answers of its request, each a field like any other (REQ-4)."""

from collections.abc import Mapping, Sequence
from itertools import chain

from sqlalchemy import insert

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.figures import counted
from app.core.text import nfc
from app.people.queries import Actor
from app.referrals.actions_taken.rules import Step, room_in
from app.referrals.models import Answer, State
from app.referrals.queries import Request
from app.referrals.saving import SENT_MEANWHILE, Page, discarded_meanwhile, locked, write


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
    _write_all(request, dict(zip(chain.from_iterable(room), chain.from_iterable(steps), strict=False)), by)
    referral.changed_at, referral.changed_by_id, referral.announced_at = clock.now(), by.person_id, None


def _write_all(request: Request, texts: Mapping[str, str], by: Actor) -> None:
    """All that are new in one statement; a field that was emptied before gets a new version."""
    stamp = {"referral_id": request.referral.id, "version": 1, "by_id": by.person_id, "at": clock.now()}
    for field in request.answers.keys() & texts.keys():
        write(request, field, texts[field], Page({}), by)
    if new := [{**stamp, "field": field, "text": nfc(texts[field])} for field in texts if field not in request.answers]:
        db.session.execute(insert(Answer), new)
