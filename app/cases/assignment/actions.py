"""A case is given to a case manager."""

from sqlalchemy import select

from app.cases.actions import change_status, end_manager, name_person, tell_both
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.queries import case_to_change
from app.core import events
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.people.models import Person, Role
from app.people.queries import holds_role


def assign(case_id: int, *, to: int, by: events.By, instead_of: str | None = None) -> bool:
    """Give a case to a case manager (`to`, a person's id at the actor's service); a case in the queue becomes open.
    Given again to the same person nothing happens, and the answer is False. `instead_of`: the public id of who had it
    when this was asked for, empty for nobody; raises `Conflict` where that is no longer so, and `Refused` where the
    person is no case manager there."""
    case = case_to_change(case_id)
    former = _manager(case)
    if former and former.id == to:
        return False
    if instead_of is not None and instead_of != (former.public_id if former else ""):
        raise Conflict(f"{former.name if former else 'Nobody'} was given this case meanwhile.")
    if not holds_role(to, by.organisation_id, Role.CASE_MANAGER):
        raise Refused("Only a case manager of this service can be given its cases.")
    end_manager(case, by=by)
    named = name_person(case, to, Part.MANAGER, organisation_id=by.organisation_id, by=by)
    _tell_the_timeline(case, to, by)
    events.record("case.assigned", by=by, on=named, about=case)
    return True


def _tell_the_timeline(case: Case, to: int, by: events.By) -> None:
    """Both sides see who has the case, and since when; in one entry where its status changes too."""
    told = f"Case manager: {db.session.get_one(Person, to).name}"
    if case.status is Status.QUEUE:
        change_status(case, Status.OPEN, by=by, with_it=told)
    else:
        tell_both(case, told, by=by)


def _manager(case: Case) -> Person | None:
    """Who has it now."""
    statement = select(Person).join(CasePerson, CasePerson.person_id == Person.id)
    return db.session.scalar(
        statement.where(CasePerson.case_id == case.id, CasePerson.part == Part.MANAGER, CasePerson.until.is_(None))
    )
