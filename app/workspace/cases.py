"""A service's cases: the list, one case with its three buttons, the request, and who opened it."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import AnyOf, Length

from app.cases import policy
from app.cases.access.queries import MOST_LINES, access_log_for
from app.cases.access.rules import place_of
from app.cases.comments.actions import add_comment
from app.cases.comments.rules import LONGEST, TOO_LONG
from app.cases.entries import Audience
from app.cases.files.actions import Arrived
from app.cases.files.queries import files_on
from app.cases.heading import readers_of
from app.cases.listing import NOT_CLOSED, PAGE, cases_for, gone_for
from app.cases.models import Status
from app.cases.queries import CaseHead, case_for
from app.cases.timeline import PAGE as TIMELINE_PAGE
from app.cases.timeline import timeline_for
from app.cases.unsent.queries import unsent_for
from app.cases.unsent.rules import opened, window_of
from app.core.errors import Refused
from app.core.figures import counted, the_figures
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs, open_to
from app.core.web.taken import has_files, kept, to_choose_again
from app.core.web.uploads import first_scan
from app.core.web.writes import Sent
from app.letters.policy import can_see_letters
from app.people.models import Role
from app.referrals.files.queries import files_of
from app.referrals.queries import requests_on_case
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.timeline_filter import narrowed
from app.written.again import is_again
from app.written.places import undo_address
from app.written.unsent import not_sent, window_again

SAID = {
    Audience.SHARED: "Note added. {school} can read it in {minutes}, and is told then; until then you can undo.",
    Audience.SERVICE: "Note added for your service only.",
    Audience.RESTRICTED: "Restricted note added: case manager, cover and leads read it.",
}


class NoteForm(OnceForm):
    """A note, and the button that says who will read it. None is preselected (SHARE-1)."""

    body = TextAreaField(
        "Add a note",
        validators=[
            Required("Write the note first, or add a file", unless=has_files),
            Length(max=LONGEST, message=TOO_LONG),
        ],
    )
    audience = HiddenField(
        "Who will read it", validators=[AnyOf([*Audience], message="Press one of the three buttons: who will read it?")]
    )


@bp.get("/cases/")
@open_to(Role.WORKFLOW_LEAD, Role.CASE_MANAGER)
def case_list() -> Response:
    """The cases this person may see, urgent and earliest due first; closed ones where they are asked for."""
    chosen = [status for status in Status if status in request.args.getlist("status")]
    found = cases_for(g.actor, statuses=chosen or NOT_CLOSED, after=request.args.get("after", ""))
    return show(
        "workspace/cases.html",
        cases=found[:PAGE],
        has_more=len(found) > PAGE,
        gone=[] if request.args else gone_for(g.actor),
        chosen=chosen,
        statuses=Status,
    )


@bp.get("/cases/<number>/")
@needs(policy.can_see, on=case_for, log="case")
def case(head: CaseHead) -> Response:
    """The case page: header, safety, clock, timeline; and the note that this person has not sent yet."""
    return _case_page(head, None)


@bp.post("/cases/<number>/comments")
@needs(policy.can_comment, on=case_for, sent=Sent.FILES)
def comment(head: CaseHead) -> Response:
    form = NoteForm(request.form)
    is_valid = form.validate()
    if kept_back := not_sent(head, form):
        return kept_back
    if not is_valid:
        return _case_page(head, form, status=422)
    body, audience, window = form.body.data or "", Audience(form.audience.data), window_of(request.form)
    if is_again(head, form, audience):
        return _case_page(head, form, status=422, again=audience)
    files, came = request.form.getlist("file"), Arrived(kept(), first_scan())
    try:
        entry = add_comment(head, by=g.actor, body=body, audience=audience, files=files, arrived=came, window=window)
    except Refused as refused:
        form.form_errors.extend([refused.why, *to_choose_again()])
        return _case_page(head, form, status=422)
    minutes = counted(the_figures().undo_minutes, "minute")
    said, here = SAID[audience].format(school=readers_of(head), minutes=minutes), f"/workspace/cases/{head.number}/"
    return done(said, here, undo=undo_address(head, entry))


@bp.get("/cases/<number>/request")
@needs(policy.can_read_request, on=case_for, log="request")
def case_request(head: CaseHead) -> Response:
    """What the school asked for, as it was sent."""
    requests = requests_on_case(head.case_id)
    files = files_of([sent.row.id for sent in requests])
    return show_case("workspace/case_request.html", head=head, requests=requests, files=files)


@bp.get("/cases/<number>/access")
@needs(policy.can_read_log, on=case_for, log="access log")
def access(head: CaseHead) -> Response:
    """Who opened what of this case, page by page (PRIV-1)."""
    lines = access_log_for(g.actor, head.case_id, before=request.args.get("before", ""))
    older = place_of(lines[MOST_LINES - 1]) if len(lines) > MOST_LINES else ""
    return show_case("workspace/access.html", head=head, lines=lines[:MOST_LINES], older=older)


def _case_page(head: CaseHead, form: NoteForm | None, *, status: int = 200, again: Audience | None = None) -> Response:
    filters = narrowed()
    entries = timeline_for(g.actor, head.case_id, before=request.args.get("before", ""), **filters.chosen)
    can_comment = policy.can_comment(g.actor, head)
    unsent = unsent_for(g.actor, head.case_id)
    return show_case(
        "workspace/case.html",
        "workspace/_timeline.html",
        head=head,
        status=status,
        filters=filters,
        form=form or NoteForm(data={"body": unsent.body}),
        can_comment=can_comment,
        unsent=unsent,
        window=window_again() if form else opened(unsent.versions),
        why_not=[],
        again=again,
        can_work=policy.can_work(g.actor, head),
        can_see_letters=can_see_letters(g.actor, head),
        can_assign=policy.can_assign(g.actor, head),
        can_read_log=policy.can_read_log(g.actor, head),
        entries=entries[:TIMELINE_PAGE],
        files=files_on(g.actor, entries),
        has_older=len(entries) > TIMELINE_PAGE,
    )
