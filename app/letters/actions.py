"""A letter is asked for, made, sent, comes back, is voided; letters are held back and let go again (LET-4, LET-6)."""

from datetime import date

from sqlalchemy import select

from app.cases.actions import add_entry
from app.cases.entries import Audience, EntryKind
from app.cases.queries import CaseHead, case_for, case_to_change
from app.core import clock, events
from app.core.db import db, mark_due
from app.core.errors import Conflict, Refused, Unseen
from app.core.security import public_id
from app.core.text import nfc
from app.letters import tells  # noqa: F401  (registers whom these events tell)
from app.letters.dossiers import Dossier, basis_of, dossier_of
from app.letters.facts import Facts, thawed
from app.letters.gathering import gathered
from app.letters.models import Back, HoldReason, Letter, LetterHold
from app.letters.queries import PURPOSES, HoldOfCase, LetterOfCase, letter_to_change
from app.letters.readiness import readiness
from app.letters.rules import CameBack, Sending, Step, came_back_of, fault_of_back, fault_of_sending, sending_of
from app.letters.wording import wording_for
from app.people.queries import Actor
from app.students.caregivers.actions import mark_address_not_current
from app.students.models import Caregiver

NOT_READY = "This letter is not ready: look at what it still needs."
CHANGED = "What the letter says has changed since this preview was made. Look at a new one before you make the letter."


def preview_letter(dossier: Dossier, *, by: Actor) -> Letter:
    """Freeze the facts of the next letter and ask the worker to render it. Raises `Refused` where it is not ready."""
    facts, step = _ready(dossier)
    letter = Letter(
        public_id=public_id(),
        case_id=dossier.case.id,
        caregiver_id=dossier.caregiver.id,
        organisation_id=by.organisation_id,
        purpose=dossier.purpose,
        step=step.number,
        facts=facts.frozen(),
        wording=wording_for(dossier.purpose, step.number, clock.today()).digest,
        asked_at=clock.now(),
        asked_by_id=by.person_id,
        next_try_at=clock.now(),
    )
    db.session.add(letter)
    db.session.flush()
    mark_due()
    events.record("letter.previewed", by=by, on=letter, about=dossier.case)
    return letter


def try_again(found: LetterOfCase, *, by: Actor) -> None:
    """Have a preview that failed rendered again."""
    letter = letter_to_change(found.letter.id)
    if letter.fault:
        letter.fault, letter.attempts, letter.next_try_at = "", 0, clock.now()
        mark_due()
        events.record("letter.tried_again", by=by, on=letter, about=found.head)


def make_letter(found: LetterOfCase, *, by: Actor) -> None:
    """What was looked at is kept as it is, for good. Raises `Conflict` where it would say something else today, or where
    somebody has just made this letter."""
    head = _locked(found.head, by)
    letter = letter_to_change(found.letter.id)
    if letter.made_at or not letter.rendered_at:
        raise Conflict("This letter was made already." if letter.made_at else "This preview is not finished yet.")
    facts, step = _ready(dossier_of(head, letter.caregiver_id))
    wording = wording_for(letter.purpose, letter.step, clock.today()).digest
    if (step.number, facts.frozen(), wording) != (letter.step, letter.facts, letter.wording):
        raise Conflict(CHANGED)
    letter.made_at, letter.made_by_id = clock.now(), by.person_id
    _tell(found, f"{_name(letter)} was made.", "letter.made", by)


def record_sending(found: LetterOfCase, sending: Sending, *, by: Actor) -> None:
    """Say how and when a letter was sent; said again, it is corrected, and both stand on the timeline."""
    letter = letter_to_change(found.letter.id)
    if letter.made_at is None or letter.voided_at:
        raise Conflict("Only a letter that was made, and not voided, can be sent.")
    made_on, back_on = clock.nz(letter.made_at).date(), letter.back_on
    if fault := fault_of_sending(sending.sent_on, made_on, clock.today(), back_on=back_on):
        raise Refused(fault)
    was = sending_of(letter)
    letter.method, letter.sent_on, letter.served_by = sending.method, sending.sent_on, nfc(sending.served_by)
    letter.sent_recorded_at, letter.sent_by_id = clock.now(), by.person_id
    event = "letter.sending_corrected" if was else "letter.sent"
    _tell(found, _said(letter, sending, was), event, by)


def record_back(found: LetterOfCase, came: CameBack, *, by: Actor) -> None:
    """Say what came back of a letter that was sent; said again, it is corrected, and both stand on the timeline. One that
    the post returned stops the ladder until its address is checked (LET-2)."""
    letter = letter_to_change(found.letter.id)
    if letter.sent_on is None or letter.voided_at:
        raise Conflict("Only of a letter that was sent, and not voided, can something come back.")
    if fault := fault_of_back(came.on, letter.sent_on, clock.today()):
        raise Refused(fault)
    was = came_back_of(letter)
    letter.back, letter.back_on, letter.back_note = came.back, came.on, nfc(came.note)
    letter.back_recorded_at, letter.back_by_id = clock.now(), by.person_id
    _tell(found, _said(letter, came, was), "letter.came_back", by)
    is_new = came.back is Back.RETURNED and (was is None or was.back is not Back.RETURNED)
    if is_new and _is_still_there(found):
        mark_address_not_current(found.head, letter.caregiver_id, came.on, by=by)


def void_letter(found: LetterOfCase, why: str, *, by: Actor) -> None:
    """It counts no more, and stays with its reason (LET-6)."""
    letter = letter_to_change(found.letter.id)
    if letter.made_at is None or letter.voided_at:
        raise Conflict("This letter was voided already." if letter.voided_at else "A preview needs no voiding.")
    letter.voided_at, letter.voided_by_id, letter.void_why = clock.now(), by.person_id, nfc(why)
    said = f"{_name(letter)} was voided: {letter.void_why}"
    _tell(found, said, "letter.voided", by)


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


def _locked(head: CaseHead, by: Actor) -> CaseHead:
    """As the case stands now: whoever closes it, moves it or gives it to somebody else waits, or was first."""
    case_to_change(head.id)
    now = case_for(by, head.number)
    if now is None:
        raise Unseen
    return now


def _ready(dossier: Dossier) -> tuple[Facts, Step]:
    """The facts of the next letter, and its step."""
    ready = readiness(dossier, clock.today())
    if not ready.is_ready or ready.position.step is None:
        raise Refused(NOT_READY)
    return ready.facts, ready.position.step


def _name(letter: Letter) -> str:
    """As the timeline calls it; whom it went to by name stands on the letter's own page."""
    relationship = db.session.scalar(select(Caregiver.relationship).where(Caregiver.id == letter.caregiver_id))
    return f"Letter {letter.step} to the {relationship or 'caregiver'}"


def _said(letter: Letter, now: Sending | CameBack, was: Sending | CameBack | None) -> str:
    """As the timeline says it: what is recorded now, and what stood there until now."""
    corrected = f" Until now it said: {was.words}." if was else ""
    return f"{_name(letter)}: {now.words}.{corrected}"


def _is_still_there(found: LetterOfCase) -> bool:
    """Would a letter go to the same address today? Nothing is known of one that was written down since."""
    basis, went_to = basis_of(found), thawed(found.letter.facts).values.get("caregiver_address")
    return basis is not None and gathered(basis, clock.today()).values.get("caregiver_address") == went_to


def _tell(found: LetterOfCase, said: str, event: str, by: Actor) -> None:
    add_entry(found.head.id, EntryKind.LETTER, body=said, audience=Audience.SERVICE, by=by)
    events.record(event, by=by, on=found.letter, about=found.head)
