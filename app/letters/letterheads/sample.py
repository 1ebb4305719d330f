"""Letters with the letterhead as it stands, to be looked at: their people and facts are invented, and they are never sent."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from threading import Lock

from app.core import clock
from app.core.db import db
from app.core.files.store import the_store
from app.core.files.stored import StoredFile
from app.core.pdf.press import Press, PressFailed, Rendered
from app.letters.examples import SHORT, SOURCE, example
from app.letters.facts import Fact, Facts, lines
from app.letters.ladders import ladder
from app.letters.languages import ENGLISH
from app.letters.letterheads.queries import OwnLetterhead
from app.letters.page import css, xhtml
from app.letters.purposes import Purpose
from app.letters.window import the_window
from app.letters.wording import Wording
from app.letters.wordings.queries import wording_of
from app.people.models import Kind
from app.people.queries import Actor

MOST_KEPT = 12
LONGEST, LONGEST_WAIT = 15.0, 20.0
"""Seconds: for one letter to be set, and for others before it."""
BUSY = "Another letter is being set just now. Try again in a minute."
OTHER_TEXTS = ("name_mi", "address", "phone", "email")
_one_at_a_time = Lock()
_kept: OrderedDict[str, Rendered] = OrderedDict()


def sample_for(actor: Actor, found: OwnLetterhead, logo: StoredFile | None) -> Rendered:
    """The first letter of the organisation's ladder, with a picture of each page. Raises as `printed` does."""
    purpose = Purpose.CA if actor.organisation_kind is Kind.SERVICE else Purpose.SCHOOL
    facts = facts_with(found, example(purpose, SHORT), logo)
    wording = wording_of(actor.organisation_id, ladder(purpose, clock.today())[0], ENGLISH, clock.today())
    return printed([(facts, wording)], logo)[0]


def printed(letters: Sequence[tuple[Facts, Wording]], logo: StoredFile | None) -> list[Rendered]:
    """Letters that nobody gets. The program that sets letters runs for these alone, and what it made is remembered for a while; no
    transaction is open meanwhile. Raises `PressFailed`, `Incomplete`, `WordingRefused`, and what the store raises."""
    window, key = the_window(), logo.key if logo else ""
    sheets = [(xhtml(facts, wording, window), css(window, facts.colour)) for facts, wording in letters]
    db.session.rollback()
    if not _one_at_a_time.acquire(timeout=LONGEST_WAIT):
        raise PressFailed(BUSY, "", may_pass=True)
    try:
        return _set(sheets, key)
    finally:
        _one_at_a_time.release()


def facts_with(found: OwnLetterhead, invented: Facts, logo: StoredFile | None) -> Facts:
    """What the letterhead lacks is invented, but for what letters can do without."""
    row = found.row
    told = {"service_name": row.name, **{f"service_{name}": getattr(row, name) or "" for name in OTHER_TEXTS}}
    told["service_address"] = "\n".join(lines(told["service_address"]))
    ours = {name: Fact(text, SOURCE) for name, text in told.items() if text}
    mark = logo.kept_sha256 if logo else ""
    return replace(invented, by_name={**invented.by_name, **ours}, logo=mark, colour=row.colour or "")


def _set(sheets: Sequence[tuple[str, str]], key: str) -> list[Rendered]:
    """Each as it is remembered, or by one press for all others. `key`: of the logo in the store."""
    marks = [sha256("\n".join((*sheet, key)).encode()).hexdigest() for sheet in sheets]
    found = {mark: _kept[mark] for mark in marks if mark in _kept}
    if len(found) < len(set(marks)):
        assets, press = {"logo": b"".join(the_store().read(key))} if key else {}, Press(seconds=LONGEST)
        try:
            for mark, (html, style) in zip(marks, sheets, strict=True):
                found[mark] = found.get(mark) or press.render(html, style, assets, pictures=True)
        finally:
            press.close()
    _remember(found)
    return [found[mark] for mark in marks]


def _remember(found: Mapping[str, Rendered]) -> None:
    _kept.update(found)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
