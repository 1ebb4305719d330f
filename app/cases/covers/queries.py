"""Who stands in for a case manager, on a case and over their whole caseload; and which cases that concerns."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from app.cases.covers.rules import OF_CASELOAD
from app.cases.heading import shows_also
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.naming import covered_by, plays
from app.cases.queries import CaseHead
from app.core.db import NOW, AnyRow, db
from app.core.events import Audit
from app.people.models import Person
from app.people.queries import Actor

Cover, Manager = aliased(CasePerson), aliased(CasePerson)
_STANDS_IN = (Cover.part == Part.COVER, Cover.until > NOW)
_HAS_IT = plays(Manager, Part.MANAGER)
shows_also(covered_by(Person.name).label("cover_name"))
shows_also(covered_by(CasePerson.until).label("cover_until"))


def covers_of(head: CaseHead) -> Sequence[AnyRow]:
    """Who stands in on this case at its service, now or later: the earliest first."""
    statement = (
        select(Cover.id, Person.id.label("person_id"), Person.public_id, Person.name, Cover.since, Cover.until)
        .join(Person, Person.id == Cover.person_id)
        .where(Cover.case_id == head.case_id, Cover.organisation_id == head.service_id, *_STANDS_IN)
    )
    return db.session.execute(statement.order_by(Cover.since, Cover.id)).all()


def caseload_covers(actor: Actor) -> Sequence[AnyRow]:
    """Of everybody at the actor's service: who stands in for whom over a whole caseload, from when and until when."""
    statement = _caseload().add_columns(Manager.person_id.label("covered_id"), Person.public_id, Person.name)
    statement = statement.join(Person, Person.id == Cover.person_id)
    here = statement.where(Cover.organisation_id == actor.organisation_id)
    names = (Manager.person_id, Person.public_id, Person.name)
    return db.session.execute(here.group_by(Cover.person_id, Cover.until, *names).order_by(func.min(Cover.since))).all()


def covers_to_carry_on(person_id: int, organisation_id: int) -> Sequence[AnyRow]:
    """Who stands in for this case manager over their caseload, and so on what they are given meanwhile."""
    theirs = (Manager.person_id == person_id, Cover.organisation_id == organisation_id)
    return db.session.execute(_caseload().where(*theirs).group_by(Cover.person_id, Cover.until)).all()


def cases_held(person_id: int, organisation_id: int) -> Sequence[int]:
    """Ids of the cases that somebody has at a service, in one order, so that of two who change them one waits."""
    statement = select(Case.id).join(Manager, Manager.case_id == Case.id)
    here = (Case.service_id == organisation_id, Case.status != Status.CLOSED)
    return db.session.scalars(statement.where(_HAS_IT, Manager.person_id == person_id, *here).order_by(Case.id)).all()


def _caseload() -> Any:
    """Cover that is not over yet, as it was given over a whole caseload."""
    of_all = (Audit.case_id == Cover.case_id, Audit.thing_id == Cover.id, Audit.event.in_(OF_CASELOAD))
    together = plays(Manager, Part.MANAGER, Cover.case_id)
    return (
        select(Cover.person_id, func.min(Cover.since).label("since"), Cover.until)
        .join(Manager, Manager.organisation_id == Cover.organisation_id)
        .where(together, *_STANDS_IN, exists().where(*of_all))
    )
