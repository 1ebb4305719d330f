"""Comments come to be, and change their audience (SHARE-1, SHARE-2)."""

from sqlalchemy import insert, select

from app.cases.actions import add_entry
from app.cases.entries import Audience, Entry, EntryAudience, EntryKind
from app.cases.queries import CaseHead
from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused
from app.people.models import Kind
from app.people.queries import Actor


def add_comment(case: CaseHead, *, by: Actor, body: str, audience: Audience) -> Entry:
    """A comment for one audience. A school's is always shared (SHARE-1)."""
    if by.organisation_kind is Kind.SCHOOL and audience is not Audience.SHARED:
        raise Refused("What a school writes is always shared with the service.")
    entry = add_entry(case.case_id, EntryKind.COMMENT, body=body, audience=audience, by=by)
    events.record("comment.added", by=by, on=entry, about=case)
    return entry


def change_audience(case: CaseHead, entry: Entry, audience: Audience, *, by: Actor) -> None:
    """Widen or narrow who reads an entry; from what, when and by whom is kept."""
    if entry.organisation_id != by.organisation_id:
        raise Refused("Only what your own service wrote can change its audience.")
    _lock(entry)
    if entry.audience is audience:
        return
    values = {"entry_id": entry.id, "was": entry.audience, "became": audience, "at": clock.now()}
    db.session.execute(insert(EntryAudience).values(by_id=by.person_id, **values))
    entry.audience = audience
    db.session.flush()
    events.record("comment.audience_changed", by=by, on=entry, about=case)


def _lock(entry: Entry) -> None:
    """The entry as it is now, and nobody else's until the end of the transaction: two at once each keep what was."""
    locked = select(Entry).where(Entry.id == entry.id).with_for_update()
    db.session.scalars(locked.execution_options(populate_existing=True)).one()
