"""A letter is asked for, looked at, and made as it was looked at (L2, LET-6)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from app.cases.queries import CaseHead, case_for, case_to_change
from app.core import clock, events
from app.core.db import db, mark_due
from app.core.errors import Conflict, Refused, Unseen
from app.core.security import public_id
from app.letters.actions import Found, name_of, tell
from app.letters.dossiers import Dossier, dossier_of
from app.letters.ladders import Step
from app.letters.models import Letter
from app.letters.queries import LetterOfCase, letter_to_change
from app.letters.readiness import Readiness, readiness
from app.letters.rulings import LetterException
from app.letters.saying import refuse_missing
from app.letters.versions.actions import begin_each
from app.letters.wordings.keeping import keep
from app.people.queries import Actor

STEP = ("case_id", "student_id", "caregiver_id", "purpose", "round", "step")
MADE_ALREADY = "This letter was made already."
NOT_READY = "This letter is not ready: look at what it still needs."
TO_BE_SIGNED = "A formal warning is made as a workflow lead signs it off."
CHANGED = "What the letter says has changed since this preview was made. Look at a new one before you make the letter."


def preview_letter(dossier: Dossier, *, by: Actor, languages: str = "") -> Letter:
    """Freeze the facts and the text of the next letter, and have the worker render it. Raises `Refused` where it is not ready."""
    ready, step = _ready(dossier, languages)
    refuse_missing(dossier, step, languages)
    of_case = {"case_id": dossier.case.id, "is_formal": step.is_formal, "ladder_id": dossier.goes_by.id}
    return ask_for(dossier, ready, step, of=of_case, about=dossier.case, by=by)


def ask_for(
    dossier: Any, ready: Readiness, step: Step, *, of: Mapping[str, Any], by: Actor, about: Any = None
) -> Letter:
    """The preview, a service's or a school's; `of`: what it has of a case, or of a student."""
    letter = Letter(
        public_id=public_id(),
        caregiver_id=dossier.caregiver.id,
        organisation_id=by.organisation_id,
        purpose=dossier.purpose,
        step=step.number,
        round=dossier.round,
        facts=ready.facts.frozen(),
        languages=ready.languages,
        wording=keep(dossier.texts.wording(step, ready.languages, clock.today())),
        asked_at=clock.now(),
        asked_by_id=by.person_id,
        next_try_at=clock.now(),
        **of,
    )
    db.session.add(letter)
    db.session.flush()
    mark_due()
    events.record("letter.previewed", by=by, on=letter, about=about)
    return letter


def try_again(found: Found, *, by: Actor) -> None:
    """Have a preview that failed rendered again."""
    letter = letter_to_change(found.letter.id)
    if letter.fault:
        letter.fault, letter.attempts, letter.next_try_at = "", 0, clock.now()
        mark_due()
        events.record("letter.tried_again", by=by, on=letter, about=found.head)


def make_letter(found: LetterOfCase, *, by: Actor) -> None:
    """What was looked at is kept as it is, for good. Raises `Conflict` where it would say something else today, or where
    somebody has just made this letter; `Refused` for a formal warning, which a lead signs off (`signing`)."""
    letter = as_looked_at(found, by=by)
    if letter.is_formal:
        raise Refused(TO_BE_SIGNED)
    letter.made_at, letter.made_by_id = clock.now(), by.person_id
    use_up(letter, by)
    begin_each([letter], by=by)
    tell(found.head, found.letter, f"{name_of(letter)} was made.", "letter.made", by)


def as_looked_at(found: LetterOfCase, *, by: Actor) -> Letter:
    """A preview that could be made as it is, held until the end of the transaction. Raises `Conflict` and `Refused` where it
    could not."""
    head = _locked(found.head, by)
    letter = letter_to_change(found.letter.id)
    refuse_made(letter)
    if letter.not_signed_why:
        raise Conflict("A workflow lead did not sign this letter off. Look at a new one.")
    dossier = dossier_of(head, letter.caregiver_id)
    ready, step = _ready(dossier, letter.languages)
    wording = dossier.texts.wording(step, letter.languages, clock.today()).digest
    now = (dossier.round, step.number, step.is_formal, dossier.goes_by.id, ready.facts.frozen(), wording)
    if now != (letter.round, letter.step, letter.is_formal, letter.ladder_id, letter.facts, letter.wording):
        raise Conflict(CHANGED)
    return letter


def made_instead(letter: Letter) -> str | None:
    """Of a preview: the same letter, where it was made from another preview, and counts. Its public id."""
    made = select(Letter.public_id).filter_by(**_step_of(letter), voided_at=None).where(Letter.made_at.is_not(None))
    return db.session.scalar(made.where(Letter.id != letter.id).limit(1))


def refuse_made(letter: Letter) -> None:
    """Raises `Conflict` where this letter is made, from this preview or from another one, or is not rendered yet."""
    if letter.made_at or made_instead(letter):
        raise Conflict(MADE_ALREADY)
    if not letter.rendered_at:
        raise Conflict("This preview is not finished yet.")


def keep_signed(found: LetterOfCase, letter: Letter, *, is_alone: bool, by: Actor) -> None:
    """A formal warning is made as it is signed off (LET-2)."""
    now = clock.now()
    letter.made_at, letter.made_by_id, letter.signed_at, letter.signed_by_id = now, by.person_id, now, by.person_id
    letter.is_signed_alone = is_alone
    use_up(letter, by)
    begin_each([letter], by=by)
    _others_wait_no_more(letter)
    alone = " by its author, the service’s only workflow lead" if is_alone else ""
    tell(found.head, found.letter, f"{name_of(letter)} was signed off{alone}, and made.", "letter.signed", by)


def _locked(head: CaseHead, by: Actor) -> CaseHead:
    """As the case stands now: whoever closes it, moves it or gives it to somebody else waits, or was first."""
    case_to_change(head.id)
    now = case_for(by, head.number)
    if now is None:
        raise Unseen
    return now


def _others_wait_no_more(letter: Letter) -> None:
    """Other previews of the letter that is made now are not to be signed off any more."""
    others = update(Letter).filter_by(**_step_of(letter), made_at=None).where(Letter.id != letter.id)
    db.session.execute(others.values(sign_asked_at=None, sign_asked_by_id=None))


def _step_of(letter: Letter) -> dict[str, object]:
    """To whom, and which letter of which round of the ladder."""
    return {name: getattr(letter, name) for name in STEP}


def use_up(letter: Letter, by: Actor) -> None:
    """Whatever exception had this letter written now has done so."""
    used = update(LetterException).filter_by(**_step_of(letter), ended_at=None)
    db.session.execute(used.values(ended_at=clock.now(), ended_by_id=by.person_id))


def _ready(dossier: Dossier, languages: str) -> tuple[Readiness, Step]:
    """The next letter, and its step."""
    ready = readiness(dossier, clock.today(), languages)
    if not ready.is_ready or ready.position.step is None:
        raise Refused(NOT_READY)
    return ready, ready.position.step
