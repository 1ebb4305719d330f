"""Comments come to be, are taken back, edited and retracted, and change their audience (SHARE-1, SHARE-2, SHARE-5)."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import insert, select

from app.cases.actions import add_entries, add_entry
from app.cases.comments.queries import last_change, readers_since
from app.cases.comments.rules import TAKEN_BACK, can_still_be_undone
from app.cases.entries import Audience, Entry, EntryAudience, EntryKind, EntryText
from app.cases.files.actions import NONE, Arrived, add_all, hang
from app.cases.meetings.actions import take_back
from app.cases.queries import CaseHead
from app.cases.unsent.actions import put_back, put_back_event, take_out
from app.cases.unsent.rules import Window, opened
from app.core import clock, events, untold
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Happened
from app.core.figures import the_figures
from app.core.text import nfc
from app.people.models import Kind
from app.people.queries import Actor


def add_comment(
    case: CaseHead,
    *,
    by: Actor,
    body: str,
    audience: Audience,
    files: Collection[str] = (),
    arrived: Arrived = NONE,
    window: Window | None = None,
) -> Entry:
    """A comment for one audience. A school's is always shared (SHARE-1). What is shared opens to others later (SHARE-2).
    `files`: those uploaded for it before; `arrived`: those that came with it. What its window kept of it is no longer."""
    if by.organisation_kind is Kind.SCHOOL and audience is not Audience.SHARED:
        raise Refused("What a school writes is always shared with the service.")
    opens_at = clock.now() + the_figures().undo_for if audience is Audience.SHARED else None
    entry = add_entry(case.case_id, EntryKind.COMMENT, body=body, audience=audience, by=by, opens_at=opens_at)
    there = take_out(case, files, window=window or opened(), by=by)
    hang(entry, [*there, *add_all(arrived, by=by, beside=there)])
    events.record("comment.added", by=by, on=entry, about=case, after=entry.opens_at)
    return entry


def add_notes(cases: Sequence[CaseHead], bodies: Mapping[int, str], *, by: Actor) -> None:
    """One on each of several cases, by their ids, for the service alone."""
    entries = add_entries(bodies, EntryKind.COMMENT, audience=Audience.SERVICE, by=by)
    added = {entry.case_id: entry for entry in entries}
    events.record_all(*(Happened("comment.added", added[case.id], case) for case in cases), by=by)


def undo(case: CaseHead, entry: Entry, *, by: Actor) -> int:
    """SHARE-2: nobody else will have known of it. What was written comes back to its writer, unsent; a note that was
    shared only later is again for whom it was before. How many tasks are open again. Raises `Conflict` once it is open."""
    _lock(entry)
    still_to_tell = untold.still_to_tell(entry, since=entry.opens_at)
    _refuse_retracted(entry)
    if not can_still_be_undone(entry.opens_at, clock.now()):
        raise Conflict("It is shared already, so it was not taken back.", "Too late to undo")
    if change := last_change(entry):
        change_audience(case, entry, change.was, by=by)
        return 0
    untold.tell_nobody(still_to_tell)
    reopened = _retract(case, entry, by)
    (put_back if entry.kind is EntryKind.COMMENT else put_back_event)(entry, by=by)
    events.record("comment.undone", by=by, on=entry, about=case)
    return reopened


def share_now(case: CaseHead, entry: Entry, *, by: Actor) -> bool:
    """Others may read it at once, and are told; False where they could already."""
    _lock(entry)
    still_to_tell = untold.still_to_tell(entry, since=entry.opens_at)
    _refuse_retracted(entry)
    if entry.audience is not Audience.SHARED or entry.opens_at <= clock.now():
        return False
    entry.opens_at = clock.now()
    untold.tell_now(still_to_tell)
    events.record("comment.shared_at_once", by=by, on=entry, about=case)
    return True


def edit(case: CaseHead, entry: Entry, body: str, *, version: str, by: Actor) -> bool:
    """Another text; the former one is kept (SHARE-5). False where it says that already. Raises `Conflict` where it was
    edited since `version`. Nobody is told again."""
    _lock(entry)
    _refuse_retracted(entry)
    if entry.version != version:
        raise Conflict("This was edited meanwhile, in another window.")
    if entry.body == nfc(body):
        return False
    now = clock.now()
    db.session.execute(insert(EntryText).values(entry_id=entry.id, was=entry.body, at=now, by_id=by.person_id))
    entry.body, entry.edited_at = nfc(body), now
    events.record("comment.edited", by=by, on=entry, about=case)
    return True


def retract(case: CaseHead, entry: Entry, *, by: Actor) -> int:
    """Text and files are nobody's to read from now on; a mark stays (SHARE-5). How many tasks are open again."""
    _lock(entry)
    _refuse_retracted(entry)
    untold.tell_nobody(row for row in untold.still_to_tell(entry, since=entry.opens_at) if row.made_at > clock.now())
    reopened = _retract(case, entry, by)
    events.record("comment.retracted", by=by, on=entry, about=case)
    return reopened


def change_audience(case: CaseHead, entry: Entry, audience: Audience, *, by: Actor) -> None:
    """Widen or narrow who reads an entry; from what, when, by whom, and whether it had been read, is kept. What becomes
    shared opens to others later (SHARE-2)."""
    if entry.organisation_id != by.organisation_id:
        raise Refused("Only what your own service wrote can change its audience.")
    _lock(entry)
    _refuse_retracted(entry)
    if entry.audience is audience:
        return
    _keep_change(entry, audience, by)
    if entry.audience is Audience.SHARED:
        _stop_sharing(entry)
    entry.audience = audience
    if audience is Audience.SHARED:
        entry.opens_at = clock.now() + the_figures().undo_for
    db.session.flush()
    events.record("comment.audience_changed", by=by, on=entry, about=case, after=entry.opens_at)


def _keep_change(entry: Entry, audience: Audience, by: Actor) -> None:
    was_read = bool(readers_since(entry)) if entry.audience is Audience.SHARED else None
    values = {"entry_id": entry.id, "was": entry.audience, "became": audience, "at": clock.now(), "was_read": was_read}
    db.session.execute(insert(EntryAudience).values(by_id=by.person_id, **values))


def _stop_sharing(entry: Entry) -> None:
    """Whoever was still to be told is told nothing."""
    now = clock.now()
    untold.tell_nobody(row for row in untold.still_to_tell(entry, since=entry.opens_at) if row.made_at > now)
    entry.opens_at = min(entry.opens_at, now)


def _retract(case: CaseHead, entry: Entry, by: Actor) -> int:
    entry.retracted_at, entry.retracted_by_id = clock.now(), by.person_id
    db.session.flush()
    return take_back(case, entry, by=by) if entry.kind is EntryKind.EVENT else 0


def _lock(entry: Entry) -> None:
    """The entry as it is now, and nobody else's until the end of the transaction: two at once each keep what was."""
    locked = select(Entry).where(Entry.id == entry.id).with_for_update()
    db.session.scalars(locked.execution_options(populate_existing=True)).one()


def _refuse_retracted(entry: Entry) -> None:
    if entry.retracted_at:
        raise Conflict(TAKEN_BACK, "This is no longer there")
