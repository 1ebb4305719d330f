"""What a school said in its request, offered to be taken over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.cases.queries import CaseHead
from app.core.db import db
from app.core.versions import version_of
from app.referrals.models import Referral
from app.referrals.queries import requests_on_case


@dataclass(frozen=True)
class Offer:
    """The words of one answer, and who sent them when."""

    words: str
    request_id: int
    school_name: str
    said_at: datetime

    @property
    def mark(self) -> str:
        """For the form of the button: which words they are."""
        return version_of({"words": self.words})

    @property
    def school_id(self) -> int:
        return db.session.scalars(select(Referral.school_id).where(Referral.id == self.request_id)).one()

    def is_taken(self, given_by: str, at: datetime) -> bool:
        """Something that this school gave was written down since it said so."""
        return given_by == self.school_name and at >= self.said_at


def offers_of(head: CaseHead, field: str, taken: Collection[str] = ()) -> list[Offer]:
    """What the requests of this case answer to a question, newest first, each text once; without what was taken over."""
    found: dict[str, Offer] = {}
    for sent in requests_on_case(head.case_id):
        words = sent.texts.get(field, "").strip()
        if words and words not in taken and words not in found:
            found[words] = Offer(words, sent.row.id, sent.row.school_name, sent.row.submitted_at)
    return list(found.values())
