"""The ladders of a school on days absent, and which one letters about a student go by in a term (LET-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from app.attendance.calendars.queries import present_term
from app.attendance.rules import ONE_DAY
from app.calendars.school_terms import TermOfYear
from app.core import clock
from app.core.db import AnySelect, db
from app.letters.ladders import Step, ladder
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.steps import Ladder, LadderStep
from app.letters.versions.queries import step_from
from app.letters.versions.rules import GoesBy
from app.students.models import Caregiver


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

    @property
    def least(self) -> int:
        """From how many half-days absent on a first letter is due."""
        return _least(self.steps)

    @property
    def least_begun(self) -> int:
        """From how many on one may be due to whom there are letters of this term: by whichever ladder they go until it ends."""
        then = self.term.from_on if self.term else clock.today()
        ours = [step for day in (then, clock.today()) for step in ladder(Purpose.SCHOOL, day)]
        return _least([*ours, *self.steps, *(step for each in self.ladders.versions.values() for step in each.steps)])

    @property
    def has_begun_otherwise(self) -> bool:
        """May a letter be due to one of those earlier than to others?"""
        return self.least_begun != self.least


def _least(steps: Sequence[Step]) -> int:
    return min((step.days or 0) * ONE_DAY for step in steps)


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
    of_term = students_begun(school_id, term).distinct().subquery()
    return db.session.scalar(select(func.count()).select_from(of_term)) or 0


def students_begun(school_id: int, term: int) -> AnySelect:
    """Their ids, perhaps more than once."""
    of_term = (Letter.organisation_id == school_id, Letter.purpose == Purpose.SCHOOL, Letter.round == term)
    counts = (Letter.made_at.is_not(None), Letter.voided_at.is_(None))
    found = select(Caregiver.student_id).join(Letter, Letter.caregiver_id == Caregiver.id)
    return found.where(*of_term, *counts)
