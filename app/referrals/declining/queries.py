"""The requests of a case, and which of them its service may still decline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.people.models import Organisation, Person
from app.referrals.models import Outcome, Referral, State
from app.students.queries import is_enrolled

LIVE = frozenset({State.SUBMITTED, State.TAKEN_UP})
BEGINS = frozenset({Outcome.NEW, Outcome.REOPENED})
"""What a request does that its case is there for."""


@dataclass(frozen=True)
class Asked:
    """A request as it reached the service; what declining it would end."""

    row: Any
    is_live: bool
    """Neither withdrawn nor declined, and not of an earlier round of the case."""
    ends_case: bool
    """The case is there for it alone."""

    @property
    def referral(self) -> Referral:
        found: Referral = self.row.Referral
        return found

    @property
    def is_here(self) -> bool:
        """Once the student has left the school that asked, no other school reads why its request was declined."""
        return bool(self.row.is_here)

    @property
    def sent_on(self) -> Any:
        return clock.nz(self.row.Referral.submitted_at).date()


def requests_of(case_id: int, *, hold: bool = False) -> list[Asked]:
    """All that were ever sent, the oldest first. A case ends with the last of the requests that are there since one of them
    began it, or opened it again; one that was there before any request goes on (REQ-1). `hold`: nobody else changes them."""
    statement = (
        select(Referral, Organisation.name.label("school_name"), Person.name.label("sender"), _begun(case_id))
        .add_columns(_is_here())
        .join(Case, Case.id == Referral.case_id)
        .join(Organisation, Organisation.id == Referral.school_id)
        .join(Person, Person.id == Referral.submitted_by_id)
        .where(Referral.case_id == case_id)
        .order_by(Referral.submitted_at, Referral.id)
    )
    if hold:
        statement = statement.with_for_update(of=Referral)
    return _judged(db.session.execute(statement.execution_options(populate_existing=True)).all())


def live_requests(case_id: int) -> list[Asked]:
    return [asked for asked in requests_of(case_id) if asked.is_live]


def _begun(case_id: int) -> Any:
    """When the request came that the case is there for since."""
    begins = (Referral.case_id == case_id, Referral.outcome.in_(BEGINS))
    return select(func.max(Referral.submitted_at)).where(*begins).scalar_subquery().label("begun_at")


def _is_here() -> Any:
    school_id: Any = Referral.school_id
    return is_enrolled(school_id, Case.student_id).label("is_here")


def _judged(rows: Sequence[Any]) -> list[Asked]:
    live = {row.Referral.id for row in rows if _is_live(row)}
    return [
        Asked(row, is_live=row.Referral.id in live, ends_case=live == {row.Referral.id} and row.begun_at is not None)
        for row in rows
    ]


def _is_live(row: Any) -> bool:
    is_of_round = row.begun_at is None or row.Referral.submitted_at >= row.begun_at
    return row.Referral.state in LIVE and is_of_round
