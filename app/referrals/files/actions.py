"""Files are put with a draft, taken off it, and come along to the case when it is sent (REQ-7, SHARE-6)."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select

from app.cases.entries import Entry
from app.cases.files.actions import Arrived, add_all, hang
from app.core import clock
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.figures import counted, the_figures
from app.core.files.stored import StoredFile
from app.people.queries import Actor
from app.referrals.models import Referral, ReferralFile, State

ENDED_MEANWHILE = (
    "This request was sent or discarded meanwhile. Once it is sent, add files on its case, with a comment."
)


def attach(referral: Referral, arrived: Arrived, *, by: Actor) -> None:
    """Put files with a draft. Raises `Refused` when there would be too many of them, `Conflict` once it was sent."""
    _hold_draft(referral)
    there = db.session.scalars(select(ReferralFile.file_id).where(ReferralFile.referral_id == referral.id)).all()
    if len(there) + len(arrived.kept) > (most := the_figures().most_files):
        raise Refused(_too_many(most))
    ids = add_all(arrived, by=by, beside=there)
    db.session.execute(insert(ReferralFile), [{"file_id": each, "referral_id": referral.id} for each in ids])
    _note_change(referral, by)


def take_off(referral: Referral, file: str, *, by: Actor) -> str:
    """Take a file off a draft: its name, or nothing where it was gone already. Raises `Conflict` once it was sent."""
    _hold_draft(referral)
    mine = select(StoredFile.id, StoredFile.name).join(ReferralFile, ReferralFile.file_id == StoredFile.id)
    row = db.session.execute(mine.where(ReferralFile.referral_id == referral.id, StoredFile.public_id == file)).first()
    if row is None:
        return ""
    db.session.execute(delete(ReferralFile).where(ReferralFile.file_id == row.id))
    db.session.execute(delete(StoredFile).where(StoredFile.id == row.id))
    _note_change(referral, by)
    return str(row.name)


def files_now(referral: Referral) -> dict[str, int]:
    """Public id → id of what is with the request at this moment: only what was seen on checking goes along (REQ-8)."""
    mine = select(StoredFile.public_id, StoredFile.id).join(ReferralFile, ReferralFile.file_id == StoredFile.id)
    rows = db.session.execute(mine.where(ReferralFile.referral_id == referral.id).order_by(StoredFile.id))
    return {row.public_id: row.id for row in rows}


def bring_along(files: Collection[int], entry: Entry) -> None:
    """Once sent, the files hang on the request's entry too, so that whoever may read it may open them."""
    hang(entry, list(files))


def _too_many(most: int) -> str:
    files = counted(most, "file")
    return f"There can be {files} with a request at most. Take one off first, or send the rest with a comment later."


def _hold_draft(referral: Referral) -> None:
    """As it is now, and nobody else's until the end of the transaction, so that of two at once the second counts both."""
    locked = select(Referral).where(Referral.id == referral.id).with_for_update()
    db.session.scalars(locked.execution_options(populate_existing=True)).one()
    if referral.state is not State.DRAFT or referral.discarded_at:
        raise Conflict(ENDED_MEANWHILE)


def _note_change(referral: Referral, by: Actor) -> None:
    """REQ-3: whoever adds a file works on the draft."""
    referral.changed_at, referral.changed_by_id, referral.announced_at = clock.now(), by.person_id, None
    db.session.flush()
