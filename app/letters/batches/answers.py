"""Letters of a school to which an answer was hoped for by a day that is past, and none came (LET-6). Of a batch somebody said the
day, or that there is none; a letter that was sent alone waits for two weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, false, func, or_, select, true

from app.core import clock
from app.core.db import TODAY, AnyRow, db
from app.letters.batches.models import BatchLine, LetterBatch
from app.letters.facts import thawed
from app.letters.models import Letter
from app.letters.school.policy import WRITERS
from app.people.queries import Actor
from app.students.models import Caregiver, Student
from app.students.queries import is_enrolled, is_not_given_up

MOST = 25
TWO_WEEKS, TWELVE_WEEKS = timedelta(weeks=2), timedelta(weeks=12)
"""After it was sent; who has not been rung by the end of the second is hardly rung because of that letter."""


@dataclass(frozen=True)
class Unanswered:
    """One of them, in its own words: of whom, and to whom, it says it is."""

    row: AnyRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def hoped_for(self) -> date:
        """Until when."""
        hoped_for: date = self.row.answer_by or self.row.sent_on + TWO_WEEKS
        return hoped_for

    @property
    def student_name(self) -> str:
        return thawed(self.row.facts).values.get("student_name", "")

    @property
    def to(self) -> str:
        return thawed(self.row.facts).values.get("caregiver_name", "")


def unanswered_for(actor: Actor) -> tuple[Sequence[Unanswered], int]:
    """Those that were sent last, and how many more there are: about who is on the roll of the actor's school today, to whom it names
    still. One statement."""
    columns = (Letter.public_id, Letter.purpose, Letter.step, Letter.round, Letter.facts, Letter.sent_on)
    statement = (
        select(*columns, LetterBatch.answer_by, Student.public_id.label("student"), func.count().over().label("found"))
        .select_from(Letter)
        .outerjoin(BatchLine, BatchLine.letter_id == Letter.id)
        .outerjoin(LetterBatch, LetterBatch.id == BatchLine.batch_id)
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .join(Student, Student.id == Caregiver.student_id)
        .where(*_waits(actor), is_enrolled(actor.organisation_id, Student.id), is_not_given_up())
        .order_by(Letter.sent_on.desc(), Letter.id)
        .limit(MOST)
    )
    rows = db.session.execute(statement).all()
    return [Unanswered(row) for row in rows], (rows[0].found - len(rows) if rows else 0)


def _waits(actor: Actor) -> tuple[Any, ...]:
    today = clock.today()
    alone = and_(LetterBatch.id.is_(None), Letter.sent_on < today - TWO_WEEKS, Letter.sent_on >= today - TWELVE_WEEKS)
    is_past = or_(LetterBatch.answer_by < TODAY, alone)
    is_out = (Letter.student_id.is_not(None), Letter.sent_on.is_not(None), Letter.voided_at.is_(None))
    is_writer = true() if actor.role in WRITERS else false()
    return Letter.organisation_id == actor.organisation_id, *is_out, Letter.back.is_(None), is_past, is_writer
