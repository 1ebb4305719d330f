"""A letter with the letterhead as it stands, to be looked at: its people and facts are invented, and it is never sent."""

from collections import OrderedDict
from dataclasses import replace
from hashlib import sha256
from threading import Lock

from app.core import clock
from app.core.db import db
from app.core.files.store import the_store
from app.core.files.stored import StoredFile
from app.core.pdf.press import Press, Rendered
from app.letters.examples import SHORT, SOURCE, example
from app.letters.facts import Fact, Facts, lines
from app.letters.ladders import ladder
from app.letters.languages import ENGLISH
from app.letters.letterheads.queries import OwnLetterhead
from app.letters.page import css, xhtml
from app.letters.purposes import Purpose
from app.letters.window import the_window
from app.letters.wordings.queries import wording_of
from app.people.models import Kind
from app.people.queries import Actor

MOST_KEPT = 8
OTHER_TEXTS = ("name_mi", "address", "phone", "email")
_one_at_a_time = Lock()
_kept: OrderedDict[str, Rendered] = OrderedDict()


def sample_for(actor: Actor, found: OwnLetterhead, logo: StoredFile | None) -> Rendered:
    """The first letter of the organisation's ladder, with a picture of each page. The program that sets letters runs for this one
    alone, and what it made is remembered for a while; no transaction is open meanwhile. Raises `PressFailed`, `Incomplete`,
    `WordingRefused`, and what the store raises."""
    purpose = Purpose.CA if actor.organisation_kind is Kind.SERVICE else Purpose.SCHOOL
    facts, window = facts_with(found, purpose, logo), the_window()
    wording = wording_of(actor.organisation_id, ladder(purpose, clock.today())[0], ENGLISH, clock.today())
    html, style, key = xhtml(facts, wording, window), css(window, facts.colour), logo.key if logo else ""
    db.session.rollback()
    mark = sha256("\n".join((html, style, facts.logo)).encode()).hexdigest()
    with _one_at_a_time:
        if mark not in _kept:
            _kept[mark] = _set(html, style, {"logo": b"".join(the_store().read(key))} if key else {})
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return _kept[mark]


def facts_with(found: OwnLetterhead, purpose: Purpose, logo: StoredFile | None) -> Facts:
    """What the letterhead lacks is invented, but for what letters can do without."""
    invented, row = example(purpose, SHORT), found.row
    told = {"service_name": row.name, **{f"service_{name}": getattr(row, name) or "" for name in OTHER_TEXTS}}
    told["service_address"] = "\n".join(lines(told["service_address"]))
    ours = {name: Fact(text, SOURCE) for name, text in told.items() if text}
    mark = logo.kept_sha256 if logo else ""
    return replace(invented, by_name={**invented.by_name, **ours}, logo=mark, colour=row.colour or "")


def _set(html: str, style: str, assets: dict[str, bytes]) -> Rendered:
    press = Press()
    try:
        return press.render(html, style, assets, pictures=True)
    finally:
        press.close()
