"""What becomes of a mail with a letter: whether it may still leave, and what the mail server said (LET-7).

Whatever it says is written in one short transaction, after the mail server has answered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.cases.actions import add_entry
from app.cases.entries import Audience, EntryKind
from app.cases.files.tells import Itself
from app.core import clock, events
from app.core.db import begin_write, db
from app.core.outbox import BACKOFF, TRY_FOR
from app.letters.actions import name_of, tell
from app.letters.emails.afterwards import about_of, besides, by_of, hope
from app.letters.emails.claiming import ClaimedMail, still_ours
from app.letters.emails.models import LetterMail
from app.letters.emails.queries import by_email
from app.letters.emails.tells import NOT_SENT
from app.letters.models import Letter, Method
from app.letters.queries import letter_to_change
from app.letters.rules import Sending
from app.students.caregivers.actions import mark_email_not_current

OTHER_ADDRESS = "The caregiver’s e-mail address has changed since: send it again, to the new one."
TOO_OLD = "The mail server could not be reached, or took no mails, for seven days. Print the letter."
TRIED_OUT = "The mail server did not take it, six times over. Print the letter, and tell whoever runs Waharoa."
LOST = "It may have left, six times over, and nobody could say so. Ask the caregiver, and tell whoever runs Waharoa."
LONGEST_FAULT = 300
End = Callable[[LetterMail, Letter], object]


class NotSent(Exception):
    """Why a letter does not leave by e-mail, in plain words for its row."""


@dataclass(frozen=True)
class Leaving:
    """What a mail is made of; nothing of the student, and of the caregiver the address alone."""

    to: str
    organisation: str
    sender: str
    phone: str
    key: str
    sha256: str


def leaving(claimed: ClaimedMail) -> Leaving:
    """As things stand now, before the mail server is talked to. Raises `NotSent`."""
    if claimed.was_in_flight and claimed.attempts > len(BACKOFF) + 1:
        raise NotSent(LOST)
    letter = db.session.get_one(Letter, claimed.letter_id, populate_existing=True)
    now = by_email(letter)
    if now.fault:
        raise NotSent(now.fault)
    if now.to != claimed.address:
        raise NotSent(OTHER_ADDRESS)
    way, file = now.way, now.way.StoredFile
    return Leaving(claimed.address, way.name, way.sender, way.phone, file.key, file.kept_sha256)


def taken(claimed: ClaimedMail) -> None:
    """The mail server has it: the letter is recorded as sent today, by whoever sent it, unless something else was recorded
    meanwhile. That stands whatever becomes of the rest, so that it does not leave again."""
    _end(claimed, _taken)


def refused(claimed: ClaimedMail, why: str, *, is_unknown: bool) -> None:
    """For good. An address that is not known there is not current."""
    give_up(claimed, f"{why[:1].upper()}{why[1:]}. Print the letter.", then=_mark_email if is_unknown else None)


def give_up(claimed: ClaimedMail, why: str, *, then: End | None = None) -> None:
    def _given_up(mail: LetterMail, letter: Letter) -> None:
        fail(mail, letter, why)
        if then:
            then(mail, letter)

    _end(claimed, _given_up)


def put_off(claimed: ClaimedMail, cause: str, *, asked_to: bool) -> None:
    """Tried again after 1 min, 5, 30, 2 h, 12 h; then given up. Where the mail server asked for that (`asked_to`), every 12
    hours more until it is too old."""
    is_over = _is_too_old(claimed) if asked_to else claimed.attempts > len(BACKOFF)
    if is_over:
        give_up(claimed, TOO_OLD if asked_to else TRIED_OUT)
    else:
        _wait(claimed, cause, BACKOFF[min(claimed.attempts, len(BACKOFF)) - 1])


def wait_for_server(claimed: ClaimedMail, cause: str, *, is_unanswered: bool) -> None:
    """Nobody could be talked to: the try does not count. Unanswered, it may have arrived: it counts, and is not pressed."""
    if is_unanswered and claimed.attempts > len(BACKOFF):
        give_up(claimed, LOST)
    elif _is_too_old(claimed):
        give_up(claimed, TOO_OLD)
    else:
        wait = BACKOFF[claimed.attempts - 1] if is_unanswered else timedelta()
        _wait(claimed, cause, wait, does_count=is_unanswered, is_unanswered=is_unanswered)


def _wait(
    claimed: ClaimedMail, cause: str, wait: timedelta, *, does_count: bool = True, is_unanswered: bool = False
) -> None:
    begin_write()
    if mail := still_ours(claimed):
        mail.next_try_at, mail.last_error = clock.now() + wait, cause
        mail.attempts -= 0 if does_count else 1
        mail.is_perhaps_twice = mail.is_perhaps_twice or is_unanswered
    db.session.commit()


def _end(claimed: ClaimedMail, how: End) -> None:
    """The letter first, then its mail, as whoever calls it off."""
    begin_write()
    letter = letter_to_change(claimed.letter_id)
    if mail := still_ours(claimed):
        mail.next_try_at = None
        how(mail, letter)
    db.session.commit()


def _taken(mail: LetterMail, letter: Letter) -> None:
    by: Any = by_of(mail, letter)
    mail.sent_at, about, is_first = clock.now(), about_of(letter), letter.sent_on is None
    sent = Sending(Method.EMAIL, clock.today())
    twice = ", perhaps twice" if mail.is_perhaps_twice else ""
    if is_first:
        letter.method, letter.sent_on, letter.served_by = sent.method, sent.sent_on, ""
        letter.sent_recorded_at, letter.sent_by_id = mail.sent_at, mail.asked_by_id
    besides(mail, lambda: tell(about, letter, f"{name_of(letter)}: {sent.words}{twice}.", "letter.sent", by))
    if is_first and letter.case_id and not letter.voided_at:
        besides(mail, lambda: hope(letter, by))


def fail(mail: LetterMail, letter: Letter, why: str) -> None:
    """It does not leave; in the caller's transaction. Of one that counts no more, or was sent otherwise, nobody is told."""
    mail.fault = why[:LONGEST_FAULT]
    db.session.flush()
    if letter.voided_at or letter.sent_on:
        return
    if letter.case_id:
        said = f"{name_of(letter)} was not sent by e-mail."
        add_entry(letter.case_id, EntryKind.LETTER, body=said, audience=Audience.SERVICE, by=by_of(mail, letter))
    events.record(NOT_SENT, by=Itself(letter.organisation_id), on=letter, about=about_of(letter))


def _mark_email(mail: LetterMail, letter: Letter) -> None:
    by, today = by_of(mail, letter), clock.today()
    mark_email_not_current(about_of(letter), letter.caregiver_id, today, since=mail.asked_at, by=by)


def _is_too_old(claimed: ClaimedMail) -> bool:
    return clock.now() - claimed.asked_at > TRY_FOR
