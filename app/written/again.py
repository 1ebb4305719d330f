"""The same note a second time. Without scripts, Back fills the box of a page that brings a key of its own: the key does
not tell that it was sent before, so what it says does, for a few minutes, and its writer is asked."""

from flask import g, request

from app.cases.comments.queries import added_before
from app.cases.entries import Audience
from app.cases.queries import CaseHead
from app.cases.unsent.rules import window_of
from app.core.web.forms import OnceForm
from app.core.web.taken import kept, to_choose_again
from app.core.web.words import clocktime

ADDED_BEFORE = "You added exactly this at {}, so it was not added now. Do you want it there twice?"


def is_again(head: CaseHead, form: OnceForm, audience: Audience) -> bool:
    """Then the form says so. Not where just that was answered (“Add it again”), nor where files were uploaded for it, nor
    from a page with scripts, which counts its turns: there Back fills in nothing, and a button works once."""
    if "again" in request.args or request.form.getlist("file") or window_of(request.form).turn:
        return False
    files = [each.arrived_sha256 for each in kept()]
    at = added_before(head, by=g.actor, body=form["body"].data or "", audience=audience, files=files)
    if at:
        form.form_errors.extend([ADDED_BEFORE.format(clocktime(at)), *to_choose_again()])
    return at is not None
