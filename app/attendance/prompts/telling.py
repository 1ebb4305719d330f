"""Of which long absences, and of which days of return, people have still to be told (ATT-3)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from app.attendance.prompts.counting import AWAY
from app.attendance.prompts.models import MarkPrompt, PromptAnswer
from app.attendance.prompts.queries import (
    HAS_PASSED,
    IS_CARRIED,
    IS_PAST,
    IS_UNANSWERED,
    OF_ROLL_HAS_PASSED,
    RETURN_ON,
    Answered,
    asked,
)
from app.core import clock
from app.core.db import TODAY, AnyRow, db
from app.students.models import Student

LATELY = timedelta(days=14)
"""What passed earlier passed while nobody looked: it stands in the list, and nobody is told."""


def untold() -> Sequence[AnyRow]:
    """Long absences of any school that nobody has been told of, and nobody has answered; of twenty days also where they were
    said to be back by now before there were twenty."""
    of = asked(MarkPrompt.id, MarkPrompt.school_id, MarkPrompt.kind)
    is_new = or_(IS_UNANSWERED, and_(IS_CARRIED, IS_PAST))
    untold = of.where(MarkPrompt.told_at.is_(None), MarkPrompt.kind.in_(AWAY), is_new)
    return db.session.execute(untold.order_by(MarkPrompt.id)).all()


def returns_passed() -> Sequence[AnyRow]:
    """Days of return of any school that have passed lately, and of which nobody has been told."""
    since = clock.today() - LATELY
    lately = (PromptAnswer.return_on < TODAY, PromptAnswer.return_on >= since)
    at = MarkPrompt.school_id.in_(select(PromptAnswer.school_id).where(*lately))
    answered = (at, HAS_PASSED, Answered.return_on >= since, ~OF_ROLL_HAS_PASSED)
    of_roll = (OF_ROLL_HAS_PASSED, Student.return_on >= since)
    of = asked(MarkPrompt.id, MarkPrompt.school_id, MarkPrompt.student_id, RETURN_ON.label("return_on"))
    of = of.where(~_is_told()).order_by(MarkPrompt.id)
    return [row for passed in (answered, of_roll) for row in db.session.execute(of.where(*passed))]


def _is_told() -> ColumnElement[bool]:
    """Of this day, whether there were fifteen days or twenty."""
    other = aliased(MarkPrompt)
    same = (other.student_id == MarkPrompt.student_id, other.school_id == MarkPrompt.school_id)
    return select(other.id).where(*same, other.told_return_on == RETURN_ON).exists()
