"""Plans (CASE-16): every version whole, so that a review keeps what was before."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, word


class ReviewOutcome(StrEnum):
    """How it had gone, when a plan was reviewed (CASE-11)."""

    BETTER = "better"
    SAME = "same"
    NOT_SUSTAINED = "not_sustained"
    MORE_COMPLEX = "more_complex"


class GoalState(StrEnum):
    """How far a goal is."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class Plan(Base):
    """One version of a case's plan; the one with the highest number is in force."""

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("agreed_with <> '' OR not_agreed_why <> ''", name="agreed_or_why_not"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    number: Mapped[int]
    """From 1."""
    agreed_with: Mapped[str] = mapped_column(String(300), default="")
    not_agreed_why: Mapped[str] = mapped_column(Text, default="")
    review_on: Mapped[date]
    is_shared: Mapped[bool] = mapped_column(default=True)
    """With the school, unless marked."""
    outcome: Mapped[ReviewOutcome | None] = mapped_column(word(ReviewOutcome))
    """What the review found that made this version; none where it was changed between reviews."""
    review_note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class PlanGoal(Base):
    """A goal of one version."""

    __tablename__ = "plan_goal"
    __table_args__ = (Index("ix_plan_goal_plan", "plan_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    place: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[GoalState] = mapped_column(word(GoalState))


class PlanAction(Base):
    """What somebody does towards a goal."""

    __tablename__ = "plan_action"
    __table_args__ = (Index("ix_plan_action_goal", "goal_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("plan_goal.id"))
    place: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(160))
    by_on: Mapped[date | None]
    done_on: Mapped[date | None]
