"""What is announced: read, put away, and written by whoever may (H4)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from app.announcements import actions
from app.announcements.models import Announcement
from app.announcements.policy import WRITERS, can_end, can_put_away
from app.announcements.queries import PAGE, announcement_for, announcements_for
from app.announcements.rules import LONGEST, LONGEST_TITLE, Said, as_roles, faults, last_day
from app.core import clock
from app.core.text import one_line
from app.core.web.answers import done, show
from app.core.web.forms import DayField, OnceForm, Required
from app.core.web.guards import needs, open_to
from app.everyone.blueprint import bp
from app.people.models import Role
from app.people.rules import LABELS

HERE = "/announcements/"


class AnnouncementForm(OnceForm):
    """What, to whom, from and until which day."""

    title = StringField(
        "Title",
        validators=[
            Required("Write a title"),
            Length(max=LONGEST_TITLE, message=f"A title has {LONGEST_TITLE} characters at most"),
        ],
    )
    body = TextAreaField(
        "Text",
        validators=[
            Required("Write the text"),
            Length(
                max=LONGEST, message=f"A text has {LONGEST} characters at most: write less, and say where to read more"
            ),
        ],
    )
    roles = SelectMultipleField(
        "Who is it for?", choices={role.value: LABELS[role].capitalize() for role in Role}, coerce=Role
    )
    from_on = DayField("First day", required="Say from which day it stands")
    until_on = DayField("Last day", required="Say until which day it stands")

    def said(self) -> Said:
        title, body = one_line(self.title.data), (self.body.data or "").strip()
        today = clock.today()
        first, last = self.from_on.data or today, self.until_on.data or today
        return Said(title, body, tuple(self.roles.data or ()), first, last)


@bp.get(HERE)
@open_to()
def announcements() -> Response:
    """Those that stand and former ones; who writes them sees also those to come."""
    found = announcements_for(g.actor, before=request.args.get("before", ""))
    return show(
        "everyone/announcements.html",
        announcements=found[:PAGE],
        has_more=len(found) > PAGE,
        is_writer=g.actor.role in WRITERS,
        last_day=last_day,
        roles_of={row.Announcement.id: as_roles(row.Announcement.roles) for row in found},
    )


@bp.get("/announcements/new")
@open_to(*WRITERS)
def new_announcement() -> Response:
    return _page(AnnouncementForm(data={"from_on": clock.today()}))


@bp.post("/announcements/new")
@open_to(*WRITERS)
def announce() -> Response:
    form = AnnouncementForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    said = form.said()
    for field, fault in faults(said, clock.today()).items():
        form[field].errors = [fault]
    if form.errors:
        return _page(form, status=422)
    actions.announce(said, by=g.actor)
    return done(_announced(said), HERE)


@bp.post("/announcements/<public_id>/ending")
@needs(can_end, on=announcement_for)
def end(announcement: Announcement) -> Response:
    is_new = actions.end_announcement(announcement, by=g.actor)
    return done("It stands on nobody’s pages any more." if is_new else "It was over already.", HERE)


@bp.post("/announcements/<public_id>/put-away")
@needs(can_put_away, on=announcement_for)
def put_away(announcement: Announcement) -> Response:
    actions.put_away(announcement, by=g.actor)
    return done("Put away. You find it here whenever you want to read it again.", HERE)


def _announced(said: Said) -> str:
    whom = "everybody" if not said.roles else "those you chose"
    return f"Announced: it stands on the pages of {whom} from its first day to the end of its last, or until they put it away."


def _page(form: AnnouncementForm, *, status: int = 200) -> Response:
    return show("everyone/announcements_new.html", status=status, form=form)
