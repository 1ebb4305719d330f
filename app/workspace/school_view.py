"""What does the school see? Its own pages, made of the same templates and asked with its eyes (P8)."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.known import absences_of, absences_until
from app.attendance.queries import statements_of
from app.attendance.rules import in_days
from app.cases.absences.policy import can_read_absences, can_see_its_absences
from app.cases.files.queries import PAGE, files_for, files_on
from app.cases.plans.queries import plan_shared_with_school
from app.cases.plans.rules import STATE_WORDS
from app.cases.policy import can_see_as_school
from app.cases.queries import CaseHead, case_for
from app.cases.rules import known_until
from app.cases.timeline import A_LEAD, shown_to_school
from app.cases.timeline import PAGE as TIMELINE_PAGE
from app.cases.updates.queries import standing_of
from app.core.web.guards import needs
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case

LOGGED = "what the school sees"


@bp.get("/cases/<number>/school-view")
@needs(can_see_as_school, on=case_for, log=LOGGED)
def school_view(head: CaseHead) -> Response:
    """The page of the case, with all of its timeline, page by page."""
    entries = shown_to_school(head.case_id, before=request.args.get("before", ""))
    return _page(
        "",
        head,
        entries=entries[:TIMELINE_PAGE],
        files=files_on(A_LEAD, entries),
        has_older=len(entries) > TIMELINE_PAGE,
        standing=standing_of(A_LEAD, head),
        can_ask=False,
    )


@bp.get("/cases/<number>/school-view/plan")
@needs(can_see_as_school, on=case_for, log=LOGGED)
def school_view_plan(head: CaseHead) -> Response:
    """The plan, where it is shared."""
    return _page("plan", head, plan=plan_shared_with_school(head.case_id), states=STATE_WORDS)


@bp.get("/cases/<number>/school-view/files")
@needs(can_see_as_school, on=case_for, log=LOGGED)
def school_view_files(head: CaseHead) -> Response:
    """Every file that it may open, newest first."""
    files = files_for(A_LEAD, head.case_id, before=request.args.get("before", ""))
    return _page("files", head, files=files[:PAGE], has_older=len(files) > PAGE)


@bp.get("/cases/<number>/school-view/attendance")
@needs(can_see_its_absences, on=case_for, log=LOGGED)
def school_view_attendance(head: CaseHead) -> Response:
    """What was told of its own days, by itself or by a service, until the case was closed."""
    school_id, until = head.school_id, known_until(head)
    statements = statements_of(head.student_id, school_id=school_id, until=until)
    newest = absences_until(head.student_id, school_id, until) if until else absences_of(head.student_id, school_id)
    told = () if newest and newest.marked else statements[:1]
    return _page(
        "attendance",
        head,
        newest=newest,
        newest_row=told[0] if told else None,
        before=statements[len(told) :],
        in_days=in_days,
        school_id=school_id,
    )


def _page(part: str, head: CaseHead, **values: Any) -> Response:
    page = f"workspace/school_view_{part}.html" if part else "workspace/school_view.html"
    return show_case(
        page,
        head=head,
        seen_at=f"/workspace/cases/{head.number}/",
        part=f"/{part}" if part else "",
        can_read_absences=can_read_absences(g.actor, head),
        **values,
    )
