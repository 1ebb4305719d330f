"""One batch of letters: looked through, made, printed, posted, undone (L6)."""

from collections.abc import Sequence
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Conflict, Refused, Unseen
from app.core.seen import View
from app.core.sheets import CSV, Sheet, as_csv
from app.core.web.answers import done, elsewhere, show
from app.core.web.downloads import send, take_away
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.core.web.parts import is_part_request
from app.letters.batches.actions import begin, cancel, look_again, put_back, skip
from app.letters.batches.binding import bind_again
from app.letters.batches.listing import AnyLine, Counts, LineFound, counts_of, letters_in, line_for, lines_of
from app.letters.batches.models import BatchState, LineState
from app.letters.batches.policy import can_print_batch, can_see_batch, can_work_batch
from app.letters.batches.queries import PAGE, Found, batch_for, file_of, is_at_work
from app.letters.batches.rules import LINE_WORDS, MOST, PURPOSE_WORDS, PURPOSES_OF_STUDENTS, RULE_WORDS, STATE_WORDS
from app.letters.batches.sheet import posting_list
from app.letters.rules import BACK_WORDS
from app.people.queries import Actor
from app.written.batches.forms import SkippingForm
from app.written.batches.languages import languages_in, reworded_in
from app.written.batches.places import batches_address, here, letters_at

BEGUN = "The letters are being made. You can leave this page; it goes on without you."
CANCELLED = "Cancelled. Letters that were made stay; the others are not made."


@needs(can_see_batch, on=batch_for, log="batch of letters")
def batch(found: Found) -> Response:
    """While the worker is at it the page asks again by itself, unlogged."""
    if is_part_request():
        g.view = None
    return batch_page(found, OnceForm())


@needs(can_work_batch, on=batch_for)
def look_through_again(found: Found) -> Response:
    return _carried_out(found, look_again, "Everybody was looked at again.")


@needs(can_work_batch, on=batch_for)
def make_batch(found: Found) -> Response:
    """Pressed twice, or by two at once, it is begun once."""
    return _carried_out(found, begin, BEGUN)


@needs(can_work_batch, on=batch_for)
def cancel_batch(found: Found) -> Response:
    return _carried_out(found, cancel, CANCELLED)


@needs(can_work_batch, on=batch_for)
def print_file_again(found: Found) -> Response:
    return _carried_out(found, bind_again, "The print file is put together again.")


@needs(can_work_batch, on=line_for, log="batch of letters")
def skipping(found: LineFound) -> Response:
    if found.batch.state is not BatchState.REVIEW or found.line.state is not LineState.READY:
        return elsewhere(here(found))
    return _skipping_page(found, SkippingForm())


@needs(can_work_batch, on=line_for)
def set_skipping(found: LineFound) -> Response:
    form = SkippingForm(request.form)
    if not form.validate():
        return _skipping_page(found, form, status=422)
    skip(found, found.line.place, (form.skipped_why.data or "").strip(), by=g.actor)
    return done("Skipped. It stands under “Skipped”, with your reason.", here(found))


@needs(can_work_batch, on=line_for)
def set_line_back(found: LineFound) -> Response:
    def act(_: Found, *, by: Actor) -> None:
        put_back(found, found.line.place, by=by)

    return _carried_out(found, act, "It is among the ready ones again.")


@needs(can_print_batch, on=batch_for)
def batch_pdf(found: Found) -> Response:
    """All of its letters, to print."""
    file = file_of(found.batch)
    if file is None or found.batch.state is BatchState.UNDONE:
        raise Unseen
    _opened(found)
    return send(file, inline="in-place" in request.args)


@needs(can_see_batch, on=batch_for)
def batch_list(found: Found) -> Response:
    """To print, beside the envelopes."""
    sheet = _list(found)
    return show("written/batches/list.html", found=found, here=here(found), sheet=sheet)


@needs(can_see_batch, on=batch_for)
def batch_csv(found: Found) -> Response:
    return take_away(as_csv(_list(found)), "Posting list.csv", CSV)


def _list(found: Found) -> Sheet:
    return posting_list(_opened(found), of_school=found.batch.purpose in PURPOSES_OF_STUDENTS)


def _opened(found: Found) -> Sequence[AnyLine]:
    """Its letters; that somebody opened them stands in the log of each case (PRIV-1)."""
    rows = letters_in(g.actor, found.batch)
    cases = list(dict.fromkeys(row.case_id for row in rows if row.case_id))
    g.view = View("letters of a batch", cases[0] if cases else None, tuple(cases[1:]))
    return rows


def batch_page(found: Found, form: OnceForm, *, status: int = 200) -> Response:
    counts = counts_of(g.actor, found.batch)
    state = _state(found, counts)
    rows = lines_of(g.actor, found.batch, state, after=max(0, min(request.args.get("after", 0, type=int), 2 * MOST)))
    languages = languages_in(found.batch, rows[:PAGE])
    return show(
        "written/batches/batch.html",
        "written/batches/_batch.html",
        status=status,
        found=found,
        batch=found.batch,
        form=form,
        here=here(found),
        counts=counts,
        lines=rows[:PAGE],
        languages=languages,
        reworded=reworded_in(found.batch, rows[:PAGE], languages),
        next_page=_next(found, state, rows),
        shown=state,
        **_words(found),
    )


def _words(found: Found) -> dict[str, Any]:
    return {
        "at_work": is_at_work(found.batch),
        "can_work": can_work_batch(g.actor, found),
        "can_print": can_print_batch(g.actor, found),
        "purpose": PURPOSE_WORDS[found.batch.purpose],
        "rule": RULE_WORDS[found.batch.rule],
        "states": STATE_WORDS,
        "line_words": LINE_WORDS,
        "letters_at": letters_at,
        "back_words": BACK_WORDS,
        "at": batches_address(),
        "of_school": found.batch.purpose in PURPOSES_OF_STUDENTS,
        "today": clock.today(),
    }


def _state(found: Found, counts: Counts) -> LineState:
    """Which of its lines are shown: where nothing is asked, those that matter as it stands."""
    asked = request.args.get("show", "")
    if asked in set(LineState):
        return LineState(asked)
    if found.batch.begun_at:
        return LineState.ASKED
    return LineState.READY if counts.ready else LineState.NOT_READY


def _next(found: Found, state: LineState, rows: Any) -> str:
    return f"{here(found)}?show={state}&after={rows[PAGE - 1].place}" if len(rows) > PAGE else ""


def _carried_out(found: Found, act: Any, said: str) -> Response:
    """Somebody else was first: the page says so, as it stands now."""
    form = OnceForm(request.form)
    if not form.validate():
        return batch_page(found, form, status=422)
    try:
        act(found, by=g.actor)
    except (Conflict, Refused) as why:
        form.form_errors.append(str(why))
        return batch_page(anew(found), form, status=409 if isinstance(why, Conflict) else 422)
    return done(said, here(found))


def anew(found: Found) -> Found:
    now = batch_for(g.actor, found.batch.public_id)
    if now is None:
        raise Unseen
    return now


def _skipping_page(found: LineFound, form: SkippingForm, *, status: int = 200) -> Response:
    return show("written/batches/skipping.html", status=status, form=form, line=found.line, here=here(found))
