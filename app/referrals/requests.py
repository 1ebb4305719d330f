"""A request with its answers, a row each (REQ-4): written field by field, and those that are new in one statement."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, insert, select

from app.cases.models import Case, Status
from app.core import clock
from app.core.db import db
from app.core.text import nfc
from app.people.queries import Actor
from app.referrals.models import Answer, KeptText, Referral, ReferralFile

MORE = (
    exists().where(KeptText.referral_id == Referral.id).label("has_kept"),
    exists().where(ReferralFile.referral_id == Referral.id).label("has_files"),
    exists().where(Case.id == Referral.case_id, Case.status == Status.CLOSED).label("case_is_closed"),
)
"""Is there more to read of it? Most have neither texts kept beside an answer nor files, and cost no statement for them. And
may it still be withdrawn?"""
COLUMNS = ("referral_id", "field", "text", "version", "page", "turn", "by_id", "at")


ADDRESSES = ("address", "address_other")


def addresses_asked_with(case_id: int) -> list[str]:
    """Where the student lives, as the newest request that led to this case says; who may read it is asked of the case."""
    newest = select(func.max(Referral.id)).where(Referral.case_id == case_id).scalar_subquery()
    said = select(Answer.text).where(Answer.referral_id == newest, Answer.field.in_(ADDRESSES), Answer.text != "")
    return list(db.session.scalars(said.order_by(Answer.field)))


@dataclass(frozen=True)
class Request:
    """A request with its answers, as a page or an action needs it."""

    referral: Referral
    answers: dict[str, Answer]
    student: Any = None
    """Its names, date of birth, year level; who changed the request last; whether the school has a choice of services; `MORE`."""
    is_held: bool = False
    """Nobody else changes it until the end of the transaction."""
    kept: list[KeptText] = field(default_factory=list)
    """What was typed into fields that another page had changed, oldest first."""

    @property
    def texts(self) -> dict[str, str]:
        return {field: answer.text for field, answer in self.answers.items()}

    @property
    def unsettled(self) -> list[str]:
        """The fields of which two texts are kept, until one is chosen."""
        return list(dict.fromkeys(kept.field for kept in self.kept if kept.text != self.texts.get(kept.field, "")))

    @property
    def versions(self) -> dict[str, int]:
        return {field: answer.version for field, answer in self.answers.items()}

    @property
    def version(self) -> int:
        """Grows with every change of any field: what was checked is what is sent."""
        return sum(self.versions.values())

    @property
    def case_is_closed(self) -> bool:
        """It takes a service's corrections only (CASE-2)."""
        return bool(self.student and self.student.case_is_closed)

    @property
    def has_choice(self) -> bool:
        """Does the school say which service it asks (REQ-6)?"""
        return bool(self.student and self.student.has_choice)


def write(request: Request, field: str, text: str, *, by: Actor, page: str = "", turn: int = 0) -> None:
    """A new version of this field. One that was never answered is there for good after `add_new` only."""
    answer = request.answers.get(field)
    if answer is None:
        answer = request.answers[field] = Answer(referral_id=request.referral.id, field=field, version=0)
    answer.text, answer.version = nfc(text), answer.version + 1
    answer.page, answer.turn = page, turn
    answer.by_id, answer.at = by.person_id, clock.now()


def add_new(request: Request) -> None:
    """All that were answered for the first time. Left to the session, SQLite would be asked once for each."""
    new = [answer for answer in request.answers.values() if answer.id is None]
    rows = [{column: getattr(answer, column) for column in COLUMNS} for answer in new]
    added = db.session.scalars(insert(Answer).returning(Answer), rows) if rows else ()
    request.answers.update({answer.field: answer for answer in added})
