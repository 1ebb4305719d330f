"""Who signed in when, and how it ended, and who was turned away: for whoever gives roles, and whoever runs the portal."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.everyone.blueprint import bp
from app.people.models import Role
from app.people.rules import people_page
from app.people.sign_in_log.policy import READERS
from app.people.sign_in_log.queries import PAGE, sign_ins_for, turned_away_for
from app.people.sign_in_log.rules import LATELY, TURNED_AWAY, ended

LONGEST_NUMBER = 18
"""Digits; no row has a longer number."""


@bp.get("/sign-ins/")
@open_to(*READERS)
def sign_ins() -> Response:
    """Of one's own organisation only; all of them for whoever runs the portal."""
    of, now = request.args.get("person", ""), clock.now()
    before = _number(request.args.get("before", ""))
    found = sign_ins_for(g.actor, of=of, before=before)
    return show(
        "everyone/sign_ins.html",
        sign_ins=[(row, ended(row, now)) for row in found[:PAGE]],
        last=found[PAGE - 1].id if len(found) > PAGE else None,
        turned_away=[] if of or before else [(row, TURNED_AWAY[row.event]) for row in turned_away_for(g.actor)],
        days=LATELY.days,
        of=of,
        is_of_all=g.actor.role is Role.OPERATOR,
        people_page=people_page(g.actor.organisation_kind),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= LONGEST_NUMBER else None
