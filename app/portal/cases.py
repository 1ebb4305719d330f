"""One of a school's cases: its page, comments, the request, and who of the school opened it."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length

from app.cases import policy
from app.cases.access.queries import MOST_LINES, access_log_for
from app.cases.access.rules import gathered, place_of
from app.cases.comments.actions import add_comment
from app.cases.comments.rules import LONGEST, TOO_LONG
from app.cases.entries import Audience
from app.cases.files.actions import Arrived
from app.cases.files.queries import files_on
from app.cases.queries import CaseHead, case_for
from app.cases.timeline import PAGE as TIMELINE_PAGE
from app.cases.timeline import timeline_for
from app.cases.unsent.queries import unsent_for
from app.cases.unsent.rules import opened, window_of
from app.cases.updates.policy import can_ask
from app.cases.updates.queries import standing_of
from app.core.errors import Refused
from app.core.figures import counted, the_figures
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs
from app.core.web.taken import has_files, kept, to_choose_again
from app.core.web.uploads import first_scan
from app.core.web.writes import Sent
from app.portal.blueprint import bp
from app.referrals.files.queries import files_of
from app.referrals.queries import requests_on_case
from app.written.again import is_again
from app.written.places import undo_address
from app.written.unsent import not_sent, window_again

ADDED = "Comment added. {service} can read it in {minutes}, and is told then; until then you can undo."


class CommentForm(OnceForm):
    """A school's comment; always shared."""

    body = TextAreaField(
        "Add a comment",
        validators=[
            Required("Write the comment first, or add a file", unless=has_files),
            Length(max=LONGEST, message=TOO_LONG),
        ],
    )


@bp.get("/cases/<number>/")
@needs(policy.can_see, on=case_for, log="case")
def case(head: CaseHead) -> Response:
    """The case page: status, who has it, what is shared; and the comment that this person has not sent yet."""
    return _case_page(head, None)


@bp.post("/cases/<number>/comments")
@needs(policy.can_comment, on=case_for, sent=Sent.FILES)
def comment(head: CaseHead) -> Response:
    form = CommentForm(request.form)
    is_valid = form.validate()
    if kept_back := not_sent(head, form):
        return kept_back
    if not is_valid:
        return _case_page(head, form, status=422)
    if is_again(head, form, Audience.SHARED):
        return _case_page(head, form, status=422, again=Audience.SHARED)
    body, window = form.body.data or "", window_of(request.form)
    files, came = request.form.getlist("file"), Arrived(kept(), first_scan())
    try:
        entry = add_comment(
            head, by=g.actor, body=body, audience=Audience.SHARED, files=files, arrived=came, window=window
        )
    except Refused as refused:
        form.form_errors.extend([refused.why, *to_choose_again()])
        return _case_page(head, form, status=422)
    minutes = counted(the_figures().undo_minutes, "minute")
    said = ADDED.format(service=head.service_name or "The service", minutes=minutes)
    here = f"/portal/cases/{head.number}/"
    return done(said, here, undo=undo_address(head, entry))


@bp.get("/cases/<number>/request")
@needs(policy.can_see, on=case_for, log="request")
def case_request(head: CaseHead) -> Response:
    """What this school itself asked for, as it was sent."""
    requests = requests_on_case(head.case_id, school_id=g.actor.organisation_id)
    files = files_of([sent.row.id for sent in requests])
    return show("portal/case_request.html", case=head, requests=requests, files=files)


@bp.get("/cases/<number>/access")
@needs(policy.can_read_log, on=case_for, log="access log")
def access(head: CaseHead) -> Response:
    """Who of this school opened what, page by page (PRIV-1)."""
    lines = access_log_for(g.actor, head.case_id, before=request.args.get("before", ""))
    older = place_of(lines[MOST_LINES - 1]) if len(lines) > MOST_LINES else ""
    return show("portal/access.html", case=head, lines=gathered(lines[:MOST_LINES]), older=older)


def _case_page(
    head: CaseHead, form: CommentForm | None, *, status: int = 200, again: Audience | None = None
) -> Response:
    entries = timeline_for(g.actor, head.case_id, before=request.args.get("before", ""))
    can_comment = policy.can_comment(g.actor, head)
    unsent = unsent_for(g.actor, head.case_id)
    return show(
        "portal/case.html",
        "portal/_timeline.html",
        status=status,
        case=head,
        form=form or CommentForm(data={"body": unsent.body}),
        can_comment=can_comment,
        unsent=unsent,
        window=window_again() if form else opened(unsent.versions),
        why_not=[],
        again=again,
        can_read_log=policy.can_read_log(g.actor, head),
        entries=entries[:TIMELINE_PAGE],
        files=files_on(g.actor, entries),
        can_ask=can_ask(g.actor, head),
        standing=standing_of(g.actor, head),
        has_older=len(entries) > TIMELINE_PAGE,
    )
