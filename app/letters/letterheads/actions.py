"""A service's letterhead is written and changed (LET-9). A letter that was made keeps the one it was made with."""

from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, refuse_faulty
from app.core.files.stored import Kept, Scan, add
from app.core.text import nfc
from app.core.versions import changed_since
from app.letters.letterheads.queries import letterhead_to_change
from app.letters.letterheads.rules import LetterheadTexts, fault_of, texts_of
from app.letters.models import Letterhead
from app.people.models import Organisation


def change_letterhead(told: LetterheadTexts, *, version: str, by: events.By) -> bool:
    """Raises `Conflict` where what stands there is not the `version` that the page showed. False where it says so
    already."""
    letterhead = letterhead_to_change(by.organisation_id)
    was = texts_of(letterhead) if letterhead else LetterheadTexts()
    if changed_since(version, was.texts):
        raise Conflict("Somebody else changed the letterhead meanwhile.")
    refuse_faulty(*fault_of(told).values())
    if told == was:
        return False
    changed = letterhead or _begun(by)
    for field, text in told.texts.items():
        setattr(changed, field, nfc(text))
    _note(changed, by)
    return True


def change_logo(logo: Kept, *, by: events.By) -> None:
    """Another logo in place of the one before, if there was one; that file goes with the next sweep (`files.sweeping`).
    It was made anew from its pixels (`files.keeping`), so nothing of what was sent is left to scan."""
    letterhead = letterhead_to_change(by.organisation_id) or _begun(by)
    letterhead.logo_id = add(logo, scan=Scan.NOT_SCANNED, by=by).id
    _note(letterhead, by)


def remove_logo(*, by: events.By) -> bool:
    """False where there was none."""
    letterhead = letterhead_to_change(by.organisation_id)
    if letterhead is None or letterhead.logo_id is None:
        return False
    letterhead.logo_id = None
    _note(letterhead, by)
    return True


def _begun(by: events.By) -> Letterhead:
    letterhead = Letterhead(organisation_id=by.organisation_id, changed_at=clock.now(), changed_by_id=by.person_id)
    db.session.add(letterhead)
    return letterhead


def _note(letterhead: Letterhead, by: events.By) -> None:
    letterhead.changed_at, letterhead.changed_by_id = clock.now(), by.person_id
    db.session.flush()
    events.record("letterhead.changed", by=by, on=db.session.get_one(Organisation, by.organisation_id))
