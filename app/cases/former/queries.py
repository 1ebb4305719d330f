"""The cases of students who left, and what the school wrote there. Neither status nor service nor school of now is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, select, true, tuple_

from app.cases.entries import Entry, EntryFile
from app.cases.files.queries import FoundFile
from app.cases.former import policy
from app.cases.models import Case, CasePerson
from app.cases.policy import CONTACTS
from app.core import clock
from app.core.db import TODAY, AnyRow, AnySelect, db
from app.core.files.stored import StoredFile
from app.people.models import Person, Role
from app.people.queries import Actor
from app.students.models import Enrolment, Student

PAGE = 25
ENTRIES = 40


@dataclass(frozen=True)
class FormerCase:
    """The student's name, the number, and until when the student was at this school."""

    case_id: int
    number: str
    legal_name: str
    preferred_name: str
    left_on: date

    @property
    def student_name(self) -> str:
        return self.preferred_name or self.legal_name


def former_cases(actor: Actor, *, after: str = "") -> list[FormerCase]:
    """A page of them by family name, and one more; `after` is the last one's number."""
    order = (Student.sort_key, Case.id)
    found = _heads(actor).order_by(*order).limit(PAGE + 1)
    if after:
        last = _cases(actor, *order).where(Case.number == after).scalar_subquery()
        found = found.where(tuple_(*order) > last)
    return [FormerCase(*row) for row in db.session.execute(found)]


def former_case_for(actor: Actor, number: str) -> FormerCase | None:
    """One case of a student who left."""
    row = db.session.execute(_heads(actor).where(Case.number == number)).first()
    return FormerCase(*row) if row else None


def written_by_school(actor: Actor, case_id: int, *, before: str = "") -> Sequence[AnyRow]:
    """A page of what the school wrote on such a case, newest first, and one more; `before` is the last one's public id."""
    place, of_case = (Entry.happened_at, Entry.id), (Entry.case_id == case_id, policy.kept(actor))
    columns = (Entry.id, Entry.public_id, Entry.kind, Entry.happened_at, Entry.edited_at, Entry.body)
    last = select(*place).where(Entry.public_id == before, *of_case).correlate(None).scalar_subquery()
    statement = (
        select(*columns, Person.name.label("author_name"))
        .join(Person, Person.id == Entry.author_id)
        .where(*of_case, tuple_(*place) < last if before else true())
        .order_by(Entry.happened_at.desc(), Entry.id.desc())
    )
    return db.session.execute(statement.limit(ENTRIES + 1)).all()


def former_file_for(actor: Actor, number: str, file: str) -> FoundFile | None:
    """A file that hangs on what the school wrote."""
    hangs = exists().where(
        EntryFile.file_id == StoredFile.id,
        Entry.id == EntryFile.entry_id,
        Entry.case_id == Case.id,
        policy.kept(actor),
    )
    statement = _cases(actor, StoredFile, Case.id).join(StoredFile, hangs)
    row = db.session.execute(statement.where(Case.number == number, StoredFile.public_id == file)).first()
    return FoundFile(row[0], row[1]) if row else None


def _heads(actor: Actor) -> AnySelect:
    return _cases(actor, Case.id, Case.number, Student.legal_name, Student.preferred_name, _left_on(actor))


def _cases(actor: Actor, *columns: Any) -> AnySelect:
    """Found along the roll of those who left; a contact's along what they were named on."""
    if actor.role is Role.PRIMARY_CONTACT:
        near = Case.id.in_(_contact_of(actor))
    else:
        here = (Enrolment.school_id == actor.organisation_id, Enrolment.to_on < TODAY)
        near = Case.student_id.in_(select(Enrolment.student_id).where(*here))
    statement = select(*columns).select_from(Case).join(Student, Student.id == Case.student_id)
    return statement.where(near, policy.formerly_visible(actor))


def _left_on(actor: Actor) -> Any:
    return select(func.max(Enrolment.to_on)).where(*policy.left_here(actor)).correlate(Case).scalar_subquery()


def _contact_of(actor: Actor) -> list[int]:
    """The cases on which this person was a contact at the end of the student's last day at the school."""
    named = select(CasePerson.case_id, CasePerson.since, CasePerson.until, _left_on(actor).label("left_on"))
    rows = db.session.execute(
        named.join(Case, Case.id == CasePerson.case_id).where(
            CasePerson.person_id == actor.person_id,
            CasePerson.organisation_id == actor.organisation_id,
            CasePerson.part.in_(CONTACTS),
        )
    )
    return [row.case_id for row in rows if row.left_on and _was_on(row, clock.end_of(row.left_on))]


def _was_on(named: AnyRow, at: datetime) -> bool:
    return bool(named.since < at and (named.until is None or named.until >= at))
