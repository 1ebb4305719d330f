"""What of the access log is unusual: for the lead of a service or a school, about their own people (V1, PRIV-1)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import Form

from app.cases.access.policy import Watch, can_watch, watch_for
from app.cases.access.queries import PAGE, hours_of, openings_in, taken_or_not_theirs
from app.cases.access.rules import LONGEST_DAYS, USUAL_DAYS, Days, Hour, days_between, spread_over, unusual_hours
from app.core import clock
from app.core.figures import the_figures
from app.core.seen import View
from app.core.web.answers import show
from app.core.web.forms import DayField
from app.core.web.guards import needs


class DaysForm(Form):  # type: ignore[misc]
    """Which days."""

    from_on = DayField("From")
    to_on = DayField("Until")


@needs(can_watch, on=watch_for)
def unusual(_watch: Watch) -> Response:
    """Many cases in an hour, outside working hours, cases of others, and what was printed or taken away."""
    form = DaysForm(request.args)
    is_valid = form.validate()
    days = days_between(form.from_on.data, form.to_on.data, clock.today())
    after = request.args.get("after", "")
    lines = taken_or_not_theirs(g.actor, days, after=int(after) if after.isdecimal() and len(after) < 10 else 0)
    g.view = View("unusual access", None)
    return show(
        "written/unusual.html",
        status=200 if is_valid else 422,
        form=form,
        days=days,
        hours=_hours(days),
        lines=lines[:PAGE],
        has_more=len(lines) > PAGE,
        usual_days=USUAL_DAYS,
        longest_days=LONGEST_DAYS,
    )


def _hours(days: Days) -> list[Hour]:
    rows, many = hours_of(g.actor, days), the_figures().many_cases_an_hour
    pairs = spread_over(rows, many=many)
    return unusual_hours(rows, pairs, openings_in(g.actor, days, pairs), many=many)
