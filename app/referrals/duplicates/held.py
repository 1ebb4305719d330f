"""Two records, held until the end of the transaction, and what is asked again then: who looked at them before may not see
every case of theirs, and much may have happened since."""

from sqlalchemy import and_, exists, func, or_, select

from app.cases.models import Case, Status
from app.core.db import db
from app.core.errors import Conflict
from app.people.queries import Actor
from app.referrals.duplicates.queries import Merge, merge_to_change
from app.referrals.duplicates.rules import Pair
from app.referrals.duplicates.sides import may_not_go, went_elsewhere
from app.students.models import Student
from app.students.queries import hold_student
from app.students.records.models import MergeState, StudentMerge

BOTH_OPEN = "Both have a case that is not closed. Close one of them as a duplicate first: a student has one"
CANNOT_GO = "This record stays: another service has a case of it, or another record went into it. Let the other one go"
ELSEWHERE_NOW = "A case that went along is with another service now, so its record stays as it is. Ask them for a transfer back first"
WENT = "One of the two went into another record meanwhile. Refuse this, and look at the record that stayed"
ELSEWHERE = "One of the two is proposed to be one with a third record: answer that first."


def hold(pair: Pair) -> None:
    """Nobody else proposes anything about either meanwhile."""
    for student_id in sorted(record.id for record in pair.records):
        hold_student(student_id)


def held_of(merge: Merge) -> StudentMerge:
    hold(merge.pair)
    return merge_to_change(merge)


def waiting_on(pair: Pair) -> StudentMerge | None:
    """What stands about these two. A record goes into one other at most, and none while another is to go into it."""
    ids = {record.id for record in pair.records}
    stands = StudentMerge.state.in_((MergeState.PROPOSED, MergeState.CONFIRMED))
    goes = and_(StudentMerge.from_id.in_(ids), stands)
    stays = and_(StudentMerge.into_id.in_(ids), StudentMerge.state == MergeState.PROPOSED)
    found = db.session.scalars(select(StudentMerge).where(or_(goes, stays))).all()
    these = next((merge for merge in found if {merge.from_id, merge.into_id} == ids), None)
    if found and these is None:
        raise Conflict(ELSEWHERE)
    return these


def fault_now(held: StudentMerge, by: Actor) -> str:
    """Why the two cannot become one, whoever has the cases."""
    ids = (held.from_id, held.into_id)
    went = exists().where(Student.id.in_(ids), Student.merged_into_id.is_not(None))
    are_open = select(func.count()).where(Case.student_id.in_(ids), Case.status != Status.CLOSED).scalar_subquery()
    found = db.session.execute(select(went, are_open, may_not_go(by, held.from_id))).one()
    faults = zip((found[0], found[1] > 1, found[2]), (WENT, BOTH_OPEN, CANNOT_GO), strict=True)
    return next((why for is_so, why in faults if is_so), "")


def fault_of_undoing(held: StudentMerge, by: Actor) -> str:
    """Each case that comes back is that of another record again: whoever works it says so."""
    is_so = db.session.scalar(select(went_elsewhere(by)).where(StudentMerge.id == held.id))
    return ELSEWHERE_NOW if is_so else ""
