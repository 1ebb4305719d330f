"""A text is written, put to use, and put out of use again (LET-9). What it says is never changed once it was in use."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.security import public_id
from app.core.text import nfc
from app.letters.wordings.checking import faults_of
from app.letters.wordings.models import LetterText
from app.letters.wordings.queries import TextHere, VersionHere, content_of, text_to_change
from app.letters.wordings.rules import digest_of, packed
from app.people.queries import Actor

OTHERS = "Somebody else has written a version of this text meanwhile."


def save_text(here: TextHere, content: Mapping[str, Any], *, mark: str, by: Actor) -> str:
    """A version more, not in use yet: its public id. Where the newest one says the same already, it is that one. Raises
    `Conflict` where the newest one is not the one that the page began with, `Refused` for a fault."""
    refuse_faulty(*faults_of(content, here.purpose, here.language, clock.today()).values())
    now = text_to_change(by, here)
    text = packed(content)
    if now.draft and digest_of(text) == now.draft.digest:
        return str(now.draft.public_id)
    if mark != now.mark:
        raise Conflict(OTHERS)
    return _added(now, text, by).public_id


def use_text(found: VersionHere, why: str, *, by: Actor) -> None:
    """Letters that are asked for from now on are written with it. Raises `Conflict` where it was in use before, or is no
    longer the newest; `Refused` where the law that it names holds no more."""
    now = text_to_change(by, found.text)
    row = now.version(found.row.public_id)
    if row is None or row.used_at:
        raise Conflict("This version was put to use already.")
    if now.draft is None or now.draft.id != row.id:
        raise Conflict(OTHERS)
    refuse_faulty(*faults_of(content_of(row), now.purpose, now.language, clock.today()).values())
    if now.in_use:
        _end(now.in_use.id, by)
    text = db.session.get_one(LetterText, row.id)
    text.used_at, text.used_by_id, text.why = clock.now(), by.person_id, nfc(why)
    db.session.flush()
    events.record("wording.used", by=by, on=text)


def end_text(here: TextHere, *, by: Actor) -> None:
    """Back to ours; in another language than English, to letters in English. Raises `Refused` where none is in use."""
    now = text_to_change(by, here)
    if now.in_use is None:
        raise Refused("No text of your own is in use any more.")
    _end(now.in_use.id, by)
    events.record("wording.ended", by=by, on=db.session.get_one(LetterText, now.in_use.id))


def _added(now: TextHere, text: str, by: Actor) -> LetterText:
    made = LetterText(
        public_id=public_id(),
        organisation_id=by.organisation_id,
        purpose=now.purpose,
        step=now.step.number,
        is_formal=now.step.is_formal,
        language=now.language,
        number=now.versions[0].number + 1 if now.versions else 1,
        content=text,
        digest=digest_of(text),
        made_at=clock.now(),
        made_by_id=by.person_id,
    )
    db.session.add(made)
    db.session.flush()
    events.record("wording.written", by=by, on=made)
    return made


def _end(text_id: int, by: Actor) -> None:
    ended = update(LetterText).where(LetterText.id == text_id)
    db.session.execute(ended.values(ended_at=clock.now(), ended_by_id=by.person_id))
