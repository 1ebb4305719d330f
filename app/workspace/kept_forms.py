"""What somebody types into a longer form of a case is kept for them alone, until they send it."""

from collections.abc import Sequence

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.meetings.undone import typed_in
from app.cases.queries import CaseHead
from app.cases.unsent.actions import forget, save
from app.cases.unsent.queries import UnsentForm, typed_into
from app.cases.unsent.rules import Window, form_window, opened, packed, window_of
from app.core.web import echo
from app.core.web.answers import kept
from app.core.web.writes import TECHNICAL
from app.written.unsent import window_again

NOT_KEPT = TECHNICAL - {"version"} | {"audience", "show_list", "more", "leave"}
"""Of the page, or of a button; what a plan was made from is kept with it."""


def keep_typed(head: CaseHead, which: str, address: str) -> Response:
    """As the form stands now."""
    window = form_window(which, window_of(request.form))
    is_kept = save(head, _typed(), window=window, by=g.actor)
    return kept("Kept for you, not sent.", address, "", "workspace/_form_kept.html", is_kept=is_kept)


def forget_typed(head: CaseHead, which: str) -> None:
    """It was sent, or thrown away."""
    forget(head, window=form_window(which, window_of(request.form)), by=g.actor)


def window_now(unsent: UnsentForm | None) -> Window:
    """A refused form is still in the window that it was sent from."""
    if request.method == "POST":
        return window_again()
    return opened((unsent.version,) if unsent else ())


def words_left(head: CaseHead, *forms: str) -> list[Sequence[echo.Said]]:
    """What this person typed into these forms of a case while they could send them, to be copied: form by form, in words."""
    found = (echo.in_words(typed_in(g.actor, left)) for left in typed_into(g.actor, head.case_id, *forms))
    return [said for said in found if said]


def _typed() -> str:
    sent = [(name, text) for name, text in request.form.items(multi=True) if name not in NOT_KEPT]
    return packed(sent)
