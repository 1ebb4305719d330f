"""A problem is reported, and dealt with (HELP-1)."""

from app.core import clock, events
from app.core.db import db
from app.core.files.stored import Kept, Scan, add
from app.core.text import nfc
from app.people.queries import Actor
from app.problems import tells  # noqa: F401  (registers whom these events tell)
from app.problems.models import ProblemReport
from app.problems.rules import REPORTED, Noticed, new_reference


def report_problem(
    noticed: Noticed,
    *,
    doing: str,
    stops_work: bool,
    by: Actor,
    screenshot: Kept | None = None,
    scan: Scan = Scan.NOT_SCANNED,
    operator_may_open: bool = False,
) -> ProblemReport:
    """Kept with what the page knew by itself; a screenshot stays the sender's unless they open it to the operator."""
    made = ProblemReport(
        reference=new_reference(),
        made_at=clock.now(),
        person_id=by.person_id,
        role=by.role.value,
        organisation_id=by.organisation_id,
        case_number=noticed.case_number,
        page=noticed.page,
        browser=nfc(noticed.browser),
        version=noticed.version,
        error_number=noticed.error_number,
        doing=nfc(doing),
        stops_work=stops_work,
        file_id=add(screenshot, scan=scan, by=by).id if screenshot else None,
        operator_may_open=screenshot is not None and operator_may_open,
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
