"""One's own days in one's own calendar, at a private address (P17)."""

from urllib.parse import urlsplit

from flask import current_app, g, request, session
from werkzeug.wrappers import Response

from app.cases.diary.actions import end_feed, is_read_anew, make_feed, note_read
from app.cases.diary.queries import feed_behind, feed_of, planned_for
from app.cases.diary.rules import calendar
from app.core import seen
from app.core.db import db
from app.core.errors import Unseen
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to, open_to_machines
from app.everyone.blueprint import bp
from app.people.models import Role
from app.referrals.drafts.queries import drafts_ending

PAGE = "/account/calendar"
SHOWN_ONCE = "calendar_token"
HAVE_DAYS = (
    *(Role.WORKFLOW_LEAD, Role.CASE_MANAGER),
    *(Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT, Role.PRIMARY_CONTACT),
)


@bp.get(PAGE)
@open_to(*HAVE_DAYS)
def calendar_address() -> Response:
    """A new address is shown on this page once, and never again: only what tells it from others is kept."""
    return _page(OnceForm(), token=session.pop(SHOWN_ONCE, ""))


@bp.post(PAGE)
@open_to(*HAVE_DAYS)
def make_calendar() -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    session[SHOWN_ONCE] = make_feed(by=g.actor)
    return done("Your calendar has a new address. Copy it now: it is shown only this once.", PAGE)


@bp.post(f"{PAGE}/ending")
@open_to(*HAVE_DAYS)
def end_calendar() -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    session.pop(SHOWN_ONCE, None)
    is_ended = end_feed(by=g.actor)
    return done("The address shows nothing any more." if is_ended else "There was no address.", PAGE)


@bp.get("/calendar/<token>.ics")
@open_to_machines
def calendar_file(token: str) -> Response:
    """For a calendar's own server, which signs in nowhere: the address is the key. Of one that was never there, has ended, or is
    of a role that has ended, it says the same."""
    feed = feed_behind(token)
    if feed is None:
        raise Unseen
    host = urlsplit(current_app.extensions["settings"].public_url).hostname or "waharoa"
    days = [*planned_for(feed.actor), *drafts_ending(feed.actor)]
    text, is_anew = calendar(days, host), is_read_anew(feed.read_at)
    db.session.rollback()
    if is_anew:
        seen.write(feed.actor, None, lambda at: note_read(feed.id, at))
    return Response(text, content_type="text/calendar; charset=utf-8")


def _page(form: OnceForm, *, token: str = "", status: int = 200) -> Response:
    address = current_app.extensions["settings"].address(f"/calendar/{token}.ics") if token else ""
    return show("everyone/calendar.html", status=status, form=form, feed=feed_of(g.actor), address=address)
