"""Half-day marks, week by week, and their sums, term by term (ATT-1, ATT-2)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class MarkWeek(Base):
    """Ten marks of one student at one school, from Monday morning to Friday afternoon, each a code or a full stop. A week is one
    row, not ten: a country has thirty million marks."""

    __tablename__ = "mark_week"
    __table_args__ = (CheckConstraint("length(marks) = 10", name="ten"), {"sqlite_with_rowid": False})

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    monday: Mapped[date] = mapped_column(primary_key=True)
    marks: Mapped[str] = mapped_column(String(10))


class TermTally(Base):
    """Half-days of one student at one school in one term, as they are counted now (ATT-2): by these a list of a thousand
    students is drawn. Counted anew whenever marks, the calendar or the enrolment change."""

    __tablename__ = "term_tally"
    __table_args__ = (
        CheckConstraint("explained + unexplained = absent", name="sums"),
        Index("ix_term_tally_school", "school_id", "term", "absent"),
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    term: Mapped[int] = mapped_column(primary_key=True)
    """20264 is term 4 of 2026."""
    present: Mapped[int]
    justified: Mapped[int]
    unjustified: Mapped[int]
    not_counted: Mapped[int]
    unmarked: Mapped[int]
    """Open half-days without a mark, up to the last day of which the school sent any."""
    absent: Mapped[int]
    """Those that count towards the days absent."""
    explained: Mapped[int]
    """Of those absent; as the next."""
    unexplained: Mapped[int]
    from_on: Mapped[date]
    """The first day that is counted; the next is the last one."""
    to_on: Mapped[date]


class TallyDue(Base):
    """A school whose sums are to be counted anew, by the worker, a few students at a time."""

    __tablename__ = "tally_due"

    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    from_on: Mapped[date]
    """From the term of this day on."""
    after_id: Mapped[int] = mapped_column(default=0)
    """Students up to this one are counted already."""
    asked: Mapped[int] = mapped_column(default=1)
    """How often it was asked for, so that what is asked meanwhile begins anew."""
    asked_at: Mapped[datetime]


class ConfirmedTerm(Base):
    """A school says that its marks of a term are right; until then they are provisional (ATT-4)."""

    __tablename__ = "confirmed_term"

    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    term: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
