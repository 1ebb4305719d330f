"""May this letter leave by e-mail, and where is its mail? Without asking the database (LET-7)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.calendars.working_days import weekday_and_date
from app.cases.models import Status
from app.core.db import AnyRow
from app.letters.by_email import of_email
from app.letters.emails.models import LetterMail
from app.letters.models import Letter
from app.letters.points import Place, Point
from app.letters.rules import HOLD_WORDS
from app.letters.school.naming import known
from app.letters.school.readiness import of_email_at_school, of_others
from app.students.models import LettersBy

NOT_MADE = "Only a letter that was made, and not voided, can be sent."
SENT_ALREADY = "This letter was sent already."
ON_ITS_WAY = "This letter is on its way by e-mail already."
CLOSED = "The case was closed before the letter left."
MOVED = "The case is not with the service that wrote this letter any more: the letter does not leave in its name."
OFF_ROLL = "The student is not on your school’s roll any more: print the letter, if it is still to go."
NOT_CHOSEN = "This caregiver did not choose letters by e-mail."
CALLED_OFF = "Called off."
PERHAPS = "Called off; it may have arrived all the same."
ASK_FIRST = "See what is recorded of them"


@dataclass(frozen=True)
class ByEmail:
    """A letter, and its way by e-mail as it is now."""

    letter: Letter
    way: AnyRow
    """As `queries.way_of` answers."""

    @property
    def mail(self) -> LetterMail | None:
        mail: LetterMail | None = self.way.LetterMail
        return mail

    @cached_property
    def caregiver(self) -> Any:
        """Of a school's letter, in that school's own words."""
        return known(self.way) if self.letter.student_id else self.way.Caregiver

    @property
    def to(self) -> str:
        return str(self.caregiver.email)

    @property
    def is_on_its_way(self) -> bool:
        return self.mail is not None and self.mail.sent_at is None and not self.mail.fault

    @property
    def waits(self) -> bool:
        """The mail server did not take it so far."""
        return self.is_on_its_way and self.mail is not None and bool(self.mail.last_error)

    @property
    def is_half_noted(self) -> bool:
        """It left, and what follows from that (timeline, task, who is told) could not all be noted."""
        return self.mail is not None and self.mail.sent_at is not None and bool(self.mail.last_error)

    @property
    def is_offered(self) -> bool:
        """Is there a question of sending it so: is it made, not sent, and its caregiver one who chose that?"""
        letter = self.letter
        is_open = letter.made_at and not letter.voided_at and not letter.sent_on and not self.is_on_its_way
        return bool(is_open and self.caregiver.letters_by is LettersBy.EMAIL)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """What is said about its way, and what is in it."""
        caregiver, is_formal, sender = self.caregiver, self.letter.is_formal, self.way.sender
        if self.letter.student_id:
            return (*self._in_the_way, *of_email_at_school(caregiver, sender))
        return (*self._in_the_way, *of_email(caregiver, is_formal=is_formal, sender=sender))

    @property
    def _in_the_way(self) -> tuple[Point, ...]:
        """What has changed since the letter was made (LET-3, LET-4)."""
        caregiver, hold = self.caregiver, self.way.LetterHold
        found = [Point(words, is_met=False) for words in (self._gone,) if words]
        others = [*of_others(caregiver)] if self.letter.student_id else []
        found += others
        if caregiver.ended_at and not others:
            found.append(Point(f"{caregiver.name} is not named with the student any more.", is_met=False))
        elif not (caregiver.has_responsibility and caregiver.may_be_contacted):
            words = f"{caregiver.name} may not be written to, or nobody has said that they may."
            found.append(Point(words, is_met=False, remedy=ASK_FIRST, place=Place.CAREGIVER))
        if hold:
            words = f"Letters wait until {weekday_and_date(hold.until_on)}: {HOLD_WORDS[hold.reason]}."
            found.append(Point(words, is_met=False, remedy="End the hold, if it no longer holds", place=Place.HOLDS))
        return tuple(found)

    @property
    def _gone(self) -> str:
        """Why its case, if it has one, is nothing to write about for whoever made it; nothing where it is."""
        if self.letter.case_id is None:
            return "" if self.way.is_on_roll else OFF_ROLL
        if self.way.service_id != self.letter.organisation_id:
            return MOVED
        return CLOSED if self.way.case_status is Status.CLOSED else ""

    @property
    def can_leave(self) -> bool:
        return self.is_offered and not self.letter.is_formal and all(point.is_met for point in self.points)

    @property
    def fault(self) -> str:
        """Why it does not leave by e-mail; nothing where it may."""
        letter = self.letter
        if not letter.made_at or letter.voided_at:
            return NOT_MADE
        if letter.sent_on:
            return SENT_ALREADY
        if self.caregiver.letters_by is not LettersBy.EMAIL:
            return NOT_CHOSEN
        if letter.is_formal:
            return self.points[-1].words
        return " ".join(point.words for point in self.points if not point.is_met)
