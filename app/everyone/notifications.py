"""What one was told in the app, newest first (SHARE-7); and the way to one's first page."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.outbox import mark_read
from app.core.web.answers import done, elsewhere, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to, open_to_all
from app.everyone.blueprint import bp
from app.people.telling.queries import told_to


@bp.get("/")
@open_to_all
def first_page() -> Response:
    """To one's own first page, or to sign in."""
    return elsewhere(g.actor.home if g.actor else "/sign-in")


@bp.get("/notifications/")
@open_to()
def notifications() -> Response:
    """Only what one may still see."""
    return _page(OnceForm())


@bp.post("/notifications/")
@open_to()
def read_all() -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    mark_read(g.actor.person_id, g.actor.organisation_id)
    return done("Everything is marked as read.", "/notifications/")


def _page(form: OnceForm, *, status: int = 200) -> Response:
    before = request.args.get("before", "")
    is_number = before.isascii() and before.isdigit() and len(before) < 10
    told = told_to(g.actor, before=int(before) if is_number else None)
    return show("everyone/notifications.html", status=status, notifications=told, form=form)
