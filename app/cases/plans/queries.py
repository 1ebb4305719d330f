"""The plan of a case, every version whole; for a school the one in force, where it is shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.cases.models import Case
from app.cases.plans.models import Plan, PlanAction, PlanGoal
from app.cases.plans.rules import ActionFacts, GoalFacts, PlanFacts
from app.cases.queries import CaseHead, case_for
from app.cases.timeline import OfCase
from app.core.db import AnyRow, db
from app.people.models import Person
from app.people.queries import Actor


@dataclass(frozen=True)
class Version:
    """One version: its row, with who made it, and what it says."""

    row: AnyRow
    facts: PlanFacts

    @property
    def number(self) -> int:
        return int(self.row.number)


@dataclass(frozen=True)
class VersionOfCase(OfCase):
    """A version of the plan of a case that this person may see, and the one that came after it."""

    version: Version
    after: Version | None

    @property
    def service_id(self) -> int | None:
        return self.head.service_id  # type: ignore[no-any-return]


def versions_of(case_id: int) -> Sequence[AnyRow]:
    """Every version, newest first, without its goals. Who may see them is asked of the case."""
    statement = (
        select(*Plan.__table__.c, Person.name.label("made_by"))
        .join(Person, Person.id == Plan.made_by_id)
        .where(Plan.case_id == case_id)
        .order_by(Plan.number.desc())
    )
    return db.session.execute(statement).all()


def plan_in_force(case_id: int) -> Version | None:
    """The newest version, whole; or None."""
    found = versions_of(case_id)
    return whole(found[0]) if found else None


def reviewed_on() -> Any:
    """Of a Case: when its plan in force is to be reviewed."""
    found = select(Plan.review_on).where(Plan.case_id == Case.id).order_by(Plan.number.desc()).limit(1)
    return found.correlate(Case).scalar_subquery()


def plan_shared_with_school(case_id: int) -> Version | None:
    """The newest version, where it is shared; of one that is not, a school learns nothing."""
    newest = select(func.max(Plan.number)).where(Plan.case_id == case_id).scalar_subquery()
    here = (Plan.case_id == case_id, Plan.number == newest, Plan.is_shared.is_(True))
    row = db.session.execute(select(*Plan.__table__.c).where(*here)).first()
    return whole(row) if row else None


def version_for(actor: Actor, number: str, version: str) -> VersionOfCase | None:
    """One version of the plan of a case that this person may see."""
    head = case_for(actor, number)
    rows = versions_of(head.case_id) if head else []
    place = next((place for place, row in enumerate(rows) if str(row.number) == version), None)
    if head is None or place is None:
        return None
    return VersionOfCase(head, whole(rows[place]), whole(rows[place - 1]) if place else None)


def version_of_case(head: CaseHead, number: int) -> Version | None:
    """The version with this number; None for 0, when there was none."""
    if not number:
        return None
    row = next((row for row in versions_of(head.case_id) if row.number == number), None)
    return whole(row) if row else None


def whole(row: AnyRow) -> Version:
    """With its goals and their actions, in their order; one statement."""
    actions = (PlanAction.text.label("what"), PlanAction.who, PlanAction.by_on, PlanAction.done_on)
    statement = (
        select(PlanGoal.id, PlanGoal.text, PlanGoal.state, *actions)
        .outerjoin(PlanAction, PlanAction.goal_id == PlanGoal.id)
        .where(PlanGoal.plan_id == row.id)
        .order_by(PlanGoal.place, PlanAction.place)
    )
    goals: dict[int, GoalFacts] = {}
    for found in db.session.execute(statement):
        before = goals.get(found.id, GoalFacts(found.text, found.state))
        action = () if found.what is None else (ActionFacts(found.what, found.who, found.by_on, found.done_on),)
        goals[found.id] = GoalFacts(found.text, found.state, (*before.actions, *action))
    says = (row.agreed_with, row.not_agreed_why, row.review_on, row.is_shared)
    return Version(row, PlanFacts(tuple(goals.values()), *says))
