"""A barrier is named, changes, and ends where it was named in error (CASE-15)."""

from sqlalchemy import insert

from app.cases.barriers.models import Barrier, FormerBarrier, NamedBy
from app.cases.barriers.queries import barrier_to_change, next_number
from app.cases.barriers.rules import OTHER, BarrierFacts, facts_of, fault_of, fault_of_kind
from app.cases.queries import CaseHead
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, refuse_faulty
from app.core.security import public_id
from app.core.text import nfc
from app.core.versions import changed_since

ENDED = "This barrier was named in error, and has ended. Name it again if that was a mistake."


def name_barrier(case: CaseHead, code: str, told: BarrierFacts, *, by: events.By) -> Barrier:
    """A barrier of the list, or another in words."""
    refuse_faulty(fault_of_kind(code, clock.today()), *fault_of(code, told, clock.today()).values())
    barrier = Barrier(
        public_id=public_id(),
        case_id=case.id,
        code=code,
        added_at=clock.now(),
        added_by_id=by.person_id,
        **_composed(told),
    )
    db.session.add(barrier)
    db.session.flush()
    events.record("barrier.named", by=by, on=barrier, about=case)
    return barrier


def take_over_barrier(case: CaseHead, words: str, *, by: events.By) -> Barrier:
    """What the school said in its request stands among the barriers from now on, in the school's words."""
    return name_barrier(case, OTHER, BarrierFacts(words, NamedBy.SCHOOL), by=by)


def change_barrier(case: CaseHead, barrier_id: int, told: BarrierFacts, *, version: str, by: events.By) -> bool:
    """Other facts take the place of those that stand there, which are kept. Raises `Conflict` where what stands there is not
    the `version` that the page showed. False where it says so already."""
    barrier = barrier_to_change(barrier_id)
    was = facts_of(barrier)
    if barrier.ended_at:
        raise Conflict(ENDED, "It has ended")
    if changed_since(version, was.texts):
        raise Conflict("Somebody else changed what is said of this barrier meanwhile.")
    refuse_faulty(*fault_of(barrier.code, told, clock.today()).values())
    becomes = _composed(told)
    if becomes == was.values:
        return False
    _keep_former(barrier, was, by)
    for field, value in becomes.items():
        setattr(barrier, field, value)
    barrier.changed_at = clock.now()
    events.record("barrier.changed", by=by, on=barrier, about=case)
    return True


def end_barrier(case: CaseHead, barrier_id: int, *, by: events.By) -> bool:
    """It was named in error; what was said of it stays. Ended twice it ended once (False)."""
    barrier = barrier_to_change(barrier_id)
    if barrier.ended_at:
        return False
    barrier.ended_at, barrier.ended_by_id = clock.now(), by.person_id
    events.record("barrier.ended", by=by, on=barrier, about=case)
    return True


def _keep_former(barrier: Barrier, was: BarrierFacts, by: events.By) -> None:
    """The barrier's row is locked, so of two numbers none is the same."""
    row = {"barrier_id": barrier.id, "until": clock.now(), "by_id": by.person_id, **was.values}
    db.session.execute(insert(FormerBarrier).values(number=next_number(barrier), **row))


def _composed(told: BarrierFacts) -> dict[str, object]:
    return {**told.values, "about": nfc(told.about)}
