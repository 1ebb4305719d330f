"""The files of a case: all of them, one to be opened, and those of a comment that is not sent yet."""

from dataclasses import replace

from flask import g, request
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.files.actions import Arrived
from app.cases.files.policy import can_open
from app.cases.files.queries import PAGE, FoundFile, file_for, files_for
from app.cases.queries import CaseHead, case_for
from app.cases.unsent import actions as unsent
from app.cases.unsent.policy import can_take_off
from app.cases.unsent.queries import NoteFile, note_file_for, unsent_for
from app.cases.unsent.rules import window_of
from app.core.errors import Refused
from app.core.web.answers import done, show
from app.core.web.answers import kept as keep_open
from app.core.web.downloads import send
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.core.web.taken import NOTHING_CHOSEN, kept, refusals
from app.core.web.uploads import first_scan, taken
from app.core.web.writes import Sent
from app.portal.blueprint import bp

KEPT_HERE = "Your text, and the files that could be taken, are kept below for you to send."
GONE_BEFORE = "That file was no longer there: it was sent with another note, or taken off before."


@bp.get("/cases/<number>/files")
@needs(policy.can_see, on=case_for, log="files")
def case_files(head: CaseHead) -> Response:
    """Every file that this person may open, newest first."""
    files = files_for(g.actor, head.case_id, before=request.args.get("before", ""))
    return show("portal/case_files.html", case=head, files=files[:PAGE], has_older=len(files) > PAGE)


@bp.get("/cases/<number>/files/<file>")
@needs(can_open, on=file_for, log="file")
def case_file(found: FoundFile) -> Response:
    return send(found.file, inline="in-place" in request.args)


@bp.post("/cases/<number>/files")
@needs(policy.can_comment, on=case_for, sent=Sent.FILES)
def add_note_files(head: CaseHead) -> Response:
    """Files for the comment that this person is writing: kept, and sent with it."""
    why_not = refusals() if taken() else [NOTHING_CHOSEN]
    try:
        unsent.attach(head, Arrived(kept(), first_scan()), by=g.actor)
    except Refused as refused:
        return _note_page(head, [refused.why], status=422)
    if not kept():
        return _note_page(head, why_not, status=422)
    return done(" ".join(why_not), f"/portal/cases/{head.number}/comments/unsent")


@bp.post("/cases/<number>/files/<file>/removal")
@needs(can_take_off, on=note_file_for, sent=Sent.FILES)
def take_off_note_file(found: NoteFile) -> Response:
    """One of them goes, where it is still there; what was typed and chosen meanwhile is kept."""
    name = unsent.take_off(found.head, found.public_id, by=g.actor)
    said = f"“{name}” was taken off." if name else GONE_BEFORE
    return done(
        " ".join([said, *_keep_here(found.head, request.form.get("body"))]), f"/portal/cases/{found.head.number}/"
    )


@bp.get("/cases/<number>/comments/unsent")
@needs(policy.can_see, on=case_for)
def unsent_note(head: CaseHead) -> Response:
    """What this person is writing: shown to nobody else."""
    return _note_page(head, [])


@bp.post("/cases/<number>/comments/unsent")
@needs(policy.can_comment, on=case_for, sent=Sent.REPEATS)
def save_note(head: CaseHead) -> Response:
    """What is typed is kept as it stands, until it is sent."""
    body = request.form.get("body", "")
    is_kept = unsent.save(head, body, window=window_of(request.form), by=g.actor) and bool(body.strip())
    here = f"/portal/cases/{head.number}/"
    return keep_open("Saved, not sent.", here, "portal/unsent.html", "portal/_note_kept.html", is_kept=is_kept)


def not_sent(head: CaseHead, form: OnceForm) -> Response | None:
    """A comment with files that cannot be sent as it is: its text and the files that could be taken are kept for its writer,
    who is told why. None where it can be sent, or where only the page needs to be shown again."""
    why = refusals() or [field.errors[0] for field in form if field.errors]
    if not taken() or not why or form.form_errors:
        return None
    why += [each for each in _keep_here(head, form["body"].data or "") if each not in why]
    return done(" ".join(["Not sent yet.", *why, KEPT_HERE]), f"/portal/cases/{head.number}/")


def _keep_here(head: CaseHead, body: str | None) -> list[str]:
    """The text and the files of a form that is not sent now are its writer's note; why some are not. The form's key is
    used up by this very form, so it is not asked for."""
    if body is not None:
        unsent.save(head, body, window=replace(window_of(request.form), key=""), by=g.actor)
    why = refusals()
    try:
        unsent.attach(head, Arrived(kept(), first_scan()), by=g.actor)
    except Refused as refused:
        why.append(refused.why)
    return why


def _note_page(head: CaseHead, why_not: list[str], *, status: int = 200) -> Response:
    note = unsent_for(g.actor, head.case_id)
    return show("portal/unsent.html", "portal/_unsent.html", status=status, case=head, unsent=note, why_not=why_not)
