"""Formal warnings of a case that wait for a lead."""

from collections.abc import Sequence

from sqlalchemy import select

from app.cases.queries import CaseHead
from app.core.db import AnyRow, db
from app.letters.models import Letter
from app.people.models import Person


def to_sign_of(head: CaseHead) -> Sequence[AnyRow]:
    """Previews that wait for a lead to sign them off, or were sent back, oldest first."""
    statement = (
        select(Letter.public_id, Letter.caregiver_id, Letter.step, Letter.sign_asked_at, Letter.not_signed_why)
        .add_columns(Person.name.label("asked_by"))
        .join(Person, Person.id == Letter.sign_asked_by_id)
        .where(Letter.case_id == head.case_id, Letter.made_at.is_(None))
    )
    return db.session.execute(statement.order_by(Letter.sign_asked_at, Letter.id)).all()
