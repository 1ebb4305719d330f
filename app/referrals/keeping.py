"""What stays behind when two records of a student become one (CASE-18)."""

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from app.referrals.models import Referral, State


def second_drafts(into_id: int) -> ColumnElement[bool]:
    """A clause on Referral: a school has one draft for a student, so of two the one of the record that goes stays with it."""
    draft = (Referral.state == State.DRAFT, Referral.discarded_at.is_(None))
    other = aliased(Referral)
    of_it = (other.student_id == into_id, other.state == State.DRAFT, other.discarded_at.is_(None))
    return and_(*draft, Referral.school_id.in_(select(other.school_id).where(*of_it)))
