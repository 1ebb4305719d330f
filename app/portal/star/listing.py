"""The students who passed 5, 10 or 15 days absent and wait for an answer (ATT-5)."""

from typing import ClassVar
from urllib.parse import urlencode

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, Form, SelectField

from app.attendance.star.codes import kinds_on
from app.attendance.star.lines import STEP_DAYS, Wanted, Watch
from app.attendance.star.policy import WRITERS
from app.attendance.star.queries import PAGE, lines_for, watch_of
from app.core import clock
from app.core.seen import View
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.portal.blueprint import bp
from app.referrals.routing import known_cases

LIST = "/portal/attendance/star"


class StarFilter(Form):  # type: ignore[misc]
    """What the list is asked for; what is in no list is not asked for."""

    NAMES: ClassVar = ("tutor", "year", "step", "answered")
    tutor = SelectField("Tutor group", validate_choice=False)
    year = SelectField("Year level", validate_choice=False)
    step = SelectField("Past", validate_choice=False)
    answered = BooleanField("Answered ones too", false_values=("", "n"))

    def offer(self, watch: Watch) -> None:
        """The groups and year levels of the roll."""
        self.tutor.choices = {"": "All"} | {name: f"{name} ({waits})" for name, waits in watch.tutors.items()}
        self.year.choices = {"": "All"} | {str(year): f"Year {year}" for year in watch.years}
        self.step.choices = {"": "Any step"} | {str(days): f"{days} days" for days in STEP_DAYS}

    @property
    def wanted(self) -> Wanted:
        step, year = self.step.data or "", self.year.data or ""
        return Wanted(
            tutor=self.tutor.data or "",
            year=int(year) if year.isascii() and year.isdigit() and len(year) <= 2 else None,
            step=int(step) if step in map(str, STEP_DAYS) else 0,
            has_answered=bool(self.answered.data),
        )

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The filters as they stand in the address, or in what was sent from the list."""
        return [(name, text) for name in self.NAMES if (text := request.values.get(name, ""))]

    @property
    def query(self) -> str:
        return urlencode(self.kept)


@bp.get("/attendance/star")
@open_to(*WRITERS)
def star_list() -> Response:
    """A page of them, who has missed most first, with what was done so far."""
    form, watch = StarFilter(request.args), watch_of(g.actor)
    form.offer(watch)
    lines = lines_for(g.actor, form.wanted, after=request.args.get("after", ""))
    g.view = View("STAR watch", None)
    return show(
        "portal/star/list.html",
        form=form,
        watch=watch,
        lines=lines[:PAGE],
        has_more=len(lines) > PAGE,
        is_asked=form.wanted != Wanted(),
        kinds=kinds_on(clock.today()),
        cases=known_cases(g.actor, [line.student_id for line in lines]),
    )


def back_to_list() -> str:
    """The address of the list, filtered as it was."""
    query = StarFilter(request.values).query
    return f"{LIST}?{query}" if query else LIST
