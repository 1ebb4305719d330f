"""Reports of problems: all for whoever runs the portal, and one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.people.models import Organisation, Person
from app.people.queries import Actor
from app.problems.models import ProblemReport
from app.problems.policy import visible

PAGE = 25


@dataclass(frozen=True)
class Report:
    """A report with who sent it, and its screenshot if it has one."""

    row: ProblemReport
    by_name: str
    organisation: AnyRow
    file: Any

    @property
    def person_id(self) -> int:
        return self.row.person_id

    @property
    def operator_may_open(self) -> bool:
        return self.row.operator_may_open


def reports_for(actor: Actor, *, before: str = "") -> Sequence[AnyRow]:
    """A page of the reports that this person may read, newest first, and one row more; `before` is the last one's
    reference."""
    columns = (
        ProblemReport.reference,
        ProblemReport.made_at,
        ProblemReport.role,
        ProblemReport.page,
        ProblemReport.stops_work,
        ProblemReport.closed_at,
        Organisation.name.label("organisation_name"),
    )
    statement = select(*columns).join(Organisation, Organisation.id == ProblemReport.organisation_id)
    if before:
        last = select(ProblemReport.id).where(ProblemReport.reference == before, visible(actor))
        statement = statement.where(ProblemReport.id < last.scalar_subquery())
    return db.session.execute(statement.where(visible(actor)).order_by(ProblemReport.id.desc()).limit(PAGE + 1)).all()


def report_for(actor: Actor, reference: str) -> Report | None:
    """One report, in one statement."""
    statement = (
        select(ProblemReport, Person.name.label("by_name"), Organisation.name, Organisation.kind, StoredFile)
        .join(Person, Person.id == ProblemReport.person_id)
        .join(Organisation, Organisation.id == ProblemReport.organisation_id)
        .outerjoin(StoredFile, StoredFile.id == ProblemReport.file_id)
        .where(ProblemReport.reference == reference, visible(actor))
    )
    row = db.session.execute(statement).first()
    return Report(row.ProblemReport, row.by_name, row, row.StoredFile) if row else None


def screenshot_of(actor: Actor, reference: str) -> Report | None:
    """The same, where there is a screenshot."""
    found = report_for(actor, reference)
    return found if found and found.file else None
