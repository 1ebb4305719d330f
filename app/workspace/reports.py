"""The report of a service's cases (M4, S7)."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.core.seen import View
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.people.models import Role
from app.reports.export import service_sheet
from app.reports.queries import service_lines_for
from app.reports.workload import COLUMNS, ServiceReport, percent_in_time
from app.workspace.blueprint import bp
from app.written.reports import Desk, FilterForm, cases_of_figure, csv_of_figure, refused, xlsx_of_figure

MOST_CHANGES = 10
"""Students whose attendance stands on the page itself."""
WORKERS = (Role.WORKFLOW_LEAD, Role.CASE_MANAGER)
DESK = Desk(FilterForm, service_lines_for, ServiceReport, service_sheet, whose="Service", own=Role.CASE_MANAGER)


@bp.get("/reports/")
@open_to(*WORKERS)
def report() -> Response:
    """All figures, as of now."""
    form = FilterForm(request.args)
    if not form.validate():
        return refused(DESK, form, "workspace/report.html")
    found = DESK.found(form)
    g.view = View("report", None)
    more: dict[str, Any] = {"columns": COLUMNS, "in_time": percent_in_time, "most": MOST_CHANGES}
    return show("workspace/report.html", report=found.report, **more, **DESK.shown(form))


@bp.get("/reports/cases")
@open_to(*WORKERS)
def report_cases() -> Response:
    return cases_of_figure(DESK, "workspace/report_cases.html")


@bp.get("/reports/cases.csv")
@open_to(*WORKERS)
def report_csv() -> Response:
    return csv_of_figure(DESK)


@bp.get("/reports/cases.xlsx")
@open_to(*WORKERS)
def report_xlsx() -> Response:
    return xlsx_of_figure(DESK)
