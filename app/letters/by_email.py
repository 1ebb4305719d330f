"""Could a letter go by e-mail? Only to a caregiver who chose that, and never a formal warning (LET-7)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, select

from app.core.db import db
from app.letters.models import Back, Letter, Method
from app.letters.points import Place, Point
from app.students.caregivers.queries import until_others_changed
from app.students.models import Caregiver, FormerCaregiver, LettersBy, Tried

BOUNCED = "A letter by e-mail came back, and the e-mail address is not current."
NO_SENDER = "The letterhead has no e-mail address that letters come from."
UNUSUAL = "The e-mail address has letters that not every mail server takes."
INSTEAD = "Write another one, or that they want letters by post"
LEAD = "A workflow lead"


def of_email(
    caregiver: Any, *, is_formal: bool, sender: str | None, bounced: bool = False, lead: str = LEAD
) -> Iterator[Point]:
    """Of a caregiver who chose letters by e-mail: can this one go so? Where it cannot, it is printed. `bounced`: a letter of
    this ladder came back by e-mail, and so the ladder waits (LET-2). `lead`: whoever writes the letterhead."""
    if caregiver.letters_by is not LettersBy.EMAIL:
        return
    chose = f"{caregiver.name} chose letters by e-mail."
    if is_formal:
        yield Point(f"{chose} A formal warning goes by post, courier or hand all the same.")
    elif caregiver.email_state is Tried.NOT_CURRENT:
        why = BOUNCED if bounced else f"{chose} The address is not current: print this one."
        yield Point(why, is_met=False, stops=bounced, remedy=INSTEAD, place=Place.CAREGIVER)
    elif not caregiver.email.isascii():
        yield Point(f"{chose} {UNUSUAL}", is_met=False, stops=False, remedy=INSTEAD, place=Place.CAREGIVER)
    elif not sender or not sender.isascii():
        yield _without_sender(chose, lead)
    else:
        yield Point(f"{chose} This one can go to {caregiver.email} once it is made.")


def _without_sender(chose: str, lead: str) -> Point:
    remedy = f"{lead} writes it; until then, print the letter"
    return Point(f"{chose} {NO_SENDER}", is_met=False, stops=False, remedy=remedy, place=Place.LETTERHEAD)


def has_bounced(letters: Any) -> bool:
    """Did one of these letters, or of their rows, go by e-mail and come back?"""
    return any(letter.method is Method.EMAIL and letter.back is Back.RETURNED for letter in letters)


def may_go_by_email(letter: Letter) -> bool:
    """By whomever it is mailed: not a formal warning, and to a caregiver who chose that; of a school's letter, as that school
    itself was told."""
    if letter.is_formal:
        return False
    said = and_(Letter.student_id.is_not(None), until_others_changed(Letter.organisation_id))
    by = case((FormerCaregiver.caregiver_id.is_not(None), FormerCaregiver.letters_by), else_=Caregiver.letters_by)
    chosen = select(by).select_from(Letter).join(Caregiver, Caregiver.id == Letter.caregiver_id)
    return db.session.scalar(chosen.outerjoin(FormerCaregiver, said).where(Letter.id == letter.id)) == LettersBy.EMAIL
