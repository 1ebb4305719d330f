"""A lead is asked to sign a formal warning off, and does, or sends it back (LET-2, CASE-4)."""

from app.cases.statuses.queries import talked_with_school
from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.text import nfc
from app.letters.actions import name_of, tell
from app.letters.making import as_looked_at, keep_signed
from app.letters.models import Letter
from app.letters.queries import LetterOfCase, letter_to_change
from app.letters.signing import waiting  # noqa: F401  (registers what stands in My work)
from app.letters.signing.policy import is_author
from app.letters.signing.tells import ASKED, SENT_BACK
from app.people.queries import Actor
from app.people.shapes import has_one_lead

NOT_FORMAL = "Only a formal warning is signed off."
ASKED_ALREADY = "A workflow lead has been asked to sign this letter off already."
NOT_ASKED = "Nobody has asked that this letter be signed off, or it has been answered meanwhile."
NO_CONTACT = "Say why nobody spoke with the school, or record the talk first"
NOT_YOURS = "You wrote this letter, and the service has another workflow lead: one of them signs it off."


def ask_to_sign(found: LetterOfCase, *, no_contact_why: str, by: Actor) -> None:
    """The leads are told. Raises `Refused` where no contact with the school is recorded, and nothing says why (CASE-4)."""
    letter = _formal(found, by)
    if letter.sign_asked_at:
        raise Conflict(ASKED_ALREADY)
    _hold_talk(found, letter, no_contact_why)
    letter.sign_asked_at, letter.sign_asked_by_id = clock.now(), by.person_id
    tell(found.head, found.letter, f"{name_of(letter)} waits for a workflow lead to sign it off.", ASKED, by)


def sign_off(found: LetterOfCase, *, by: Actor, no_contact_why: str = "") -> None:
    """What was looked at is signed off and made in one act. The only lead of a service signs off what they wrote themselves,
    and that is kept (CASE-20). Raises `Refused` for who wrote it, where there is another lead."""
    letter = _formal(found, by)
    is_alone = is_author(by, found)
    if is_alone and not has_one_lead(by.organisation_id):
        raise Refused(NOT_YOURS)
    if letter.sign_asked_at is None:
        if not is_alone:
            raise Conflict(NOT_ASKED)
        _hold_talk(found, letter, no_contact_why)
    keep_signed(found, letter, is_alone=is_alone, by=by)


def send_back(found: LetterOfCase, why: str, *, by: Actor) -> None:
    """It is not made; who asked reads why, and writes another."""
    letter = letter_to_change(found.letter.id)
    if not letter.sign_asked_at or letter.made_at or letter.not_signed_why:
        raise Conflict(NOT_ASKED)
    letter.not_signed_why, letter.signed_at, letter.signed_by_id = nfc(why), clock.now(), by.person_id
    tell(found.head, found.letter, f"{name_of(letter)} was not signed off: {letter.not_signed_why}", SENT_BACK, by)


def _formal(found: LetterOfCase, by: Actor) -> Letter:
    letter = as_looked_at(found, by=by)
    if not letter.is_formal:
        raise Refused(NOT_FORMAL)
    return letter


def _hold_talk(found: LetterOfCase, letter: Letter, no_contact_why: str) -> None:
    """CASE-4: the school was spoken with in the last ten working days, or why not."""
    if talked_with_school(found.head.id, found.head.region):
        return
    if not no_contact_why:
        raise Refused(NO_CONTACT)
    letter.no_contact_why = nfc(no_contact_why)
