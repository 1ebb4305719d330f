"""The files of requests, as this person may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.cases.files.queries import LISTED, FoundFile
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.people.models import Person
from app.people.queries import Actor
from app.referrals import policy
from app.referrals.models import Referral, ReferralFile
from app.referrals.queries import Request, held_request_for


def file_for(actor: Actor, public_id: str, file: str) -> FoundFile | None:
    """One file of one request that this person may see; one statement."""
    statement = (
        select(StoredFile, Referral.case_id)
        .join(ReferralFile, ReferralFile.file_id == StoredFile.id)
        .join(Referral, Referral.id == ReferralFile.referral_id)
        .where(Referral.public_id == public_id, StoredFile.public_id == file, policy.visible(actor))
        .where(Referral.discarded_at.is_(None))
    )
    row = db.session.execute(statement).first()
    return FoundFile(row[0], row[1]) if row else None


def files_of(referral_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """The files of these requests, which were loaded through `visible`, in their order; by request."""
    statement = (
        select(ReferralFile.referral_id, *LISTED)
        .join(StoredFile, StoredFile.id == ReferralFile.file_id)
        .join(Person, Person.id == StoredFile.by_id)
        .where(ReferralFile.referral_id.in_(referral_ids))
        .order_by(StoredFile.id)
    )
    found: dict[int, list[AnyRow]] = {}
    for row in db.session.execute(statement) if referral_ids else ():
        found.setdefault(row.referral_id, []).append(row)
    return found


@dataclass(frozen=True)
class DraftFile:
    """A file to be taken off a draft, and the draft; it may be gone already."""

    request: Request
    public_id: str


def draft_file_for(actor: Actor, public_id: str, file: str) -> DraftFile | None:
    """Of a request that this person may see; also one that ended meanwhile, for whoever typed into it."""
    request = held_request_for(actor, public_id)
    return DraftFile(request, file) if request else None
