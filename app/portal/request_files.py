"""The files of a support request: put with a draft at once or with its form, taken off it, and opened."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.files.policy import can_open
from app.cases.files.queries import FoundFile
from app.core.errors import Conflict
from app.core.web.answers import done, show
from app.core.web.downloads import send
from app.core.web.guards import needs
from app.core.web.taken import NOTHING_CHOSEN
from app.core.web.uploads import taken
from app.core.web.writes import Sent
from app.portal.blueprint import bp
from app.portal.draft_files import put_with
from app.portal.drafts import saved
from app.referrals import policy
from app.referrals.files.actions import take_off
from app.referrals.files.queries import DraftFile, draft_file_for, file_for, files_of
from app.referrals.models import State
from app.referrals.queries import Request, request_for


@bp.get("/referrals/<public_id>/files")
@needs(policy.can_edit, on=request_for)
def request_files(found: Request) -> Response:
    """What the school put with its request."""
    return _page(found, [])


@bp.post("/referrals/<public_id>/files")
@needs(policy.can_edit, on=request_for, sent=Sent.FILES)
def add_request_files(found: Request) -> Response:
    """Each file that can be kept is; of the others it says why not."""
    if not taken():
        return _page(found, [NOTHING_CHOSEN], status=422)
    try:
        is_any_kept, why_not = put_with(found)
    except Conflict as conflict:
        return _page(found, [str(conflict)], status=409)
    if not is_any_kept:
        return _page(found, why_not, status=422)
    return done(" ".join(why_not), f"/portal/referrals/{found.referral.public_id}/files")


@bp.post("/referrals/<public_id>/files/<file>/removal")
@needs(policy.can_edit, on=draft_file_for, sent=Sent.FILES)
def take_off_request_file(found: DraftFile) -> Response:
    """A file goes; of the draft's form, in which its button stands, the rest is saved as ever."""
    address = f"/portal/referrals/{found.request.referral.public_id}/"
    is_whole_form = "loaded" in request.form
    try:
        name = take_off(found.request.referral, found.public_id, by=g.actor)
        _, why_not = ([], []) if is_whole_form else put_with(found.request)
    except Conflict:
        if is_whole_form:  # it says so, and shows what was typed
            return saved(found.request, "", address)
        raise
    message = f"“{name}” was taken off." if name else "That file was taken off before."
    if is_whole_form:
        return saved(found.request, message, f"{address}#files-of-it")
    return done(" ".join([message, *why_not]), f"{address}files")


@bp.get("/referrals/<public_id>/files/<file>")
@needs(can_open, on=file_for, log="file")
def request_file(found: FoundFile) -> Response:
    return send(found.file, inline="in-place" in request.args)


def _page(found: Request, why_not: list[str], *, status: int = 200) -> Response:
    return show(
        "portal/request_files.html",
        "portal/_request_files.html",
        status=status,
        student=found.student,
        public_id=found.referral.public_id,
        files=files_of([found.referral.id]).get(found.referral.id, []),
        is_draft=found.referral.state is State.DRAFT,
        why_not=why_not,
    )
