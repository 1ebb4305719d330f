"""The statement was given (PRIV-5)."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.core import clock, events
from app.core.db import db
from app.core.errors import refuse_faulty
from app.students.models import PrivacyStatementGiven
from app.students.privacy.rules import fault_of


def mark_given(student_id: int, on: date, *, by: events.By, about: Any = None) -> bool:
    """By the actor's organisation, on that day; `about` is the case, where there is one. False where that is recorded."""
    refuse_faulty(fault_of(on, today=clock.today()))
    same = select(PrivacyStatementGiven.id).where(
        PrivacyStatementGiven.student_id == student_id,
        PrivacyStatementGiven.organisation_id == by.organisation_id,
        PrivacyStatementGiven.given_on == on,
    )
    if db.session.scalar(same.limit(1)):
        return False
    given = PrivacyStatementGiven(
        student_id=student_id,
        organisation_id=by.organisation_id,
        given_on=on,
        recorded_by_id=by.person_id,
        recorded_at=clock.now(),
    )
    db.session.add(given)
    db.session.flush()
    events.record("privacy_statement.given", by=by, on=given, about=about)
    return True
