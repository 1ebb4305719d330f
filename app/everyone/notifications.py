"""What one was told in the app, newest first (SHARE-7); and the way to one's first page."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.files.queries import told_of_files
from app.cases.files.rules import INFECTED
from app.cases.tells import told_in_app
from app.core.outbox import mark_read
from app.core.web.answers import done, elsewhere, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to, open_to_all
from app.everyone.blueprint import bp
from app.people.role_requests.queries import told_of_roles
from app.people.role_requests.rules import ASKED, NAMED, REFUSED, TOLD_OF_ROLES
from app.people.rules import home
from app.referrals.drafts.queries import told_of_drafts
from app.referrals.drafts.rules import TOLD_OF_DRAFTS

MOST = 50
WORDS = {
    "case.assigned": "A case has a new case manager",
    "case.taken_from": "A case you had was given to somebody else",
    "comment.added": "A note was shared",
    "comment.audience_changed": "A note was shared",
    "draft.end_announced": "A draft that nobody has changed for long will be deleted",
    "draft.handed_over": "A draft was handed over to you",
    INFECTED: "A virus was found in a file that you added, so it was deleted",
    "letter.came_back": "What came back of a letter was recorded",
    "letter.made": "A letter was made",
    "letter.sending_corrected": "How a letter was sent was corrected",
    "letter.sent": "A letter was sent",
    "letter.voided": "A letter was voided",
    "referral.submitted": "A request for support was sent",
    ASKED: "Somebody asks for a role here",
    NAMED: "Somebody was named who has no role here yet",
    REFUSED: "A role that you asked for was refused",
}


@bp.get("/")
@open_to_all
def first_page() -> Response:
    """To one's own first page, or to sign in."""
    return elsewhere(home(g.actor.role) if g.actor else "/sign-in")


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
    told = [*told_in_app(g.actor), *told_of_drafts(g.actor), *told_of_files(g.actor), *told_of_roles(g.actor)]
    told.sort(key=lambda line: line.made_at, reverse=True)
    return show(
        "everyone/notifications.html",
        status=status,
        notifications=told[:MOST],
        words=WORDS,
        of_drafts=TOLD_OF_DRAFTS,
        of_roles=TOLD_OF_ROLES,
        infected=INFECTED,
        start=home(g.actor.role),
        form=form,
    )
