"""REQ-10: another record that may be the same student. Until somebody of the service has looked, the request has its own case."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.cases.models import Case, Status
from app.core import clock, events
from app.core.db import db
from app.core.security import public_id
from app.core.text import fold
from app.referrals.models import LikelyMatch, Outcome
from app.referrals.routing import LAST_FIRST, reopens
from app.students.models import Student


@dataclass(frozen=True)
class Itself:
    """Waharoa finds it by itself: no line of the school’s own people tells of it."""

    organisation_id: int
    person_id: Any = None
    role: str = "waharoa"


def look_for_matches(case: Case, outcome: Outcome) -> None:
    """The cases, not closed or closed lately, of other records with the same folded name and date of birth."""
    if outcome not in {Outcome.NEW, Outcome.REOPENED}:
        return
    for other in _alike(case):
        if other.status is not Status.CLOSED or reopens(other):
            match = LikelyMatch(public_id=public_id(), case_id=case.id, other_case_id=other.id, found_at=clock.now())
            db.session.add(match)
            db.session.flush()
            _tell(match, case, other)


def _tell(match: LikelyMatch, case: Case, earlier: Case) -> None:
    """Whoever may decide, and the investigators of what is in triage: each of the one case that they see."""
    theirs = earlier if earlier.service_id else case
    for about in {
        each.id: each for each in (theirs, case, earlier) if each is theirs or each.service_id is None
    }.values():
        events.record("match.found", by=Itself(about.service_id or about.school_id), on=match, about=about)


def _alike(case: Case) -> list[Case]:
    """The last case of each such record, where the two were not put side by side before."""
    student = db.session.get_one(Student, case.student_id)
    last = func.row_number().over(partition_by=Case.student_id, order_by=LAST_FIRST)
    found = select(Case.id, last.label("place")).where(Case.student_id.in_(_records_like(student))).subquery()
    alike = select(Case).join(found, found.c.id == Case.id).where(found.c.place == 1, Case.id.not_in(_seen_with(case)))
    return list(db.session.scalars(alike.order_by(Case.id)))


def _records_like(student: Student) -> list[int]:
    """The roll's order begins with the family name, and where that begins is not said: each beginning is looked up."""
    words = fold(student.legal_name).split()
    keys = {" ".join([*words[begin:], *words[:begin]]) for begin in range(len(words))}
    same = select(Student.id, Student.legal_name).where(Student.sort_key.in_(keys), Student.born_on == student.born_on)
    rows = db.session.execute(same.where(Student.id != student.id))
    return [row.id for row in rows if fold(row.legal_name).split() == words]


def _seen_with(case: Case) -> Any:
    mine = (LikelyMatch.case_id == case.id) | (LikelyMatch.other_case_id == case.id)
    return select(LikelyMatch.case_id + LikelyMatch.other_case_id - case.id).where(mine)
