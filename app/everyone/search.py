"""A case found by the student's name or by its number (P14)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.search.policy import FINDERS
from app.cases.search.queries import MOST, cases_found
from app.cases.search.rules import sought
from app.core.seen import View
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.everyone.blueprint import bp
from app.people.rules import home

LONGEST = 160
"""Characters: no name is longer."""


@bp.get("/search")
@open_to(*FINDERS)
def search() -> Response:
    """Who has which case, as far as this person may know; that somebody looked is logged, not for whom."""
    typed = request.args.get("q", "").strip()[:LONGEST]
    looked_for = sought(typed)
    if not looked_for.is_nothing:
        g.view = View("search", None)
    return show(
        "everyone/search.html",
        typed=typed,
        sought=looked_for,
        found=cases_found(g.actor, looked_for),
        most=MOST,
        longest=LONGEST,
        start=home(g.actor.role),
    )
