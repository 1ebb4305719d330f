"""Two records become one by two people, and come apart again (CASE-18); each step stands on the cases concerned."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from app.cases.actions import add_entry
from app.cases.arrivals.actions import wait_as_after_move
from app.cases.entries import Audience, EntryKind
from app.cases.models import Case, Status
from app.core import clock, events
from app.core.days import in_words
from app.core.db import db
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.security import public_id
from app.core.text import nfc
from app.people.queries import Actor
from app.referrals.duplicates import tells
from app.referrals.duplicates.held import CANNOT_GO, fault_now, fault_of_undoing, held_of, hold, waiting_on
from app.referrals.duplicates.queries import Merge
from app.referrals.duplicates.rules import ALREADY, Pair, Record, fault_of
from app.referrals.keeping import second_drafts
from app.referrals.models import Referral
from app.students.caregivers.actions import keep_reachable
from app.students.merging.actions import WAITS, come_back, go_over, note
from app.students.models import Student
from app.students.records.models import MergeState, StudentMerge

TOO_LATE = "The days in which this could be undone are over."


def propose_merge(pair: Pair, goes: Record, *, why: str, by: Actor) -> StudentMerge:
    """One says so, and which record goes into the other; another decides. Said twice, it stands there once."""
    refuse_faulty(fault_of(why))
    hold(pair)
    if waiting := waiting_on(pair):
        return waiting
    if goes not in pair.may_go:
        raise Refused(f"{CANNOT_GO}.")
    merge = _write(pair, goes, MergeState.PROPOSED, why, by)
    events.record(tells.PROPOSED, by=by, on=merge, about=_case_of(pair))
    return merge


def say_two(pair: Pair, *, why: str, by: Actor) -> StudentMerge:
    """They are two students: nobody is asked again."""
    refuse_faulty(fault_of(why))
    hold(pair)
    if waiting := waiting_on(pair):
        raise Conflict(
            ALREADY if waiting.state is MergeState.CONFIRMED else "Somebody proposed to merge the two: answer that."
        )
    merge = _write(pair, pair.later, MergeState.REFUSED, why, by)
    merge.decided_at, merge.decided_by_id = merge.proposed_at, by.person_id
    events.record("merge.refused", by=by, on=merge, about=_case_of(pair))
    return merge


def confirm_merge(merge: Merge, *, by: Actor) -> bool:
    """The second person says so too; where there is none, that is kept (CASE-20). False where it was confirmed already."""
    held = held_of(merge)
    if held.state is MergeState.CONFIRMED:
        return False
    _only(held, MergeState.PROPOSED)
    refuse_faulty(fault_now(held, by))
    _decide(held, MergeState.CONFIRMED, by)
    held.is_alone = held.proposed_by_id == by.person_id
    moved = _cases_of(held.from_id)
    note(held, WAITS, _let_wait(held))
    go_over(held, {"referral": second_drafts(held.into_id)}, by=by)
    keep_reachable(held.into_id, by=by)
    _tell(moved, merge, "merge.confirmed", "went into that of", by)
    return True


def refuse_merge(merge: Merge, *, answer: str, by: Actor) -> bool:
    """They are two students, and why. False where that was said already."""
    refuse_faulty(fault_of(answer))
    held = held_of(merge)
    if held.state is MergeState.REFUSED:
        return False
    _only(held, MergeState.PROPOSED)
    _decide(held, MergeState.REFUSED, by)
    held.answer = nfc(answer)
    events.record("merge.refused", by=by, on=held, about=_case_of(merge.pair))
    return True


def undo_merge(merge: Merge, *, by: Actor) -> bool:
    """Each has again what was theirs. What came since stays where it is, a request with its case. False where it was undone
    already; raises `Refused` where a case that would come back is not this person’s to change."""
    held = held_of(merge)
    if held.state is MergeState.UNDONE:
        return False
    _only(held, MergeState.CONFIRMED)
    if not merge.can_be_undone:
        raise Refused(TOO_LATE)
    refuse_faulty(fault_of_undoing(held, by))
    held.state, held.undone_at, held.undone_by_id = MergeState.UNDONE, clock.now(), by.person_id
    come_back(held, by=by)
    _keep_with_cases(held)
    for student_id in (held.from_id, held.into_id):
        keep_reachable(student_id, by=by)
    _tell(_cases_of(held.from_id), merge, "merge.undone", "came apart again from that of", by)
    return True


def _write(pair: Pair, goes: Record, state: MergeState, why: str, by: Actor) -> StudentMerge:
    merge = StudentMerge(
        public_id=public_id(),
        from_id=goes.id,
        into_id=pair.other(goes).id,
        organisation_id=by.organisation_id,
        state=state,
        why=nfc(why),
        proposed_at=clock.now(),
        proposed_by_id=by.person_id,
        is_alone=False,
    )
    db.session.add(merge)
    db.session.flush()
    return merge


def _only(held: StudentMerge, state: MergeState) -> None:
    if held.state is not state:
        raise Conflict(ALREADY)


def _decide(held: StudentMerge, state: MergeState, by: Actor) -> None:
    held.state, held.decided_at, held.decided_by_id = state, clock.now(), by.person_id
    db.session.flush()


def _let_wait(held: StudentMerge) -> Sequence[int]:
    """A school that knew only the other record sees a case that is not closed as after a move (CASE-10)."""
    both = held.from_id, held.into_id
    case = db.session.scalar(select(Case).where(Case.student_id.in_(both), Case.status != Status.CLOSED))
    other_id = held.into_id if case and case.student_id == held.from_id else held.from_id
    return wait_as_after_move(case, other_id) if case else ()


def _keep_with_cases(held: StudentMerge) -> None:
    """A request stands with whom its case stands with: one that joined meanwhile goes back with it, and one that was sent
    meanwhile stays with the case that it joined."""
    both = (held.from_id, held.into_id)
    of_case = select(Case.student_id).where(Case.id == Referral.case_id, Case.student_id.in_(both)).scalar_subquery()
    astray = update(Referral).where(Referral.student_id.in_(both), of_case != Referral.student_id)
    db.session.execute(astray.values(student_id=of_case).execution_options(synchronize_session=False))
    db.session.expire_all()


def _cases_of(student_id: int) -> Sequence[Case]:
    return db.session.scalars(select(Case).where(Case.student_id == student_id).order_by(Case.id)).all()


def _case_of(pair: Pair) -> Any:
    """A case of the two that whoever acts may see, the one not closed first."""
    cases = [case for record in pair.records for case in record.cases]
    return next((case for case in cases if case.status is not Status.CLOSED), cases[0] if cases else None)


def _tell(cases: Sequence[Case], merge: Merge, event: str, what: str, by: Actor) -> None:
    """Every case that moved says where it came from; so does its log."""
    goes, stays = (db.session.get_one(Student, each) for each in (merge.row.from_id, merge.row.into_id))
    said = f"The record of {goes.legal_name}, born {in_words(goes.born_on)}, {what} {stays.legal_name}, born {in_words(stays.born_on)}."
    for case in cases:
        add_entry(case.id, EntryKind.STATUS, body=said, audience=Audience.SERVICE, by=by)
        events.record(event, by=by, on=merge.row, about=case)
