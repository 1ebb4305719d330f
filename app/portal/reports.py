"""The report of a school's cases (S7)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import SelectField

from app.core.seen import View
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.people.models import Role
from app.portal.blueprint import SCHOOL, bp
from app.referrals.drafts.queries import end_of
from app.reports.export import cases_sheet
from app.reports.queries import drafts_ending, lines_for
from app.reports.report import Report
from app.reports.rules import Asked, Line
from app.written.reports import Desk, FilterForm, cases_of_figure, csv_of_figure, refused, xlsx_of_figure

MOST_CHANGES = 25
YEARS = range(14)


class SchoolForm(FilterForm):
    """By year level, too."""

    KEPT: ClassVar = (*FilterForm.KEPT, "year")
    year = SelectField(
        "Year level", choices={"": "Any"} | {str(year): f"Year {year}" for year in YEARS}, validate_choice=False
    )

    def offer(self, every: Sequence[Line]) -> None:
        """The year levels of these cases; the year that was asked for stays chosen."""
        levels = {line.year_level for line in every} | {self.asked.year_level}
        known = sorted(level for level in levels if level is not None)
        self.year.choices = {"": "Any"} | {str(year): f"Year {year}" for year in known}

    @property
    def asked(self) -> Asked:
        year = int(self.year.data) if self.year.data in map(str, YEARS) else None
        return replace(super().asked, year_level=year, has_years=True)


DESK = Desk(SchoolForm, lines_for, Report, cases_sheet, whose="School", own=Role.PRIMARY_CONTACT)


@bp.get("/reports/")
@open_to(*SCHOOL)
def report() -> Response:
    """All figures, as of now."""
    form = SchoolForm(request.args)
    if not form.validate():
        return refused(DESK, form, "portal/report.html")
    found, (draft_count, drafts) = DESK.found(form), drafts_ending(g.actor)
    form.offer(found.every)
    g.view = View("report", None)
    more: dict[str, Any] = {"drafts": drafts, "draft_count": draft_count, "most": MOST_CHANGES, "end_of": end_of}
    return show("portal/report.html", report=found.report, **more, **DESK.shown(form))


@bp.get("/reports/cases")
@open_to(*SCHOOL)
def report_cases() -> Response:
    return cases_of_figure(DESK, "portal/report_cases.html")


@bp.get("/reports/cases.csv")
@open_to(*SCHOOL)
def report_csv() -> Response:
    return csv_of_figure(DESK)


@bp.get("/reports/cases.xlsx")
@open_to(*SCHOOL)
def report_xlsx() -> Response:
    return xlsx_of_figure(DESK)
