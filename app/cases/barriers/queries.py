"""The barriers of a case, with what was said of each before."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.cases.barriers.models import Barrier, BarrierState, FormerBarrier
from app.cases.barriers.rules import BarrierFacts, facts_of, label_of
from app.cases.queries import case_for
from app.cases.timeline import OfCase
from app.core.db import AnyRow, db
from app.people.models import Person
from app.people.queries import Actor

Ender = aliased(Person)
STANDS = {BarrierState.OPEN: 0, BarrierState.EASING: 0, BarrierState.RESOLVED: 1}


@dataclass(frozen=True)
class Named:
    """A barrier as a page shows it: who wrote it down, who ended it, and its former facts, newest first."""

    barrier: AnyRow
    added_by: str
    ended_by: str
    former: list[tuple[BarrierFacts, AnyRow]] = field(default_factory=list)

    @property
    def facts(self) -> BarrierFacts:
        return facts_of(self.barrier)

    @property
    def label(self) -> str:
        return label_of(self.barrier.code)

    @property
    def words(self) -> set[str]:
        """What is said of it, now or before."""
        return {self.barrier.about, *(was.about for was, _ in self.former)}


@dataclass(frozen=True)
class BarrierOfCase(OfCase):
    """A barrier of a case that this person may see; `changed_by` is empty where nobody changed it."""

    barrier: Barrier
    changed_by: str

    @property
    def facts(self) -> BarrierFacts:
        return facts_of(self.barrier)

    @property
    def label(self) -> str:
        return label_of(self.barrier.code)


def barriers_of(case_id: int) -> list[Named]:
    """Every barrier that was named, the main ones first and those resolved last; also those ended. Who may see them is asked
    of the case."""
    statement = (
        select(*Barrier.__table__.c, Person.name.label("added_by"), Ender.name.label("ended_by"))
        .join(Person, Person.id == Barrier.added_by_id)
        .outerjoin(Ender, Ender.id == Barrier.ended_by_id)
        .where(Barrier.case_id == case_id)
        .order_by(Barrier.id)
    )
    found = db.session.execute(statement).all()
    former = _former(case_id) if any(row.changed_at for row in found) else {}
    named = [Named(row, row.added_by, row.ended_by or "", former.get(row.id, [])) for row in found]
    return sorted(named, key=lambda each: (STANDS[each.barrier.state], not each.barrier.is_main))


def barrier_for(actor: Actor, number: str, public_id: str) -> BarrierOfCase | None:
    """One barrier of a case that this person may see."""
    if (head := case_for(actor, number)) is None:
        return None
    here = (Barrier.case_id == head.case_id, Barrier.public_id == public_id)
    row = db.session.execute(select(Barrier, _changed_by().label("changed_by")).where(*here)).first()
    return BarrierOfCase(head, row.Barrier, row.changed_by or "") if row else None


def barrier_to_change(barrier_id: int) -> Barrier:
    """The entity as it stands now, locked until the end of the transaction."""
    statement = select(Barrier).where(Barrier.id == barrier_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def next_number(barrier: Barrier) -> Any:
    """Of what was said of it before, from 1: counted as it is written."""
    count = select(func.count() + 1).select_from(FormerBarrier).where(FormerBarrier.barrier_id == barrier.id)
    return count.scalar_subquery()


def _former(case_id: int) -> dict[int, list[tuple[BarrierFacts, AnyRow]]]:
    statement = (
        select(*FormerBarrier.__table__.c, Person.name)
        .join(Barrier, Barrier.id == FormerBarrier.barrier_id)
        .join(Person, Person.id == FormerBarrier.by_id)
        .where(Barrier.case_id == case_id)
        .order_by(FormerBarrier.barrier_id, FormerBarrier.number.desc())
    )
    found: dict[int, list[tuple[BarrierFacts, AnyRow]]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.barrier_id, []).append((facts_of(row), row))
    return found


def _changed_by() -> Any:
    """Of a Barrier: who changed last what is said of it."""
    last = select(Person.name).join(FormerBarrier, FormerBarrier.by_id == Person.id)
    of_it = last.where(FormerBarrier.barrier_id == Barrier.id).order_by(FormerBarrier.number.desc()).limit(1)
    return of_it.correlate(Barrier).scalar_subquery()
