"""Two records that may be one student, and what waits for a second person to say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.cases.heading import shows_also
from app.cases.models import Case
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.core.figures import the_figures
from app.people.models import Person, Role
from app.people.queries import Actor, people_with
from app.referrals.duplicates.policy import merges, theirs
from app.referrals.duplicates.rules import Pair
from app.referrals.duplicates.sides import record_of, went_elsewhere
from app.students.merging.rules import merged_until
from app.students.models import Student
from app.students.records.models import MergeState, StudentMerge

MOST_MERGES = 50
Later, LaterCase = aliased(Student), aliased(Case)
Goes, Stays = aliased(Student), aliased(Student)
Proposer, Decider = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Merge:
    """A proposal, or what became of it, with both records."""

    row: StudentMerge
    pair: Pair
    proposed_by: str
    decided_by: str
    has_one_lead: bool
    number: str
    """Of a case that goes along; else of one that stays."""
    is_elsewhere: bool
    """A case that went along is another service’s now: it is not undone over their heads."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def until(self) -> datetime:
        return merged_until(self.row.decided_at or clock.now(), the_figures().merge_back_days)

    @property
    def can_be_undone(self) -> bool:
        return clock.now() < self.until


def merges_for(actor: Actor) -> Sequence[AnyRow]:
    """What waits for a second person, and what was merged lately and can be undone; who waits longest comes first."""
    since = clock.now() - timedelta(days=the_figures().merge_back_days)
    is_lately = and_(StudentMerge.state == MergeState.CONFIRMED, StudentMerge.decided_at > since)
    columns = StudentMerge.public_id, StudentMerge.state, StudentMerge.proposed_at, StudentMerge.decided_at
    statement = (
        _with_people(*columns, StudentMerge.is_alone, Goes.legal_name.label("goes"), Stays.legal_name.label("stays"))
        .join(Goes, Goes.id == StudentMerge.from_id)
        .join(Stays, Stays.id == StudentMerge.into_id)
        .where(merges(actor), or_(StudentMerge.state == MergeState.PROPOSED, is_lately))
    )
    order = (StudentMerge.decided_at.is_not(None), StudentMerge.id)
    return db.session.execute(statement.order_by(*order).limit(MOST_MERGES)).all()


def pair_for(actor: Actor, one: str, other: str) -> Pair | None:
    """These two records, where this person works cases of both, and neither went into another."""
    found = select(Student.id).where(Student.public_id.in_((one, other)), Student.merged_into_id.is_(None))
    ids = db.session.scalars(found.where(Student.id.in_(theirs(actor))).order_by(Student.id)).all()
    return _pair(actor, *ids) if len(ids) == 2 else None


def merge_for(actor: Actor, public_id: str) -> Merge | None:
    """One that this person may see, with both records as they stand."""
    seen = _with_people(StudentMerge, went_elsewhere(actor).label("is_elsewhere")).where(
        StudentMerge.public_id == public_id, merges(actor)
    )
    row = db.session.execute(seen).first()
    if row is None:
        return None
    merge = row[0]
    leads = people_with(actor.organisation_id, Role.WORKFLOW_LEAD)
    pair = _pair(actor, *sorted((merge.from_id, merge.into_id)))
    goes, stays = sorted(pair.records, key=lambda record: record.id != merge.from_id)
    numbers = [each.number for each in (*goes.cases, *stays.cases)]
    who = row.proposed_by, row.decided_by or "", len(leads) == 1
    return Merge(merge, pair, *who, numbers[0] if numbers else "", row.is_elsewhere)


def merge_to_change(merge: Merge) -> StudentMerge:
    """The same, as it is now; nobody else decides it until the end of the transaction."""
    held = select(StudentMerge).where(StudentMerge.id == merge.row.id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _pair(actor: Actor, earlier: int, later: int) -> Pair:
    return Pair(record_of(actor, earlier), record_of(actor, later))


def _with_people(*columns: Any) -> AnySelect:
    return (
        select(*columns, Proposer.name.label("proposed_by"), Decider.name.label("decided_by"))
        .join(Proposer, Proposer.id == StudentMerge.proposed_by_id)
        .outerjoin(Decider, Decider.id == StudentMerge.decided_by_id)
    )


def _may_be_double() -> Any:
    """Another record of a case of the same service has this name and date of birth, and nobody has looked at the two."""
    same = (Later.sort_key == Student.sort_key, Later.born_on == Student.born_on, Later.id != Student.id)
    case = exists().where(LaterCase.student_id == Later.id, LaterCase.service_id == Case.service_id)
    both = (StudentMerge.from_id, StudentMerge.into_id)
    ways = ((Student.id, Later.id), (Later.id, Student.id))
    seen = exists().where(or_(*(tuple_(*both) == tuple_(*way) for way in ways)))
    return exists().where(*same, Later.merged_into_id.is_(None), case, ~seen).correlate(Student, Case)


shows_also(_may_be_double().label("may_be_double"))
