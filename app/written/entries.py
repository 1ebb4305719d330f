"""What somebody wrote on a case, changed by whoever wrote it."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.cases.comments.actions import edit, retract, share_now, undo
from app.cases.comments.policy import can_change_own, can_read_former
from app.cases.comments.queries import former_texts, readers_since
from app.cases.comments.rules import LONGEST, TAKEN_BACK, TOO_LONG
from app.cases.entries import Audience, EntryKind
from app.cases.heading import readers_of
from app.cases.queries import CaseHead, safety_notes_for
from app.cases.timeline import EntryOfCase, addressed_entry_for
from app.cases.unsent.actions import forget, save
from app.cases.unsent.queries import unsent_for
from app.cases.unsent.rules import Window, opened, window_of
from app.core.errors import Conflict
from app.core.text import nfc
from app.core.web.answers import done, kept, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs
from app.core.web.writes import Sent
from app.people.models import Kind
from app.written.places import case_address

LOGGED = "note"
"""One word for every page of a note: whoever reads the log does not learn that something is about to be taken back."""


class TextForm(OnceForm):
    """Another text, and which one it was made from."""

    body = TextAreaField(
        "What it should say",
        validators=[
            Required("Write what it should say; to take it away, retract it"),
            Length(max=LONGEST, message=TOO_LONG),
        ],
    )
    version = HiddenField()


@needs(can_change_own, on=addressed_entry_for)
def undo_sharing(found: EntryOfCase) -> Response:
    """As long as it waits nobody else has known of it; later it can only be retracted (SHARE-2)."""
    try:
        reopened = undo(found.head, found.entry, by=g.actor)
    except Conflict:
        _refuse_retracted(found)
        return _retraction_page(found, OnceForm(), is_too_late=True, status=409)
    said = f"Undone: nobody at {readers(found.head)} has seen it. {_where(found)}{_again(reopened)}"
    return done(said, case_address(found.head))


@needs(can_change_own, on=addressed_entry_for)
def share_at_once(found: EntryOfCase) -> Response:
    """Nothing to undo: they may read it now."""
    is_new = share_now(found.head, found.entry, by=g.actor)
    said = f"{readers(found.head)} can read it now" if is_new else f"{readers(found.head)} could read it already"
    return done(f"{said[0].upper()}{said[1:]}.", case_address(found.head))


@needs(can_change_own, on=addressed_entry_for, log=LOGGED)
def text(found: EntryOfCase) -> Response:
    """What it says; or what its writer had typed in its place and not saved."""
    _refuse_retracted(found)
    unsent = unsent_for(g.actor, found.case_id, entry_id=found.entry.id)
    form = TextForm(data={"body": unsent.body or found.entry.body, "version": found.entry.version})
    return _text_page(found, form, window=opened(unsent.versions), unsent=unsent)


@needs(can_change_own, on=addressed_entry_for)
def set_text(found: EntryOfCase) -> Response:
    """Another text; where it was edited meanwhile, both are shown. What is not wanted is kept no longer."""
    window = window_of(request.form)
    if "leave" in request.form:
        forget(found.head, window=window, by=g.actor, entry_id=found.entry.id)
        return done("Nothing was changed: it says what it said.", case_address(found.head))
    form = TextForm(request.form)
    if not form.validate():
        return _text_page(found, form, status=422)
    version = form.version.data or ""
    try:
        is_changed = edit(found.head, found.entry, form.body.data or "", version=version, by=g.actor)
    except Conflict:
        _refuse_retracted(found)
        meanwhile, form.version.data = found.entry.body, found.entry.version
        return _text_page(found, form, meanwhile=meanwhile, status=409)
    forget(found.head, window=window, by=g.actor, entry_id=found.entry.id)
    said = "Saved; what it said before is kept." if is_changed else "It says that already. Nothing changed."
    return done(said, case_address(found.head))


@needs(can_change_own, on=addressed_entry_for, sent=Sent.REPEATS)
def save_text(found: EntryOfCase) -> Response:
    """What is typed is kept for its writer alone, until it is saved as the text."""
    _refuse_retracted(found)
    body, here = request.form.get("body", ""), f"{case_address(found.head)}entries/{found.entry.public_id}/text"
    new = "" if nfc(body) == found.entry.body else body
    is_kept = save(found.head, new, window=window_of(request.form), by=g.actor, entry_id=found.entry.id)
    is_kept = is_kept and bool(new.strip())
    return kept("Kept for you, not changed yet.", here, "written/text.html", "written/_text_kept.html", is_kept=is_kept)


@needs(can_change_own, on=addressed_entry_for, log=LOGGED)
def retraction(found: EntryOfCase) -> Response:
    """What it says, and who may have read it."""
    _refuse_retracted(found)
    return _retraction_page(found, OnceForm())


@needs(can_change_own, on=addressed_entry_for)
def set_retraction(found: EntryOfCase) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _retraction_page(found, form, status=422)
    reopened = retract(found.head, found.entry, by=g.actor)
    said = "Retracted: nobody can read it any more. That it was there, and whose it was, stays."
    return done(f"{said}{_again(reopened)}", case_address(found.head))


@needs(can_read_former, on=addressed_entry_for, log=LOGGED)
def former(found: EntryOfCase) -> Response:
    """What an entry said before (SHARE-5), as far as one could read it then; and to its writer what they took back."""
    return _page("written/former.html", found, texts=former_texts(g.actor, found.entry))


def readers(head: CaseHead) -> str:
    """Whom the actor's organisation shares this case with."""
    at_school = g.actor.organisation_kind is Kind.SCHOOL
    return str((head.service_name or "the service") if at_school else readers_of(head))


def _refuse_retracted(found: EntryOfCase) -> None:
    if found.entry.retracted_at:
        raise Conflict(TAKEN_BACK, "This is no longer there")


def _where(found: EntryOfCase) -> str:
    if found.entry.kind is EntryKind.EVENT and found.entry.retracted_at:
        return "What you wrote stands in the form of what happened again."
    is_gone = found.entry.retracted_at is not None
    return "Your text stands in the box again." if is_gone else "It is for whom it was before."


def _again(reopened: int) -> str:
    """What it had done is to be done again."""
    return " The task that it had done is open again." if reopened else ""


def _text_page(found: EntryOfCase, form: TextForm, *, window: Window | None = None, **values: Any) -> Response:
    """A refused one is still in the window that it was sent from."""
    values = {"meanwhile": None, "unsent": None, **values}
    return _page("written/text.html", found, form=form, window=window or window_of(request.form), **values)


def _retraction_page(found: EntryOfCase, form: OnceForm, *, is_too_late: bool = False, status: int = 200) -> Response:
    seen = readers_since(found.entry) if found.entry.audience is Audience.SHARED else []
    return _page("written/retraction.html", found, form=form, seen=seen, is_too_late=is_too_late, status=status)


def _page(page: str, found: EntryOfCase, *, status: int = 200, **values: Any) -> Response:
    at_service = g.actor.organisation_kind is Kind.SERVICE
    notes = safety_notes_for(g.actor, [found.case_id]).get(found.case_id, []) if at_service else []
    return show(
        page,
        status=status,
        case=found.head,
        entry=found.entry,
        readers=readers(found.head),
        header=f"{request.blueprint}/_case_header.html",
        back=case_address(found.head),
        safety_notes=notes,
        **values,
    )
