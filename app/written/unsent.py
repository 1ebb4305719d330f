"""A note that is not sent yet, of its writer alone: its text kept as it is typed, its files added and taken off."""

from dataclasses import replace

from flask import g, request
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.files.actions import Arrived
from app.cases.queries import CaseHead, case_for
from app.cases.unsent.actions import attach, save, take_off
from app.cases.unsent.policy import can_take_off
from app.cases.unsent.queries import NoteFile, note_file_for, unsent_for
from app.cases.unsent.rules import Window, window_of
from app.core.errors import Refused
from app.core.web.answers import done, show
from app.core.web.answers import kept as keep_open
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.core.web.taken import NOTHING_CHOSEN, kept, refusals
from app.core.web.uploads import first_scan, taken
from app.core.web.writes import Sent
from app.written.places import case_address, header_of

KEPT_HERE = "Your text, and the files that could be taken, are kept below for you to send."
GONE_BEFORE = "That file was no longer there: it was sent with another note, or taken off before."


@needs(policy.can_see, on=case_for)
def unsent_note(head: CaseHead) -> Response:
    """What this person is writing: shown to nobody else."""
    return _note_page(head, [])


@needs(policy.can_comment, on=case_for, sent=Sent.REPEATS)
def save_note(head: CaseHead) -> Response:
    """What is typed is kept as it stands, until it is sent."""
    body = request.form.get("body", "")
    is_kept = save(head, body, window=window_of(request.form), by=g.actor) and bool(body.strip())
    here = case_address(head)
    return keep_open("Saved, not sent.", here, "written/unsent.html", "written/_note_kept.html", is_kept=is_kept)


@needs(policy.can_comment, on=case_for, sent=Sent.FILES)
def add_note_files(head: CaseHead) -> Response:
    """Files for the note that this person is writing: kept, and sent with it."""
    why_not = refusals() if taken() else [NOTHING_CHOSEN]
    try:
        attach(head, Arrived(kept(), first_scan()), by=g.actor)
    except Refused as refused:
        return _note_page(head, [refused.why], status=422)
    if not kept():
        return _note_page(head, why_not, status=422)
    return done(" ".join(why_not), f"{case_address(head)}comments/unsent")


@needs(can_take_off, on=note_file_for, sent=Sent.FILES)
def take_off_note_file(found: NoteFile) -> Response:
    """One of them goes, where it is still there; what was typed and chosen meanwhile is kept."""
    name = take_off(found.head, found.public_id, by=g.actor)
    said = f"“{name}” was taken off." if name else GONE_BEFORE
    return done(" ".join([said, *_keep_here(found.head, request.form.get("body"))]), case_address(found.head))


def not_sent(head: CaseHead, form: OnceForm) -> Response | None:
    """A note with files that cannot be sent as it is: its text and the files that could be taken are kept for its writer,
    who is told why. None where it can be sent, or where only the page needs to be shown again."""
    why = refusals() or [field.errors[0] for field in form if field.errors]
    if not taken() or not why or form.form_errors:
        return None
    why += [each for each in _keep_here(head, form["body"].data or "") if each not in why]
    return done(" ".join(["Not sent yet.", *why, KEPT_HERE]), case_address(head))


def window_again() -> Window:
    """The window that a refused note was sent from. Where its form had been sent before, that may have been kept of it
    (`not_sent`): it has had a turn, so that sending it forgets that."""
    window = window_of(request.form)
    return replace(window, turn=window.turn or 1) if g.get("has_other_content") else window


def _keep_here(head: CaseHead, body: str | None) -> list[str]:
    """The text and the files of a form that is not sent now are its writer's note; why some are not. The form's key is
    used up by this very form, so it is not asked for."""
    if body is not None:
        save(head, body, window=replace(window_of(request.form), key=""), by=g.actor)
    why = refusals()
    try:
        attach(head, Arrived(kept(), first_scan()), by=g.actor)
    except Refused as refused:
        why.append(refused.why)
    return why


def _note_page(head: CaseHead, why_not: list[str], *, status: int = 200) -> Response:
    return show(
        "written/unsent.html",
        "written/_unsent.html",
        status=status,
        case=head,
        **header_of(head),
        start=case_address(head),
        unsent=unsent_for(g.actor, head.case_id),
        why_not=why_not,
    )
