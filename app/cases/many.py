"""Many cases at once, with what a letter says of each: for a service that works them."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from app.cases import policy
from app.cases.models import Case, CasePerson, Part
from app.cases.naming import is_at_service, plays
from app.cases.queries import CaseHead
from app.core.db import AnySelect, db
from app.people.models import Organisation, Person, Role
from app.people.queries import Actor
from app.people.shapes import asked_by, like
from app.students.models import Enrolment, Student
from app.students.queries import is_not_over

School, Service = aliased(Organisation), aliased(Organisation)
Manager, ManagerPerson = aliased(CasePerson), aliased(Person)


def workable(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: of a workflow lead's service, or of a case manager's own, or that they stand in on (`can_work`)."""
    if actor.role not in {Role.WORKFLOW_LEAD, Role.CASE_MANAGER}:
        return Case.id.is_(None)
    here = is_at_service(actor)
    return here if actor.role is Role.WORKFLOW_LEAD else and_(here, policy.is_own(actor))


def heads_of(actor: Actor, case_ids: Sequence[int]) -> dict[int, CaseHead]:
    """Those of these cases that this person may work, by their ids; one statement, and of each only what letters state."""
    found = db.session.execute(_heads(like(actor)), asked_by(actor, case_ids=sorted(set(case_ids)))) if case_ids else ()
    return {row.case_id: CaseHead(row) for row in found}


@cache
def _heads(actor: Actor) -> AnySelect:
    year = select(func.max(Enrolment.year_level)).where(Enrolment.student_id == Case.student_id, is_not_over())
    return (
        select(
            Case.id.label("case_id"),
            *(Case.number, Case.kind, Case.status, Case.region, Case.student_id, Case.school_id, Case.service_id),
            *(Case.service_started_on, Student.legal_name, Student.preferred_name, Student.born_on),
            School.name.label("school_name"),
            Service.name.label("service_name"),
            ManagerPerson.id.label("manager_id"),
            ManagerPerson.name.label("manager_name"),
            ManagerPerson.phone.label("manager_phone"),
            year.scalar_subquery().label("year_level"),
        )
        .join(Student, Student.id == Case.student_id)
        .join(School, School.id == Case.school_id)
        .outerjoin(Service, Service.id == Case.service_id)
        .outerjoin(Manager, plays(Manager, Part.MANAGER))
        .outerjoin(ManagerPerson, ManagerPerson.id == Manager.person_id)
        .where(Case.id.in_(bindparam("case_ids", expanding=True)), workable(actor))
    )
