"""How the caregivers of a student are reached, and since when nobody is."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from app.core.db import AnyRow, db
from app.students.caregivers.rules import Reach
from app.students.models import Caregiver, FormerCaregiver, Student
from app.students.records.models import ReachableChange

_REACHED = (
    *(Caregiver.may_be_contacted, Caregiver.lives_with_student),
    *(Caregiver.address, Caregiver.phone, Caregiver.email),
    *(Caregiver.address_state, Caregiver.phone_state, Caregiver.email_state),
)


def reach_of(student_id: int) -> Reach:
    """Everything that decides whether the whānau can be reached, and what was written down of it last."""
    last = select(ReachableChange.is_reachable).where(ReachableChange.student_id == student_id)
    was = last.order_by(ReachableChange.id.desc()).limit(1).scalar_subquery()
    named = and_(Caregiver.student_id == Student.id, Caregiver.ended_at.is_(None))
    columns = (Student.address.label("home"), was.label("was_reachable"), Caregiver.id, *_REACHED)
    rows = db.session.execute(select(*columns).outerjoin(Caregiver, named).where(Student.id == student_id)).all()
    first = rows[0]
    return Reach([row for row in rows if row.id], first.home, first.was_reachable is not False)


def unreachable_since(student_id: Any) -> Any:
    """Since when no contact details of the whānau are current, as a column of another statement; nothing where some are."""
    at = case((ReachableChange.is_reachable.is_(False), ReachableChange.at))
    last = select(at).where(ReachableChange.student_id == student_id)
    return last.order_by(ReachableChange.id.desc()).limit(1).scalar_subquery()


def until_others_changed(organisation_id: Any) -> ColumnElement[bool]:
    """A clause on FormerCaregiver and Caregiver: as an organisation had them until somebody else changed what is recorded."""
    is_others = (FormerCaregiver.caregiver_id == Caregiver.id, FormerCaregiver.organisation_id != organisation_id)
    first = select(func.min(FormerCaregiver.number)).where(*is_others).correlate_except(FormerCaregiver)
    return and_(FormerCaregiver.caregiver_id == Caregiver.id, FormerCaregiver.number == first.scalar_subquery())


def former_caregivers(student_id: int) -> dict[int, list[AnyRow]]:
    """What was recorded of each caregiver before, oldest first, by the caregiver's id."""
    columns = FormerCaregiver.__table__.c
    statement = (
        select(*columns)
        .join(Caregiver, Caregiver.id == FormerCaregiver.caregiver_id)
        .where(Caregiver.student_id == student_id)
        .order_by(FormerCaregiver.caregiver_id, FormerCaregiver.number)
    )
    found: dict[int, list[AnyRow]] = defaultdict(list)
    rows: Sequence[AnyRow] = db.session.execute(statement).all()
    for row in rows:
        found[row.caregiver_id].append(row)
    return found
