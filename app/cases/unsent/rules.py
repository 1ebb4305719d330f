"""The windows in which somebody writes: each keeps what is typed into it apart from the others."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.core.security import random_token

FILES = ""
"""No window's: the row that the files of a note hang on."""
HANDOVER, HANDOVER_TO = "handover", "handover to"
"""No window's: what is written for whoever takes the case over, and who that is to be, on a page of its own."""
EVENT, PLAN, REVIEW = "event ", "plan ", "review "
FORMS = (EVENT, PLAN, REVIEW)
"""Before a window's own token: what is kept is a whole form, not the text of the note."""
UNDONE = "undone"
"""The one field of what is kept of an event that was undone: its public id."""
MOST_ADOPTED = 50


@dataclass(frozen=True)
class Window:
    """A page with a box: its own token, which of its saves this is, the versions of what other windows had left in the
    box when it was opened, and its form's once-only key."""

    page: str
    adopted: tuple[str, ...] = ()
    turn: int = 0
    key: str = ""


def window_of(form: Mapping[str, str]) -> Window:
    """The window that a form was sent from."""
    turn = form.get("turn", "")
    return Window(
        form.get("window", "")[:64] or random_token(),
        tuple(form.get("adopted", "").split()[:MOST_ADOPTED]),
        int(turn) if turn.isdecimal() and len(turn) < 9 else 0,
        form.get("once", "")[:64],
    )


def form_window(which: str, window: Window) -> Window:
    """The same window, with one of the `FORMS` in it."""
    return replace(window, page=f"{which}{window.page}"[:64])


def packed(fields: Iterable[tuple[str, str]]) -> str:
    """A form as it is kept: its fields in order, a name as often as it was sent."""
    return json.dumps(list(fields), ensure_ascii=False)


def unpacked(text: str) -> list[tuple[str, str]]:
    return [(name, typed) for name, typed in json.loads(text or "[]")]


def opened(adopted: tuple[str, ...] = ()) -> Window:
    """A window that is opened now, and shows this."""
    return Window(random_token(), adopted)
