"""The report of a school's cases: figures, the cases behind each, and a table to take away (S7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import Form, SelectField, SelectMultipleField

from app.cases.rules import status_words
from app.cases.school_list.rules import IN_ORDER
from app.core import clock
from app.core.days import in_words
from app.core.seen import View
from app.core.sheets import CSV, XLSX, as_csv, as_xlsx
from app.core.web.answers import elsewhere, show
from app.core.web.downloads import take_away
from app.core.web.forms import DayField
from app.core.web.guards import open_to
from app.core.web.words import clocktime
from app.people.models import Role
from app.portal.blueprint import SCHOOL, bp
from app.referrals.drafts.queries import end_of
from app.reports.export import about_sheet, cases_sheet, file_name
from app.reports.periods import between, terms_until, years_without_terms
from app.reports.queries import drafts_ending, lines_for
from app.reports.report import STANDINGS, Figure, Report
from app.reports.rules import BANDS, Asked, Line, following

PAGE = 25
MOST_CHANGES = 25
YEARS = range(14)
HERE = "/portal/reports/"
BOTH = "Choose a term or write days, not both"
TURNED = "The last day is before the first"


class FilterForm(Form):  # type: ignore[misc]
    """What the report is asked for; what is in no list is not asked for."""

    status = SelectMultipleField(
        "Status", choices={status: status_words(status).label for status in IN_ORDER}, validate_choice=False
    )
    year = SelectField(
        "Year level", choices={"": "Any"} | {str(year): f"Year {year}" for year in YEARS}, validate_choice=False
    )
    period = SelectField("Started in", validate_choice=False)
    from_on = DayField("Or started from")
    to_on = DayField("Until")

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        terms = terms_until(clock.today()).items()
        self.period.choices = {"": "Any time"} | {
            code: f"Term{term.words.removeprefix('in term')}" for code, term in terms
        }

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        from_on, to_on = self.from_on.data, self.to_on.data
        if self.period.data in terms_until(clock.today()) and (from_on or to_on):
            self.period.errors = [BOTH]
        elif from_on and to_on and to_on < from_on:
            self.to_on.errors = [TURNED]
        return not self.errors

    def offer(self, every: Sequence[Line]) -> None:
        """The year levels of these cases; the year that was asked for stays chosen."""
        levels = {line.year_level for line in every} | {self.asked.year_level}
        known = sorted(level for level in levels if level is not None)
        self.year.choices = {"": "Any"} | {str(year): f"Year {year}" for year in known}

    @property
    def asked(self) -> Asked:
        year, term = self.year.data, terms_until(clock.today()).get(self.period.data)
        return Asked(
            statuses=tuple(status for status in IN_ORDER if status in (self.status.data or ())),
            year_level=int(year) if year in map(str, YEARS) else None,
            period=term or between(self.from_on.data, self.to_on.data),
        )

    @property
    def query(self) -> str:
        """The filters as they stand in the address."""
        names = ("status", "year", "period", "from_on-", "to_on-")
        kept = [(name, text) for name, text in request.args.items(multi=True) if name.startswith(names) and text]
        return urlencode(kept)


@dataclass(frozen=True)
class Found:
    """Every case that this person may see, and the report of those that were asked for."""

    every: list[Line]
    report: Report

    @property
    def figure(self) -> Figure:
        """Which was opened; one that counts nothing any more is empty."""
        code = request.args.get("which", "")
        return self.report.figures.get(code, Figure(code, "Nothing is counted here now", ()))


@bp.get("/reports/")
@open_to(*SCHOOL)
def report() -> Response:
    """All figures, as of now."""
    form = FilterForm(request.args)
    shown: dict[str, Any] = {
        "form": form,
        "bands": BANDS,
        "unknown_years": years_without_terms(clock.today()),
        "query": form.query,
    }
    if not form.validate():
        return show("portal/report.html", status=422, report=None, **shown)
    found, (draft_count, drafts) = _found(form), drafts_ending(g.actor)
    form.offer(found.every)
    g.view = View("report", None)
    return show(
        "portal/report.html",
        report=found.report,
        drafts=drafts,
        draft_count=draft_count,
        most=MOST_CHANGES,
        standings=STANDINGS,
        end_of=end_of,
        **_said(form),
        **shown,
    )


@bp.get("/reports/cases")
@open_to(*SCHOOL)
def report_cases() -> Response:
    """The cases that one figure counts, page by page, by family name."""
    form = FilterForm(request.args)
    if not form.validate():
        return _back(form)
    found = _found(form)
    lines = following(found.figure.lines, request.args.get("after", ""), found.every)
    g.view = View("report", None)
    return show(
        "portal/report_cases.html",
        figure=found.figure,
        lines=lines[:PAGE],
        last=lines[PAGE - 1].number if len(lines) > PAGE else "",
        query=form.query,
        **_said(form),
    )


@bp.get("/reports/cases.csv")
@open_to(*SCHOOL)
def report_csv() -> Response:
    """The same cases as a table."""
    return _taken_away("CSV", "csv", CSV, lambda figure, form: as_csv(cases_sheet(figure.lines)))


@bp.get("/reports/cases.xlsx")
@open_to(*SCHOOL)
def report_xlsx() -> Response:
    """The same for Excel, with a second sheet that says what it holds."""

    def made(figure: Figure, form: FilterForm) -> bytes:
        about = about_sheet(figure, form.asked, whose=("School", g.actor.organisation_name), by=g.actor.name)
        return as_xlsx(cases_sheet(figure.lines), about)

    return _taken_away("Excel", "xlsx", XLSX, made)


def _taken_away(said: str, ending: str, media_type: str, made: Callable[[Figure, FilterForm], bytes]) -> Response:
    form = FilterForm(request.args)
    if not form.validate():
        return _back(form)
    figure = _found(form).figure
    g.view = View(f"report: {said} file of {figure.count} cases", None)
    return take_away(made(figure, form), file_name(g.actor.organisation_name, ending), media_type)


def _found(form: FilterForm) -> Found:
    every, asked = lines_for(g.actor), form.asked
    return Found(every, Report([line for line in every if asked.takes(line)]))


def _said(form: FilterForm) -> dict[str, Any]:
    """As of when, and of which cases: on the page and on paper."""
    return {
        "as_of": f"{in_words(clock.today())}, {clocktime(clock.now())}",
        "asked": form.asked.words,
        "is_own": g.actor.role is Role.PRIMARY_CONTACT,
    }


def _back(form: FilterForm) -> Response:
    """What is wrong with the filters is said on the report's own page."""
    return elsewhere(f"{HERE}?{form.query}")
