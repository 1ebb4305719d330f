"""A problem is reported, read by whoever runs the portal, and dealt with (HELP-1)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import current_app, g, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import Length

from app.cases.numbers import is_case_number
from app.core.web.answers import done, show
from app.core.web.downloads import send
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs, open_to
from app.core.web.taken import kept, refusals, to_choose_again
from app.core.web.uploads import first_scan
from app.core.web.writes import Sent
from app.everyone.blueprint import bp
from app.people.models import Kind, Role
from app.people.queries import Actor
from app.problems.actions import Screenshot, close_report, report_problem
from app.problems.policy import can_close, can_open_screenshot, can_read, can_report
from app.problems.queries import PAGE, Report, report_for, reports_for, screenshot_of
from app.problems.rules import LONGEST, Noticed

HERE, LIST = "/help/report-a-problem", "/help/problems"
KINDS = {
    Kind.SCHOOL: "school",
    Kind.SERVICE: "attendance service",
    Kind.MINISTRY: "Ministry",
    Kind.OPERATOR: "runs the portal",
}
LONGEST_BROWSER = 300
PROJECT = Path(__file__).parents[2] / "pyproject.toml"


class ProblemForm(OnceForm):
    """What somebody was doing; and what the link that led here carried along."""

    doing = TextAreaField(
        "What were you doing, and what happened?",
        validators=[
            Required("Write in a few words what you were doing"),
            Length(max=LONGEST, message=f"{LONGEST} characters at most: the first sentences matter most"),
        ],
    )
    stops_work = RadioField(
        "Does it stop your work?",
        choices={"yes": "Yes, I cannot go on", "no": "No, I can work around it"},
        validators=[Required("Say whether it stops your work")],
    )
    operator_may_open = BooleanField("Whoever runs the portal may open my screenshot")
    on_page = HiddenField(default="")
    case_number = HiddenField(default="")
    error_number = HiddenField(default="")


def problem_url() -> str:
    """The form, with what the page where one is now knows: its pattern, its case, its error."""
    known = {
        "page": request.url_rule.rule if request.url_rule else "",
        "case": (request.view_args or {}).get("number", ""),
        "error": g.get("request_id", "") if g.get("has_failed") else "",
    }
    said = {name: text for name, text in known.items() if text}
    return f"{HERE}?{urlencode(said)}" if said else HERE


def reporter(actor: Actor) -> Actor:
    return actor


@bp.get(HERE)
@open_to()
def problem() -> Response:
    """Empty, but for what the link carried along."""
    carried = {"on_page": "page", "case_number": "case", "error_number": "error"}
    return _page(ProblemForm(data={field: request.args.get(name, "") for field, name in carried.items()}))


@bp.post(HERE)
@needs(can_report, on=reporter, sent=Sent.FILES)
def report(_: Actor) -> Response:
    form = ProblemForm(request.form)
    is_valid = form.validate()
    wrong = [*form.form_errors, *refusals()]
    if not is_valid or wrong:
        form.form_errors = wrong or to_choose_again()
        return _page(form, status=422)
    may_open = bool(form.operator_may_open.data)
    made = report_problem(
        _noticed(form),
        doing=(form.doing.data or "").strip(),
        stops_work=form.stops_work.data == "yes",
        by=g.actor,
        screenshot=next((Screenshot(file, first_scan(), may_open) for file in kept()), None),
    )
    return done("Thank you. Your report is on its way.", f"{LIST}/{made.reference}")


@bp.get(LIST)
@open_to(Role.OPERATOR)
def problems() -> Response:
    """Every report, newest first."""
    found = reports_for(g.actor, before=request.args.get("before", ""))
    return show("everyone/problems.html", reports=found[:PAGE], has_more=len(found) > PAGE)


@bp.get("/help/problems/<reference>")
@needs(can_read, on=report_for)
def reported(found: Report) -> Response:
    """One's own, or for whoever runs the portal: what was sent."""
    return show(
        "everyone/problem_sent.html",
        found=found,
        report=found.row,
        kind=KINDS[found.organisation.kind],
        can_close=can_close(g.actor, found),
        can_open=can_open_screenshot(g.actor, found),
    )


@bp.get("/help/problems/<reference>/screenshot")
@needs(can_open_screenshot, on=screenshot_of)
def screenshot(found: Report) -> Response:
    return send(found.file, inline="in-place" in request.args)


@bp.post("/help/problems/<reference>/closing")
@needs(can_close, on=report_for)
def close(found: Report) -> Response:
    is_new = close_report(found.row, by=g.actor)
    return done("Noted as dealt with." if is_new else "It was noted before.", LIST)


def _noticed(form: ProblemForm) -> Noticed:
    """What was carried along is taken only as what it can be: a pattern of ours, a case number, a request's number."""
    page, number, error = (field.data or "" for field in (form.on_page, form.case_number, form.error_number))
    patterns = {rule.rule for rule in current_app.url_map.iter_rules()}
    return Noticed(
        page=page if page in patterns else "",
        case_number=number if is_case_number(number) else "",
        error_number=error if error.isalnum() and len(error) <= 16 else "",
        browser=request.user_agent.string[:LONGEST_BROWSER],
        version=_version(),
    )


@cache
def _version() -> str:
    found: str = tomllib.loads(PROJECT.read_text())["project"]["version"]
    return found


def _page(form: ProblemForm, *, status: int = 200) -> Response:
    known: dict[str, Any] = {"noticed": _noticed(form), "kind": KINDS[g.actor.organisation_kind]}
    return show("everyone/problem.html", status=status, form=form, operator_email=_operator_email(), **known)


def _operator_email() -> str:
    found: str = current_app.extensions["settings"].operator_email
    return found
