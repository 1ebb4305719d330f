"""The ladders of a school on days absent, and which one letters about a student go by in a term (LET-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from app.attendance.calendars.queries import present_term
from app.calendars.school_terms import TermOfYear
from app.core import clock
from app.core.db import db
from app.letters.ladders import Step, ladder
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.steps import Ladder, LadderStep
from app.letters.versions.queries import step_from
from app.letters.versions.rules import GoesBy


@dataclass(frozen=True)
class SchoolLadders:
    """Each version of a school's own, by its id, and what letters begin with now."""

    present: GoesBy
    versions: Mapping[int, GoesBy]

    def gone_by(self, letters: Sequence[Any]) -> GoesBy:
        """`letters`: a student's of one term that count, to whichever caregiver, oldest first. By the ladder of the first of them
        the others go until the term ends."""
        if not letters:
            return self.present
        first, newest_id = letters[0], self.present.id
        if found := self.versions.get(first.ladder_id):
            return GoesBy(found.steps, found.id, found.number, is_begun=True, newest_id=newest_id)
        ours = ladder(Purpose.SCHOOL, clock.nz(first.made_at).date())
        return GoesBy(ours, is_begun=True, newest_id=newest_id)


@dataclass(frozen=True)
class Present:
    """The term that a school is in, and its ladders: the same for all its students."""

    term: TermOfYear | None
    ladders: SchoolLadders

    @property
    def steps(self) -> Sequence[Step]:
        """Of the ladder that letters begin with now."""
        return self.ladders.present.steps


def present_of(school_id: int) -> Present:
    return Present(present_term(school_id), school_ladders(school_id))


def school_ladders(school_id: int) -> SchoolLadders:
    """All of them; one statement, the same for every student of the school."""
    mine = (Ladder.organisation_id == school_id, Ladder.purpose == Purpose.SCHOOL)
    statement = select(Ladder.id, Ladder.number, LadderStep).outerjoin(LadderStep, LadderStep.ladder_id == Ladder.id)
    rows = db.session.execute(statement.where(*mine).order_by(Ladder.number, LadderStep.number))
    found: dict[int, GoesBy] = {}
    present = ours = GoesBy(ladder(Purpose.SCHOOL, clock.today()))
    for (ladder_id, number), group in groupby(rows, key=lambda row: (row.id, row.number)):
        steps = [step_from(row.LadderStep, Purpose.SCHOOL) for row in group if row.LadderStep]
        present = GoesBy(steps, ladder_id, number, newest_id=ladder_id) if steps else ours
        found |= {ladder_id: present} if steps else {}
    return SchoolLadders(present, found)


def begun_in(school_id: int, term: int) -> int:
    """About how many students a school has letters of this term that count."""
    of_term = (Letter.organisation_id == school_id, Letter.purpose == Purpose.SCHOOL, Letter.round == term)
    count = select(func.count(Letter.student_id.distinct())).where(*of_term, Letter.made_at.is_not(None))
    return db.session.scalar(count.where(Letter.voided_at.is_(None))) or 0
