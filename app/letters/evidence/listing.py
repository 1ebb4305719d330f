"""A school's letters whose facts have changed since, in one list (L8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, or_, select, true, tuple_

from app.core.db import AnyRow, AnySelect, db
from app.letters.facts import thawed
from app.letters.models import Letter
from app.letters.rules import sending_of
from app.letters.school.policy import WRITERS, visible
from app.people.queries import Actor
from app.students.models import Caregiver, Student
from app.students.queries import is_enrolled

PAGE = 25
_SHOWN = ("public_id", "purpose", "step", "round", "facts", "made_at", "sent_on", "method", "served_by")


@dataclass(frozen=True)
class Flagged:
    """One of them, in its own words: of whom, and to whom, it says it is."""

    row: AnyRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def student_name(self) -> str:
        return thawed(self.row.facts).values.get("student_name", "")

    @property
    def to(self) -> str:
        return thawed(self.row.facts).values.get("caregiver_name", "")

    @property
    def sent_words(self) -> str:
        sent = sending_of(self.row)
        return sent.words if sent else "Not sent yet"


def flagged_for(actor: Actor, *, after: str = "") -> Sequence[Flagged]:
    """A page of those that this person may see, flagged last first, and one more."""
    statement = _flagged(actor)
    if after:
        last = select(Letter.changed_at, Letter.id).where(Letter.public_id == after, *_ours(actor))
        statement = statement.where(tuple_(Letter.changed_at, Letter.id) < last.scalar_subquery())
    in_order = statement.order_by(Letter.changed_at.desc(), Letter.id.desc()).limit(PAGE + 1)
    return [Flagged(row) for row in db.session.execute(in_order)]


def _flagged(actor: Actor) -> AnySelect:
    """With the page of the student, which is that of their one record, where two became one."""
    here = is_enrolled(actor.organisation_id, Student.id)
    left = true() if actor.role in WRITERS else false()
    columns = (*(getattr(Letter, name) for name in _SHOWN), Letter.changed_at, Letter.changed_what)
    return (
        select(*columns, Student.public_id.label("student"))
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .join(Student, Student.id == Caregiver.student_id)
        .where(*_ours(actor), visible(actor), or_(here, left))
    )


def _ours(actor: Actor) -> tuple[Any, ...]:
    made = (Letter.made_at.is_not(None), Letter.voided_at.is_(None), Letter.student_id.is_not(None))
    return Letter.organisation_id == actor.organisation_id, Letter.changed_what != "", *made
