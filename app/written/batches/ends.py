"""The letters of a batch were posted, or none of them counts (L6, LET-6)."""

from datetime import date

from flask import g, request
from werkzeug.wrappers import Response

from app.calendars.working_days import due_date
from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.answers import HOPED_FOR
from app.letters.batches.actions import mark_posted, undo
from app.letters.batches.listing import counts_of, sent_in
from app.letters.batches.policy import can_work_batch
from app.letters.batches.queries import Found, batch_for, regions_of, why_not_posted, why_not_undone
from app.letters.batches.rules import PURPOSES_OF_STUDENTS
from app.written.batches.batch import anew, batch_page
from app.written.batches.forms import PostingForm, UndoingForm
from app.written.batches.places import here, letters_at

POSTED = "Each letter is noted as posted on that day. That takes a moment."
UNDONE = "The batch is undone: each letter that was not sent is voided with your reason. That takes a moment."


@needs(can_work_batch, on=batch_for, log="batch of letters")
def batch_posting(found: Found) -> Response:
    return _posting_page(found, PostingForm(data={"posted_on": clock.today(), "answer_by": _hoped_by(found)}))


@needs(can_work_batch, on=batch_for)
def set_batch_posting(found: Found) -> Response:
    if why := _nothing_to_post(found):
        return _too_late(found, why)
    form = PostingForm(request.form)
    if not form.validate() or form.posted_on.data is None:
        return _posting_page(found, form, status=422)
    try:
        mark_posted(found, form.posted_on.data, answer_by=form.answer_by.data, by=g.actor)
    except Refused as refused:
        form.posted_on.errors = [refused.why]
        return _posting_page(found, form, status=422)
    except Conflict as why:
        return _too_late(found, str(why))
    return done(POSTED, here(found))


@needs(can_work_batch, on=batch_for, log="batch of letters")
def batch_undoing(found: Found) -> Response:
    return _undoing_page(found, UndoingForm())


@needs(can_work_batch, on=batch_for)
def set_batch_undoing(found: Found) -> Response:
    if why := _nothing_to_undo(found):
        return _too_late(found, why)
    form = UndoingForm(request.form)
    if not form.validate():
        return _undoing_page(found, form, status=422)
    try:
        undo(found, (form.why.data or "").strip(), by=g.actor)
    except Conflict as why:
        return _too_late(found, str(why))
    return done(UNDONE, here(found))


def _nothing_to_post(found: Found) -> str:
    return why_not_posted(found.batch, counts_of(g.actor, found.batch).to_post)


def _nothing_to_undo(found: Found) -> str:
    return why_not_undone(found.batch, counts_of(g.actor, found.batch).to_undo)


def _too_late(found: Found, why: str) -> Response:
    form = OnceForm()
    form.form_errors.append(why)
    return batch_page(anew(found), form, status=409)


def _hoped_by(found: Found) -> date:
    """As is proposed for a single letter; where regions have other holidays, the latest."""
    today = clock.today()
    return max((due_date(today, HOPED_FOR, region) for region in regions_of(found.batch)), default=today)


def _posting_page(found: Found, form: PostingForm, *, status: int = 200) -> Response:
    of_school = found.batch.purpose in PURPOSES_OF_STUDENTS
    counts = counts_of(g.actor, found.batch)
    return show(
        "written/batches/posting.html",
        status=status,
        form=form,
        here=here(found),
        counts=counts,
        of_school=of_school,
        nothing=why_not_posted(found.batch, counts.to_post),
    )


def _undoing_page(found: Found, form: UndoingForm, *, status: int = 200) -> Response:
    counts = counts_of(g.actor, found.batch)
    return show(
        "written/batches/undoing.html",
        status=status,
        form=form,
        here=here(found),
        counts=counts,
        nothing=why_not_undone(found.batch, counts.to_undo),
        sent=sent_in(g.actor, found.batch),
        letters_at=letters_at,
    )
