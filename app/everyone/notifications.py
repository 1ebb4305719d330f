"""What one was told in the app, newest first (SHARE-7); and the way to one's first page."""

from flask import current_app, g, request
from werkzeug.wrappers import Response

from app.core import unread
from app.core.errors import Unseen
from app.core.security import row_of_link
from app.core.told import places
from app.core.web.answers import done, elsewhere, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to, open_to_all
from app.everyone.blueprint import bp
from app.people.telling.queries import told_thing, told_to
from app.people.telling.rules import FROM_MAIL

LISTED = "/notifications/"


@bp.get("/")
@open_to_all
def first_page() -> Response:
    """To one's own first page, or to sign in."""
    return elsewhere(g.actor.home if g.actor else "/sign-in")


@bp.get(LISTED)
@open_to()
def notifications() -> Response:
    """Only what one may still see."""
    return _page(OnceForm())


@bp.post(LISTED)
@open_to()
def read_all() -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    unread.mark_all(g.actor)
    return done("Everything is marked as read.", LISTED)


@bp.get(f"{FROM_MAIL}<code>")
@open_to()
def from_mail(code: str) -> Response:
    """From a mail to the thing it is about; where it is another role's, or nobody's any more, to what to do about that."""
    row_id = row_of_link(current_app.extensions["settings"].secret_key, code)
    row = told_thing(g.actor.person_id, row_id) if row_id else None
    if row is None:
        raise Unseen
    is_here = row.organisation_id == g.actor.organisation_id
    if is_here and (place := places(g.actor, [row]).get(row.id)):
        return elsewhere(place.path or LISTED)
    is_other = row.held not in {None, g.actor.role_held_id}
    return show("everyone/from_mail.html", status=200 if is_other else 403, row=row, is_other=is_other)


def _page(form: OnceForm, *, status: int = 200) -> Response:
    before = request.args.get("before", "")
    is_number = before.isascii() and before.isdigit() and len(before) < 10
    told = told_to(g.actor, before=int(before) if is_number else None)
    return show("everyone/notifications.html", status=status, notifications=told, form=form)
