"""A likely match is confirmed or parted, once (REQ-10)."""

from sqlalchemy import select

from app.cases.models import Case, Status
from app.cases.queries import case_to_change
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict
from app.people.queries import Actor
from app.referrals.matches import tells  # noqa: F401  (registers where a match stands)
from app.referrals.matches.joining import goes_on_in
from app.referrals.matches.queries import match_to_change
from app.referrals.models import LikelyMatch
from app.referrals.routing import LAST_FIRST
from app.students.queries import hold_student

DECIDED = "Somebody decided this meanwhile, and otherwise."
ONE_ALREADY = "The two records were merged meanwhile, so there is nothing to decide here."
CLOSED = "The new case is closed meanwhile, so there is nothing to join."


def same_student(match: LikelyMatch, *, by: Actor) -> bool:
    """One student, one record. What was asked with the newer one goes on as if it had been asked with the earlier (REQ-7):
    its last case is joined or opens again, and the new case closes as a duplicate; where the last case closed for good or
    long before, the new one stays. False where that was said already; raises `Conflict` where something else was."""
    new, earlier = _held(match)
    if not _decide(match, is_same=True, by=by):
        return False
    if new.student_id == earlier.student_id:
        raise Conflict(ONE_ALREADY)
    if new.status is Status.CLOSED:
        raise Conflict(CLOSED)
    goes_on_in(earlier, new, match_id=match.id, by=by)
    for case in (new, earlier):
        events.record("match.confirmed", by=by, on=match, about=case)
    return True


def not_the_same(match: LikelyMatch, *, by: Actor) -> bool:
    """Two students: each keeps their case. False where that was said already."""
    if not _decide(match, is_same=False, by=by):
        return False
    for case_id in (match.case_id, match.other_case_id):
        events.record("match.parted", by=by, on=match, about=case_to_change(case_id))
    return True


def _decide(match: LikelyMatch, *, is_same: bool, by: Actor) -> bool:
    held = match_to_change(match)
    if held.decided_at:
        if held.is_same is not is_same:
            raise Conflict(DECIDED)
        return False
    held.decided_at, held.decided_by_id, held.is_same = clock.now(), by.person_id, is_same
    return True


def _held(match: LikelyMatch) -> tuple[Case, Case]:
    """The new case, and the last one of the earlier record; nobody else changes them or asks for either student meanwhile."""
    of_match = select(Case.student_id).where(Case.id == match.other_case_id).scalar_subquery()
    new, last = select(Case.id, Case.student_id).where(Case.id == match.case_id), select(Case.id, Case.student_id)
    rows = [db.session.execute(new).one()]
    rows.append(db.session.execute(last.where(Case.student_id == of_match).order_by(*LAST_FIRST).limit(1)).one())
    for student_id in sorted({row.student_id for row in rows}):
        hold_student(student_id)
    cases = {case_id: case_to_change(case_id) for case_id in sorted({row.id for row in rows})}
    return cases[rows[0].id], cases[rows[1].id]
