"""The pages that a text becomes, to be looked at (LET-9)."""

from flask import g
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response

from app.core.errors import Unseen
from app.core.files.store import Missing, StoreFailed
from app.core.pdf.press import PressFailed
from app.core.web.answers import show
from app.core.web.downloads import NO_STORE, picture
from app.core.web.guards import needs
from app.letters.fields import Incomplete, WordingRefused
from app.letters.wordings.policy import can_change_texts
from app.written.wordings.invented import Invented, Sheets, invented_with, page_of, sheets_for
from app.written.wordings.places import name_in_words

FAULTS = (PressFailed, Incomplete, WordingRefused)


@needs(can_change_texts, on=sheets_for)
def pages(found: Sheets) -> Response:
    """The shortest and the longest letter, each with its text beside it; of a text with a fault what is wrong."""
    letters: list[Invented] = []
    fault = ""
    try:
        letters = invented_with(g.actor, found)
    except FAULTS as refused:
        fault = str(refused)
    except (Missing, StoreFailed):
        fault = NO_STORE
    return show(
        "written/wordings/pages.html",
        letters=letters,
        fault=fault,
        name=name_in_words(found.text),
        version=found.text.version(found.public_id),
        here=found.here,
    )


@needs(can_change_texts, on=sheets_for)
def page(found: Sheets) -> Response:
    """One page as a picture."""
    try:
        shown = page_of(g.actor, found)
    except FAULTS as failure:
        raise ServiceUnavailable(str(failure)) from failure
    except (Missing, StoreFailed) as failure:
        raise ServiceUnavailable(NO_STORE) from failure
    if shown is None:
        raise Unseen
    return picture(shown.png)
