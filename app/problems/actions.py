"""A problem is reported, and dealt with (HELP-1)."""

from dataclasses import asdict, dataclass

from app.core import clock, events
from app.core.db import db
from app.core.files.stored import Kept, Scan, add
from app.core.text import nfc
from app.people.queries import Actor
from app.problems import tells  # noqa: F401  (registers whom these events tell)
from app.problems.models import ProblemReport
from app.problems.rules import REPORTED, Noticed, new_reference


@dataclass(frozen=True)
class Screenshot:
    """An object in the store, and whether the operator may open it."""

    kept: Kept
    scan: Scan = Scan.NOT_SCANNED
    operator_may_open: bool = False


def report_problem(
    noticed: Noticed, *, doing: str, stops_work: bool, by: Actor, screenshot: Screenshot | None = None
) -> ProblemReport:
    """Kept with what the page knew by itself; a screenshot stays the sender's unless they open it to the operator."""
    made = ProblemReport(
        **asdict(noticed),
        reference=new_reference(),
        made_at=clock.now(),
        person_id=by.person_id,
        role=by.role.value,
        organisation_id=by.organisation_id,
        doing=nfc(doing),
        stops_work=stops_work,
        file_id=add(screenshot.kept, scan=screenshot.scan, by=by).id if screenshot else None,
        operator_may_open=screenshot is not None and screenshot.operator_may_open,
    )
    db.session.add(made)
    db.session.flush()
    events.record(REPORTED, by=by, on=made)
    return made


def close_report(report: ProblemReport, *, by: Actor) -> bool:
    """It is dealt with. False where it was before."""
    if report.closed_at:
        return False
    report.closed_at = clock.now()
    events.record("problem.closed", by=by, on=report)
    return True
