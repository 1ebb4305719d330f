"""Who is at a school already by this name and date of birth; to which schools a case would be new, and which see it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.cases.arrivals.rules import SHOWN, Newcomer
from app.cases.heading import shows_also
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.naming import is_seen_at, shows_cases, was_theirs
from app.core import clock
from app.core.db import NOW, TODAY, db
from app.core.events import Audit
from app.people.models import Organisation, RoleHeld
from app.students.models import Enrolment, EnrolmentSource, Student
from app.students.queries import is_enrolled, is_not_over
from app.students.rules import is_alike, known_since

Reader, Enrolled = aliased(Organisation), aliased(Enrolment)


def hold_school(school_id: int) -> None:
    """Until the end of this transaction nobody else adds a student there: of two at once the second finds the first one's."""
    held = select(Organisation.id).where(Organisation.id == school_id).with_for_update(key_share=True)
    db.session.execute(held)


def already_on_roll(school_id: int, told: Newcomer) -> Student | None:
    """The one on the school's roll who is called so and was born that day; not where the two have different numbers."""
    born_then = select(Student).where(Student.born_on == told.born_on, is_enrolled(school_id, Student.id))
    for student in db.session.scalars(born_then.order_by(Student.id)):
        is_other = told.national_number and student.national_number not in {None, told.national_number}
        if is_alike(student, told.legal_name, student.born_on) and not is_other:
            return student
    return None


def arriving_by(case: Case, other_id: int) -> Sequence[Enrolment]:
    """Enrolments of another record, not over and without a wait of their own, at schools that do not see the case yet."""
    no_wait = or_(Enrolment.cases_from.is_(None), Enrolment.cases_from <= TODAY)
    there = select(Enrolment.school_id).where(Enrolment.student_id == case.student_id, Enrolment.from_on <= TODAY)
    known = {case.school_id, *db.session.scalars(there.where(is_not_over(), shows_cases()))}
    of_it = select(Enrolment).where(Enrolment.student_id == other_id, is_not_over(), no_wait)
    return db.session.scalars(of_it.where(Enrolment.school_id.not_in(known)).order_by(Enrolment.id)).all()


def at_school(case: Case, school_id: int, also: int | None = None) -> tuple[ColumnElement[bool], ...]:
    """Clauses on Enrolment: the case's student is at the school by it, as this record says or another of theirs, and it is not
    over."""
    here = (Enrolment.student_id.in_({case.student_id, also or case.student_id}), Enrolment.school_id == school_id)
    return *here, Enrolment.from_on <= TODAY, is_not_over()


def known_by_hand(case: Case, school_id: int, also: int | None = None) -> Sequence[Enrolment]:
    """The student's enrolments at a school that does not see the case yet, and where nobody but its own people says that the
    student is there; none where its roll, or somebody else, says so too (CAL-5). `also`: another record of theirs."""
    recorder = (RoleHeld.person_id == Enrolment.recorded_by_id, RoleHeld.organisation_id == school_id)
    by_hand = and_(Enrolment.source == EnrolmentSource.PERSON, exists().where(*recorder))
    there = at_school(case, school_id, also)
    rows = db.session.execute(select(Enrolment, by_hand.label("by_hand")).where(*there)).all()
    is_known = any(not row.by_hand or _shows(row.Enrolment, case) for row in rows)
    return [] if is_known else [row.Enrolment for row in rows]


def _shows(enrolment: Enrolment, case: Case) -> bool:
    """The school sees the case by this one that is its own people's word; what had closed before it was recorded it does not."""
    has_begun = enrolment.cases_from is not None and enrolment.cases_from <= clock.today()
    is_of_case = enrolment.student_id == case.student_id
    return has_begun and is_of_case and (case.status is not Status.CLOSED or enrolment.as_of <= case.status_at)


def was_shown(case: Case, enrolment: Enrolment) -> bool:
    """Somebody at the service looked through what is shared since the student came."""
    shown = (Audit.event == SHOWN, Audit.case_id == case.id, Audit.at >= known_since(enrolment))
    return db.session.scalar(select(Audit.id).where(*shown).limit(1)) is not None


def schools_that_see(case: Case) -> Sequence[int]:
    """Every school at which the student is, and which may see the case by now."""
    begun = or_(shows_cases(), Enrolment.school_id == case.school_id)
    there = select(Enrolment.school_id).where(Enrolment.student_id == case.student_id, Enrolment.from_on <= TODAY)
    return db.session.scalars(there.where(is_not_over(), begun).distinct().order_by(Enrolment.school_id)).all()


def sees_from(case: Case, school_id: int) -> date:
    """From which day on a school that waits for the case sees it."""
    waits = select(func.min(Enrolment.cases_from)).where(*at_school(case, school_id), Enrolment.cases_from > TODAY)
    return db.session.scalar(waits) or clock.today()


def contacts_to_come(case_id: int, school_ids: Collection[int]) -> Select[CasePerson]:
    """Whom requests of schools that wait for the case named, for when they see it."""
    at_schools = (CasePerson.organisation_id.in_(school_ids), CasePerson.part == Part.SECONDARY_CONTACT)
    waits = (CasePerson.since > NOW, CasePerson.until.is_(None))
    return select(CasePerson).where(CasePerson.case_id == case_id, *at_schools, *waits)


def waits_until(school_id: Any) -> Any:
    """Of a Case: from which day on this school sees it; nothing where it does by now, or the student is not there."""
    here = (Enrolment.student_id == Case.student_id, Enrolment.school_id == school_id, is_not_over())
    until = select(func.min(Enrolment.cases_from)).where(*here, Enrolment.cases_from > TODAY)
    return case((~is_seen_at(school_id), until.correlate_except(Enrolment).scalar_subquery()))


def _reading_schools() -> Any:
    """Of a Case: the names of the schools that see it, a line each."""
    there = select(Enrolled.school_id).where(Enrolled.student_id == Case.student_id).correlate(Case)
    reads = (Reader.id.in_(there), is_seen_at(Reader.id), was_theirs(Reader.id))
    names = func.aggregate_strings(Reader.name, "\n")
    return select(names).where(*reads).correlate(Case).scalar_subquery()


shows_also(_reading_schools().label("reading_schools"))
