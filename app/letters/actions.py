"""A letter is sent, comes back, is voided; letters are held back and let go again (LET-4, LET-6)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy import select

from app.cases.actions import add_entry
from app.cases.entries import Audience, EntryKind
from app.cases.queries import CaseHead
from app.core import clock, events
from app.core.db import AnyRow, db
from app.core.errors import Conflict, Refused
from app.core.security import public_id
from app.core.text import nfc
from app.letters import tells  # noqa: F401  (registers whom these events tell)
from app.letters.answers import CAME_BACK, VOID, end_hope, look_for_address
from app.letters.by_email import may_go_by_email
from app.letters.dossiers import named_of
from app.letters.facts import lines, thawed
from app.letters.gathering import address_of
from app.letters.holds import HoldReason, LetterHold
from app.letters.models import Back, Letter, Method
from app.letters.queries import PURPOSES, HoldOfCase, LetterOfCase, letter_to_change
from app.letters.rules import (
    CameBack,
    Sending,
    came_back_of,
    fault_of_back,
    fault_of_sending,
    sending_of,
    version_of_sending,
)
from app.people.queries import Actor
from app.students.caregivers.actions import address_not_current, mark_email_not_current
from app.students.models import Caregiver

NOT_BY_EMAIL = "This letter does not go by e-mail: only one that is no formal warning, to a caregiver who chose that."
SENT_MEANWHILE = "How this letter was sent was recorded meanwhile. Nothing was changed this time."


class Found(Protocol):
    """A letter, and the case, or the student of a school, that it is about."""

    @property
    def head(self) -> Any: ...
    @property
    def letter(self) -> Letter: ...
    @property
    def record(self) -> AnyRow: ...


class SentMeanwhile(Conflict):
    """Somebody else has said how it was sent since the page was loaded."""


def record_sending(found: Found, sending: Sending, *, by: Actor, version: str | None = None) -> None:
    """Say how and when a letter was sent; said again, it is corrected, and both stand on the timeline. By when an answer is
    hoped for is said apart (`answers`). `version`: what stood on the page (`version_of_sending`); raises `SentMeanwhile` where
    something else stands there now."""
    letter = letter_to_change(found.letter.id)
    _refuse_stale(letter, sending, version)
    if letter.made_at is None or letter.voided_at:
        raise Conflict("Only a letter that was made, and not voided, can be sent.")
    made_on, back_on = clock.nz(letter.made_at).date(), letter.back_on
    if fault := fault_of_sending(sending.sent_on, made_on, clock.today(), back_on=back_on):
        raise Refused(fault)
    if sending.method is Method.EMAIL and not may_go_by_email(letter):
        raise Refused(NOT_BY_EMAIL)
    was = sending_of(letter)
    letter.method, letter.sent_on, letter.served_by = sending.method, sending.sent_on, nfc(sending.served_by)
    letter.sent_recorded_at, letter.sent_by_id = clock.now(), by.person_id
    event = "letter.sending_corrected" if was else "letter.sent"
    tell(found.head, found.letter, _said(found, sending, was), event, by)


def _refuse_stale(letter: Letter, sending: Sending, version: str | None) -> None:
    """Both said the same: that is no conflict."""
    if version is not None and version != version_of_sending(letter) and sending != sending_of(letter):
        raise SentMeanwhile(SENT_MEANWHILE)


def record_back(found: Found, came: CameBack, *, by: Actor) -> bool:
    """Say what came back of a letter that was sent; said again, it is corrected, and both stand on the timeline. One that
    was returned stops the ladder until its address is checked (LET-2); one by e-mail, until the e-mail address is (LET-7).
    Is it new that it was returned?"""
    letter = letter_to_change(found.letter.id)
    if letter.sent_on is None or letter.voided_at:
        raise Conflict("Only of a letter that was sent, and not voided, can something come back.")
    if fault := fault_of_back(came.on, letter.sent_on, clock.today()):
        raise Refused(fault)
    was = came_back_of(letter)
    letter.back, letter.back_on, letter.back_note = came.back, came.on, nfc(came.note)
    letter.back_recorded_at, letter.back_by_id = clock.now(), by.person_id
    now = CameBack(came.back, came.on, nfc(came.note), letter.method)
    is_new = came.back is Back.RETURNED and (was is None or was.back is not Back.RETURNED)
    also = _what_follows(found, letter, came, is_new=is_new, by=by) if isinstance(found, LetterOfCase) else []
    tell(found.head, found.letter, _said(found, now, was), "letter.came_back", by, also=also)
    return is_new


def void_letter(found: Found, why: str, *, by: Actor) -> None:
    """It counts no more, and stays with its reason (LET-6)."""
    letter = letter_to_change(found.letter.id)
    if letter.made_at is None or letter.voided_at:
        raise Conflict("This letter was voided already." if letter.voided_at else "A preview needs no voiding.")
    letter.voided_at, letter.voided_by_id, letter.void_why = clock.now(), by.person_id, nfc(why)
    also = end_hope(found.head, letter, VOID, by=by) if isinstance(found, LetterOfCase) else []
    said = f"{_name(found)} was voided: {letter.void_why}"
    tell(found.head, found.letter, said, "letter.voided", by, also=also)


def hold_letters(
    head: CaseHead, reason: HoldReason, *, until_on: date, why: str, caregiver_id: int | None, by: Actor
) -> LetterHold:
    """LET-4: no letters of this ladder until that day, to one caregiver or to all."""
    if until_on < clock.today():
        raise Refused("The hold would have ended already. Write a day from today on.")
    hold = LetterHold(
        public_id=public_id(),
        case_id=head.id,
        caregiver_id=caregiver_id,
        purpose=PURPOSES[head.kind],
        reason=reason,
        why=nfc(why),
        until_on=until_on,
        at=clock.now(),
        by_id=by.person_id,
    )
    db.session.add(hold)
    db.session.flush()
    events.record("letters.held", by=by, on=hold, about=head)
    return hold


def end_hold(found: HoldOfCase, *, by: Actor) -> None:
    """Letters may be written again; ended twice it ended once."""
    if found.hold.ended_at is None:
        found.hold.ended_at, found.hold.ended_by_id = clock.now(), by.person_id
        events.record("letters.let_go", by=by, on=found.hold, about=found.head)


def name_of(letter: Letter) -> str:
    """As the timeline calls it; whom it went to by name stands on the letter's own page."""
    relationship = db.session.scalar(select(Caregiver.relationship).where(Caregiver.id == letter.caregiver_id))
    return name_with(letter.step, relationship)


def name_with(step: int, relationship: str | None) -> str:
    """The same, of whom that is known."""
    return f"Letter {step} to the {relationship or 'caregiver'}"


def _name(found: Found) -> str:
    return name_with(found.letter.step, found.record.relationship)


def _said(found: Found, now: Sending | CameBack, was: Sending | CameBack | None) -> str:
    """As the timeline says it: what is recorded now, and what stood there until now."""
    corrected = f" Until now it said: {was.words}." if was else ""
    return f"{_name(found)}: {now.words}.{corrected}"


def _what_follows(
    found: LetterOfCase, letter: Letter, came: CameBack, *, is_new: bool, by: Actor
) -> list[events.Happened]:
    """In its case: what was hoped for by a day ends; and where it was returned from nobody lives, as far as is known."""
    if came.back is Back.NO_RESPONSE:
        return []
    ended = end_hope(found.head, letter, CAME_BACK if came.back is Back.RETURNED else "", by=by)
    return [*ended, *(_returned(found, letter, came.on, by) if is_new else ())]


def _returned(found: LetterOfCase, letter: Letter, on: date, by: Actor) -> list[events.Happened]:
    if letter.method is Method.EMAIL:
        mark_email_not_current(found.head, letter.caregiver_id, on, since=letter.sent_recorded_at, by=by)
        return []
    lost = address_not_current(found.head, letter.caregiver_id, on, by=by) if _is_still_there(found) else []
    return [*lost, *(look_for_address(found.head, letter, by=by) if lost else ())]


def _is_still_there(found: LetterOfCase) -> bool:
    """Would a letter go to the same address today? Nothing is known of one that was written down since."""
    basis, went_to = named_of(found), thawed(found.letter.facts).values.get("caregiver_address")
    return basis is not None and "\n".join(lines(address_of(basis)[0])) == went_to


def tell(head: Any, on: Any, said: str, event: str, by: events.By, *, also: Sequence[events.Happened] = ()) -> None:
    """The service's timeline says it, where there is a case, and the log has what it was done to; `also`: what else the same act
    is."""
    if head.id is not None:
        add_entry(head.id, EntryKind.LETTER, body=said, audience=Audience.SERVICE, by=by)
    events.record_all(events.Happened(event, on, head), *also, by=by)
