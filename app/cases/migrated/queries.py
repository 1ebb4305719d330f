"""Which cases came from another system, and which of them nobody has looked at since; told with the case itself."""

from typing import Any

from sqlalchemy import exists, select

from app.cases.heading import lists_also, shows_also
from app.cases.migrated.models import MigratedCase
from app.cases.models import Case
from app.cases.queries import CaseHead, case_for
from app.core.db import AnyRow, db
from app.people.models import Organisation
from app.people.queries import Actor
from app.students.models import Student

PAGE = 50
_MIGRATED = (MigratedCase.case_id == Case.id,)
_WAITS: Any = exists().where(*_MIGRATED, MigratedCase.reviewed_at.is_(None)).correlate(Case)


def migrated_case_for(actor: Actor, number: str) -> CaseHead | None:
    """A case from another system that this person may see."""
    head = case_for(actor, number)
    return head if head and head.migrated_from else None


def unreviewed_for(actor: Actor, *, after: str = "") -> list[AnyRow]:
    """Those of the actor's service that nobody has looked at, the longest known first; a page of them, and one more. `after`: the
    number of the last one seen."""
    columns = (Case.number, Student.legal_name, Student.preferred_name, Organisation.name.label("school_name"))
    found = (
        select(*columns, MigratedCase.former_number, MigratedCase.referred_on, MigratedCase.at)
        .join(Case, Case.id == MigratedCase.case_id)
        .join(Student, Student.id == Case.student_id)
        .join(Organisation, Organisation.id == Case.school_id)
        .where(MigratedCase.reviewed_at.is_(None), Case.service_id == actor.organisation_id)
        .order_by(MigratedCase.case_id)
        .limit(PAGE + 1)
    )
    if after:
        last = select(Case.id).where(Case.number == after, Case.service_id == actor.organisation_id)
        found = found.where(MigratedCase.case_id > last.scalar_subquery())
    return list(db.session.execute(found).all())


def migrated_to_change(case_id: int) -> MigratedCase:
    """Locked until the end of the transaction."""
    found = select(MigratedCase).where(MigratedCase.case_id == case_id).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def brought_already(service_id: int, former_numbers: list[str]) -> set[str]:
    """Which of these numbers of another system are cases here by now."""
    there = (MigratedCase.service_id == service_id, MigratedCase.former_number.in_(former_numbers))
    return set(db.session.scalars(select(MigratedCase.former_number).where(*there)))


def _said(column: Any, name: str) -> Any:
    return select(column).where(*_MIGRATED).correlate(Case).scalar_subquery().label(name)


shows_also(_said(MigratedCase.former_number, "migrated_from"))
shows_also(_said(MigratedCase.referred_on, "referred_on"))
shows_also(_WAITS.label("is_unreviewed"))
lists_also(_WAITS.label("is_unreviewed"))
