"""The worker's part of a letter: claimed, set by the press outside any transaction, and kept as it came.

The PDF is in the store before its row is: a crash in between leaves an object to the sweep, and nothing worse."""

import io
import json
import tomllib
from dataclasses import replace
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import current_app
from sqlalchemy import case, delete, select
from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.core.db import begin_write, db
from app.core.files.store import Missing, StoreFailed, the_store
from app.core.files.stored import Kept, Scan, StoredFile, add
from app.core.pdf.press import Press, PressFailed, Rendered
from app.letters import claiming
from app.letters.claiming import LOST, Claimed, give_back, still_ours
from app.letters.facts import thawed
from app.letters.models import LAYOUT, Letter, Letterhead, LetterPage
from app.letters.page import css, layout, xhtml
from app.letters.window import the_window
from app.letters.wording import Incomplete
from app.letters.wordings.keeping import written_with

STORE_AWAY = timedelta(minutes=1)
KEPT_FOR = timedelta(days=1)
KEPT_TO_SIGN = timedelta(days=14)
PROJECT = Path(__file__).parent.parent.parent / "pyproject.toml"
NOT_KEPT = "The letter could not be kept, because the file storage does not answer. Try again in a few minutes."
OTHER_TEXT = "The text of this letter has changed since it was asked for. Go back to the case for a new preview."
OTHER_LOGO = "The letterhead has another logo since this letter was asked for. Go back to the case for a new preview."
NO_LOGO = "The logo of the letterhead is not in the file storage any more. Have it put on the letterhead again."


class Unmade(Exception):
    """Why a letter was not made, in plain words for its row."""


def render_due() -> int:
    """Every letter that is due, one after the other, oldest first. How many were tried."""
    count = 0
    while claimed := claiming.claim():
        _carry_out(claimed)
        count += 1
    return count


def forget_previews() -> None:
    """Previews of which nobody made a letter go after a day, those that a lead is or was to sign off after fourteen, and the
    pictures of letters that were made. Their files go with the sweep."""
    before, longer = clock.now() - KEPT_FOR, clock.now() - KEPT_TO_SIGN
    until = case((Letter.sign_asked_at.is_(None), before), else_=longer)
    is_old = (Letter.made_at.is_(None), Letter.asked_at < until, claiming.is_looked_at())
    old = select(Letter.id).where(*is_old)
    made = select(Letter.id).where(Letter.made_at < before)
    begin_write()
    for those in (old, made):
        db.session.execute(delete(LetterPage).where(LetterPage.letter_id.in_(those)))
    db.session.execute(delete(Letter).where(*is_old))
    db.session.commit()


def the_press() -> Press:
    """This process's press, made when it is first used."""
    found: Press | None = current_app.extensions.get("press")
    if found is None:
        found = current_app.extensions["press"] = Press()
    return found


def _carry_out(claimed: Claimed) -> None:
    try:
        rendered = _rendered(claimed)
        key = the_store().put(io.BytesIO(rendered.pdf))
    except DBAPIError:
        raise
    except StoreFailed:
        give_back(claimed, NOT_KEPT, again_after=STORE_AWAY)
    except PressFailed as failure:
        give_back(claimed, str(failure), again_after=timedelta() if failure.may_pass else None)
    except (Incomplete, Unmade) as reason:
        give_back(claimed, str(reason))
    except Exception:  # one that cannot be set holds up no other
        current_app.logger.exception("a letter failed")
        give_back(claimed, LOST, again_after=timedelta())
    else:
        _keep(claimed, rendered, key)


def _rendered(claimed: Claimed) -> Rendered:
    facts = thawed(claimed.facts)
    wording = written_with(claimed.wording, claimed.purpose, claimed.step, claimed.asked_on)
    db.session.rollback()
    if wording is None:
        raise Unmade(OTHER_TEXT)
    assets = {"logo": _logo_of(claimed, facts.logo)} if facts.logo else {}
    window = the_window()
    rendered = the_press().render(
        xhtml(facts, wording, window), css(window, facts.colour), assets, pictures=claimed.has_pictures
    )
    how = layout(facts, wording).how
    return replace(rendered, versions={**rendered.versions, LAYOUT: how}) if how else rendered


def _logo_of(claimed: Claimed, kept_sha256: str) -> bytes:
    """The logo of the letterhead, if it is still the one that was frozen."""
    logo = select(StoredFile.key).join(Letterhead, Letterhead.logo_id == StoredFile.id)
    mine = (Letterhead.organisation_id == claimed.by.organisation_id, StoredFile.kept_sha256 == kept_sha256)
    key = db.session.scalar(logo.where(*mine))
    db.session.rollback()
    if key is None:
        raise Unmade(OTHER_LOGO)
    try:
        return b"".join(the_store().read(key))
    except Missing as missing:
        raise Unmade(NO_LOGO) from missing


def _keep(claimed: Claimed, rendered: Rendered, key: str) -> None:
    """Where it is no longer ours nothing is written, and the object goes with the sweep."""
    letter = still_ours(claimed)
    if letter:
        digest = sha256(rendered.pdf).hexdigest()
        kept = Kept(key, claimed.file_name, "application/pdf", len(rendered.pdf), digest, digest)
        letter.file_id = add(kept, scan=Scan.NOT_SCANNED, by=claimed.by).id
        letter.page_count, letter.rendered_at, letter.next_try_at = rendered.page_count, clock.now(), None
        letter.versions = json.dumps(_made_with(rendered), sort_keys=True)
        for number, page in enumerate(rendered.pictures, 1):
            row = LetterPage(letter_id=letter.id, number=number, width=page.width, height=page.height, png=page.png)
            db.session.add(row)
    db.session.commit()


def _made_with(rendered: Rendered) -> dict[str, str]:
    """LET-6: where these and the facts are the same, so are the bytes. A preview that is made into a letter stays as it
    was looked at, also where the window has been set to another place since."""
    return {"Waharoa": _version(), "Window": the_window().words, **rendered.versions}


@cache
def _version() -> str:
    version: str = tomllib.loads(PROJECT.read_text())["project"]["version"]
    return version
