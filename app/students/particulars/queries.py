"""A student's record, with what was recorded before, and where they are and were enrolled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Bundle, aliased

from app.core.db import AnyRow, db
from app.people.models import Organisation, Person
from app.students.models import Enrolment, Student
from app.students.particulars.rules import FOUND_BY_OTHERS, StudentFacts, facts_of, former_names, said_by
from app.students.records.models import FormerStudent, MergeState, StudentMerge
from app.students.records.queries import are_of, first_roll

Went = aliased(StudentMerge)
_SCHOOL = (Organisation.name.label("school_name"), Organisation.number.label("school_number"))


@dataclass(frozen=True)
class Recorded:
    """Of a student: what is recorded now, and before, oldest first, with who changed it then; and the same of each record that
    went into theirs (CASE-18)."""

    facts: StudentFacts
    former: Sequence[AnyRow]
    first_roll_id: int | None
    """The school that said what stood there at first."""
    merged: Sequence["Recorded"] = ()

    def known_to(self, organisation_id: int) -> StudentFacts:
        """As this organisation knows it: of contact details only what it said itself, of whichever record."""
        own: dict[str, Any] = dict.fromkeys(FOUND_BY_OTHERS, "")
        for each in (*self.merged, self):
            is_first = organisation_id == each.first_roll_id
            own |= said_by(organisation_id, each.facts, each.former, is_first=is_first)
        return replace(self.facts, **own)

    @property
    def former_names(self) -> list[str]:
        return former_names(self.facts, self.former)

    @property
    def changed_by(self) -> str:
        return str(self.former[-1].name) if self.former else ""


def recorded_of(student_id: int) -> Recorded:
    """Who may see it is asked of the case."""
    return recorded_of_each([student_id])[student_id]


def recorded_of_each(student_ids: Collection[int]) -> dict[int, Recorded]:
    """Of each of these, by its id; one statement."""
    whose = case((Student.id.in_(student_ids), Student.id), else_=Went.into_id)
    now: Any = Bundle("now", *Student.__table__.c, first_roll(Student.id, whose).label("first_roll_id"))
    former: Any = Bundle("former", *FormerStudent.__table__.c, Person.name)
    statement = (
        select(whose.label("whose"), now, former)
        .select_from(Student)
        .outerjoin(Went, and_(Went.from_id == Student.id, Went.state == MergeState.CONFIRMED))
        .outerjoin(FormerStudent, FormerStudent.student_id == Student.id)
        .outerjoin(Person, Person.id == FormerStudent.by_id)
        .where(are_of(Student.id, student_ids))
        .order_by(whose, Student.id != whose, Student.id, FormerStudent.number)
    )
    found = groupby(db.session.execute(statement), key=lambda row: row.whose) if student_ids else ()
    return {student_id: _with_merged(list(rows)) for student_id, rows in found}


def _with_merged(rows: Sequence[AnyRow]) -> Recorded:
    own, *merged = [_recorded(list(some)) for _, some in groupby(rows, key=lambda row: row.now.id)]
    return replace(own, merged=merged)


def _recorded(rows: Sequence[AnyRow]) -> Recorded:
    now = rows[0].now
    return Recorded(facts_of(now), [row.former for row in rows if row.former.number], now.first_roll_id)


def enrolments_of(student_id: int) -> Sequence[AnyRow]:
    """Every enrolment, the latest first, with its school, and who recorded it where somebody did (CAL-5)."""
    statement = (
        select(*Enrolment.__table__.c, *_SCHOOL, Person.name.label("recorded_by"))
        .join(Organisation, Organisation.id == Enrolment.school_id)
        .outerjoin(Person, Person.id == Enrolment.recorded_by_id)
        .where(Enrolment.student_id == student_id)
        .order_by(Enrolment.from_on.desc(), Enrolment.id.desc())
    )
    return db.session.execute(statement).all()


def student_to_change(student_id: int) -> Student:
    """The entity as it stands now, locked until the end of the transaction."""
    found = select(Student).where(Student.id == student_id).with_for_update(key_share=True)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()
