"""The safety notes of a case, also those that are true no more, and who said so."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.cases.models import SafetyNote
from app.cases.policy import safety_readable
from app.cases.safety.rules import mark_of
from app.core.db import TODAY, AnyRow, db
from app.people.models import Organisation, Person
from app.people.queries import Actor

Reviewer, Ender = aliased(Person), aliased(Person)


def notes_of(actor: Actor, case_id: int) -> Sequence[AnyRow]:
    """Those that this person may read, oldest first: the note, who added it where, who looked at it again, who ended it."""
    statement = (
        select(
            *SafetyNote.__table__.c,
            (SafetyNote.review_by < TODAY).label("is_past"),
            Person.name.label("added_by"),
            Organisation.name.label("given_by"),
            Reviewer.name.label("reviewed_by"),
            Ender.name.label("ended_by"),
        )
        .join(Person, Person.id == SafetyNote.added_by_id)
        .join(Organisation, Organisation.id == SafetyNote.organisation_id)
        .outerjoin(Reviewer, Reviewer.id == SafetyNote.reviewed_by_id)
        .outerjoin(Ender, Ender.id == SafetyNote.ended_by_id)
        .where(SafetyNote.case_id == case_id, safety_readable(actor))
        .order_by(SafetyNote.id)
    )
    return db.session.execute(statement).all()


def note_to_change(actor: Actor, case_id: int, mark: str) -> SafetyNote | None:
    """The note with this mark, if this person may read it, locked until the end of the transaction."""
    of_case = select(SafetyNote).where(SafetyNote.case_id == case_id, safety_readable(actor)).with_for_update()
    notes = db.session.scalars(of_case.execution_options(populate_existing=True)).all()
    return next((note for note in notes if mark_of(note) == mark), None)
