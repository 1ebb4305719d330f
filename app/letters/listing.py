"""Everything that was written about the student of a case, in one list."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_

from app.cases.queries import CaseHead
from app.core.db import AnyRow, db
from app.letters.models import Letter
from app.letters.queries import LETTERS, made_of
from app.students.records.queries import is_of


@dataclass(frozen=True)
class LettersAbout:
    """What was written about the student of a case, oldest first, each with whom it went to."""

    made: Sequence[AnyRow]
    """Of the case's ladder."""
    to_sign: Sequence[AnyRow]
    """Previews of this case that a lead is to sign off, or has sent back."""
    of_schools: Sequence[AnyRow]


def letters_about(head: CaseHead) -> LettersAbout:
    """One statement. Who may see them is asked of the case before."""
    is_asked = (Letter.made_at.is_(None), Letter.sign_asked_at.is_not(None))
    of_school = and_(is_of(Letter.student_id, head.student_id), Letter.made_at.is_not(None))
    which = or_(made_of(head), and_(Letter.case_id == head.case_id, *is_asked), of_school)
    rows = db.session.execute(LETTERS.where(which)).all()
    to_sign = [row for row in rows if not row.made_at]
    return LettersAbout(
        [row for row in rows if row.made_at and row.case_id],
        sorted(to_sign, key=lambda row: row.sign_asked_at),
        [row for row in rows if not row.case_id],
    )
