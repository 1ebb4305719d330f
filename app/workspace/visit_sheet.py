"""The visit sheet: one page to print and take along (P16)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.meetings.rules import LIST
from app.cases.queries import CaseHead, case_for
from app.cases.tasks.queries import open_tasks
from app.cases.visits.queries import answered_on, whom_to_visit
from app.cases.visits.rules import LONGEST_PURPOSE, MOST_NOTES, line, sheet_of, short_notes
from app.core import clock
from app.core.web.guards import needs
from app.referrals.requests import addresses_asked_with
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case


@bp.get("/cases/<number>/visit-sheet")
@needs(policy.can_read_details, on=case_for, log="visit sheet")
def visit_sheet(head: CaseHead) -> Response:
    """For the next task, or the one that is chosen. Opening it is what the access log knows of printing it."""
    tasks, answered = open_tasks(g.actor, head), answered_on(head.case_id)
    chosen = next((task for task in tasks if task.public_id == request.args.get("task")), None) or next(
        iter(tasks), None
    )
    return show_case(
        "workspace/visit_sheet.html",
        head=head,
        sheet=sheet_of(whom_to_visit(head.student_id), addresses_asked_with(head.case_id)),
        tasks=tasks,
        chosen=chosen,
        purpose=line(chosen.what, LONGEST_PURPOSE) if chosen else "",
        to_ask=[label for name, label in LIST.items() if name not in answered],
        short_notes=short_notes,
        most_notes=MOST_NOTES,
        printed_at=clock.now(),
    )
