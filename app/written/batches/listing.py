"""Batches of letters: those there are, and one that was chosen just now (L6)."""

from collections.abc import Sequence

from flask import g, request
from werkzeug.wrappers import Response

from app.core.figures import counted
from app.core.seen import View
from app.core.web.answers import done, show
from app.core.web.guards import open_to
from app.letters.batches.actions import choose
from app.letters.batches.policy import WRITERS
from app.letters.batches.queries import PAGE, batches_for
from app.letters.batches.rules import MOST, PURPOSE_WORDS, RULE_WORDS, STATE_WORDS, Rule
from app.letters.purposes import Purpose
from app.written.batches.places import batches_address

MORE = f"There would be more: a batch has {MOST} letters at most. Make these, and then choose again."
NOT_READY = "{} that would be due, and not ready, stand on no line: a list has only so many of them."
CHOSEN = "Look through the list. Nothing is made before you say so."


@open_to(*WRITERS)
def batches() -> Response:
    """Newest first."""
    found = batches_for(g.actor, before=request.args.get("before", ""))
    g.view = View("batches of letters", None)
    return show(
        "written/batches/batches.html",
        batches=found[:PAGE],
        has_more=len(found) > PAGE,
        rules=RULE_WORDS,
        purposes=PURPOSE_WORDS,
        states=STATE_WORDS,
        at=batches_address(),
    )


def chosen(purpose: Purpose, rule: Rule, ticked: Sequence[str] = ()) -> Response:
    """On to the list. Raises `Refused` where nobody is on it."""
    batch, found = choose(purpose, rule, ticked, by=g.actor)
    said = [f"{counted(len(found.lines), 'line')} found.", MORE if found.has_more else CHOSEN]
    if found.more_not_ready:
        said.append(NOT_READY.format(counted(found.more_not_ready, "more letter")))
    return done(" ".join(said), f"{batches_address()}{batch.public_id}/")
