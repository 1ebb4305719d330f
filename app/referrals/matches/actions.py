"""A likely match is confirmed or parted, once (REQ-10)."""

from sqlalchemy import select, update

from app.cases import actions as cases
from app.cases.entries import Audience, Entry, EntryFile, EntryKind
from app.cases.models import Case, Status
from app.cases.queries import case_to_change
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict
from app.people.queries import Actor
from app.referrals.actions import take_up
from app.referrals.matches.queries import match_to_change
from app.referrals.models import LikelyMatch

DECIDED = "Somebody decided this meanwhile, and otherwise."
CLOSED = "The new case is closed meanwhile, so there is nothing to join."


def same_student(match: LikelyMatch, *, by: Actor) -> bool:
    """The new case is closed as a duplicate, and its request goes on in the earlier one, which opens again where it had
    closed. False where that was said already; raises `Conflict` where something else was."""
    first, second = (case_to_change(case_id) for case_id in sorted((match.case_id, match.other_case_id)))
    new, earlier = (first, second) if first.id == match.case_id else (second, first)
    if not _decide(match, is_same=True, by=by):
        return False
    if new.status is Status.CLOSED:
        raise Conflict(CLOSED)
    _go_on(earlier, new, by)
    _close(new, earlier, by)
    take_up(new.id)
    for case in (new, earlier):
        events.record("match.confirmed", by=by, on=match, about=case)
    return True


def not_the_same(match: LikelyMatch, *, by: Actor) -> bool:
    """Two students: each keeps their case. False where that was said already."""
    if not _decide(match, is_same=False, by=by):
        return False
    for case_id in (match.case_id, match.other_case_id):
        events.record("match.parted", by=by, on=match, about=case_to_change(case_id))
    return True


def _decide(match: LikelyMatch, *, is_same: bool, by: Actor) -> bool:
    held = match_to_change(match)
    if held.decided_at:
        if held.is_same is not is_same:
            raise Conflict(DECIDED)
        return False
    held.decided_at, held.decided_by_id, held.is_same = clock.now(), by.person_id, is_same
    return True


def _go_on(earlier: Case, new: Case, by: Actor) -> None:
    if earlier.status is Status.CLOSED:
        cases.move_to(earlier, earlier.service_id, earlier.region)
        cases.end_manager(earlier, by=by)
        cases.clear_urgency(earlier)
        cases.change_status(earlier, Status.QUEUE, by=by, why="The school of the same student asked again.")
    if new.urgency == 0:
        cases.mark_urgent(earlier, new.urgent_why)
    entry = _say(earlier, f"Same student as {new.number}: its request goes on here.", by)
    asked = select(Entry.id).where(Entry.case_id == new.id, Entry.kind == EntryKind.REQUEST)
    db.session.execute(update(EntryFile).where(EntryFile.entry_id.in_(asked)).values(entry_id=entry.id))


def _close(new: Case, earlier: Case, by: Actor) -> None:
    """What the school reads names no other case; its files stay with its request."""
    if new.status is Status.PAUSED:
        cases.change_status(new, Status.QUEUE, by=by)
    said = f"{by.organisation_name} goes on with the request."
    cases.close_case(new, "duplicate", by=by, why="Duplicate.", with_it=said)
    _say(new, f"Same student as {earlier.number}: the request goes on there.", by)


def _say(case: Case, text: str, by: Actor) -> Entry:
    """For the service: a school never learns of a match."""
    return cases.add_entry(case.id, EntryKind.STATUS, body=text, audience=Audience.SERVICE, by=by)
