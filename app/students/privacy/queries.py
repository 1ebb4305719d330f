"""When the statement was given, and by whom."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from app.core.db import AnyRow, db
from app.people.models import Organisation, Person
from app.students.models import PrivacyStatementGiven


def given_on(student_id: Any, organisation_id: Any) -> Any:
    """The last day on which this organisation gave it to the whānau of the student, as a column of another statement."""
    given = PrivacyStatementGiven
    last = select(func.max(given.given_on)).where(
        given.student_id == student_id, given.organisation_id == organisation_id
    )
    return last.scalar_subquery()


def statements_given(student_id: int, organisation_ids: Iterable[int]) -> Sequence[AnyRow]:
    """Each time that one of these organisations gave it, last first."""
    given = PrivacyStatementGiven
    statement = (
        select(given.given_on, given.recorded_at, Person.name.label("by_name"), Organisation.name.label("organisation"))
        .join(Person, Person.id == given.recorded_by_id)
        .join(Organisation, Organisation.id == given.organisation_id)
        .where(given.student_id == student_id, given.organisation_id.in_(list(organisation_ids)))
        .order_by(given.given_on.desc(), given.id.desc())
    )
    return db.session.execute(statement).all()
