"""The letters of a batch were posted, or none of them counts (L6, LET-6)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.batches.actions import mark_posted, undo
from app.letters.batches.listing import counts_of, sent_in
from app.letters.batches.policy import can_work_batch
from app.letters.batches.queries import Found, batch_for
from app.workspace.blueprint import bp
from app.workspace.letters.batch import ADDRESS, anew, batch_page, here
from app.workspace.letters.batch_forms import PostingForm, UndoingForm

POSTED = (
    "Each letter is noted as posted on that day. That takes a moment; the next letters wait for their working days."
)
UNDONE = "The batch is undone: each letter that was not sent is voided with your reason. That takes a moment."


@bp.get(f"{ADDRESS}/posting")
@needs(can_work_batch, on=batch_for, log="batch of letters")
def batch_posting(found: Found) -> Response:
    return _posting_page(found, PostingForm(data={"posted_on": clock.today()}))


@bp.post(f"{ADDRESS}/posting")
@needs(can_work_batch, on=batch_for)
def set_batch_posting(found: Found) -> Response:
    form = PostingForm(request.form)
    if not form.validate() or form.posted_on.data is None:
        return _posting_page(found, form, status=422)
    try:
        mark_posted(found, form.posted_on.data, by=g.actor)
    except Refused as refused:
        form.posted_on.errors = [refused.why]
        return _posting_page(found, form, status=422)
    except Conflict as why:
        return _too_late(found, why)
    return done(POSTED, here(found))


@bp.get(f"{ADDRESS}/undoing")
@needs(can_work_batch, on=batch_for, log="batch of letters")
def batch_undoing(found: Found) -> Response:
    return _undoing_page(found, UndoingForm())


@bp.post(f"{ADDRESS}/undoing")
@needs(can_work_batch, on=batch_for)
def set_batch_undoing(found: Found) -> Response:
    form = UndoingForm(request.form)
    if not form.validate():
        return _undoing_page(found, form, status=422)
    try:
        undo(found, (form.why.data or "").strip(), by=g.actor)
    except Conflict as why:
        return _too_late(found, why)
    return done(UNDONE, here(found))


def _too_late(found: Found, why: Conflict) -> Response:
    form = OnceForm()
    form.form_errors.append(str(why))
    return batch_page(anew(found), form, status=409)


def _posting_page(found: Found, form: PostingForm, *, status: int = 200) -> Response:
    counts = counts_of(g.actor, found.batch)
    return show("workspace/letters/batch_posting.html", status=status, form=form, here=here(found), counts=counts)


def _undoing_page(found: Found, form: UndoingForm, *, status: int = 200) -> Response:
    return show(
        "workspace/letters/batch_undoing.html",
        status=status,
        form=form,
        here=here(found),
        counts=counts_of(g.actor, found.batch),
        sent=sent_in(g.actor, found.batch),
    )
