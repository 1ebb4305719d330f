"""A case is given to a case manager."""

from sqlalchemy import select

from app.cases.actions import change_status, end_manager, name_person
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.queries import case_to_change
from app.core import events
from app.core.db import db
from app.core.errors import Refused
from app.people.models import Role
from app.people.queries import holds_role


def assign(case_id: int, *, to: int, by: events.By) -> None:
    """Give a case to a case manager (`to`, a person's id at the actor's service); a case in the queue becomes open.
    Given again to the same person nothing happens; raises `Refused` where that person is no case manager there."""
    case = case_to_change(case_id)
    if _manager_id(case) == to:
        return
    if not holds_role(to, by.organisation_id, Role.CASE_MANAGER):
        raise Refused("Only a case manager of this service can be given its cases.")
    end_manager(case, by=by)
    name_person(case, to, Part.MANAGER, organisation_id=by.organisation_id, by=by)
    if case.status is Status.QUEUE:
        change_status(case, Status.OPEN, by=by)
    events.record("case.assigned", by=by, on=case, about=case)


def _manager_id(case: Case) -> int | None:
    statement = select(CasePerson.person_id).where(
        CasePerson.case_id == case.id, CasePerson.part == Part.MANAGER, CasePerson.until.is_(None)
    )
    return db.session.scalar(statement)
