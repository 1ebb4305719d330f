"""Everyone with a role here; for the delegated authoriser with where it came from, and who has left."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.web.answers import show
from app.core.web.guards import open_to
from app.people.role_requests.queries import answered_to, waiting_for
from app.people.roles.policy import sees_all
from app.people.roles.queries import PAGE, colleagues


@open_to()
def people() -> Response:
    """The authoriser's first page; to everybody else here it says who holds which role, and nothing more."""
    is_full = sees_all(g.actor)
    is_former = is_full and "former" in request.args
    found = colleagues(g.actor, after=request.args.get("after", ""), is_former=is_former)
    return show(
        "written/people.html" if is_full else "written/who_is_who.html",
        people=found[:PAGE],
        last=found[PAGE - 1].of.public_id if len(found) > PAGE else None,
        is_former=is_former,
        waiting=waiting_for(g.actor) if is_full and not is_former else [],
        answered=[] if is_full else answered_to(g.actor.person_id, g.actor.organisation_id),
        here=f"/{request.blueprint}/people/",
    )
