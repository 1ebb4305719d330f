"""A report as its audiences have it alike: what it is asked for, the cases behind each figure, and files to take away (S7, M4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import Form, SelectField, SelectMultipleField

from app.cases.rules import status_words
from app.cases.school_list.rules import IN_ORDER
from app.core import clock
from app.core.days import in_words
from app.core.seen import View
from app.core.sheets import CSV, XLSX, Sheet, as_csv, as_xlsx
from app.core.web.answers import elsewhere, show
from app.core.web.downloads import take_away
from app.core.web.forms import DayField
from app.core.web.words import clocktime
from app.people.models import Role
from app.people.queries import Actor
from app.reports.export import about_sheet, file_name
from app.reports.periods import between, terms_until, years_without_terms
from app.reports.report import STANDINGS, Figure, Report
from app.reports.rules import BANDS, Asked, Line, following
from app.written.places import cases_address, reports_address

PAGE = 25
BOTH = "Choose a term or write days, not both"
TURNED = "The last day is before the first"


class FilterForm(Form):  # type: ignore[misc]
    """What a report is asked for; what is in no list is not asked for."""

    KEPT: ClassVar[tuple[str, ...]] = ("status", "period", "from_on-", "to_on-")
    """How the names of its fields begin."""
    status = SelectMultipleField(
        "Status", choices={status: status_words(status).label for status in IN_ORDER}, validate_choice=False
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

    @property
    def asked(self) -> Asked:
        """Of every year level."""
        term = terms_until(clock.today()).get(self.period.data)
        return Asked(
            statuses=tuple(status for status in IN_ORDER if status in (self.status.data or ())),
            period=term or between(self.from_on.data, self.to_on.data),
            has_years=False,
        )

    @property
    def query(self) -> str:
        """The filters as they stand in the address."""
        every = request.args.items(multi=True)
        return urlencode([(name, text) for name, text in every if name.startswith(self.KEPT) and text])


@dataclass(frozen=True)
class Found:
    """Every case that is this person's to report, and the report of those that were asked for."""

    every: Sequence[Line]
    report: Report

    @property
    def figure(self) -> Figure:
        """Which was opened; one that counts nothing any more is empty."""
        code = request.args.get("which", "")
        return self.report.figures.get(code, Figure(code, "Nothing is counted here now", ()))


@dataclass(frozen=True)
class Desk:
    """What a report is to those who read it."""

    form: type[FilterForm]
    lines: Callable[[Actor], Sequence[Line]]
    report: Callable[[Sequence[Line]], Report]
    sheet: Callable[[Sequence[Line]], Sheet]
    """The table that is taken away."""
    whose: str
    """What the organisation is called in it."""
    own: Role
    """Who reports of nothing but what is theirs."""

    def found(self, form: FilterForm) -> Found:
        every, asked = self.lines(g.actor), form.asked
        return Found(every, self.report([line for line in every if asked.takes(line)]))

    def shown(self, form: FilterForm) -> dict[str, Any]:
        """What each page of a report says: the filters, as of when, and of which cases; these on paper, too."""
        return {
            "here": reports_address(),
            "cases": cases_address(),
            "form": form,
            "query": form.query,
            "bands": BANDS,
            "standings": STANDINGS,
            "unknown_years": years_without_terms(clock.today()),
            "as_of": f"{in_words(clock.today())}, {clocktime(clock.now())}",
            "asked": form.asked.words,
            "is_own": g.actor.role is self.own,
        }


def refused(desk: Desk, form: FilterForm, template: str) -> Response:
    """The report's own page, with what is wrong about the filters."""
    return show(template, status=422, report=None, **desk.shown(form))


def cases_of_figure(desk: Desk, template: str) -> Response:
    """The cases that one figure counts, page by page, by family name."""
    form = desk.form(request.args)
    if not form.validate():
        return _back(form)
    found = desk.found(form)
    lines = following(found.figure.lines, request.args.get("after", ""), found.every)
    g.view = View("report", None)
    last = lines[PAGE - 1].number if len(lines) > PAGE else ""
    return show(template, figure=found.figure, lines=lines[:PAGE], last=last, **desk.shown(form))


def csv_of_figure(desk: Desk) -> Response:
    """The same cases as a table."""
    return _taken_away(desk, "CSV", "csv", CSV, lambda figure, asked: as_csv(desk.sheet(figure.lines)))


def xlsx_of_figure(desk: Desk) -> Response:
    """The same for Excel, with a second sheet that says what it holds."""

    def made(figure: Figure, asked: Asked) -> bytes:
        about = about_sheet(figure, asked, whose=(desk.whose, g.actor.organisation_name), by=g.actor.name)
        return as_xlsx(desk.sheet(figure.lines), about)

    return _taken_away(desk, "Excel", "xlsx", XLSX, made)


def _taken_away(
    desk: Desk, said: str, ending: str, media_type: str, made: Callable[[Figure, Asked], bytes]
) -> Response:
    form = desk.form(request.args)
    if not form.validate():
        return _back(form)
    figure = desk.found(form).figure
    g.view = View(f"report: {said} file of {figure.count} cases", None)
    return take_away(made(figure, form.asked), file_name(g.actor.organisation_name, ending), media_type)


def _back(form: FilterForm) -> Response:
    """What is wrong with the filters is said on the report's own page."""
    return elsewhere(f"{reports_address()}?{form.query}")
